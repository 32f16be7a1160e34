//! The tables and models against the service's description: nothing missing, nothing invented, nothing lost on the
//! way in and out.

mod description;
mod events;
mod example;

use std::collections::BTreeSet;

use serde_json::Value;

use description::{Description, Differences};

/// Where we differ from the description on purpose: the model and field (or the operation and parameter), and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    // A query parameter that the description repeats from a sibling; it means nothing for this operation.
    ("organizations.get_by_external_id", "query id: missing"),
    // Replaced by `reassign_role_name`.
    ("roles.delete", "query reassign_role_id: missing"),
];

#[test]
fn the_operations_are_those_of_the_description() {
    let description = Description::read();
    let known: BTreeSet<_> = description.operations().collect();
    let ours: Vec<_> =
        crate::client::probes().iter().map(|p| (p.spec.method.as_str(), p.spec.path)).collect();
    let distinct: BTreeSet<_> = ours.iter().copied().collect();
    assert_eq!(distinct.len(), ours.len(), "two operations make the same request");
    let invented: Vec<_> = distinct.iter().filter(|op| !known.contains(*op)).collect();
    assert!(invented.is_empty(), "not in the description: {invented:?}");
    let missing: Vec<_> = known.iter().filter(|op| !distinct.contains(*op)).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
}

#[test]
fn names_are_distinct_and_path_parameters_all_filled() {
    let mut ids = BTreeSet::new();
    for probe in crate::client::probes() {
        assert!(ids.insert(probe.spec.id), "two operations are called {}", probe.spec.id);
        let inside = |part: &'static str| part.split_once('}').map(|(name, _)| name);
        let named: Vec<_> = probe.spec.path.split('{').skip(1).filter_map(inside).collect();
        assert_eq!(named, probe.path, "{}", probe.spec.id);
    }
}

#[test]
fn parameters_and_models_are_those_of_the_description() {
    let description = Description::read();
    let mut differences = Differences::default();
    for probe in crate::client::probes() {
        description.compare(&probe, &mut differences);
    }
    let (found, excused) = differences.without(EXCEPTIONS);
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    assert!(excused.is_empty(), "exceptions that are none: {excused:?}");
}

#[test]
fn answers_are_read_and_written_without_loss() {
    for probe in crate::client::probes() {
        example::check(&probe);
    }
}

/// A response of `{}` must not pass for a created or found resource.
#[test]
fn empty_object_is_never_read_as_a_resource_without_an_id() {
    let mut found = Vec::new();
    for probe in crate::client::probes() {
        if let Ok(read) = (probe.reread)(probe.spec, b"{}")
            && has_empty_id(&read)
        {
            found.push(probe.spec.id);
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

fn has_empty_id(value: &Value) -> bool {
    let Value::Object(fields) = value else { return false };
    let is_id = |name: &str| name == "id" || name == "email" || name.ends_with("_id");
    fields.iter().any(|(name, value)| (is_id(name) && value == "") || has_empty_id(value))
}
