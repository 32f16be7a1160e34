//! What is implemented, held against the description of the service: `fixtures/scalekit-api.json`.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use scalekit::{
    Connection, ConnectionSummary, ConnectionToggle, Domain, HttpMethod, Organization, OrganizationPage,
    OrganizationSettings, PortalLink,
};
use scalekit_emulator::{Fault, FaultKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use support::caller::call;
use support::{Style, emulator, in_every_style, quick};

in_every_style!(full_answers_come_through_a_call, odd_answers_come_through_a_call);

/// Fields of the description that its text says are unused, or that it does not describe.
const FREE: &str = "free";

fn description() -> Value {
    serde_json::from_str(include_str!("fixtures/scalekit-api.json")).unwrap()
}

#[test]
fn every_operation_is_described() {
    let description = description();
    let mut ids = BTreeSet::new();
    for operation in scalekit::operations() {
        let found = &description["paths"][&operation.path][operation.method.to_lowercase()];
        assert!(found.is_object(), "{} {} is not in the description", operation.method, operation.path);
        let parts: Vec<_> = operation.id.split('.').collect();
        let name = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(parts.len() == 2 && parts.iter().all(name), "{} is not area.method", operation.id);
        assert!(ids.insert(operation.id.clone()), "{} is there twice", operation.id);
    }
    let requests = scalekit::operations().into_iter().map(|operation| (operation.method, operation.path));
    assert_eq!(requests.collect::<BTreeSet<_>>().len(), ids.len(), "two operations do the same");
    assert!(ids.contains("organizations.get") && ids.contains("connections.enable"));
}

#[test]
fn every_method_has_a_name() {
    let names = [HttpMethod::Get, HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch, HttpMethod::Delete];
    assert_eq!(names.map(HttpMethod::as_str), ["GET", "POST", "PUT", "PATCH", "DELETE"]);
}

/// Builds values with every property of a schema.
struct Builder<'a> {
    schemas: &'a Value,
    /// Which of an enumeration's values to take.
    round: usize,
}

impl Builder<'_> {
    fn named(&self, name: &str) -> Value {
        let schema = &self.schemas[name];
        assert!(schema.is_object(), "there is no schema {name}");
        self.build(schema, name)
    }

    fn build(&self, schema: &Value, name: &str) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.named(reference.rsplit('/').next().unwrap());
        }
        if let Some(values) = enumeration(schema, name) {
            return values[self.round % values.len()].clone();
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), Some("date-time")) => json!("2026-01-02T03:04:05.123456Z"),
            (Some("string"), _) => json!(format!("a {name}")),
            (Some("integer"), _) => json!(i64::MAX - 1),
            (Some("boolean"), _) => json!(true),
            (Some("array"), _) => {
                json!([self.build(&schema["items"], name), self.build(&schema["items"], name)])
            }
            (Some("object"), _) if schema["properties"].is_object() => {
                let fields = schema["properties"].as_object().unwrap();
                fields.iter().map(|(name, field)| (name.clone(), self.build(field, name))).collect()
            }
            (Some("object"), _) if schema["additionalProperties"].is_object() => {
                json!({"key": self.build(&schema["additionalProperties"], name), "": "", "other": "value"})
            }
            (Some("object"), _) => json!({FREE: {"of": [1, null, "shape"]}}),
            unknown => panic!("{name}: a schema that is not understood: {unknown:?}"),
        }
    }
}

/// The values of an enumeration; of some the description names none.
fn enumeration(schema: &Value, name: &str) -> Option<Vec<Value>> {
    if let Some(values) = schema["enum"].as_array() {
        return Some(values.clone());
    }
    let values: &[&str] = match name {
        "domain_type" => &["ALLOWED_EMAIL_DOMAIN", "ORGANIZATION_DOMAIN"],
        // Only features have a plain `name` among the schemas here.
        "name" => &["sso", "dir_sync", "domain_verification", "session_policy"],
        _ => return None,
    };
    Some(values.iter().map(|value| json!(value)).collect())
}

/// As many rounds as the longest enumeration has values.
const ROUNDS: usize = 20;

