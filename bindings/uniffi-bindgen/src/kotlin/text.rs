//! Finding one's way in generated Kotlin.

use std::ops::Range;

use crate::edit::Edited;

/// The names that stand between `before` and `after` on one line, in order.
pub fn names(text: &str, before: &str, after: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(before));
    lines
        .filter_map(|rest| rest.split_once(after))
        .map(|(name, _)| name.to_owned())
        .filter(|n| word(n))
        .collect()
}

fn word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The names of the classes that stand for objects of the core, before they are finished.
pub fn raw_objects(text: &str) -> Vec<String> {
    names(text, "open class ", ": Disposable, AutoCloseable, ")
}

/// The names of the finished classes that stand for objects of the core.
pub fn objects(text: &str) -> Vec<String> {
    let lifted = names(text, "public object FfiConverterType", ": FfiConverter<");
    lifted.into_iter().filter(|name| text.contains(&format!("\nclass {name}"))).collect()
}

/// Where a piece is that begins with `from` and ends behind the next `to`.
pub fn span(text: &str, from: &str, to: &str) -> Result<Range<usize>, String> {
    let start = text.find(from).ok_or_else(|| format!("not found: {from}"))?;
    let end = text[start..].find(to).ok_or_else(|| format!("no end `{to}` after: {from}"))?;
    Ok(start..start + end + to.len())
}

/// Takes away the one piece that begins with `from` and ends with `to`.
pub fn cut(mut text: String, from: &str, to: &str) -> Edited {
    if text.matches(from).count() != 1 {
        return Err(format!("expected once, found {} times: {from}", text.matches(from).count()).into());
    }
    let piece = span(&text, from, to)?;
    text.replace_range(piece, "");
    Ok(text)
}

/// Edits the piece of the text that is the class `name`, with its header.
pub fn class(mut text: String, name: &str, edit: impl FnOnce(String) -> Edited) -> Edited {
    let open = format!("class {name}");
    let begins = |at: &usize| !text[at + open.len()..].starts_with(|c: char| c.is_alphanumeric());
    let starts: Vec<usize> = text.match_indices(&open).map(|(at, _)| at).filter(begins).collect();
    let start = starts.into_iter().find(|at| *at == 0 || text[..*at].ends_with(['\n', ' ']));
    let start = start.ok_or_else(|| format!("no class {name}"))?;
    let body = start + text[start..].find("{\n").ok_or_else(|| format!("no body of class {name}"))?;
    let range = start..body + enclosed(&text[body..], '{', '}')?;
    let done = edit(text[range.clone()].to_owned()).map_err(|e| format!("class {name}: {e}"))?;
    text.replace_range(range, &done);
    Ok(text)
}

/// The length of the parameter list that `text` begins with, brackets included.
pub fn brackets(text: &str) -> Result<usize, String> {
    enclosed(text, '(', ')')
}

/// The length of what `text` begins with, up to the sign that closes its first `open`.
fn enclosed(text: &str, open: char, close: char) -> Result<usize, String> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            c if c == open => depth += 1,
            c if c == close && depth == 1 => return Ok(at + 1),
            c if c == close => depth -= 1,
            _ => {}
        }
    }
    Err(format!("no closing `{close}`: {}", text.lines().next().unwrap_or_default()))
}

/// The signatures in a piece of text: each function's name, and its parameters in brackets.
pub fn signatures(text: &str) -> Result<Vec<(String, String)>, String> {
    let starts = text.match_indices("fun `").map(|(at, begin)| at + begin.len());
    let signature = |at: usize| {
        let (name, rest) = text[at..].split_once('`').ok_or("a name without an end")?;
        Ok((name.to_owned(), rest[..brackets(rest)?].to_owned()))
    };
    starts.map(signature).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_classes() {
        let text =
            "open class A: Disposable, AutoCloseable, AInterface\nopen class RustBuffer : Structure() {\n";
        assert_eq!(raw_objects(text), ["A"]);
        let text = "\nclass A: B\n\npublic object FfiConverterTypeA: FfiConverter<A, Long> {\n\
                    public object FfiConverterTypeR: FfiConverterRustBuffer<R> {\n";
        assert_eq!(objects(text), ["A"]);
    }

    #[test]
    fn one_class_is_edited_alone() {
        let text = "class AB {\n  x\n}\nclass A {\n  x\n}\n".to_owned();
        let done = class(text, "A", |class| Ok(class.replace('x', "y"))).unwrap();
        assert_eq!(done, "class AB {\n  x\n}\nclass A {\n  y\n}\n");
        assert!(class(done, "B", Ok).is_err());
    }

    #[test]
    fn pieces_are_cut_once() {
        assert_eq!(cut("a(b)c".to_owned(), "(", ")").unwrap(), "ac");
        assert!(cut("a(b)c(d)".to_owned(), "(", ")").is_err());
        assert!(cut("abc".to_owned(), "(", ")").is_err());
        assert!(cut("a(b".to_owned(), "(", ")").is_err());
    }

    #[test]
    fn parameters_with_calls_as_defaults() {
        let text = "suspend fun `a`(`x`: X = X(), `y`: Y): Z\n fun `b`()";
        let signature = |name: &str, rest: &str| (name.to_owned(), rest.to_owned());
        assert_eq!(
            signatures(text).unwrap(),
            [signature("a", "(`x`: X = X(), `y`: Y)"), signature("b", "()")]
        );
        assert!(signatures("fun `a`(").is_err());
    }
}
