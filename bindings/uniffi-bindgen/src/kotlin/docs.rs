//! Documentation: from the core's Markdown to KDoc.

use std::collections::BTreeSet;

use heck::ToLowerCamelCase;
use uniffi_bindgen::ComponentInterface;

/// The longest line of a file.
const WIDTH: usize = 120;

/// Prefixes of dotted paths that refer to types of this library.
const OWN_PATHS: [&str; 3] = ["failure.", "login.", "session."];

/// What is different on the JVM: its own proxy comes before that of the environment.
const DEFAULT_PROXY: (&str, &str) = (
    "Default: the value of `HTTPS_PROXY`.",
    "Default: the proxy of the JVM (`https.proxyHost`), else the value of `HTTPS_PROXY`.",
);

/// Writes documentation in the words of Kotlin.
pub struct Docs {
    /// The names that the interface declares. Others belong to the service.
    names: BTreeSet<String>,
}

impl Docs {
    pub fn new(interface: &ComponentInterface) -> Self {
        let mut names = Vec::new();
        for callable in interface.iter_callables() {
            names.extend(callable.arguments().iter().map(|argument| argument.name().to_owned()));
        }
        names.extend(interface.function_definitions().iter().map(|function| function.name().to_owned()));
        for object in interface.object_definitions() {
            names.extend(object.methods().iter().map(|method| method.name().to_owned()));
            names.extend(object.constructors().iter().map(|constructor| constructor.name().to_owned()));
        }
        for record in interface.record_definitions() {
            names.extend(record.fields().iter().map(|field| field.name().to_owned()));
            names.extend(record.methods().iter().map(|method| method.name().to_owned()));
        }
        for of in interface.enum_definitions() {
            names.extend(of.methods().iter().map(|method| method.name().to_owned()));
            names.extend(of.variants().iter().flat_map(|v| v.fields()).map(|field| field.name().to_owned()));
        }
        Self { names: names.iter().map(|name| name.to_lower_camel_case()).collect() }
    }

    /// The comment for a declaration, with a line break at the end; nothing if there is no documentation.
    pub fn comment(&self, markdown: Option<&str>, indent: usize) -> String {
        let markdown = markdown.unwrap_or_default();
        let (text, errors) = markdown.split_once("# Errors").unwrap_or((markdown, ""));
        let mut paragraphs = self.paragraphs(text);
        let errors = self.errors(errors);
        if !errors.is_empty() {
            paragraphs.push(errors);
        }
        comment(&paragraphs, indent)
    }

    /// The paragraphs, each a list of texts that begin on a new line.
    fn paragraphs(&self, markdown: &str) -> Vec<Vec<String>> {
        let mut found: Vec<Vec<String>> = Vec::new();
        for paragraph in markdown.trim().split("\n\n").map(str::trim).filter(|text| !text.is_empty()) {
            let items = match paragraph.strip_prefix("- ") {
                Some(items) => items.split("\n- ").map(|item| format!("- {}", one_line(item))).collect(),
                None => vec![one_line(paragraph)],
            };
            found.push(items.iter().map(|item| self.in_kotlin(item)).collect());
        }
        found
    }

    /// The errors of a call, each a line that begins with its name.
    fn errors(&self, markdown: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for line in
            markdown.lines().map(|line| line.trim().trim_start_matches("- ")).filter(|line| !line.is_empty())
        {
            let named = line.strip_prefix('`').and_then(|rest| rest.split_once("` "));
            match (named, found.last_mut()) {
                (Some((name, text)), _) if name.starts_with(char::is_uppercase) => {
                    found.push(format!("@throws ScalekitException.{name} {text}"));
                }
                (_, Some(last)) => *last += &format!(" {line}"),
                (_, None) => found.push(format!("@throws ScalekitException {line}")),
            }
        }
        found.iter().map(|line| self.in_kotlin(line)).collect()
    }

