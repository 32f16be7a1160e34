//! Validates a whole query or body.

use serde_json::{Map, Value};

use super::names::{self, EnumNumber};
use super::rule::{EnumValue, Field, Rule};
use super::value::Violations;
use crate::error::ApiError;
use crate::percent;
use crate::request::Request;

/// A validated query.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// The first value of a name. An empty value counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next().filter(|value| !value.is_empty())
    }

    /// All names and values.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// All values of a repeatable name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Parses and validates a query. The result has the documented names and values, without unknown names.
pub(crate) fn query(request: &Request, fields: &[Field]) -> Result<Query, ApiError> {
    let pairs = percent::pairs(&request.query)
        .ok_or_else(|| ApiError::invalid_field("query", "encoding", "is not valid percent-encoded UTF-8"))?;
    let mut violations = Violations::default();
    let mut valid: Vec<(String, String)> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &pairs {
        let Some(field) = names::find(fields, name, request.strict) else {
            if request.tolerate(format!("{name} is not a query parameter of this operation")).is_err() {
                violations.add(name, "unknown_field", "is not a query parameter of this operation");
            }
            continue;
        };
        if seen.contains(&field.name) && !matches!(field.rule, Rule::List { .. }) {
            violations.add(name, "repeated", "must be given only once");
        }
        seen.push(field.name);
        let value = query_value(&mut violations, request.strict, name, value, &field.rule);
        valid.extend(value.map(|value| (field.name.to_owned(), value)));
    }
    for field in fields.iter().filter(|field| field.required && !seen.contains(&field.name)) {
        violations.add(field.name, "required", "is required");
    }
    finish(violations).map(|()| Query(valid))
}

/// Validates a query value, which is always text, and returns its documented spelling. `None` if it is unset.
fn query_value(
    violations: &mut Violations,
    strict: bool,
    name: &str,
    text: &str,
    rule: &Rule,
) -> Option<String> {
    match rule {
        Rule::List { entry, .. } => return query_value(violations, strict, name, text, entry),
        Rule::Text { .. } | Rule::OneOf(_) if text.is_empty() => {}
        Rule::Text { min, max, shape } => violations.text(name, text, (*min, *max), *shape),
        Rule::OneOf(values) => violations.one_of(name, text, values),
        Rule::Integer { min, max } => violations.integer(name, text.parse().ok(), *min, *max),
        Rule::Time => violations.time(name, text),
        Rule::Enum(values) => return enum_value(violations, strict, name, text, values),
        Rule::Flag => match parse_flag(text, strict) {
            Some(value) => return Some(value.to_string()),
            None => violations.add(name, "type", "must be true or false"),
        },
        _ => violations.add(name, "type", "has the wrong type"),
    }
    Some(text.into())
}

fn enum_value(
    violations: &mut Violations,
    strict: bool,
    name: &str,
    text: &str,
    values: &[EnumValue],
) -> Option<String> {
    let number = text.parse().ok().filter(|_| !strict);
    match number.map(|number| names::enum_number(values, number)) {
        Some(EnumNumber::Name(name)) => return Some(name.into()),
        Some(EnumNumber::Unset) => return None,
        Some(EnumNumber::Unknown) | None => violations.enumeration(name, text, values),
    }
    Some(text.into())
}

/// Parses a boolean with the spellings that grpc-gateway accepts, which are those of Go.
fn parse_flag(text: &str, strict: bool) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ if strict => None,
        "1" | "t" | "T" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Parses and validates a JSON body. The result has the documented names and values, without unknown fields and fields
/// that are `null`.
pub(crate) fn body(request: &Request, fields: &[Field]) -> Result<Map<String, Value>, ApiError> {
    let refuse = |constraint, description: &str| ApiError::invalid_field("body", constraint, description);
    if request.body.is_empty() {
        return Err(refuse("required", "is required"));
    }
    if request.media_type() != "application/json" {
        return Err(refuse("content_type", "must be sent with content-type: application/json"));
    }
    let value: Value = serde_json::from_slice(&request.body)
        .map_err(|error| refuse("json", &format!("is not valid JSON: {error}")))?;
    let Value::Object(mut object) = value else {
        return Err(refuse("type", "must be a JSON object"));
    };
    let mut violations = Violations::default();
    if !request.strict {
        object = names::normalize_object(request, &mut violations, "", object, fields);
    }
    violations.object("", &object, fields);
    finish(violations)?;
    object.retain(|_, value| !value.is_null());
    Ok(object)
}

/// Ignores a body, for operations that accept none.
pub(crate) fn no_body(request: &Request) -> Result<(), ApiError> {
    if request.body.is_empty() {
        return Ok(());
    }
    let tolerated = request.tolerate("the body is ignored: this operation takes none");
    tolerated.map_err(|_| ApiError::invalid_field("body", "unexpected", "this operation takes no body"))
}

fn finish(violations: Violations) -> Result<(), ApiError> {
    if violations.0.is_empty() { Ok(()) } else { Err(ApiError::invalid(violations.0)) }
}
