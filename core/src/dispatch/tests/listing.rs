//! The listing `bindings/api/c.md` has the names and types of the tables by which calls are made.

mod sample;
mod text;

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::dispatch::{authentication, records, requests};
use crate::types::Shape;
use text::{Definition, Field, Listing, Of};

/// Records that have another name in the listing, which is that of the other languages.
const NAMES: [(&str, &str); 4] = [
    ("Expectations", "TokenExpectations"),
    ("Machine", "MachineClient"),
    ("Authorization", "AuthorizationRequest"),
    ("Exchange", "CodeExchange"),
];

/// Results that are not models, and the records that they are written from.
const RESULTS: [(&str, &[&str]); 6] = [
    ("LoginSession", &["Session"]),
    ("LoginOutcome", &["Finished", "Session"]),
    ("StartedLogin", &["Started"]),
    ("IdpInitiatedLogin", &["Started"]),
    ("Pkce", &["Pkce"]),
    ("MachineToken", &["MachineToken"]),
];

/// The errors of values that the listing has, which are of another kind than these.
const OF_NAMES_AND_TYPES: [&str; 4] =
    ["is unknown", "is required", "has an unexpected type", "must be a JSON object"];

fn names(fields: &[Field]) -> BTreeSet<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn every_call_is_listed() {
    let others = [requests::CALLS, authentication::CALLS].into_iter().flatten();
    let expected: BTreeSet<String> = (crate::operations().into_iter().map(|operation| operation.id))
        .chain(crate::client::pager_names())
        .chain(others.map(|call| call.id.to_owned()))
        .collect();
    let listed: BTreeSet<String> = Listing::read().calls.into_keys().collect();
    assert_eq!(listed, expected);
}

#[test]
fn every_argument_is_listed() {
    let client = client();
    for (name, call) in Listing::read().calls {
        // An error, if an argument is required.
        let _ = client.check(&name, "{}");
        let expected: BTreeSet<_> = crate::op::last_arguments().into_iter().collect();
        let listed = call.arguments.iter().map(|argument| (argument.name.clone(), !argument.is_optional));
        assert_eq!(listed.collect::<BTreeSet<_>>(), expected, "{name}");
    }
}

#[test]
fn arguments_have_the_listed_types_and_members() {
    let (client, listing) = (client(), Listing::read());
    for (name, call) in &listing.calls {
        let sample = (listing.sample(&call.arguments, 0), None);
        for (arguments, wrong) in listing.variants(&call.arguments, 0).into_iter().chain([sample]) {
            let error = client.check(name, &arguments.to_string()).err().map(|error| error.to_string());
            let found =
                OF_NAMES_AND_TYPES.iter().find(|why| error.as_ref().is_some_and(|e| e.ends_with(**why)));
            assert_eq!(found.copied(), wrong, "{name} {arguments}: {error:?}");
        }
    }
}

#[test]
fn options_have_the_listed_members() {
    let listing = Listing::read();
    for (record, members) in records::READABLE {
        let name = NAMES.iter().find(|(own, _)| own == record).map_or(*record, |(_, listed)| listed);
        let fields = listing.object(name).unwrap_or_else(|| panic!("{name} is not listed"));
        assert_eq!(names(fields), members.iter().copied().collect(), "{name}");
    }
    let options = listing.sample(listing.object("ClientOptions").unwrap(), 0);
    let refused = record::<ClientOptions>(&options.to_string()).err().map(|error| error.to_string());
    assert_eq!(refused, None);
}

#[test]
fn results_of_operations_have_the_listed_types_and_members() {
    let (listing, mut seen) = (Listing::read(), BTreeSet::new());
    for probe in crate::client::probes() {
        let result = &listing.calls[probe.spec.id].result;
        compare(&listing, probe.spec.id, &probe.response, result, &mut seen);
        if let Some(shape @ Shape::Object(name, ..)) = &probe.body {
            compare(&listing, probe.spec.id, shape, &Of::Named((*name).to_owned()), &mut seen);
        }
    }
    assert!(seen.len() > 100, "{seen:?}");
}

