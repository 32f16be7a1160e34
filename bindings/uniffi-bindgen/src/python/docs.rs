//! Documentation: from the core's Markdown to Python's docstrings, in the form of Google's style guide.

use super::words;

/// The longest line of the package.
const WIDTH: usize = 110;

/// A documentation comment: paragraphs, then sections.
#[derive(Debug, Clone, Default)]
pub struct Docs {
    paragraphs: Vec<String>,
    sections: Vec<Section>,
}

#[derive(Debug, Clone)]
struct Section {
    title: String,
    /// Names and descriptions. A description without a name is a paragraph of the section.
    items: Vec<(String, String)>,
}

impl Docs {
    pub fn new(markdown: Option<&str>) -> Self {
        let (text, errors) = split_errors(markdown.unwrap_or_default());
        let mut docs = Self { paragraphs: paragraphs(text), sections: Vec::new() };
        if let Some(errors) = errors {
            docs.add_section("Raises:", raises(errors));
        }
        docs
    }

    /// The first paragraph.
    pub fn summary(&self) -> String {
        self.paragraphs.first().cloned().unwrap_or_default()
    }

    /// All paragraphs in one, for the description of a field in a section.
    pub fn description(&self) -> String {
        self.paragraphs.join(" ")
    }

    pub fn add_paragraph(&mut self, text: String) {
        self.paragraphs.push(text);
    }

    /// Adds a section before those that exist: `Raises` is the last one.
    pub fn add_section(&mut self, title: impl Into<String>, items: Vec<(String, String)>) {
        self.sections.insert(0, Section { title: title.into(), items });
    }

    /// Adds an item to the first section.
    pub fn add_item(&mut self, name: &str, description: &str) {
        if let Some(section) = self.sections.first_mut() {
            section.items.push((name.to_owned(), description.to_owned()));
        }
    }

    /// The docstring, indented, with a line break at the end; nothing if there is no documentation.
    pub fn docstring(&self, indent: usize) -> String {
        let margin = " ".repeat(indent);
        let mut lines = self.lines(indent, 3);
        if lines.len() == 1 {
            // The closing quotes follow the text, even if ruff has to make the line too long.
            lines = self.lines(indent, 6);
        }
        match lines.as_slice() {
            [] => String::new(),
            [line] => format!("{margin}\"\"\"{line}\"\"\"\n"),
            lines => {
                let mut text = format!("{margin}\"\"\"");
                for (at, line) in lines.iter().enumerate() {
                    let margin = if at == 0 || line.is_empty() { "" } else { &margin };
                    text += &format!("{margin}{line}\n");
                }
                text + &margin + "\"\"\"\n"
            }
        }
    }

    /// The lines that fit behind a margin; the first one follows `opening` further characters.
    fn lines(&self, indent: usize, opening: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for paragraph in &self.paragraphs {
            let first = if lines.is_empty() { opening } else { 0 };
            separate(&mut lines);
            lines.extend(wrap(&escaped(paragraph), "", "", indent, first));
        }
        for section in &self.sections {
            separate(&mut lines);
            lines.push(section.title.clone());
            for (name, description) in &section.items {
                let text =
                    if name.is_empty() { description.clone() } else { format!("{name}: {description}") };
                let hanging = if name.is_empty() { "    " } else { "        " };
                lines.extend(wrap(&escaped(text.trim_end()), "    ", hanging, indent, 0));
            }
        }
        lines
    }
}

fn separate(lines: &mut Vec<String>) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
}

/// Breaks a text into lines behind a margin. Code in backticks is not broken.
fn wrap(text: &str, first: &str, rest: &str, indent: usize, opening: usize) -> Vec<String> {
    let mut lines = vec![first.to_owned()];
    let mut free = WIDTH - indent - first.len() - opening;
    for word in unbroken(text) {
        let line = lines.len() - 1;
        let length = word.chars().count();
        let is_empty = lines[line].trim().is_empty();
        if !is_empty && length + 1 > free {
            free = (WIDTH - indent - rest.len()).saturating_sub(length);
            lines.push(format!("{rest}{word}"));
        } else {
            let space = if is_empty { "" } else { " " };
            free = free.saturating_sub(length + space.len());
            lines[line] += &format!("{space}{word}");
        }
    }
    lines
}

/// The words of a text. Those of code in backticks stay together, unless the code is long.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if last.matches('`').count() % 2 == 1 && last.len() < 60 => {
                *last += &format!(" {word}")
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn split_errors(markdown: &str) -> (&str, Option<&str>) {
    match markdown.split_once("# Errors") {
        Some((text, errors)) => (text, Some(errors)),
        None => (markdown, None),
    }
}

/// The paragraphs of a text, each on one line.
fn paragraphs(markdown: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for paragraph in markdown.trim().split("\n\n") {
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = words::in_python(&text);
        match found.last_mut() {
            // The JSON name belongs to the description before it.
            Some(last) if text.starts_with("Claim: ") => *last += &format!(" {text}"),
            _ if text.is_empty() => {}
            _ => found.push(text),
        }
    }
    found
}

/// The errors of a call, each a line that begins with its name.
fn raises(markdown: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in markdown.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let named = line.strip_prefix('`').and_then(|rest| rest.split_once("` "));
        match (named, found.last_mut()) {
            (Some((name, text)), _) if words::is_error(name) => {
                found.push((format!("ScalekitError.{name}"), text.to_owned()));
            }
            (_, Some((_, last))) => *last += &format!(" {line}"),
            (_, None) => found.push((String::new(), line.to_owned())),
        }
    }
    for (_, text) in &mut found {
        *text = words::in_python(text);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_a_section_with_an_indented_line_for_each() {
        let docs = Docs::new(Some(
            "Gets it.\n\nCalls\nGET /api/v1/x\n\n# Errors\n\n`NotFound` if there\nis none.\n`Conflict` if another is.\n",
        ));
        let expected = "    \"\"\"Gets it.\n\n    Calls `GET /api/v1/x`.\n\n    Raises:\n        ScalekitError.NotFound: \
                        if there is none.\n        ScalekitError.Conflict: if another is.\n    \"\"\"\n";
        assert_eq!(docs.docstring(4), expected);
    }

    #[test]
    fn lines_fit_the_width_and_code_is_not_broken() {
        let docs = Docs::new(Some(&"word `a b` ".repeat(40)));
        for (at, line) in docs.docstring(8).lines().enumerate() {
            assert!(line.len() <= WIDTH, "{line}");
            assert_eq!(line.matches('`').count() % 2, 0, "line {at}: {line}");
        }
    }

    #[test]
    fn a_short_text_is_one_line_and_no_text_is_nothing() {
        assert_eq!(
            Docs::new(Some("Issuer.\n\nClaim:\niss")).docstring(2),
            "  \"\"\"Issuer. Claim: `iss`.\"\"\"\n"
        );
        assert_eq!(Docs::new(None).docstring(2), "");
        assert_eq!(Docs::new(Some(r"A \ b")).docstring(0), "\"\"\"A \\\\ b\"\"\"\n");
    }
}
