//! Compares operations and models with the service's API description, `fixtures/scalekit-api.json`.

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

use crate::support::caller::call;
use crate::support::{Style, emulator, in_every_style, quick};

in_every_style!(complete_response_is_decoded, irregular_response_is_decoded);

/// Fields that the description marks as unused or does not describe.
const FREE: &str = "free";

fn description() -> Value {
    serde_json::from_str(include_str!("fixtures/scalekit-api.json")).unwrap()
}

#[test]
fn every_operation_is_in_the_api_description() {
    let description = description();
    let mut ids = BTreeSet::new();
    for operation in scalekit::operations() {
        let found = &description["paths"][&operation.path][operation.method.to_lowercase()];
        assert!(found.is_object(), "{} {} is not in the description", operation.method, operation.path);
        let parts: Vec<_> = operation.id.split('.').collect();
        let name = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(parts.len() == 2 && parts.iter().all(name), "{} is not area.method", operation.id);
        assert!(ids.insert(operation.id.clone()), "{} is listed twice", operation.id);
    }
    let requests = scalekit::operations().into_iter().map(|operation| (operation.method, operation.path));
    assert_eq!(
        requests.collect::<BTreeSet<_>>().len(),
        ids.len(),
        "two operations have the same method and path"
    );
    assert!(ids.contains("organizations.get") && ids.contains("connections.enable"));
}

#[test]
fn http_methods_have_their_names() {
    let names = [HttpMethod::Get, HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch, HttpMethod::Delete];
    assert_eq!(names.map(HttpMethod::as_str), ["GET", "POST", "PUT", "PATCH", "DELETE"]);
}

/// Builds values with every property of a schema.
struct Builder<'a> {
    schemas: &'a Value,
    /// Selects the value of each enumeration.
    round: usize,
}

impl Builder<'_> {
    fn named(&self, name: &str) -> Value {
        let schema = &self.schemas[name];
        assert!(schema.is_object(), "no schema is named {name}");
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
            unknown => panic!("{name}: unsupported schema: {unknown:?}"),
        }
    }
}

/// The values of an enumeration, including those that the description leaves undeclared.
fn enumeration(schema: &Value, name: &str) -> Option<Vec<Value>> {
    if let Some(values) = schema["enum"].as_array() {
        return Some(values.clone());
    }
    let values: &[&str] = match name {
        "domain_type" => &["ALLOWED_EMAIL_DOMAIN", "ORGANIZATION_DOMAIN"],
        // Among the schemas tested here, only features have a field `name`.
        "name" => &["sso", "dir_sync", "domain_verification", "session_policy"],
        _ => return None,
    };
    Some(values.iter().map(|value| json!(value)).collect())
}

/// The number of values of the longest enumeration.
const ROUNDS: usize = 20;

fn round_trip<T: DeserializeOwned + Serialize + Debug>(value: &Value) -> (Value, String) {
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"));
    (serde_json::to_value(&read).unwrap(), format!("{read:?}"))
}

/// Checks that a complete value survives a round trip: nothing is lost, added or unrecognized.
fn check_complete<T: DeserializeOwned + Serialize + Debug>(schema: &str) {
    let description = description();
    for round in 0..ROUNDS {
        let builder = Builder { schemas: &description["components"]["schemas"], round };
        let value = builder.named(schema);
        let (serialized, printed) = round_trip::<T>(&value);
        assert_eq!(serialized, value, "{schema}");
        // Every field of the schema was present, so an absent field is not in the description.
        assert!(!printed.contains("None"), "{schema}: {printed}");
        assert!(!printed.contains("Unrecognized"), "{schema}: {printed}");
    }
}

/// Runs `$check` on each response type with its schema.
macro_rules! check_responses {
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
fn models_have_exactly_the_described_fields() {
    check_responses!(check_complete);
}

/// The JSON pointers of all values inside a value.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, field)| pointers(field, &format!("{at}/{}", escaped(key)), into));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), into));
        }
        _ => {}
    }
}

/// A copy of a value with the value at one pointer changed.
fn with(value: &Value, pointer: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = value.clone();
    change(changed.pointer_mut(pointer).unwrap());
    changed
}

fn is_untyped(pointer: &str) -> bool {
    pointer.contains("/static_config/static_config") || pointer.contains(FREE)
}

/// Removes null, empty and false values, all of which the service uses for "absent".
fn without_absent(value: &Value) -> Value {
    let present = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && *value != json!("");
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, field)| (key.clone(), without_absent(field)));
            Value::Object(
                fields.filter(|(_, field)| present(field) && *field != json!({})).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => items.iter().map(without_absent).filter(present).collect(),
        other => other.clone(),
    }
}

