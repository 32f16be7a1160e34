//! Values of the types of the listing, and values that differ from them in one place.

use serde_json::{Map, Value, json};

use super::text::{Definition, Field, Listing, Of};

/// Samples of objects within objects end at this depth: some contain themselves.
const DEPTH: usize = 6;

/// What is wrong with a value, as the error says it; `None` if nothing is.
pub(super) type Variant = (Value, Option<&'static str>);

impl Listing {
    /// An object with a value of each field.
    pub(super) fn sample(&self, fields: &[Field], depth: usize) -> Value {
        let deep = |field: &&Field| depth < DEPTH || !field.is_optional;
        let all = fields.iter().filter(deep).map(|field| (field.name.clone(), self.value(&field.of, depth)));
        Value::Object(all.collect())
    }

    fn value(&self, of: &Of, depth: usize) -> Value {
        match of {
            Of::Simple(name) => match name.as_str() {
                "string" => json!("GET"), // also a method
                "boolean" => json!(true),
                "integer" => json!(7),
                "number" => json!(1.5),
                "timestamp" => json!("2026-01-31T12:00:00Z"),
                _ => json!({"any": [1]}),
            },
            Of::List(item) => json!([self.value(item, depth)]),
            Of::Map(value) => json!({"name": self.value(value, depth)}),
            Of::Named(name) => match &self.definitions[name] {
                Definition::Object(fields) => self.sample(fields, depth + 1),
                Definition::Choice(values) => json!(values[0]),
            },
        }
    }

    /// The sample with one difference each: a value of another type, and an object without one of its members.
    pub(super) fn variants(&self, fields: &[Field], depth: usize) -> Vec<Variant> {
        let Value::Object(sample) = self.sample(fields, depth) else { unreachable!() };
        let mut all = Vec::new();
        for field in fields.iter().filter(|field| sample.contains_key(&field.name)) {
            let mut without = sample.clone();
            without.shift_remove(&field.name);
            all.push((Value::Object(without), (!field.is_optional).then_some("is required")));
            let within = self.variants_of(&field.of, depth).into_iter();
            all.extend(within.map(|(value, wrong)| (with(&sample, &field.name, value), wrong)));
        }
        all
    }

    fn variants_of(&self, of: &Of, depth: usize) -> Vec<Variant> {
        let wrong = |value: Value| vec![(value, Some("has an unexpected type"))];
        match of {
            Of::Simple(name) => match name.as_str() {
                "JSON" => Vec::new(),
                "integer" | "number" => wrong(json!("x")),
                _ => wrong(json!(7)),
            },
            Of::List(item) => {
                [wrong(json!(7)), wrap(self.variants_of(item, depth), |value| json!([value]))].concat()
            }
            Of::Map(of) => {
                [wrong(json!(7)), wrap(self.variants_of(of, depth), |value| json!({"name": value}))].concat()
            }
            Of::Named(name) => match &self.definitions[name] {
                Definition::Object(_) if depth > 2 => wrong(json!(7)),
                Definition::Object(fields) => [wrong(json!(7)), self.variants(fields, depth + 1)].concat(),
                Definition::Choice(_) => wrong(json!(7)),
            },
        }
    }
}

fn with(sample: &Map<String, Value>, name: &str, value: Value) -> Value {
    let mut changed = sample.clone();
    changed[name] = value;
    Value::Object(changed)
}

fn wrap(variants: Vec<Variant>, wrap: impl Fn(Value) -> Value) -> Vec<Variant> {
    variants.into_iter().map(|(value, wrong)| (wrap(value), wrong)).collect()
}
