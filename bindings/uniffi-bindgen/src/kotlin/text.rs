//! Helpers to find and edit parts of the generated Kotlin.

use std::ops::Range;

use crate::edit::Edited;

/// Returns the names between `before`, at the start of a line, and `after`, in order.
pub fn names(text: &str, before: &str, after: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(before));
    lines
        .filter_map(|rest| rest.split_once(after))
        .map(|(name, _)| name.to_owned())
        .filter(|name| is_word(name))
        .collect()
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns the names of the classes for objects of the core, as the generator writes them.
pub fn raw_objects(text: &str) -> Vec<String> {
    names(text, "open class ", ": Disposable, AutoCloseable, ")
}

/// Returns the names of the classes for objects of the core, after `objects::finish`.
pub fn objects(text: &str) -> Vec<String> {
    let lifted = names(text, "public object FfiConverterType", ": FfiConverter<");
    lifted.into_iter().filter(|name| text.contains(&format!("\nclass {name}"))).collect()
}

/// Returns the range from `from` to the end of the next `to`.
pub fn span(text: &str, from: &str, to: &str) -> Result<Range<usize>, String> {
    let start = text.find(from).ok_or_else(|| format!("not found: {from}"))?;
    let end = text[start..].find(to).ok_or_else(|| format!("no end `{to}` after: {from}"))?;
    Ok(start..start + end + to.len())
}

/// Removes the text from `from`, which must occur once, to the end of the next `to`.
pub fn cut(mut text: String, from: &str, to: &str) -> Edited {
    if text.matches(from).count() != 1 {
        return Err(format!("expected once, found {} times: {from}", text.matches(from).count()).into());
    }
    let piece = span(&text, from, to)?;
    text.replace_range(piece, "");
    Ok(text)
}

/// Edits the declaration of the class `name`, header included.
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

/// Returns the length of the parameter list at the start of `text`, parentheses included.
pub fn parameters_len(text: &str) -> Result<usize, String> {
    enclosed(text, '(', ')')
}

/// Returns the length of `text` up to and including the character that closes its first `open`.
pub fn enclosed(text: &str, open: char, close: char) -> Result<usize, String> {
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

/// Returns the name of each function in `text`, and its parameter list in parentheses.
pub fn signatures(text: &str) -> Result<Vec<(String, String)>, String> {
    let starts = text.match_indices("fun `").map(|(at, begin)| at + begin.len());
    let signature = |at: usize| {
        let (name, rest) = text[at..].split_once('`').ok_or("a name without an end")?;
        Ok((name.to_owned(), rest[..parameters_len(rest)?].to_owned()))
    };
    starts.map(signature).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_class_names_are_found() {
        let text =
            "open class A: Disposable, AutoCloseable, AInterface\nopen class RustBuffer : Structure() {\n";
        assert_eq!(raw_objects(text), ["A"]);
        let text = "\nclass A: B\n\npublic object FfiConverterTypeA: FfiConverter<A, Long> {\n\
                    public object FfiConverterTypeR: FfiConverterRustBuffer<R> {\n";
        assert_eq!(objects(text), ["A"]);
    }

    #[test]
    fn only_the_named_class_is_edited() {
        let text = "class AB {\n  x\n}\nclass A {\n  x\n}\n".to_owned();
        let done = class(text, "A", |class| Ok(class.replace('x', "y"))).unwrap();
        assert_eq!(done, "class AB {\n  x\n}\nclass A {\n  y\n}\n");
        assert!(class(done, "B", Ok).is_err());
    }

    #[test]
    fn cut_requires_exactly_one_match() {
        assert_eq!(cut("a(b)c".to_owned(), "(", ")").unwrap(), "ac");
        assert!(cut("a(b)c(d)".to_owned(), "(", ")").is_err());
        assert!(cut("abc".to_owned(), "(", ")").is_err());
        assert!(cut("a(b".to_owned(), "(", ")").is_err());
    }

    #[test]
    fn signatures_include_calls_in_default_arguments() {
        let text = "suspend fun `a`(`x`: X = X(), `y`: Y): Z\n fun `b`()";
        let signature = |name: &str, rest: &str| (name.to_owned(), rest.to_owned());
        assert_eq!(
            signatures(text).unwrap(),
            [signature("a", "(`x`: X = X(), `y`: Y)"), signature("b", "()")]
        );
        assert!(signatures("fun `a`(").is_err());
    }
}
