//! The spellings that the JSON mapping of protocol buffers accepts besides the documented one: lowerCamelCase names and
//! the numbers of enum values.

use serde_json::{Map, Value};

use super::rule::{EnumValue, Field, Rule};
use super::value::{Violations, join};
use crate::request::Request;

/// Finds a field by its documented name or, unless the request is strict, by its lowerCamelCase name.
pub(super) fn find<'a>(fields: &'a [Field], name: &str, strict: bool) -> Option<&'a Field> {
    let documented = fields.iter().find(|field| field.name == name);
    documented.or_else(|| fields.iter().find(|field| !strict && lower_camel_case(field.name) == name))
}

/// Converts `one_two.three_four` to `oneTwo.threeFour`.
fn lower_camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut after_underscore = false;
    for letter in name.chars() {
        match letter {
            '_' => after_underscore = true,
            _ if std::mem::take(&mut after_underscore) => out.push(letter.to_ascii_uppercase()),
            _ => out.push(letter),
        }
    }
    out
}

/// An enum value that is sent as a number.
pub(super) enum EnumNumber {
    Name(&'static str),
    /// The number 0, which means unset if the documentation has no value for it.
    Unset,
    Unknown,
}

pub(super) fn enum_number(values: &[EnumValue], number: i64) -> EnumNumber {
    match values.iter().find(|(_, own)| *own == number) {
        Some((name, _)) => EnumNumber::Name(name),
        None if number == 0 => EnumNumber::Unset,
        None => EnumNumber::Unknown,
    }
}

/// Converts a body to its documented spelling. Removes unknown fields, with a warning.
pub(super) fn normalize_object(
    request: &Request,
    violations: &mut Violations,
    path: &str,
    object: Map<String, Value>,
    fields: &[Field],
) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, value) in object {
        let path = join(path, &name);
        let Some(field) = find(fields, &name, false) else {
            // Normalization is not used in strict mode, where this could fail.
            let _ = request.tolerate(format!("{path} is not a field of this request"));
            continue;
        };
        if out.contains_key(field.name) {
            violations.add(&path, "repeated", "must be given only once");
        }
        out.insert(field.name.into(), normalize_value(request, violations, &path, value, &field.rule));
    }
    out
}

fn normalize_value(
    request: &Request,
    violations: &mut Violations,
    path: &str,
    value: Value,
    rule: &Rule,
) -> Value {
    match (rule, value) {
        (Rule::Object(fields), Value::Object(object)) => {
            normalize_object(request, violations, path, object, fields).into()
        }
        (Rule::List { entry, .. }, Value::Array(entries)) => {
            let entries = entries.into_iter().enumerate();
            entries
                .map(|(index, value)| {
                    normalize_value(request, violations, &format!("{path}[{index}]"), value, entry)
                })
                .collect()
        }
        (Rule::Enum(values), Value::Number(number)) => {
            match enum_number(values, number.as_i64().unwrap_or(i64::MIN)) {
                EnumNumber::Name(name) => name.into(),
                EnumNumber::Unset => Value::Null,
                EnumNumber::Unknown => number.to_string().into(),
            }
        }
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::text;

    #[test]
    fn lower_camel_case_name_is_found_unless_strict() {
        let fields = [text("filter.start_time", 0, 1), text("name", 0, 1)];
        for (name, lenient, strict) in [
            ("filter.start_time", true, true),
            ("filter.startTime", true, false),
            ("name", true, true),
            ("Name", false, false),
            ("filter.starttime", false, false),
        ] {
            assert_eq!(find(&fields, name, false).is_some(), lenient, "{name}");
            assert_eq!(find(&fields, name, true).is_some(), strict, "{name}");
        }
    }
}
