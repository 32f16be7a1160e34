//! The events against the service's description.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::description::{Description, Differences};
use super::example;
use crate::webhook::event_probes;

/// What `WebhookEvent` has of every event, by its name on the wire.
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
fn every_event_of_the_description_is_known_and_none_is_invented() {
    let description = Description::read();
    let theirs: BTreeSet<_> = description.events().map(|(name, _)| name.to_owned()).collect();
    let ours: Vec<_> = event_probes().iter().map(|probe| probe.event_type.to_owned()).collect();
    assert_eq!(ours.len(), 41);
    assert_eq!(ours.iter().cloned().collect::<BTreeSet<_>>(), theirs);
    for (name, schema) in description.events() {
        let fields = schema["properties"].as_object().unwrap().keys();
        let strangers: Vec<_> = fields.filter(|field| !ENVELOPE.contains(&field.as_str())).collect();
        assert!(strangers.is_empty(), "{name}: {strangers:?}");
    }
}

#[test]
fn the_data_of_events_is_that_of_the_description() {
    let description = Description::read();
    let schemas: BTreeMap<_, _> = description.events().collect();
    let mut differences = Differences::default();
    for probe in event_probes() {
        let data = &schemas[probe.event_type]["properties"]["data"];
        description.compare_answer(probe.event_type, &probe.data, data, &mut differences);
    }
    let (found, _) = differences.without(&[]);
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn events_are_read_and_written_without_loss() {
    for probe in event_probes() {
        let inside = |data| json!({"id": "evt_1", "type": probe.event_type, "data": data, "unheard_of": [1]});
        example::check_shape(probe.event_type, &probe.data, inside, probe.reread);
    }
}
