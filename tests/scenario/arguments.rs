//! The arguments of a call, and the proof that all of them were used.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use scalekit::{HttpMethod, Json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

pub struct Arguments {
    values: Map<String, Value>,
    used: RefCell<BTreeSet<String>>,
}

impl Arguments {
    pub fn new(values: Value) -> Self {
        let Value::Object(values) = values else { panic!("arguments are an object") };
        Self { values, used: RefCell::default() }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.used.borrow_mut().insert(name.to_owned());
        self.values.get(name)
    }

    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("the text `{name}` is missing"))
    }

    /// A record; without one, the record with nothing in it.
    pub fn value<T: DeserializeOwned + Serialize>(&self, name: &str) -> T {
        self.or(name, json!({}))
    }

    pub fn list<T: DeserializeOwned + Serialize>(&self, name: &str) -> Vec<T> {
        self.or(name, json!([]))
    }

    /// A scalar that may be left out.
    pub fn option<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let given = self.get(name)?.clone();
        Some(serde_json::from_value(given).unwrap_or_else(|e| panic!("`{name}`: {e}")))
    }

    fn or<T: DeserializeOwned + Serialize>(&self, name: &str, default: Value) -> T {
        let given = self.get(name).unwrap_or(&default);
        let value: T = serde_json::from_value(given.clone()).unwrap_or_else(|e| panic!("`{name}`: {e}"));
        let written = serde_json::to_value(&value).unwrap();
        assert!(
            is_same(given, &written),
            "`{name}` has a field that the record does not know: {written} for {given}"
        );
        value
    }

    pub fn json(&self, name: &str) -> Option<Json> {
        self.get(name).cloned().map(Json::from)
    }

    pub fn query(&self) -> HashMap<String, Vec<String>> {
        self.get("query").map_or_else(HashMap::new, |query| serde_json::from_value(query.clone()).unwrap())
    }

    pub fn method(&self) -> HttpMethod {
        match self.text("method") {
            "GET" => HttpMethod::Get,
            "POST" => HttpMethod::Post,
            "PUT" => HttpMethod::Put,
            "PATCH" => HttpMethod::Patch,
            "DELETE" => HttpMethod::Delete,
            unknown => panic!("a method that the runner does not know: {unknown}"),
        }
    }

    pub fn all_used(&self, at: &str) {
        let used = self.used.borrow();
        let left: Vec<_> = self.values.keys().filter(|name| !used.contains(*name)).collect();
        assert!(left.is_empty(), "{at}: arguments that the runner does not know: {left:?}");
    }
}

/// Equal, but for integers that a record writes as strings.
fn is_same(given: &Value, written: &Value) -> bool {
    match (given, written) {
        (Value::Object(given), Value::Object(written)) => {
            let same = |(name, value): (&String, &Value)| {
                written.get(name).is_some_and(|written| is_same(value, written))
            };
            given.len() == written.len() && given.iter().all(same)
        }
        (Value::Array(given), Value::Array(written)) => {
            given.len() == written.len()
                && given.iter().zip(written).all(|(given, written)| is_same(given, written))
        }
        (Value::Number(given), Value::String(written)) => given.to_string() == *written,
        _ => given == written,
    }
}
