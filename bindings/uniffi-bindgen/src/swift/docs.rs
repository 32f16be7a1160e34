//! Documentation that names things as Swift does: `failure.requestId`, not `failure.request_id`.

use std::collections::HashSet;

use crate::edit::Edited;
use crate::swift::text;

pub fn finish(text: String) -> Edited {
    let text = text.as_str();
    let known = declared_words(text);
    let mut renamed = 0;
    let finished = text::lines(text, |line| {
        if !line.trim_start().starts_with('*') {
            return line.to_owned();
        }
        // Every second piece stands between backticks. An example is the service's word, not a name of ours.
        let mut before = "";
        let pieces = line.split('`').enumerate().map(|(at, piece)| {
            let example = before.trim_end().ends_with("such as");
            before = piece;
            match property(piece, text).or_else(|| swift_name(piece, &known)) {
                Some(name) if at % 2 == 1 && !example => {
                    renamed += 1;
                    name
                }
                _ => piece.to_owned(),
            }
        });
        pieces.collect::<Vec<_>>().join("`")
    });
    if renamed == 0 { Err("no documentation names anything".into()) } else { Ok(finished) }
}

/// Every word that begins a parameter, a property or a method.
fn declared_words(text: &str) -> HashSet<&str> {
    let code = text.lines().filter(|line| !text::is_comment(line) || line.contains("*/"));
    code.flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric())).collect()
}

/// The name of what is a method elsewhere, if it is a property here: `session.idToken` for `session.id_token()`.
fn property(name: &str, text: &str) -> Option<String> {
    let (of, method) = name.strip_suffix("()")?.rsplit_once('.')?;
    let property = heck::ToLowerCamelCase::to_lower_camel_case(method);
    text.contains(&format!("var {property}: ")).then(|| format!("{of}.{property}"))
}

/// The name in Swift, if every part of it is declared and any is written differently.
fn swift_name(name: &str, known: &HashSet<&str>) -> Option<String> {
    if !name.contains('_')
        || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c))
    {
        return None;
    }
    let parts: Vec<String> = name.split('.').map(heck::ToLowerCamelCase::to_lower_camel_case).collect();
    parts.iter().all(|part| known.contains(part.as_str())).then(|| parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_they_are_declared() {
        let text = " * See `failure.request_id` and `dir_sync` at `NOT_FOUND`, a_b, such as `request_id`.\n         */requestId: String,\nlet failure: F\n";
        let found = finish(text.into()).unwrap();
        assert!(
            found.starts_with(
                " * See `failure.requestId` and `dir_sync` at `NOT_FOUND`, a_b, such as `request_id`.\n"
            ),
            "{found}"
        );
        assert!(finish("let x: Int".into()).is_err());
    }

    #[test]
    fn properties_without_parentheses() {
        let text = " * See `session.id_token()`, and `client.jwks()`.\npublic var idToken: SecretText? {\n";
        let found = finish(text.into()).unwrap();
        assert!(found.starts_with(" * See `session.idToken`, and `client.jwks()`.\n"), "{found}");
    }
}
