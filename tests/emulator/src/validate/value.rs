//! Validates one JSON value.

use serde_json::{Map, Value};

use super::rule::{EnumValue, Field, Rule};
use super::shape::{Shape, TIME};
use crate::error::Violation;

/// Collects the violations, each with the path of its field.
#[derive(Debug, Default)]
pub(super) struct Violations(pub(super) Vec<Violation>);

impl Violations {
    pub(super) fn add(&mut self, field: &str, constraint: &'static str, description: impl Into<String>) {
        self.0.push(Violation { field: field.into(), description: description.into(), constraint });
    }

    /// Validates a nested object, or the body itself with an empty path.
    pub(super) fn object(&mut self, path: &str, object: &Map<String, Value>, fields: &[Field]) {
        for name in object.keys().filter(|name| !fields.iter().any(|field| field.name == *name)) {
            self.add(&join(path, name), "unknown_field", "is not a field of this request");
        }
        for field in fields {
            let path = join(path, field.name);
            // In the JSON mapping of protocol buffers, null means unset.
            match object.get(field.name).filter(|value| !value.is_null()) {
                Some(value) => self.value(&path, value, &field.rule),
                None if field.required => self.add(&path, "required", "is required"),
                None => {}
            }
        }
    }

    pub(super) fn value(&mut self, path: &str, value: &Value, rule: &Rule) {
        match (rule, value) {
            (Rule::OutputOnly, _) => self.add(path, "output_only", "is set by the service; do not send it"),
            (Rule::Text { min, max, shape }, Value::String(text)) => {
                self.text(path, text, (*min, *max), *shape)
            }
            (Rule::Flag, Value::Bool(_)) => {}
            (Rule::Integer { min, max }, Value::Number(number)) => {
                self.integer(path, number.as_i64(), *min, *max)
            }
            // The JSON mapping of protocol buffers also accepts integers as text; 64-bit integers are serialized so.
            (Rule::Integer { min, max }, Value::String(text)) => {
                self.integer(path, text.parse().ok(), *min, *max)
            }
            (Rule::OneOf(values), Value::String(text)) => self.one_of(path, text, values),
            (Rule::Enum(values), Value::String(text)) => self.enumeration(path, text, values),
            (Rule::Time, Value::String(text)) => self.time(path, text),
            (Rule::TextMap { .. }, Value::Object(map)) => self.text_map(path, map, rule),
            (Rule::List { max, entry }, Value::Array(entries)) => self.list(path, entries, *max, entry),
            (Rule::Object(fields), Value::Object(object)) => self.object(path, object, fields),
            (Rule::AnyObject, Value::Object(_)) => {}
            _ => self.add(path, "type", format!("must be {}", kind(rule))),
        }
    }

    pub(super) fn text(&mut self, path: &str, text: &str, limits: (usize, usize), shape: Option<Shape>) {
        let length = text.chars().count();
        if length < limits.0 {
            self.add(path, "string.min_len", format!("must have at least {} characters", limits.0));
        } else if length > limits.1 {
            self.add(path, "string.max_len", format!("must have at most {} characters", limits.1));
        } else if let Some(shape) = shape.filter(|shape| !(shape.matches)(text)) {
            self.add(path, "string.pattern", shape.description);
        }
    }

    pub(super) fn integer(&mut self, path: &str, number: Option<i64>, min: i64, max: i64) {
        match number {
            None => self.add(path, "type", "must be a whole number"),
            Some(number) if number < min => self.add(path, "int.gte", format!("must be at least {min}")),
            Some(number) if number > max => self.add(path, "int.lte", format!("must be at most {max}")),
            Some(_) => {}
        }
    }

    pub(super) fn one_of(&mut self, path: &str, text: &str, values: &[&str]) {
        if !values.contains(&text) {
            self.add(path, "enum.defined_only", format!("must be one of: {}", values.join(", ")));
        }
    }

    pub(super) fn enumeration(&mut self, path: &str, text: &str, values: &[EnumValue]) {
        let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
        self.one_of(path, text, &names);
    }

    pub(super) fn time(&mut self, path: &str, text: &str) {
        if !(TIME.matches)(text) {
            self.add(path, "string.pattern", TIME.description);
        }
    }

    fn text_map(&mut self, path: &str, map: &Map<String, Value>, rule: &Rule) {
        let Rule::TextMap { pairs, key: key_limits, value: value_limits } = rule else { return };
        if map.len() > *pairs {
            self.add(path, "map.max_pairs", format!("must have at most {pairs} pairs"));
        }
        for (key, value) in map {
            let path = join(path, key);
            self.text(&path, key, *key_limits, None);
            self.value(&path, value, &Rule::Text { min: value_limits.0, max: value_limits.1, shape: None });
        }
    }

    fn list(&mut self, path: &str, entries: &[Value], max: usize, entry: &Rule) {
        if entries.len() > max {
            self.add(path, "repeated.max_items", format!("must have at most {max} entries"));
        }
        for (index, value) in entries.iter().enumerate() {
            self.value(&format!("{path}[{index}]"), value, entry);
        }
    }
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

fn kind(rule: &Rule) -> &'static str {
    match rule {
        Rule::Text { .. } | Rule::OneOf(_) | Rule::Enum(_) | Rule::Time => "a string",
        Rule::Flag => "true or false",
        Rule::Integer { .. } => "a whole number",
        Rule::TextMap { .. } | Rule::Object(_) | Rule::AnyObject => "an object",
        Rule::List { .. } => "an array",
        Rule::OutputOnly => "absent",
    }
}