fn compare(listing: &Listing, at: &str, shape: &Shape, of: &Of, seen: &mut BTreeSet<&'static str>) {
    let simple = |name: &str| assert_eq!(of, &Of::Simple(name.to_owned()), "{at}");
    match (shape, of) {
        (Shape::Text, _) => simple("string"),
        (Shape::Integer | Shape::IntegerText, _) => simple("integer"),
        (Shape::Number, _) => simple("number"),
        (Shape::Flag, _) => simple("boolean"),
        (Shape::Time, _) => simple("timestamp"),
        (Shape::Free, _) => simple("JSON"),
        (Shape::Nothing, _) => simple("null"),
        (Shape::List(item), Of::List(of)) | (Shape::Map(item), Of::Map(of)) => {
            compare(listing, at, item, of, seen);
        }
        (Shape::Choice(values), Of::Named(name)) => match &listing.definitions[name] {
            Definition::Choice(listed) => assert_eq!(listed, values, "{name}"),
            Definition::Object(_) => panic!("{at}: {name} is an object"),
        },
        (Shape::Object(name, fields, _), Of::Named(listed)) => {
            assert_eq!(listed, name, "{at}");
            if seen.insert(name) {
                members(listing, name, fields(), seen);
            }
        }
        _ => panic!("{at}: {shape:?} is listed as {of:?}"),
    }
}

fn members(
    listing: &Listing,
    name: &str,
    fields: Vec<(&'static str, Shape)>,
    seen: &mut BTreeSet<&'static str>,
) {
    let listed = listing.object(name).unwrap_or_else(|| panic!("{name} is not listed"));
    assert_eq!(names(listed), fields.iter().map(|(field, _)| *field).collect(), "{name}");
    for (field, shape) in fields {
        let at = format!("{name}.{field}");
        let of = &listed.iter().find(|listed| listed.name == field).unwrap().of;
        compare(listing, &at, &shape, of, seen);
    }
}

#[test]
fn results_of_logins_and_tokens_have_the_listed_members() {
    let listing = Listing::read();
    let written = |record: &str| {
        let found = authentication::RESULTS.iter().find(|(name, _)| *name == record);
        found.unwrap_or_else(|| panic!("there is no result {record}")).1.iter().copied()
    };
    for (name, parts) in RESULTS {
        // The session of an outcome is not a member: its own members are.
        let is_member = |field: &&str| parts.len() == 1 || *field != "session";
        let [first, rest @ ..] = parts else { unreachable!() };
        let mut expected: BTreeSet<_> = written(first).filter(is_member).collect();
        expected.extend(rest.iter().flat_map(|part| written(part)));
        // The claims are omitted by other logins.
        expected.retain(|field| (name, *field) != ("StartedLogin", "claims"));
        assert_eq!(names(listing.object(name).unwrap()), expected, "{name}");
    }
}

#[test]
fn errors_have_the_listed_members() {
    let listing = Listing::read();
    let violation =
        crate::FieldViolation { field: "name".into(), description: "is empty".into(), constraint: None };
    let failure =
        Failure { field_violations: vec![violation], ..internal_error("things.do", "").failure().clone() };
    let json: Value = serde_json::from_str(&failure_json("Internal", &failure)).unwrap();
    for (name, object) in [("Failure", &json), ("FieldViolation", &json["field_violations"][0])] {
        let written: BTreeSet<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names(listing.object(name).unwrap()), written, "{name}");
    }
}

/// The scenarios, which run through the C library.
#[test]
fn scenarios_use_only_listed_names() {
    let (listing, mut steps) = (Listing::read(), 0);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        for step in
            json["scenarios"].as_array().unwrap().iter().flat_map(|it| it["steps"].as_array().unwrap())
        {
            let name = step["call"].as_str().unwrap();
            let call = listing.calls.get(name).unwrap_or_else(|| panic!("{name} is not listed"));
            uses(&listing, name, &step["with"], &call.arguments);
            steps += 1;
        }
    }
    assert!(steps > 300, "{steps} steps");
}

fn uses(listing: &Listing, at: &str, value: &Value, fields: &[Field]) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let field = fields.iter().find(|field| field.name == *name);
        let field = field.unwrap_or_else(|| panic!("{at}: `{name}` is not listed"));
        let (of, items) = match (&field.of, value) {
            (Of::List(of), Value::Array(items)) => (&**of, items.iter().collect()),
            (Of::Map(of), Value::Object(map)) => (&**of, map.values().collect()),
            (of, value) => (of, vec![value]),
        };
        if let Of::Named(name) = of
            && let Some(fields) = listing.object(name)
        {
            items.into_iter().for_each(|item| uses(listing, name, item, fields));
        }
    }
}
