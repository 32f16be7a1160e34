//! Helpers to find and edit parts of the generated Swift.

use std::ops::Range;

/// The declaration of a type, with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub name: String,
    /// From the start of the declaration to its closing brace.
    pub range: Range<usize>,
}

/// Returns the types that are declared with `words`, such as `open class`, at the start of a line.
pub fn declared(text: &str, words: &str) -> Vec<Declared> {
    let starts = format!("{words} ");
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix(&starts) {
            let name = rest.split([' ', ':', '{', '<']).next().unwrap_or_default().to_owned();
            found.push(Declared { name, range: at..at + block(&text[at..]) });
        }
        at += line.len();
    }
    found
}

/// Returns the names of the types that are declared with `words`, without the generator's converters.
pub fn names(text: &str, words: &str) -> Vec<String> {
    let shown = |name: &String| !name.starts_with("FfiConverter");
    declared(text, words).into_iter().map(|found| found.name).filter(shown).collect()
}

/// Returns the length of the declaration at the start of `text`, up to its closing brace. Ignores braces in comments.
fn block(text: &str) -> usize {
    let (mut depth, mut at) = (0_i32, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        let line = code(line);
        let before = depth;
        for letter in line.chars() {
            depth += match letter {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
        }
        if depth == 0 && (before > 0 || line.contains('{')) {
            return at;
        }
    }
    at
}

/// Whether a line is part of a comment, in the generator's style.
pub fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("/*") || line.starts_with('*') || line.starts_with("//")
}

/// Returns the code of a line, without comments. A parameter may follow its comment on the same line.
pub fn code(line: &str) -> &str {
    match line.rsplit_once("*/") {
        Some((_, code)) => code,
        None if is_comment(line) => "",
        None => line,
    }
}

/// Returns the name of the function that a line declares, such as `get` in `open func get(id: String)`.
pub fn function_name<'a>(line: &'a str, starts: &str) -> Option<&'a str> {
    line.strip_prefix(starts)?.split_once('(').map(|(name, _)| name)
}

/// Returns the range of a function's parameters in its line, without the parentheses.
pub fn parameters(line: &str) -> Option<Range<usize>> {
    let open = line.find('(')?;
    let mut depth = 0;
    for (at, letter) in line.char_indices().skip(open) {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open + 1..at);
        }
    }
    None
}

/// Splits parameters at the commas between them, but not at commas inside a type or a default.
pub fn split(parameters: &str) -> Vec<&str> {
    let (mut found, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, letter) in parameters.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                found.push(parameters[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    let last = parameters[from..].trim();
    if !last.is_empty() {
        found.push(last);
    }
    found
}

/// Returns the names of the cases of an enumeration, as declared.
pub fn cases(body: &str) -> Vec<&str> {
    body.lines()
        .filter_map(|line| line.strip_prefix("    case "))
        .map(|rest| rest.split(['(', ' ']).next().unwrap_or_default())
        .collect()
}

/// Rewrites each line and keeps its line ending.
pub fn lines(text: &str, mut rewrite: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let bare = line.strip_suffix('\n').unwrap_or(line);
        out += &rewrite(bare);
        out += &line[bare.len()..];
    }
    out
}

/// Returns the name as code: a keyword is put in backticks.
pub fn quoted(name: &str) -> String {
    // The keywords that are reserved everywhere. Others can be names.
    const KEYWORDS: &str = "as associatedtype break case catch class continue default defer deinit do else enum \
        extension fallthrough false fileprivate for func guard if import in init inout internal is let nil operator \
        precedencegroup private protocol public repeat rethrows return self static struct subscript super switch \
        throw throws true try typealias var where while";
    if KEYWORDS.split(' ').any(|keyword| keyword == name) { format!("`{name}`") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
/**
 * An open { brace.
 */
open class A: AProtocol, @unchecked Sendable {
open func close()  {try! rustCall() {
    x
}
}
    // }
}
public struct B {}
public struct D {
    public init(
        /**
         * A }.
         */x: Int) {
        self.x = x
    }
public func f() {
}
}
open class FfiConverterTypeA: FfiConverter {
}
";

    #[test]
    fn declarations_end_at_their_closing_brace() {
        let classes = declared(TEXT, "open class");
        assert_eq!(names(TEXT, "open class"), ["A"]);
        let body = &TEXT[classes[0].range.clone()];
        assert!(body.starts_with("open class A") && body.ends_with("// }\n}\n"), "{body}");
        let structs = declared(TEXT, "public struct");
        assert_eq!(&TEXT[structs[0].range.clone()], "public struct B {}\n");
        let body = &TEXT[structs[1].range.clone()];
        assert!(body.starts_with("public struct D") && body.ends_with("f() {\n}\n}\n"), "{body}");
    }

    #[test]
    fn parameters_are_split_at_top_level_commas() {
        let line = "open func f(a: [String: [String]] = [:], b: B = B(c: 1, d: 2))async throws  -> C  {";
        let range = parameters(line).unwrap();
        assert_eq!(split(&line[range]), ["a: [String: [String]] = [:]", "b: B = B(c: 1, d: 2)"]);
        assert_eq!(parameters("open func f() {"), Some(12..12));
        assert!(split("").is_empty());
    }

    #[test]
    fn keywords_are_quoted() {
        assert_eq!(
            ["internal", "where", "if", "as", "notFound"].map(quoted),
            ["`internal`", "`where`", "`if`", "`as`", "notFound"]
        );
    }

    #[test]
    fn enum_case_names_are_found() {
        assert_eq!(
            cases("    case a\n    case b(\n        case 1: return\n    case `c`\n"),
            ["a", "b", "`c`"]
        );
    }
}
