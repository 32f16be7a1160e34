//! Validates a whole query or body.

use serde_json::{Map, Value};

use super::rule::{Field, Rule};
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

/// Parses and validates a query.
pub(crate) fn query(raw: &str, fields: &[Field]) -> Result<Query, ApiError> {
    let pairs = percent::pairs(raw)
        .ok_or_else(|| ApiError::invalid_field("query", "encoding", "is not valid percent-encoded UTF-8"))?;
    let mut violations = Violations::default();
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &pairs {
        match fields.iter().find(|field| field.name == name) {
            None => violations.add(name, "unknown_field", "is not a query parameter of this operation"),
            Some(field) => {
                if seen.contains(&name.as_str()) && !matches!(field.rule, Rule::List { .. }) {
                    violations.add(name, "repeated", "must be given only once");
                }
                query_value(&mut violations, name, value, &field.rule);
            }
        }
        seen.push(name);
    }
    for field in fields.iter().filter(|field| field.required && !seen.contains(&field.name)) {
        violations.add(field.name, "required", "is required");
    }
    finish(violations).map(|()| Query(pairs))
}

/// Validates a query value, which is always text. An empty value counts as absent.
fn query_value(violations: &mut Violations, name: &str, text: &str, rule: &Rule) {
    match rule {
        _ if text.is_empty() => {}
        Rule::List { entry, .. } => query_value(violations, name, text, entry),
        Rule::Text { min, max, shape } => violations.text(name, text, (*min, *max), *shape),
        Rule::OneOf(values) => violations.one_of(name, text, values),
        Rule::Integer { min, max } => violations.integer(name, text.parse().ok(), *min, *max),
        Rule::Flag if matches!(text, "true" | "false") => {}
        _ => violations.add(name, "type", "has the wrong type"),
    }
}

/// Parses and validates a JSON body. The result omits fields that are `null`.
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
    violations.object("", &object, fields);
    finish(violations)?;
    object.retain(|_, value| !value.is_null());
    Ok(object)
}

/// Rejects a body, for operations that accept none.
pub(crate) fn no_body(request: &Request) -> Result<(), ApiError> {
    if request.body.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid_field("body", "unexpected", "this operation takes no body"))
}

fn finish(violations: Violations) -> Result<(), ApiError> {
    if violations.0.is_empty() { Ok(()) } else { Err(ApiError::invalid(violations.0)) }
}