fn through<T: DeserializeOwned + Serialize + Debug>(value: &Value) -> (Value, String) {
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"));
    (serde_json::to_value(&read).unwrap(), format!("{read:?}"))
}

/// What comes out is what went in; nothing is lost, invented, or unknown.
fn complete<T: DeserializeOwned + Serialize + Debug>(schema: &str) {
    let description = description();
    for round in 0..ROUNDS {
        let builder = Builder { schemas: &description["components"]["schemas"], round };
        let value = builder.named(schema);
        let (again, printed) = through::<T>(&value);
        assert_eq!(again, value, "{schema}");
        // Each field of the schema was there, so that an absent one is our own invention.
        assert!(!printed.contains("None"), "{schema}: {printed}");
        assert!(!printed.contains("Unrecognized"), "{schema}: {printed}");
    }
}

/// The types of answers, with the schema of each and what `$check` does to it.
macro_rules! answers {
    ($check:ident) => {{
        $check::<Organization>("organizationsOrganization");
        $check::<OrganizationPage>("organizationsListOrganizationsResponse");
        $check::<OrganizationSettings>("organizationsOrganizationSettings");
        $check::<PortalLink>("organizationsLink");
        $check::<ConnectionSummary>("connectionsListConnection");
        $check::<Connection>("connectionsConnection");
        $check::<ConnectionToggle>("connectionsToggleConnectionResponse");
        $check::<Domain>("domainsDomain");
    }};
}

#[test]
fn models_have_every_field_and_no_other() {
    answers!(complete);
}

/// The place of each value inside another, as JSON pointers.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| places(field, &format!("{at}/{}", escaped(key)), into));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), into));
        }
        _ => {}
    }
}

/// A value with one place in it changed.
fn with(value: &Value, place: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = value.clone();
    change(changed.pointer_mut(place).unwrap());
    changed
}

fn is_free(place: &str) -> bool {
    place.contains("/static_config/static_config") || place.contains(FREE)
}

/// The same without what means "absent": null, and what is empty. Answers say all of these for one thing.
fn essence(value: &Value) -> Value {
    let kept = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && *value != json!("");
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, field)| (key.clone(), essence(field)));
            Value::Object(
                fields.filter(|(_, field)| kept(field) && *field != json!({})).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => items.iter().map(essence).filter(kept).collect(),
        other => other.clone(),
    }
}

/// Changes one place at a time, everywhere, and looks at what becomes of it.
fn robust<T: DeserializeOwned + Serialize + Debug>(schema: &str) {
    let description = description();
    let whole = Builder { schemas: &description["components"]["schemas"], round: 0 }.named(schema);
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    let mut changes = BTreeMap::<&str, usize>::new();
    for place in all.iter().filter(|place| !place.is_empty() && !is_free(place)) {
        let mut same = |what, changed: &Value, expected: &Value| {
            let (again, _) = through::<T>(changed);
            assert_eq!(essence(&again), essence(expected), "{schema}{place} {what}");
            *changes.entry(what).or_default() += 1;
        };
        let null = with(&whole, place, |value| *value = Value::Null);
        same("null", &null, &null);
        match whole.pointer(place).unwrap() {
            Value::Object(_) => {
                let more = with(&whole, place, |value| value["x_new"] = json!({"of": [1]}));
                let map = place.ends_with("metadata")
                    || place.ends_with("attribute_mapping")
                    || place.ends_with("extra_authorize_params");
                if !map {
                    same("an unknown field", &more, &whole);
                }
                let empty = with(&whole, place, |value| *value = json!({}));
                same("empty", &empty, &empty);
            }
            Value::Array(_) => {
                let empty = with(&whole, place, |value| *value = json!([]));
                same("empty", &empty, &empty);
            }
            Value::Number(number) => {
                let text = with(&whole, place, |value| *value = json!(number.to_string()));
                same("an integer as text", &text, &whole);
            }
            Value::String(text) if text.starts_with("2026-") => {
                let year_one = with(&whole, place, |value| *value = json!("0001-01-01T00:00:00Z"));
                same("no time", &year_one, &with(&whole, place, |value| *value = Value::Null));
                let zone = with(&whole, place, |value| *value = json!("2026-01-02T05:04:05.123456+02:00"));
                same("another zone", &zone, &whole);
            }
            Value::String(_) => {
                let unknown = with(&whole, place, |value| *value = json!("BRAND_NEW – ü"));
                same("an unknown text", &unknown, &unknown);
                let empty = with(&whole, place, |value| *value = json!(""));
                same("empty", &empty, &empty);
            }
            _ => {}
        }
    }
    let (again, _) = through::<T>(&json!({}));
    assert_eq!(essence(&again), json!({}), "{schema}");
    assert!(changes["null"] > 1 && changes.len() > 2, "{schema}: {changes:?}");
}

