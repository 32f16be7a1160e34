//! Comparison of webhook events with the service's API description.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::description::{Description, Differences};
use super::example;
use crate::webhook::event_probes;

/// Wire names of the fields of `WebhookEvent`.
const ENVELOPE: [&str; 9] = [
    "data",
    "display_name",
    "environment_id",
    "id",
    "object",
    "occurred_at",
    "organization_id",
    "spec_version",
    "type",
];

#[test]
fn events_match_the_description() {
    let description = Description::read();
    let described: BTreeSet<_> = description.events().map(|(name, _)| name.to_owned()).collect();
    let supported: Vec<_> = event_probes().iter().map(|probe| probe.event_type.to_owned()).collect();
    assert_eq!(supported.len(), 41);
    assert_eq!(supported.iter().cloned().collect::<BTreeSet<_>>(), described);
    for (name, schema) in description.events() {
        let fields = schema["properties"].as_object().unwrap().keys();
        let unknown: Vec<_> = fields.filter(|field| !ENVELOPE.contains(&field.as_str())).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

#[test]
fn event_data_matches_the_description() {
    let description = Description::read();
    let schemas: BTreeMap<_, _> = description.events().collect();
    let mut differences = Differences::default();
    for probe in event_probes() {
        let data = &schemas[probe.event_type]["properties"]["data"];
        description.compare_response(probe.event_type, &probe.data, data, &mut differences);
    }
    let (found, _) = differences.except(&[]);
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn events_round_trip_without_loss() {
    for probe in event_probes() {
        let event =
            |data| json!({"id": "evt_1", "type": probe.event_type, "data": data, "unknown_field": [1]});
        example::check_shape(probe.event_type, &probe.data, event, probe.reread);
    }
}
