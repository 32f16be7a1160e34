//! The service's own description, and what differs from it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use crate::op::Probe;
use crate::types::Shape;

/// What differs, by operation or model.
#[derive(Default)]
pub(super) struct Differences(BTreeSet<(String, String)>);

impl Differences {
    fn add(&mut self, whose: &str, what: impl Into<String>) {
        self.0.insert((whose.to_owned(), what.into()));
    }

    /// The differences that are not excused, and the excuses that excuse nothing.
    pub(super) fn without(&self, exceptions: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let excused: BTreeSet<_> =
            exceptions.iter().map(|(whose, what)| ((*whose).to_owned(), (*what).to_owned())).collect();
        let show = |(whose, what): &(String, String)| format!("{whose}: {what}");
        (self.0.difference(&excused).map(show).collect(), excused.difference(&self.0).map(show).collect())
    }
}

/// Request or answer: a field that only answers have is no part of a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    There,
    Back,
}

pub(super) struct Description(Value);

impl Description {
    pub(super) fn read() -> Self {
        Self(serde_json::from_str(include_str!("../../../tests/fixtures/scalekit-api.json")).unwrap())
    }

    /// Method and path of every operation.
    pub(super) fn operations(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (upper(method), path.as_str()))
        })
    }

    /// The type of every event, and the schema of its body.
    pub(super) fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        let events = self.0["webhooks"].as_object().unwrap();
        events.iter().map(|(name, event)| {
            (name.as_str(), self.resolve(schema(&event["post"]["requestBody"]).unwrap()))
        })
    }

    /// Compares what arrives at `at` with its schema.
    pub(super) fn compare_answer(
        &self,
        at: &str,
        shape: &Shape,
        schema: &Value,
        differences: &mut Differences,
    ) {
        Walk { description: self, seen: HashSet::new(), differences }.compare(at, shape, schema, Way::Back);
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
                None => walk.compare(id, body, schema, Way::There),
                Some(key) => walk.only_field(id, key, body, schema),
            },
            (Some(_), None) => walk.differences.add(id, "body: not in the description"),
            (None, Some(_)) => walk.differences.add(id, "body: missing"),
            (None, None) => {}
        }
        let answers = operation["responses"].as_object().unwrap();
        let success = answers.iter().find(|(status, _)| status.starts_with('2')).map(|(_, answer)| answer);
        let Some(mut answer) = success.and_then(schema) else { return };
        if let Some(key) = probe.spec.inside {
            answer = &self.resolve(answer)["properties"][key];
            if answer.is_null() {
                return walk.differences.add(id, format!("answer {key}: not in the description"));
            }
        }
        walk.compare(id, &probe.response, answer, Way::Back);
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
        other => panic!("a method that is not known here: {other}"),
    }
}

fn schema(of: &Value) -> Option<&Value> {
    of.get("content")?.get("application/json")?.get("schema")
}

fn compare_query(operation: &Value, probe: &Probe, differences: &mut Differences) {
    let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let names = parameters.iter().filter(|p| p["in"] == "query").map(|p| p["name"].as_str().unwrap());
    let (theirs, ours): (BTreeSet<_>, BTreeSet<_>) = (names.collect(), probe.query.iter().copied().collect());
    for name in theirs.difference(&ours) {
        differences.add(probe.spec.id, format!("query {name}: missing"));
    }
    for name in ours.difference(&theirs) {
        differences.add(probe.spec.id, format!("query {name}: not in the description"));
    }
}

struct Walk<'a> {
    description: &'a Description,
    /// Models hold each other: each pair is compared once.
    seen: HashSet<(&'static str, String, Way)>,
    differences: &'a mut Differences,
}

impl Walk<'_> {
    /// `at` is the operation or `Model.field` that the shape belongs to.
    fn compare(&mut self, at: &str, shape: &Shape, schema: &Value, way: Way) {
        let schema = self.description.resolve(schema);
        if schema.as_object().is_some_and(Map::is_empty) {
            // The description does not say.
            return;
        }
        let kind = schema["type"].as_str().unwrap_or("object");
        let format = schema["format"].as_str().unwrap_or_default();
        match (shape, kind) {
            (Shape::Object(name, fields, _), "object") => self.object(name, &fields(), schema, way),
            (Shape::List(item), "array") => self.compare(at, item, &schema["items"], way),
            (Shape::Map(value), "object") if schema["additionalProperties"].is_object() => {
                self.compare(at, value, &schema["additionalProperties"], way);
            }
            (Shape::Free | Shape::Nothing, "object") => {}
            (Shape::Time, "string") if format == "date-time" => {}
            (Shape::Choice(ours), "string") => self.choice(at, ours, schema),
            (Shape::Text, "string") if format != "date-time" && schema["enum"].is_null() => {}
            (Shape::Integer, "integer") | (Shape::Number, "number") | (Shape::Flag, "boolean") => {}
            (Shape::IntegerText, "string") if format == "int64" => {}
            // Responses are read from either form; requests must be written as the description says.
            (Shape::Integer, "string") if format == "int64" && way == Way::Back => {}
            _ => self.differences.add(at, format!("{shape:?} for {kind} {format}")),
        }
    }

    fn object(&mut self, name: &'static str, fields: &[(&'static str, Shape)], schema: &Value, way: Way) {
        if !self.seen.insert((name, schema.to_string(), way)) {
            return;
        }
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let sent = |property: &Value| way == Way::Back || property["readOnly"] != true;
        let theirs: BTreeMap<_, _> = properties.iter().filter(|(_, property)| sent(property)).collect();
        for (field, property) in &theirs {
            match fields.iter().find(|(own, _)| own == field) {
                Some((_, shape)) => self.compare(&format!("{name}.{field}"), shape, property, way),
                None => self.differences.add(name, format!("{field}: missing")),
            }
        }
        for (field, _) in fields.iter().filter(|(own, _)| !theirs.contains_key(&(*own).to_owned())) {
            self.differences.add(name, format!("{field}: not in the description"));
        }
    }

    /// A body that is sent inside an object, as its only field.
    fn only_field(&mut self, at: &str, key: &str, body: &Shape, schema: &Value) {
        let properties = self.description.resolve(schema)["properties"].as_object();
        match properties.map(|all| (all.get(key), all.len())) {
            Some((Some(property), 1)) => self.compare(at, body, property, Way::There),
            _ => self.differences.add(at, format!("body {key}: not the only field in the description")),
        }
    }

    /// The description leaves some values out, so that we may have more.
    fn choice(&mut self, at: &str, ours: &[&str], schema: &Value) {
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !ours.contains(&value) {
                self.differences.add(at, format!("value {value}: missing"));
            }
        }
    }
}