/// Changes each value of a complete value, one at a time, and checks the result of a round trip.
fn check_robust<T: DeserializeOwned + Serialize + Debug>(schema: &str) {
    let description = description();
    let whole = Builder { schemas: &description["components"]["schemas"], round: 0 }.named(schema);
    let mut all = Vec::new();
    pointers(&whole, "", &mut all);
    let mut changes = BTreeMap::<&str, usize>::new();
    for pointer in all.iter().filter(|pointer| !pointer.is_empty() && !is_untyped(pointer)) {
        let mut same = |what, changed: &Value, expected: &Value| {
            let (serialized, _) = round_trip::<T>(changed);
            assert_eq!(without_absent(&serialized), without_absent(expected), "{schema}{pointer} {what}");
            *changes.entry(what).or_default() += 1;
        };
        let null = with(&whole, pointer, |value| *value = Value::Null);
        same("null", &null, &null);
        match whole.pointer(pointer).unwrap() {
            Value::Object(_) => {
                let extended = with(&whole, pointer, |value| value["x_new"] = json!({"of": [1]}));
                let map = pointer.ends_with("metadata")
                    || pointer.ends_with("attribute_mapping")
                    || pointer.ends_with("extra_authorize_params");
                if !map {
                    same("an unknown field", &extended, &whole);
                }
                let empty = with(&whole, pointer, |value| *value = json!({}));
                same("empty", &empty, &empty);
            }
            Value::Array(_) => {
                let empty = with(&whole, pointer, |value| *value = json!([]));
                same("empty", &empty, &empty);
            }
            Value::Number(number) => {
                let text = with(&whole, pointer, |value| *value = json!(number.to_string()));
                same("an integer as text", &text, &whole);
            }
            Value::String(text) if text.starts_with("2026-") => {
                let year_one = with(&whole, pointer, |value| *value = json!("0001-01-01T00:00:00Z"));
                same("no time", &year_one, &with(&whole, pointer, |value| *value = Value::Null));
                let zone = with(&whole, pointer, |value| *value = json!("2026-01-02T05:04:05.123456+02:00"));
                same("another zone", &zone, &whole);
            }
            Value::String(_) => {
                let unknown = with(&whole, pointer, |value| *value = json!("BRAND_NEW – ü"));
                same("an unknown text", &unknown, &unknown);
                let empty = with(&whole, pointer, |value| *value = json!(""));
                same("empty", &empty, &empty);
            }
            _ => {}
        }
    }
    let (serialized, _) = round_trip::<T>(&json!({}));
    assert_eq!(without_absent(&serialized), json!({}), "{schema}");
    assert!(changes["null"] > 1 && changes.len() > 2, "{schema}: {changes:?}");
}

#[test]
fn models_accept_irregular_values() {
    check_responses!(check_robust);
}

fn response(body: Value) -> FaultKind {
    FaultKind::Answer { status: 200, body }
}

fn complete_response_is_decoded(style: Style) {
    let description = description();
    let builder = Builder { schemas: &description["components"]["schemas"], round: 3 };
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let respond_with = |operation: &str, schema: &str, key: Option<&str>| {
        let body = builder.named(schema);
        let expected = key.map_or(body.clone(), |key| body[key].clone());
        emulator.fault(Fault::new(operation, response(body))).unwrap();
        expected
    };
    fn to_value<T: Serialize>(result: scalekit::Result<T>) -> Value {
        serde_json::to_value(result.unwrap()).unwrap()
    }

    let expected = respond_with("organizations.list", "organizationsListOrganizationsResponse", None);
    assert_eq!(to_value(call!(client, c => c.organizations().list(Default::default()))), expected);
    let expected =
        respond_with("organizations.create", "organizationsCreateOrganizationResponse", Some("organization"));
    assert_eq!(to_value(client.create("New")), expected);
    let expected =
        respond_with("organizations.get", "organizationsGetOrganizationResponse", Some("organization"));
    assert_eq!(to_value(client.get("org_1")), expected);
    let expected =
        respond_with("organizations.update", "organizationsUpdateOrganizationResponse", Some("organization"));
    assert_eq!(to_value(call!(client, c => c.organizations().update("org_1", Default::default()))), expected);
    let link = "organizationsGeneratePortalLinkResponse";
    let expected = respond_with("organizations.generate_portal_link", link, Some("link"));
    assert_eq!(
        to_value(call!(client, c => c.organizations().generate_portal_link("org_1", vec![]))),
        expected
    );
    let expected =
        respond_with("connections.list", "connectionsListConnectionsResponse", Some("connections"));
    assert_eq!(to_value(call!(client, c => c.connections().list(Default::default()))), expected);
    let expected = respond_with("connections.get", "connectionsGetConnectionResponse", Some("connection"));
    assert_eq!(to_value(call!(client, c => c.connections().get("org_1", "conn_1"))), expected);
    let expected = respond_with("connections.enable", "connectionsToggleConnectionResponse", None);
    assert_eq!(to_value(call!(client, c => c.connections().enable("org_1", "conn_1"))), expected);
}

fn irregular_response_is_decoded(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let irregular = json!({"organization": {"id": "org_1", "display_name": null, "external_id": "", "metadata": null,
        "region_code": "MOON", "create_time": "", "settings": {"features": [{"name": "fly", "enabled": true}, null]},
        "x": {}}, "y": []});
    emulator.fault(Fault::new("organizations.get", response(irregular))).unwrap();
    let read = serde_json::to_value(client.get("org_1").unwrap()).unwrap();
    let expected = json!({"id": "org_1", "display_name": "", "metadata": {}, "region_code": "MOON",
        "settings": {"features": [{"name": "fly", "enabled": true}]}});
    assert_eq!(read, expected);
    for empty in
        [json!({}), json!({"organization": null}), json!([]), json!(null), json!({"organization": 7})]
    {
        emulator.fault(Fault::new("organizations.get", response(empty.clone()))).unwrap();
        let error = client.get("org_1").unwrap_err();
        assert!(matches!(error, scalekit::ScalekitError::Decode { .. }), "{empty}: {error}");
        let failure = error.failure();
        let id = failure.request_id.as_deref().expect("the response has a request ID");
        assert_eq!(failure.status, Some(200));
        assert!(failure.summary.ends_with(&format!(" [request {id}]")), "{error}");
    }
    emulator.fault(Fault::new("connections.list", response(json!({})))).unwrap();
    assert_eq!(call!(client, c => c.connections().list(Default::default())).unwrap(), vec![]);
}
