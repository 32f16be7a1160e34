//! Rewrites names in documentation to their Swift form: `failure.requestId` instead of `failure.request_id`.

use std::collections::HashSet;

use crate::edit::Edited;
use crate::swift::text;

/// Words before a name that is an example of a value of the service, not a name in this library.
const EXAMPLE: [&str; 3] = ["such as", "for example", "e.g."];

pub fn finish(text: String) -> Edited {
    let text = text.as_str();
    let known = declared_words(text);
    let mut renamed = 0;
    let finished = text::lines(text, |line| {
        if !line.trim_start().starts_with('*') {
            return line.to_owned();
        }
        // Every second piece is in backticks.
        let mut before = "";
        let pieces = line.split('`').enumerate().map(|(at, piece)| {
            let example = EXAMPLE.iter().any(|words| before.trim_end().ends_with(words));
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
    if renamed == 0 { Err("no name found in documentation".into()) } else { Ok(finished) }
}

/// Returns every word of the code, and so the names of all parameters, properties and methods.
fn declared_words(text: &str) -> HashSet<&str> {
    let code = text.lines().filter(|line| !text::is_comment(line) || line.contains("*/"));
    code.flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric())).collect()
}

/// Returns the Swift name of a method of the core that is a property in Swift: `session.idToken` for
/// `session.id_token()`.
fn property(name: &str, text: &str) -> Option<String> {
    let (of, method) = name.strip_suffix("()")?.rsplit_once('.')?;
    let property = heck::ToLowerCamelCase::to_lower_camel_case(method);
    text.contains(&format!("var {property}: ")).then(|| format!("{of}.{property}"))
}

/// Returns the name in camel case, if that differs and the code declares every part of it.
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
    fn declared_names_are_written_in_camel_case() {
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
    fn property_names_lose_their_parentheses() {
        let text = " * See `session.id_token()`, and `client.jwks()`.\npublic var idToken: SecretText? {\n";
        let found = finish(text.into()).unwrap();
        assert!(found.starts_with(" * See `session.idToken`, and `client.jwks()`.\n"), "{found}");
    }
}