    /// Writes each name in backticks in camel case if the interface declares it. Other names belong to the service and are
    /// unchanged, as are dotted paths outside `OWN_PATHS`. Getters lose their parentheses, since they are properties.
    fn in_kotlin(&self, text: &str) -> String {
        let text = text.replace("::", ".").replace(DEFAULT_PROXY.0, DEFAULT_PROXY.1);
        let parts = text.split('`').enumerate().map(|(at, part)| {
            let bare = part.trim_end_matches("()");
            let foreign_path = part.contains('.') && !OWN_PATHS.iter().any(|own| part.starts_with(own));
            let camel =
                bare.split('.').map(ToLowerCamelCase::to_lower_camel_case).collect::<Vec<_>>().join(".");
            let declared = camel.split('.').all(|name| self.names.contains(name));
            if at % 2 == 1 && part.contains('_') && !foreign_path && declared {
                camel
            } else {
                part.to_owned()
            }
        });
        parts.collect::<Vec<_>>().join("`")
    }
}

/// A comment without Markdown of the core.
pub fn plain(text: &str, indent: usize) -> String {
    comment(&[vec![text.to_owned()]], indent)
}

/// Joins lines. A claim, a wire value or the path of a request that has a line of its own is code.
fn one_line(paragraph: &str) -> String {
    for label in ["Claim:", "Wire value:", "Calls"] {
        if let Some(value) = paragraph.strip_prefix(label).and_then(|rest| rest.strip_prefix('\n')) {
            return format!("{label} `{}`.", value.trim());
        }
    }
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn comment(paragraphs: &[Vec<String>], indent: usize) -> String {
    let margin = " ".repeat(indent);
    if let [paragraph] = paragraphs
        && let [text] = paragraph.as_slice()
        && text.chars().count() + indent + "/** */".len() < WIDTH
    {
        return format!("{margin}/** {text} */\n");
    }
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        for text in paragraph {
            lines.extend(wrap(text, WIDTH - indent - " * ".len()));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let lines = lines.iter().map(|line| format!("{margin} * {line}").trim_end().to_owned() + "\n");
    format!("{margin}/**\n{}{margin} */\n", lines.collect::<String>())
}

/// Breaks a text into lines. Those after the first of a tag or of an item of a list are indented.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let hanging = if text.starts_with("@throws") {
        "    "
    } else if text.starts_with("- ") {
        "  "
    } else {
        ""
    };
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        if !line.trim().is_empty() && line.chars().count() + word.chars().count() >= width {
            lines.push(format!("{hanging}{word}"));
        } else {
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docs() -> Docs {
        let names = ["failure", "fieldViolations", "id", "login"];
        Docs { names: names.map(str::to_owned).into() }
    }

    #[test]
    fn declared_names_are_written_in_camel_case() {
        let text = "`field_violations`, `failure.field_violations`, `dir_sync`, `a.field_violations`, `login.field_violations()`";
        let expected = "/** `fieldViolations`, `failure.fieldViolations`, `dir_sync`, `a.field_violations`, `login.fieldViolations` */\n";
        assert_eq!(docs().comment(Some(text), 0), expected);
    }

    #[test]
    fn default_proxy_is_that_of_the_jvm() {
        let text = docs().comment(Some("Proxy URL. Default: the value of `HTTPS_PROXY`. Ignored."), 0);
        assert!(text.contains("Default: the proxy of the JVM (`https.proxyHost`), else"), "{text}");
    }

    #[test]
    fn errors_are_tags() {
        let text = "Gets it.\n\nCalls\nGET /x\n\n# Errors\n\n- `NotFound` if there\n  is none.\n- `Conflict` if another is.\n";
        let expected = "    /**\n     * Gets it.\n     *\n     * Calls `GET /x`.\n     *\n     * @throws ScalekitException.NotFound if there \
                        is none.\n     * @throws ScalekitException.Conflict if another is.\n     */\n";
        assert_eq!(docs().comment(Some(text), 4), expected);
    }

    #[test]
    fn lines_fit_the_width_and_lists_keep_their_items() {
        let text = format!("{}\n\n- {}\n- b", "word ".repeat(60), "item ".repeat(40));
        let comment = docs().comment(Some(&text), 8);
        assert!(comment.lines().all(|line| line.len() <= WIDTH), "{comment}");
        assert_eq!(comment.matches("         * - ").count(), 2, "{comment}");
        assert!(comment.contains("         *   item item"), "{comment}");
    }

    #[test]
    fn no_documentation_is_no_comment() {
        assert_eq!(docs().comment(None, 4), "");
    }
}
