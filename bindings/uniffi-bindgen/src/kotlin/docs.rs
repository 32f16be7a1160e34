//! Documentation names fields and arguments as Kotlin has them.

use std::collections::BTreeSet;

use crate::edit::Edited;

/// Where a path with dots leads to names of ours.
const OURS: [&str; 3] = ["failure.", "login.", "session."];

pub fn finish(text: String) -> Edited {
    let names: BTreeSet<String> = text.lines().flat_map(|line| quoted(parts(line).1)).collect();
    if names.is_empty() {
        return Err("no names in backticks".into());
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let (comment, code) = parts(line);
        named(comment, &names) + code
    });
    Ok(lines.collect())
}

/// What of a line is comment, and the code behind it: the generator writes some behind the end of a comment.
fn parts(line: &str) -> (&str, &str) {
    if !line.trim_start().starts_with(['*', '/']) {
        return ("", line);
    }
    line.split_at(line.find("*/").unwrap_or(line.len()))
}

/// What stands in backticks.
fn quoted(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Writes each name in backticks as Kotlin has it. What Kotlin does not have is a word of the service, and so is a path
/// with dots, unless it leads to something of ours. What says what something is takes no brackets here.
fn named(line: &str, names: &BTreeSet<String>) -> String {
    let parts = line.split('`').enumerate().map(|(at, part)| {
        let camel = camel(part.trim_end_matches("()"));
        let path = part.contains('.') && !OURS.iter().any(|ours| part.starts_with(ours));
        let known = camel.split('.').all(|name| names.contains(name));
        let ours = at % 2 == 1 && part.contains('_') && !path && known;
        if ours { camel } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("`")
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (begin, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        name + &begin.to_uppercase() + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_language() {
        let text = "/**\n * `field_violations`, `failure.field_violations`, `dir_sync`, `a.field_violations`.\n * \
                    `login.field_violations()`\n */ val `failure`: F\nval `fieldViolations`: List<`x_y`>, `login`\n";
        let expected = "/**\n * `fieldViolations`, `failure.fieldViolations`, `dir_sync`, `a.field_violations`.\n * \
                        `login.fieldViolations`\n */ val `failure`: F\nval `fieldViolations`: List<`x_y`>, `login`\n";
        assert_eq!(finish(text.to_owned()).unwrap(), expected);
        assert!(finish("/** `a_b` */\n".to_owned()).is_err());
    }
}
