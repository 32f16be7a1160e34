//! Rewrites the names of fields and arguments in documentation to their Kotlin form.

use std::collections::BTreeSet;

use crate::edit::Edited;

/// Prefixes of dotted paths that refer to types of this library.
const OWN_PATHS: [&str; 3] = ["failure.", "login.", "session."];

pub fn finish(text: String) -> Edited {
    let names: BTreeSet<String> = text.lines().flat_map(|line| quoted(parts(line).1)).collect();
    if names.is_empty() {
        return Err("no names in backticks".into());
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let (comment, code) = parts(line);
        in_kotlin(comment, &names) + code
    });
    Ok(lines.collect())
}

/// Splits a line into comment and code: the generator writes some code after the end of a comment, on the same line.
fn parts(line: &str) -> (&str, &str) {
    if !line.trim_start().starts_with(['*', '/']) {
        return ("", line);
    }
    line.split_at(line.find("*/").unwrap_or(line.len()))
}

/// Returns the parts of a line in backticks.
fn quoted(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Rewrites each name in backticks to camel case if the Kotlin code declares it. Other names belong to the service and
/// are unchanged, as are dotted paths outside `OWN_PATHS`. Getters lose their parentheses, since they are properties.
fn in_kotlin(line: &str, names: &BTreeSet<String>) -> String {
    let parts = line.split('`').enumerate().map(|(at, part)| {
        let camel = camel(part.trim_end_matches("()"));
        let foreign_path = part.contains('.') && !OWN_PATHS.iter().any(|own| part.starts_with(own));
        let declared = camel.split('.').all(|name| names.contains(name));
        let renamed = at % 2 == 1 && part.contains('_') && !foreign_path && declared;
        if renamed { camel } else { part.to_owned() }
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
    fn declared_names_are_written_in_camel_case() {
        let text = "/**\n * `field_violations`, `failure.field_violations`, `dir_sync`, `a.field_violations`.\n * \
                    `login.field_violations()`\n */ val `failure`: F\nval `fieldViolations`: List<`x_y`>, `login`\n";
        let expected = "/**\n * `fieldViolations`, `failure.fieldViolations`, `dir_sync`, `a.field_violations`.\n * \
                        `login.fieldViolations`\n */ val `failure`: F\nval `fieldViolations`: List<`x_y`>, `login`\n";
        assert_eq!(finish(text.to_owned()).unwrap(), expected);
        assert!(finish("/** `a_b` */\n".to_owned()).is_err());
    }
}