#[test]
fn models_take_what_the_service_writes() {
    answers!(robust);
}

fn answer(body: Value) -> FaultKind {
    FaultKind::Answer { status: 200, body }
}

fn full_answers_come_through_a_call(style: Style) {
    let description = description();
    let builder = Builder { schemas: &description["components"]["schemas"], round: 3 };
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let answered = |operation: &str, schema: &str, key: Option<&str>| {
        let body = builder.named(schema);
        let wanted = key.map_or(body.clone(), |key| body[key].clone());
        emulator.fault(Fault::new(operation, answer(body))).unwrap();
        wanted
    };
    fn written<T: Serialize>(result: scalekit::Result<T>) -> Value {
        serde_json::to_value(result.unwrap()).unwrap()
    }

    let wanted = answered("organizations.list", "organizationsListOrganizationsResponse", None);
    assert_eq!(written(call!(client, c => c.organizations().list(Default::default()))), wanted);
    let wanted =
        answered("organizations.create", "organizationsCreateOrganizationResponse", Some("organization"));
    assert_eq!(written(client.create("New")), wanted);
    let wanted = answered("organizations.get", "organizationsGetOrganizationResponse", Some("organization"));
    assert_eq!(written(client.get("org_1")), wanted);
    let wanted =
        answered("organizations.update", "organizationsUpdateOrganizationResponse", Some("organization"));
    assert_eq!(written(call!(client, c => c.organizations().update("org_1", Default::default()))), wanted);
    let link = "organizationsGeneratePortalLinkResponse";
    let wanted = answered("organizations.generate_portal_link", link, Some("link"));
    assert_eq!(written(call!(client, c => c.organizations().generate_portal_link("org_1", vec![]))), wanted);
    let wanted = answered("connections.list", "connectionsListConnectionsResponse", Some("connections"));
    assert_eq!(written(call!(client, c => c.connections().list(Default::default()))), wanted);
    let wanted = answered("connections.get", "connectionsGetConnectionResponse", Some("connection"));
    assert_eq!(written(call!(client, c => c.connections().get("org_1", "conn_1"))), wanted);
    let wanted = answered("connections.enable", "connectionsToggleConnectionResponse", None);
    assert_eq!(written(call!(client, c => c.connections().enable("org_1", "conn_1"))), wanted);
}

fn odd_answers_come_through_a_call(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let odd = json!({"organization": {"id": "org_1", "display_name": null, "external_id": "", "metadata": null,
        "region_code": "MOON", "create_time": "", "settings": {"features": [{"name": "fly", "enabled": true}, null]},
        "x": {}}, "y": []});
    emulator.fault(Fault::new("organizations.get", answer(odd))).unwrap();
    let read = serde_json::to_value(client.get("org_1").unwrap()).unwrap();
    let expected = json!({"id": "org_1", "display_name": "", "metadata": {}, "region_code": "MOON",
        "settings": {"features": [{"name": "fly", "enabled": true}]}});
    assert_eq!(read, expected);
    for empty in
        [json!({}), json!({"organization": null}), json!([]), json!(null), json!({"organization": 7})]
    {
        emulator.fault(Fault::new("organizations.get", answer(empty.clone()))).unwrap();
        let error = client.get("org_1").unwrap_err();
        assert!(matches!(error, scalekit::ScalekitError::Decode { .. }), "{empty}: {error}");
    }
    emulator.fault(Fault::new("connections.list", answer(json!({})))).unwrap();
    assert_eq!(call!(client, c => c.connections().list(Default::default())).unwrap(), vec![]);
}
