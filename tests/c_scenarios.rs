//! Runs `tests/scenarios/*.json` through the C library, blocking and asynchronously: `cargo xtask test c`.
//!
//! A C program makes the calls (`bindings/c/tests/runner.c`, whose path is in `SCALEKIT_C_RUNNER`); this one tells it
//! which, and compares.

#[allow(dead_code, unused_imports, unused_macros, reason = "the typed calls of the other runner")]
mod scenario;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use scalekit::{Failure, FailureSource, FieldViolation, ScalekitError};
use scalekit_emulator::{Emulator, Settings};
use scenario::ScenarioRun;
use serde_json::Value;

/// The kind of a success.
const OK: &str = "0";

struct Runner {
    child: Child,
    commands: ChildStdin,
    results: BufReader<ChildStdout>,
}

impl Runner {
    fn start(emulator: &Emulator) -> Self {
        let program = std::env::var_os("SCALEKIT_C_RUNNER").expect("`cargo xtask test c` runs this");
        let mut command = Command::new(program);
        command.env("SCALEKIT_ENVIRONMENT_URL", emulator.environment_url());
        command.env("SCALEKIT_CLIENT_ID", emulator.client_id());
        command.env("SCALEKIT_CLIENT_SECRET", emulator.client_secret());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (commands, results) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, commands, results }
    }

    fn send(&mut self, words: &[&str]) {
        writeln!(self.commands, "{}", words.join("\t")).unwrap();
    }

    /// Makes a call and returns its result or error.
    fn call(&mut self, command: &str, name: &str, arguments: &str) -> Result<Value, ScalekitError> {
        self.send(&[command, name, arguments]);
        let mut line = String::new();
        assert!(
            self.results.read_line(&mut line).unwrap() > 0,
            "the program ended during {name} {arguments}"
        );
        let (kind, json) = line.trim_end().split_once('\t').unwrap();
        let json: Value = serde_json::from_str(json).unwrap_or_else(|e| panic!("{name}: {e}: {json}"));
        if kind == OK { Ok(json) } else { Err(error(&json)) }
    }

    /// Ends the program, which reports memory errors and leaks by its exit code.
    fn end(mut self) {
        drop(self.commands);
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

/// The error that the JSON of a failed call describes.
fn error(json: &Value) -> ScalekitError {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let violation = |value: &Value| FieldViolation {
        field: text(&value["field"]).unwrap(),
        description: text(&value["description"]).unwrap(),
        constraint: text(&value["constraint"]),
    };
    let failure = Failure {
        summary: text(&json["summary"]).unwrap(),
        operation: text(&json["operation"]).unwrap(),
        status: json["status"].as_i64().map(|status| status.try_into().unwrap()),
        code: text(&json["code"]),
        request_id: text(&json["request_id"]),
        retry_after_seconds: json["retry_after_seconds"].as_f64(),
        retryable: json["retryable"].as_bool().unwrap(),
        field_violations: json["field_violations"].as_array().unwrap().iter().map(violation).collect(),
        source: match json["source"].as_str().unwrap() {
            "SCALEKIT" => FailureSource::Scalekit,
            "PROVIDER" => FailureSource::Provider,
            _ => FailureSource::Client,
        },
    };
    variant(json["kind"].as_str().unwrap(), failure)
}

fn variant(kind: &str, failure: Failure) -> ScalekitError {
    match kind {
        "Unauthenticated" => ScalekitError::Unauthenticated { failure },
        "PermissionDenied" => ScalekitError::PermissionDenied { failure },
        "NotFound" => ScalekitError::NotFound { failure },
        "InvalidRequest" => ScalekitError::InvalidRequest { failure },
        "Conflict" => ScalekitError::Conflict { failure },
        "RateLimited" => ScalekitError::RateLimited { failure },
        "Service" => ScalekitError::Service { failure },
        "Tool" => ScalekitError::Tool { failure },
        "Connection" => ScalekitError::Connection { failure },
        "Timeout" => ScalekitError::Timeout { failure },
        "Decode" => ScalekitError::Decode { failure },
        "InvalidArgument" => ScalekitError::InvalidArgument { failure },
        other => panic!("no scenario expects {other}: {}", failure.summary),
    }
}

/// The items of all pages, in one list.
fn joined(pages: Value) -> Value {
    let Value::Array(pages) = pages else { panic!("not a list: {pages}") };
    pages.into_iter().flat_map(|page| page.as_array().cloned().unwrap_or_default()).collect()
}

fn run(call: &str) {
    let emulator = Emulator::start_blocking_with(Settings::strict()).unwrap();
    let mut runner = Runner::start(&emulator);
    for scenario in scenario::all() {
        runner.send(&["client", &Value::Object(scenario.client.clone()).to_string()]);
        let mut run = ScenarioRun::start(&emulator, &scenario);
        for step in &scenario.steps {
            let with = run.arguments(step);
            let is_pager = step.call.contains("_all") && !step.call.starts_with("client.");
            let command = if is_pager { "pages" } else { call };
            let outcome = runner.call(command, &step.call, &with.all());
            let outcome = outcome.map(|value| if is_pager { joined(value) } else { value });
            // Secrets are values in C, as everything that a caller asks for.
            run.check(step, &with, outcome.map(|value| (value, "SecretText(..) SecretJson(..)".to_owned())));
        }
    }
    runner.end();
}

#[test]
fn every_scenario_passes_blocking() {
    run("call");
}

#[test]
fn every_scenario_passes_async() {
    run("start");
}
