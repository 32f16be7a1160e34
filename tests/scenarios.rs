//! Plays `tests/scenarios/*.json` in Rust, in both styles.

mod scenario;

use std::collections::BTreeMap;

use scalekit::{AsyncScalekitClient, ScalekitClient, ScalekitError};
use scalekit_emulator::Emulator;
use scenario::{Play, Scenario, play, written};
use serde_json::Value;

type Outcome = Result<(Value, String), ScalekitError>;

#[tokio::test]
async fn asynchronous() {
    let emulator = Emulator::start().await.unwrap();
    for scenario in scenario::all() {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let options = scenario::options(&scenario.client);
        let client = AsyncScalekitClient::new(url, id, secret, options).unwrap();
        let mut stage = Play::begin(&emulator, &scenario);
        for step in &scenario.steps {
            let with = stage.arguments(step);
            let outcome: Outcome = play!([await] client, step.call.as_str(), with);
            stage.check(step, &with, outcome);
        }
    }
}

#[test]
fn blocking() {
    let emulator = Emulator::start_blocking().unwrap();
    for scenario in scenario::all() {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let options = scenario::options(&scenario.client);
        let client = ScalekitClient::new(url, id, secret, options).unwrap();
        let mut stage = Play::begin(&emulator, &scenario);
        for step in &scenario.steps {
            let with = stage.arguments(step);
            let outcome: Outcome = play!([] client, step.call.as_str(), with);
            stage.check(step, &with, outcome);
        }
    }
}

/// How an operation is covered: by its exact request, by a success, by a failure.
#[derive(Default)]
struct Covered {
    request: bool,
    success: bool,
    failure: bool,
}

/// Lists answer with nothing rather than fail, unless what they belong to is missing.
const CANNOT_FAIL: &[&str] = &[];

#[test]
fn every_operation_is_played_with_its_exact_request_and_its_typical_failure() {
    let scenarios = scenario::all();
    let mut covered: BTreeMap<String, Covered> = BTreeMap::new();
    for step in scenarios.iter().flat_map(|scenario: &Scenario| &scenario.steps) {
        let entry = covered.entry(step.call.clone()).or_default();
        entry.success |= !step.fails();
        entry.failure |= step.fails();
        entry.request |= !step.fails() && step.names_its_request();
    }
    let nothing = Covered::default();
    for operation in scalekit::operations() {
        let Covered { request, success, failure } = covered.get(&operation.id).unwrap_or(&nothing);
        assert!(request, "no scenario holds the request of {}", operation.id);
        assert!(success, "no scenario has {} succeed", operation.id);
        assert!(
            *failure || CANNOT_FAIL.contains(&operation.id.as_str()),
            "no scenario has {} fail",
            operation.id
        );
    }
}
