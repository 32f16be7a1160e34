//! The service's API description, and the differences from it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use crate::op::Probe;
use crate::types::Shape;

/// Differences, by operation or model.
#[derive(Default)]
pub(super) struct Differences(BTreeSet<(String, String)>);

impl Differences {
    fn add(&mut self, subject: &str, difference: impl Into<String>) {
        self.0.insert((subject.to_owned(), difference.into()));
    }

    /// Returns the differences that are not exceptions, and the exceptions that are not differences.
    pub(super) fn except(&self, exceptions: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let exceptions: BTreeSet<_> =
            exceptions.iter().map(|(subject, text)| ((*subject).to_owned(), (*text).to_owned())).collect();
        let line = |(subject, text): &(String, String)| format!("{subject}: {text}");
        let found = self.0.difference(&exceptions).map(line).collect();
        (found, exceptions.difference(&self.0).map(line).collect())
    }
}

/// Request or response. Read-only fields are not part of a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Direction {
    Request,
    Response,
}

pub(super) struct Description(Value);

impl Description {
    pub(super) fn read() -> Self {
        Self(serde_json::from_str(include_str!("../../../tests/fixtures/scalekit-api.json")).unwrap())
    }

    /// Returns method and path of every operation.
    pub(super) fn operations(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (upper(method), path.as_str()))
        })
    }

    /// Returns type and body schema of every event.
    pub(super) fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        let events = self.0["webhooks"].as_object().unwrap();
        events.iter().map(|(name, event)| {
            (name.as_str(), self.resolve(schema(&event["post"]["requestBody"]).unwrap()))
        })
    }

    /// Compares a response shape with its schema. `at` is its location.
    pub(super) fn compare_response(
        &self,
        at: &str,
        shape: &Shape,
        schema: &Value,
        differences: &mut Differences,
    ) {
        Walk { description: self, seen: HashSet::new(), differences }.compare(
            at,
            shape,
            schema,
            Direction::Response,
        );
    }

    pub(super) fn compare(&self, probe: &Probe, differences: &mut Differences) {
        let (id, method) = (probe.spec.id, probe.spec.method.as_str().to_lowercase());
        let operation = &self.0["paths"][probe.spec.path][&method];
        if operation.is_null() {
            return differences.add(id, "not in the description");
        }
        compare_query(operation, probe, differences);
        let mut walk = Walk { description: self, seen: HashSet::new(), differences };
        match (&probe.body, schema(&operation["requestBody"])) {
            (Some(body), Some(schema)) => match probe.body_inside {
                None => walk.compare(id, body, schema, Direction::Request),
                Some(key) => walk.only_field(id, key, body, schema),
            },
            (Some(_), None) => walk.differences.add(id, "body: not in the description"),
            (None, Some(_)) => walk.differences.add(id, "body: missing"),
            (None, None) => {}
        }
        let responses = operation["responses"].as_object().unwrap();
        let success =
            responses.iter().find(|(status, _)| status.starts_with('2')).map(|(_, response)| response);
        let Some(mut response) = success.and_then(schema) else { return };
        if let Some(key) = probe.spec.inside {
            response = &self.resolve(response)["properties"][key];
            if response.is_null() {
                return walk.differences.add(id, format!("response {key}: not in the description"));
            }
        }
        walk.compare(id, &probe.response, response, Direction::Response);
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
            Some(name) => &self.0["components"]["schemas"][name],
            None => schema,
        }
    }
}

fn upper(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" => "DELETE",
        other => panic!("unknown method: {other}"),
    }
}

fn schema(of: &Value) -> Option<&Value> {
    of.get("content")?.get("application/json")?.get("schema")
}

fn compare_query(operation: &Value, probe: &Probe, differences: &mut Differences) {
    let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let names = parameters.iter().filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap());
    let described: BTreeSet<_> = names.collect();
    let supported: BTreeSet<_> = probe.query.iter().copied().collect();
    for name in described.difference(&supported) {
        differences.add(probe.spec.id, format!("query {name}: missing"));
    }
    for name in supported.difference(&described) {
        differences.add(probe.spec.id, format!("query {name}: not in the description"));
    }
}

struct Walk<'a> {
    description: &'a Description,
    /// Compared pairs. Models can be recursive, so each pair is compared once.
    seen: HashSet<(&'static str, String, Direction)>,
    differences: &'a mut Differences,
}

impl Walk<'_> {
    /// Compares a shape with its schema. `at` is the operation or `Model.field` that it belongs to.
    fn compare(&mut self, at: &str, shape: &Shape, schema: &Value, direction: Direction) {
        let schema = self.description.resolve(schema);
        if schema.as_object().is_some_and(Map::is_empty) {
            // The description leaves the type open.
            return;
        }
        let kind = schema["type"].as_str().unwrap_or("object");
        let format = schema["format"].as_str().unwrap_or_default();
        match (shape, kind) {
            (Shape::Object(name, fields, _), "object") => self.object(name, &fields(), schema, direction),
            (Shape::List(item), "array") => self.compare(at, item, &schema["items"], direction),
            (Shape::Map(value), "object") if schema["additionalProperties"].is_object() => {
                self.compare(at, value, &schema["additionalProperties"], direction);
            }
            (Shape::Free | Shape::Nothing, "object") => {}
            (Shape::Time, "string") if format == "date-time" => {}
            (Shape::Choice(values), "string") => self.choice(at, values, schema),
            (Shape::Text, "string") if format != "date-time" && schema["enum"].is_null() => {}
            (Shape::Integer, "integer") | (Shape::Number, "number") | (Shape::Flag, "boolean") => {}
            (Shape::IntegerText, "string") if format == "int64" => {}
            // Responses are read from either form; requests must be written as the description says.
            (Shape::Integer, "string") if format == "int64" && direction == Direction::Response => {}
            _ => self.differences.add(at, format!("{shape:?} for {kind} {format}")),
        }
    }

    fn object(
        &mut self,
        name: &'static str,
        fields: &[(&'static str, Shape)],
        schema: &Value,
        direction: Direction,
    ) {
        if !self.seen.insert((name, schema.to_string(), direction)) {
            return;
        }
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let is_included = |property: &Value| direction == Direction::Response || property["readOnly"] != true;
        let described: BTreeMap<_, _> =
            properties.iter().filter(|(_, property)| is_included(property)).collect();
        for (field, property) in &described {
            match fields.iter().find(|(own, _)| own == field) {
                Some((_, shape)) => self.compare(&format!("{name}.{field}"), shape, property, direction),
                None => self.differences.add(name, format!("{field}: missing")),
            }
        }
        for (field, _) in fields.iter().filter(|(own, _)| !described.contains_key(&(*own).to_owned())) {
            self.differences.add(name, format!("{field}: not in the description"));
        }
    }

    /// Compares a body that is sent as the only field of an object.
    fn only_field(&mut self, at: &str, key: &str, body: &Shape, schema: &Value) {
        let properties = self.description.resolve(schema)["properties"].as_object();
        match properties.map(|all| (all.get(key), all.len())) {
            Some((Some(property), 1)) => self.compare(at, body, property, Direction::Request),
            _ => self.differences.add(at, format!("body {key}: not the only field in the description")),
        }
    }

    /// Compares the values of an enumeration. The description is incomplete, so additional values are allowed.
    fn choice(&mut self, at: &str, supported: &[&str], schema: &Value) {
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !supported.contains(&value) {
                self.differences.add(at, format!("value {value}: missing"));
            }
        }
    }
}
