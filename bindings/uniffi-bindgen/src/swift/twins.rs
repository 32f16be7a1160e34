//! Removes the methods that return an asynchronous twin, which only the Kotlin package uses.

use crate::edit::Edited;

const METHOD: &str = "func asAsync()";

/// The start of the documentation of a method.
const DOC: &str = "    /**\n";

pub fn finish(mut text: String) -> Edited {
    let mut removed = 0;
    while let Some(at) = text.find(METHOD) {
        let start = text[..at].rfind(DOC).ok_or("asAsync has no documentation")?;
        let line = text[at..].find('\n').map(|end| at + end).ok_or("asAsync has no end")?;
        let end = if text[at..line].trim_end().ends_with('{') {
            text[line..].find("\n}\n").map(|end| line + end + "\n}\n".len()).ok_or("asAsync has no body")?
        } else {
            line + 1
        };
        text.replace_range(start..end, "");
        removed += 1;
    }
    if removed > 0 { Ok(text) } else { Err("no object has a twin".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_removed_from_protocols_and_classes() {
        let doc = "    /**\n     * Returns the twin.\n     */\n";
        let text = format!(
            "protocol P {{\n{doc}    func asAsync()  -> A\n    func b()\n}}\nclass C {{\n{doc}open func asAsync() -> A  \
             {{\n    return x {{\n}})\n}}\n    func b() {{\n}}\n}}\n"
        );
        let done = finish(text).unwrap();
        assert_eq!(done, "protocol P {\n    func b()\n}\nclass C {\n    func b() {\n}\n}\n");
        assert!(finish(done).is_err());
    }
}
