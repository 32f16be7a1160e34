//! Documentation of errors: the core's section `# Errors` becomes the item `- Throws:` that Xcode and DocC show.

use crate::edit::Edited;

const SECTION: &str = "* # Errors";

/// The words before a list of several errors.
const SEVERAL: &str = "- Throws: `ScalekitError`, with one of these cases:";

pub fn finish(text: String) -> Edited {
    let mut finished = String::with_capacity(text.len());
    let (mut lines, mut sections) = (text.lines(), 0);
    while let Some(line) = lines.next() {
        let Some(margin) = line.strip_suffix(SECTION) else {
            finished += &format!("{line}\n");
            continue;
        };
        sections += 1;
        let mut section = Vec::new();
        let end = loop {
            let line = lines.next().ok_or("a comment does not end")?;
            match line.trim_start().strip_prefix('*') {
                Some(text) if !text.starts_with('/') => section.push(text.trim()),
                _ => break line,
            }
        };
        for text in item(&errors(&section)) {
            finished += &format!("{margin}* {text}\n");
        }
        finished += &format!("{end}\n");
    }
    if sections == 0 { Err("no section about errors found".into()) } else { Ok(finished) }
}

/// The errors, each with its lines. One begins with the name of its case.
fn errors<'a>(section: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    for line in section.iter().filter(|line| !line.is_empty()) {
        let text = line.trim_start_matches("- ");
        match found.last_mut() {
            Some(last) if !begins_with_case(text) && text == *line => last.push(text),
            _ => found.push(vec![text]),
        }
    }
    found
}

fn begins_with_case(text: &str) -> bool {
    let name = text.strip_prefix('`').and_then(|rest| rest.split_once("` "));
    name.is_some_and(|(name, _)| name.chars().all(char::is_alphabetic))
}

/// The lines of the item.
fn item(errors: &[Vec<&str>]) -> Vec<String> {
    match errors {
        [only] => {
            let (first, rest) = only.split_first().expect("an error has a line");
            let first = match begins_with_case(first) {
                true => format!("- Throws: `ScalekitError.{}", &first[1..]),
                false => format!("- Throws: `ScalekitError`. {first}"),
            };
            std::iter::once(first).chain(rest.iter().map(|line| format!("  {line}"))).collect()
        }
        several => {
            let lines = several.iter().flat_map(|error| {
                error.iter().enumerate().map(|(at, line)| match at {
                    0 => format!("  - {line}"),
                    _ => format!("    {line}"),
                })
            });
            std::iter::once(SEVERAL.to_owned()).chain(lines).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_becomes_an_item() {
        let one = "    /**\n     * Gets.\n     * \n     * # Errors\n     * \n     * `notFound` if there is\n     * none.\n     */\nfunc a()\n";
        let expected = "    /**\n     * Gets.\n     * \n     * - Throws: `ScalekitError.notFound` if there is\n     *   none.\n     */\nfunc a()\n";
        assert_eq!(finish(one.into()).unwrap(), expected);
    }

    #[test]
    fn several_errors_become_a_list() {
        let two = " * # Errors\n *\n * - `notFound` if there\n *   is none.\n * `conflict` if another is.\n * As for `verify`.\n */func a()\n";
        let expected = " * - Throws: `ScalekitError`, with one of these cases:\n *   - `notFound` if there\n *     is none.\n *   - `conflict` if another is.\n *     As for `verify`.\n */func a()\n";
        assert_eq!(finish(two.into()).unwrap(), expected);
        let prose = finish(" * # Errors\n *\n * As for `to_json`.\n */\n".into()).unwrap();
        assert_eq!(prose, " * - Throws: `ScalekitError`. As for `to_json`.\n */\n");
    }

    #[test]
    fn text_without_errors_and_open_comments_are_refused() {
        assert!(finish("let x: Int\n".into()).is_err());
        assert!(finish(" * # Errors\n * `notFound`\n".into()).is_err());
    }
}
