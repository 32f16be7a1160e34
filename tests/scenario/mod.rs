//! The part of the scenario runner that both styles share: reads the scenarios and checks the outcomes.

mod arguments;
mod calls;
mod expect;

use std::collections::HashMap;

use scalekit::{ClientOptions, FailureSource, RawResponse, RetryOptions, ScalekitError};
use scalekit_emulator::{Emulator, Fault, RecordedRequest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use arguments::Arguments;
pub(crate) use calls::run_call;
use expect::{Bindings, matches};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    name: String,
    seed: Option<Value>,
    #[serde(default)]
    faults: Vec<Value>,
    #[serde(default)]
    pub client: Map<String, Value>,
    pub steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub call: String,
    #[serde(default)]
    with: Map<String, Value>,
    #[serde(default)]
    faults: Vec<Value>,
    result: Option<Value>,
    error: Option<ExpectedError>,
    request: Option<ExpectedRequest>,
    #[serde(default)]
    requests: HashMap<String, usize>,
}

impl Step {
    pub fn expects_error(&self) -> bool {
        self.error.is_some()
    }

    pub fn expects_request(&self) -> bool {
        self.request.is_some()
    }
}

/// Only the keys present are compared. A `null` is compared too, hence the untyped map.
#[derive(Deserialize)]
struct ExpectedError {
    variant: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedRequest {
    method: String,
    path: String,
    query: String,
    body: Value,
}

/// Every scenario of every file.
pub fn all() -> Vec<Scenario> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    let mut all = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        all.extend(file.scenarios);
    }
    assert!(!all.is_empty());
    all
}

/// A result as JSON, and its debug format.
pub fn to_json<T: Serialize + std::fmt::Debug>(
    result: Result<T, ScalekitError>,
) -> Result<(Value, String), ScalekitError> {
    result.map(|value| (serde_json::to_value(&value).unwrap(), format!("{value:?}")))
}

pub fn raw(response: RawResponse) -> (Value, String) {
    let RawResponse { status, request_id, headers, body, .. } = &response;
    let body = body.value();
    (
        json!({"status": status, "request_id": request_id, "headers": headers, "body": body}),
        format!("{response:?}"),
    )
}

pub fn options(fields: &Map<String, Value>) -> ClientOptions {
    let mut options = ClientOptions::default();
    for (name, value) in fields {
        match name.as_str() {
            "timeout_seconds" => options.timeout_seconds = value.as_f64(),
            "retry" => options.retry = Some(retry(value.as_object().unwrap())),
            unknown => panic!("unknown option: {unknown}"),
        }
    }
    options
}

fn retry(fields: &Map<String, Value>) -> RetryOptions {
    let mut options = RetryOptions::default();
    for (name, value) in fields {
        match name.as_str() {
            "max_retries" => options.max_retries = value.as_i64().unwrap().try_into().unwrap(),
            "base_delay_seconds" => options.base_delay_seconds = value.as_f64().unwrap(),
            "max_delay_seconds" => options.max_delay_seconds = value.as_f64().unwrap(),
            unknown => panic!("unknown option: {unknown}"),
        }
    }
    options
}

/// A scenario in progress.
pub struct ScenarioRun<'a> {
    emulator: &'a Emulator,
    name: &'a str,
    bindings: Bindings,
}

impl<'a> ScenarioRun<'a> {
    pub fn start(emulator: &'a Emulator, scenario: &'a Scenario) -> Self {
        emulator.reset();
        let run = Self { emulator, name: &scenario.name, bindings: Bindings::default() };
        if let Some(seed) = &scenario.seed {
            emulator.seed(seed.clone()).unwrap_or_else(|e| panic!("{}: {e}", scenario.name));
        }
        run.inject(&scenario.faults);
        run
    }

    fn inject(&self, faults: &[Value]) {
        for fault in faults {
            let fault =
                Fault::from_json(self.bindings.fill(fault)).unwrap_or_else(|e| panic!("{}: {e}", self.name));
            self.emulator.fault(fault).unwrap();
        }
    }

    /// Injects the faults of a step, and returns its arguments with bound values filled in.
    pub fn arguments(&self, step: &Step) -> Arguments {
        self.inject(&step.faults);
        Arguments::new(self.bindings.fill(&Value::Object(step.with.clone())))
    }

    pub fn check(&mut self, step: &Step, with: &Arguments, outcome: Result<(Value, String), ScalekitError>) {
        let at = format!("{}: {}", self.name, step.call);
        with.assert_all_used(&at);
        match (outcome, &step.error) {
            (Ok((value, printed)), None) => {
                if let Some(expected) = &step.result {
                    matches(&at, &self.bindings.fill(expected), &value, &printed, &mut self.bindings);
                }
            }
            (Err(error), Some(expected)) => check_error(&at, &error, expected),
            (Ok((value, _)), Some(expected)) => {
                panic!("{at}: {} expected, got {value}", expected.variant)
            }
            (Err(error), None) => panic!("{at}: {error}"),
        }
        self.check_requests(&at, step);
    }

    fn check_requests(&self, at: &str, step: &Step) {
        if let Some(expected) = &step.request {
            let operation = step.call.replace("_all", "");
            let received = self.emulator.requests_of(&operation);
            let last: &RecordedRequest =
                received.last().unwrap_or_else(|| panic!("{at}: the emulator received no request"));
            let path = self.bindings.fill(&json!(expected.path));
            assert_eq!((last.method.as_str(), json!(last.path)), (expected.method.as_str(), path), "{at}");
            assert_eq!(last.query, expected.query, "{at}");
            assert_eq!(last.body, self.bindings.fill(&expected.body), "{at}");
        }
        for (operation, count) in &step.requests {
            assert_eq!(self.emulator.requests_of(operation).len(), *count, "{at}: requests of {operation}");
        }
    }
}

fn check_error(at: &str, error: &ScalekitError, expected: &ExpectedError) {
    let failure = error.failure();
    let variant = format!("{error:?}");
    let variant = variant.split([' ', '{']).next().unwrap();
    assert_eq!(variant, expected.variant, "{at}: {error}");
    assert_eq!(error.to_string(), failure.summary, "{at}");
    let source = match failure.source {
        FailureSource::Client => "CLIENT",
        FailureSource::Scalekit => "SCALEKIT",
        FailureSource::Provider => "PROVIDER",
        other => panic!("{at}: {other:?}"),
    };
    for (key, value) in &expected.rest {
        let found = match key.as_str() {
            "status" => json!(failure.status),
            "code" => json!(failure.code),
            "operation" => json!(failure.operation),
            "retryable" => json!(failure.retryable),
            "retry_after_seconds" => json!(failure.retry_after_seconds.map(|s| s as i64)),
            "source" => json!(source),
            "fields" => json!(failure.field_violations.iter().map(|v| &v.field).collect::<Vec<_>>()),
            "says" => {
                assert!(
                    failure.summary.contains(value.as_str().unwrap()),
                    "{at}: {value} is not in: {error}"
                );
                continue;
            }
            unknown => panic!("{at}: unknown expectation: {unknown}"),
        };
        assert_eq!(&found, value, "{at}: {key}");
    }
}
