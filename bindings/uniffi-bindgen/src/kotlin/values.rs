//! Replaces the aliases of custom types by the types themselves, so that signatures show them.

use crate::edit::{Edited, replace};

/// Alias, type, and default value if there is one.
const ALIASES: [(&str, &str, Option<&str>); 2] = [
    ("Json", "kotlinx.serialization.json.JsonElement", Some("kotlinx.serialization.json.JsonNull")),
    ("Timestamp", "java.time.Instant", None),
];

/// The alias of the arguments that are secrets. The package adds functions that take a `SecretText` instead.
const SECRET: (&str, &str) = ("SecretInput", "kotlin.String");

pub fn finish(text: String) -> Edited {
    let text = ALIASES.into_iter().try_fold(text, |text, (alias, real, empty)| {
        defaults(without_alias(text, alias, real)?, real, empty)
    })?;
    without_alias(text, SECRET.0, SECRET.1)
}

fn without_alias(text: String, alias: &str, real: &str) -> Edited {
    let short = real.rsplit('.').next().unwrap_or(real);
    let declared = [real, short].map(|target| format!("public typealias {alias} = {target}\n"));
    let declared = declared.into_iter().find(|line| text.contains(line.as_str()));
    let declared = declared.ok_or_else(|| format!("no alias {alias} of {real}"))?;
    Ok(written_out(&replace(text, 1, &declared, "")?, alias, real))
}

/// The generator writes the default of the underlying string. Replaces it by the default of the type.
fn defaults(text: String, real: &str, empty: Option<&str>) -> Edited {
    let text = match empty {
        Some(empty) => text.replace(&format!("{real} = \"\""), &format!("{real} = {empty}")),
        None => text,
    };
    if text.contains(&format!("{real} = \"")) {
        return Err(format!("a string as the default of a {real}").into());
    }
    Ok(text)
}

/// Replaces the word `alias` by `real`, except in comments.
fn written_out(text: &str, alias: &str, real: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let begin = line.trim_start();
        // The generator writes code after the end of a comment, on the same line.
        let comment = begin.starts_with(['*', '/']) && !begin.starts_with("*/");
        if comment {
            return line.to_owned();
        }
        // In the fields of enum variants it qualifies names with the package.
        replace_word(&replace_word(line, &format!("rs.scalekit.{alias}"), real), alias, real)
    });
    lines.collect()
}

fn replace_word(line: &str, alias: &str, real: &str) -> String {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '`';
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(alias) {
        let (before, after) = (&rest[..at], &rest[at + alias.len()..]);
        let alone = !before.ends_with(inside) && !after.starts_with(inside);
        out.push_str(before);
        out.push_str(if alone { real } else { alias });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRETS: &str = "public typealias SecretInput = kotlin.String\n";

    #[test]
    fn aliases_are_replaced_by_types() {
        let text = "public typealias Json = JsonElement\npublic typealias Timestamp = java.time.Instant\n\
                    // Json\n*/ fun a(): Json\nval a: Json? = FfiConverterTypeJson.read(x), List<Timestamp>, JsonText\n\
                    val b: rs.scalekit.Json, val c: rs.scalekit.JsonText\n";
        let done = finish(format!("{SECRETS}{text}val d: List<SecretInput>, FfiConverterTypeSecretInput\n"))
            .unwrap();
        assert_eq!(
            done,
            "// Json\n*/ fun a(): kotlinx.serialization.json.JsonElement\nval a: kotlinx.serialization.json.JsonElement? = FfiConverterTypeJson.read(x), \
             List<java.time.Instant>, JsonText\nval b: kotlinx.serialization.json.JsonElement, val c: rs.scalekit.JsonText\n\
             val d: List<kotlin.String>, FfiConverterTypeSecretInput\n"
        );
        assert!(finish(done).is_err());
    }

    #[test]
    fn json_defaults_to_null() {
        let text = |json: &str, time: &str| {
            format!(
                "{SECRETS}public typealias Json = JsonElement\npublic typealias Timestamp = java.time.Instant\n    val `a`: \
                 Json = {json}\n    val `b`: Timestamp{time}\n    val `c`: kotlin.String = \"\"\n"
            )
        };
        let done = finish(text("\"\" ", "")).unwrap();
        let element = "kotlinx.serialization.json.JsonElement";
        assert!(done.contains(&format!("`a`: {element} = kotlinx.serialization.json.JsonNull \n")), "{done}");
        assert!(done.ends_with("`c`: kotlin.String = \"\"\n"), "{done}");
        assert!(finish(text("\"{}\"", "")).is_err());
        assert!(finish(text("\"\"", " = \"\"")).is_err());
    }
}
