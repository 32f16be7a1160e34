//! Runs `tests/scenarios/*.json` in Rust, in both styles.

use std::collections::BTreeMap;

use scalekit::{AsyncScalekitClient, ScalekitClient, ScalekitError};
use scalekit_emulator::Emulator;
use serde_json::Value;

use crate::scenario;
use crate::scenario::{Scenario, ScenarioRun, run_call, to_json};

type Outcome = Result<(Value, String), ScalekitError>;

#[tokio::test]
async fn every_scenario_passes_async() {
    let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
    for scenario in scenario::all() {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let options = scenario::options(&scenario.client);
        let client = AsyncScalekitClient::new(url, id, secret, options).unwrap();
        let mut run = ScenarioRun::start(&emulator, &scenario);
        for step in &scenario.steps {
            let with = run.arguments(step);
            let outcome: Outcome = run_call!([await] client, step.call.as_str(), with);
            run.check(step, &with, outcome);
        }
    }
}

#[test]
fn every_scenario_passes_blocking() {
    let emulator = Emulator::start_blocking_with(scalekit_emulator::Settings::strict()).unwrap();
    for scenario in scenario::all() {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let options = scenario::options(&scenario.client);
        let client = ScalekitClient::new(url, id, secret, options).unwrap();
        let mut run = ScenarioRun::start(&emulator, &scenario);
        for step in &scenario.steps {
            let with = run.arguments(step);
            let outcome: Outcome = run_call!([] client, step.call.as_str(), with);
            run.check(step, &with, outcome);
        }
    }
}

/// Which scenarios an operation has: with its exact request, with success, with failure.
#[derive(Default)]
struct Coverage {
    request: bool,
    success: bool,
    failure: bool,
}

/// Operations that cannot fail: a list returns an empty page unless its parent is missing.
const CANNOT_FAIL: &[&str] = &[];

#[test]
fn every_operation_has_request_success_and_failure_scenarios() {
    let scenarios = scenario::all();
    let mut covered: BTreeMap<String, Coverage> = BTreeMap::new();
    for step in scenarios.iter().flat_map(|scenario: &Scenario| &scenario.steps) {
        let entry = covered.entry(step.call.clone()).or_default();
        entry.success |= !step.expects_error();
        entry.failure |= step.expects_error();
        entry.request |= !step.expects_error() && step.expects_request();
    }
    let nothing = Coverage::default();
    for operation in scalekit::operations() {
        let Coverage { request, success, failure } = covered.get(&operation.id).unwrap_or(&nothing);
        assert!(request, "no scenario checks the request of {}", operation.id);
        assert!(success, "{} succeeds in no scenario", operation.id);
        assert!(
            *failure || CANNOT_FAIL.contains(&operation.id.as_str()),
            "{} fails in no scenario",
            operation.id
        );
    }
}
