//! Claims, wire values and the paths of requests in documentation: code, in one line with their label.

use crate::edit::Edited;

/// The lines that a line with such a value follows.
const LABELS: [&str; 3] = ["* Calls", "* Claim:", "* Wire value:"];

pub fn finish(text: String) -> Edited {
    let mut finished = String::with_capacity(text.len());
    let (mut lines, mut values) = (text.lines(), 0);
    while let Some(line) = lines.next() {
        finished += line;
        if LABELS.contains(&line.trim_start()) {
            let value = lines.next().and_then(|line| line.trim_start().strip_prefix("* "));
            finished += &format!(" `{}`.", value.ok_or("a label has no value")?.trim());
            values += 1;
        }
        finished.push('\n');
    }
    if values == 0 { Err("no label found in documentation".into()) } else { Ok(finished) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_is_code_in_the_line_of_its_label() {
        let text = "/**\n * Calls\n * GET /a/{id}\n */\n    /**\n     * Claim:\n     * iss\n     */\n";
        let expected = "/**\n * Calls `GET /a/{id}`.\n */\n    /**\n     * Claim: `iss`.\n     */\n";
        assert_eq!(finish(text.into()).unwrap(), expected);
    }

    #[test]
    fn text_without_labels_and_labels_without_value_are_refused() {
        assert!(finish("let x: Int\n".into()).is_err());
        assert!(finish(" * Calls\n */\n".into()).is_err());
    }
}
