//! Replaces the aliases of the JSON and timestamp types by the types themselves, and simplifies numeric defaults.

use crate::edit::{Edited, replace};
use crate::swift::text;

/// Alias, type, and default value if there is one.
const ALIASES: [(&str, &str, Option<&str>); 2] =
    [("Json", "JSONValue", Some(".null")), ("Timestamp", "Date", None)];

/// The alias of the arguments that are secrets. The package adds initializers that take a `SecretText` instead.
const SECRET: (&str, &str) = ("SecretInput", "String");

pub fn finish(text: String) -> Edited {
    let text = text::lines(&text, plain_numbers);
    let text = without_alias(text, SECRET.0, SECRET.1)?;
    ALIASES.into_iter().try_fold(text, |text, (alias, real, empty)| {
        let text = without_alias(text, alias, real)?;
        // The generator writes the default of the underlying string.
        let text = match empty {
            Some(empty) => text.replace(&format!(": {real} = \"\""), &format!(": {real} = {empty}")),
            None => text,
        };
        match text.contains(&format!(": {real} = \"")) {
            true => Err(format!("a string as the default of a {real}").into()),
            false => Ok(text),
        }
    })
}

fn without_alias(text: String, alias: &str, real: &str) -> Edited {
    let text = replace(text, 1, &format!("public typealias {alias} = {real}\n"), "")?;
    Ok(text::lines(&text, |line| written_out(line, alias, real)))
}

/// Writes `= 300` instead of `= Int64(300)` where the type precedes it.
fn plain_numbers(line: &str) -> String {
    ["Int32", "Int64"].into_iter().fold(line.to_owned(), |line, of| {
        let wrapped = format!(": {of} = {of}(");
        let mut pieces = line.split(&wrapped);
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |out, piece| match piece.split_once(')') {
            Some((number, rest)) => format!("{out}: {of} = {number}{rest}"),
            None => format!("{out}{wrapped}{piece}"),
        })
    })
}

/// Replaces the word `alias` by `real`, except in comments. Code may follow a comment on the same line.
pub(super) fn written_out(line: &str, alias: &str, real: &str) -> String {
    let (comment, code) = match line.split_once("*/") {
        Some((comment, _)) => line.split_at(comment.len() + 2),
        None if text::is_comment(line) => return line.to_owned(),
        None => ("", line),
    };
    let mut out = comment.to_owned();
    let mut word = String::new();
    for letter in code.chars().chain(['\n']) {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        out += if word == alias { real } else { &word };
        word.clear();
        out.push(letter);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
/**
 * Arbitrary `Json`.
        /**
         * A Json.
         */a: [Json]? = nil, b: Json = \"\", c: String = \"\", d: Timestamp, e: [SecretInput]) {
    FfiConverterTypeJson.lower(Json)
public typealias SecretInput = String
public typealias Json = JSONValue
public typealias Timestamp = Date
";

    #[test]
    fn aliases_are_replaced_by_types_and_json_defaults_to_null() {
        let text = finish(TEXT.into()).unwrap();
        assert!(text.starts_with("/**\n * Arbitrary `Json`.\n        /**\n         * A Json.\n"), "{text}");
        let parameters =
            "*/a: [JSONValue]? = nil, b: JSONValue = .null, c: String = \"\", d: Date, e: [String]) {\n";
        assert!(text.contains(parameters), "{text}");
        assert!(text.ends_with("FfiConverterTypeJson.lower(JSONValue)\n"), "{text}");
    }

    #[test]
    fn integer_defaults_become_plain_literals() {
        let line = "init(a: Int64 = Int64(300), b: Int32 = Int32(-1), c: Int = 1)throws {";
        assert_eq!(plain_numbers(line), "init(a: Int64 = 300, b: Int32 = -1, c: Int = 1)throws {");
        assert_eq!(plain_numbers("let len = Int32(value.count)"), "let len = Int32(value.count)");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(TEXT.replace("d: Timestamp", "d: Timestamp = \"\"")).is_err());
        assert!(finish(TEXT.replace("b: Json = \"\"", "b: Json = \"{}\"")).is_err());
        assert!(finish(TEXT.replace("Json = JSONValue", "Json = String")).is_err());
    }
}
