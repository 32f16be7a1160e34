//! Deadlines: a call times out wherever the server stops responding.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use scalekit::{CallOptions, ClientOptions, ExecuteTool, ListTools, Organization, Result, ScalekitError};
use scalekit_emulator::{Fault, FaultKind};

use crate::support::caller::call;
use crate::support::raw::{Next, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count, retries};

in_every_style!(
    silent_server_times_out_with_the_awaited_response_named,
    listener_that_never_accepts_times_out,
    response_head_without_body_times_out,
    slow_body_does_not_extend_the_deadline,
    retries_do_not_extend_the_deadline,
    retry_after_beyond_the_deadline_fails_at_once,
    attempt_timeout_applies_to_reads,
    attempt_timeout_does_not_apply_to_writes,
    token_request_counts_toward_the_deadline,
    invalid_timeout_is_rejected,
    tool_execution_has_its_own_timeout,
);

/// Long enough to connect, short enough for a test to wait.
const SHORT: f64 = 0.2;

fn short() -> ClientOptions {
    ClientOptions { timeout_seconds: Some(SHORT), ..quick() }
}

fn assert_timeout(error: &ScalekitError, text: &str, retryable: bool) {
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error:?}");
    assert_eq!(error.to_string(), text);
    assert_eq!(error.failure().retryable, retryable, "{error}");
}

fn silent_server_times_out_with_the_awaited_response_named(style: Style) {
    let silent_service = RawServer::service(|_, _| Ok(Next::Hang));
    let client = style.client_at(&silent_service.url(), short());
    let error = client.get("org_1").unwrap_err();
    assert_timeout(&error, "organizations.get: no response within 0.2 s (waiting for the service)", true);
    let error = client.create("New").unwrap_err();
    assert_timeout(&error, "organizations.create: no response within 0.2 s (waiting for the service)", false);
    let error = client.jwks().unwrap_err();
    assert_timeout(&error, "oauth.keys: no response within 0.2 s (waiting for the service)", true);

    let silent_server = RawServer::start(|_, _| Ok(Next::Hang));
    let client = style.client_at(&silent_server.url(), short());
    let error = client.get("org_1").unwrap_err();
    assert_timeout(&error, "organizations.get: no response within 0.2 s (waiting for an access token)", true);
    let error = client.create("New").unwrap_err();
    let text = "organizations.create: no response within 0.2 s (waiting for an access token)";
    assert_timeout(&error, text, false);
}

fn tool_execution_has_its_own_timeout(style: Style) {
    let silent = RawServer::service(|_, _| Ok(Next::Hang));
    let tool = || ExecuteTool::new("gmail_send_mail");
    let short_tool_timeout =
        ClientOptions { tool_timeout_seconds: Some(SHORT), timeout_seconds: Some(60.0), ..quick() };
    let client = style.client_at(&silent.url(), short_tool_timeout);
    let error = call!(client, c => c.tools().execute(tool())).unwrap_err();
    assert_timeout(&error, "tools.execute: no response within 0.2 s (waiting for the service)", false);
    let short_timeout = ClientOptions { tool_timeout_seconds: Some(60.0), ..short() };
    let client = style.client_at(&silent.url(), short_timeout);
    let error = call!(client, c => c.tools().list(ListTools::default())).unwrap_err();
    assert_timeout(&error, "tools.list: no response within 0.2 s (waiting for the service)", true);
    assert_eq!(silent.requests_to("/api/v1/execute_tool").len(), 1);
}

fn listener_that_never_accepts_times_out(style: Style) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = style.client_at(&format!("http://{}", listener.local_addr().unwrap()), short());
    assert!(matches!(client.get("org_1").unwrap_err(), ScalekitError::Timeout { .. }));
    assert!(matches!(client.jwks().unwrap_err(), ScalekitError::Timeout { .. }));
}

fn response_head_without_body_times_out(style: Style) {
    for status in [200, 503] {
        let server = RawServer::service(move |_, to| {
            write!(to, "HTTP/1.1 {status} Said\r\ncontent-length: 1000\r\n\r\n{{")?;
            to.flush()?;
            Ok(Next::Hang)
        });
        let client = style.client_at(&server.url(), short());
        assert!(matches!(client.get("org_1").unwrap_err(), ScalekitError::Timeout { .. }), "{status}");
        assert!(matches!(client.create("New").unwrap_err(), ScalekitError::Timeout { .. }), "{status}");
        assert!(matches!(client.jwks().unwrap_err(), ScalekitError::Timeout { .. }), "{status}");
    }
}

fn slow_body_does_not_extend_the_deadline(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, short());
    // Eight chunks, 1.2 s in total: each arrives well within the timeout, the last does not.
    emulator.fault(Fault::new("*", FaultKind::SlowBody { chunk_ms: 150 }).count(100)).unwrap();
    assert!(matches!(client.jwks().unwrap_err(), ScalekitError::Timeout { .. }));
    emulator.clear_faults();
    emulator
        .fault(Fault::new("organizations.get", FaultKind::SlowBody { chunk_ms: 150 }).count(100))
        .unwrap();
    let error = client.get("org_1").unwrap_err();
    assert_timeout(&error, "organizations.get: no response within 0.2 s (waiting for the service)", true);
    let long_timeout =
        client.with(CallOptions { timeout_seconds: Some(20.0), ..CallOptions::default() }).unwrap();
    assert_eq!(long_timeout.get("org_1").unwrap().id, "org_1");
}

fn retries_do_not_extend_the_deadline(style: Style) {
    let server = RawServer::service(|_, _| Ok(Next::Hang));
    let client = style.client_at(
        &server.url(),
        ClientOptions {
            timeout_seconds: Some(0.35),
            attempt_timeout_seconds: Some(0.1),
            retry: Some(retries(10)),
            ..ClientOptions::default()
        },
    );
    let error = client.get("org_1").unwrap_err();
    assert!(error.to_string().starts_with("organizations.get: no response within 0.35 s"), "{error}");
    // Only as many attempts of 0.1 s as fit, although ten retries are allowed.
    let attempts = server.requests_to("/api/").len();
    assert!((1..=4).contains(&attempts), "{attempts}");
}

fn retry_after_beyond_the_deadline_fails_at_once(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { timeout_seconds: Some(2.0), ..quick() });
    emulator.fault(Fault::status("organizations.get", 503).header("retry-after", "3").count(100)).unwrap();
    let error = client.get("org_1").unwrap_err();
    assert!(
        matches!(error, ScalekitError::Service { .. }),
        "the service's own error, not a timeout: {error}"
    );
    assert_eq!(error.failure().retry_after_seconds, Some(3.0));
    assert_eq!(request_count(&emulator, "organizations.get"), 1);
}

/// The number of attempts and the outcome of a call whose first attempt gets no response.
fn attempts_of(style: Style, call: impl FnOnce(&Caller) -> Result<Organization>) -> (usize, String) {
    let emulator = emulator();
    let options = ClientOptions { attempt_timeout_seconds: Some(0.1), timeout_seconds: Some(1.0), ..quick() };
    let client = style.client(&emulator, options);
    // Fetch the token first: the attempt timeout applies to its requests too.
    client.get("org_1").unwrap();
    emulator.clear_requests();
    emulator.fault(Fault::new("*", FaultKind::Delay { ms: 0, forever: true })).unwrap();
    let end = call(&client).map_or_else(|error| error.to_string(), |organization| organization.id);
    (emulator.requests().len(), end)
}

fn attempt_timeout_applies_to_reads(style: Style) {
    assert_eq!(attempts_of(style, |client| client.get("org_1")), (2, "org_1".into()));
}

fn attempt_timeout_does_not_apply_to_writes(style: Style) {
    let text = "organizations.create: no response within 1 s (waiting for the service)";
    assert_eq!(attempts_of(style, |client| client.create("New")), (1, text.into()));
}

fn token_request_counts_toward_the_deadline(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { timeout_seconds: Some(0.5), ..quick() });
    emulator.fault(Fault::new("*", FaultKind::Delay { ms: 300, forever: false }).count(2)).unwrap();
    let error = client.get("org_1").unwrap_err();
    assert_timeout(&error, "organizations.get: no response within 0.5 s (waiting for the service)", true);
    assert_eq!(emulator.requests().len(), 2);
}

fn invalid_timeout_is_rejected(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let url = emulator.environment_url();
    for odd in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 86_401.0, f64::MAX] {
        let refused: [(&str, ClientOptions); 3] = [
            ("timeout_seconds", ClientOptions { timeout_seconds: Some(odd), ..quick() }),
            ("tool_timeout_seconds", ClientOptions { tool_timeout_seconds: Some(odd), ..quick() }),
            ("attempt_timeout_seconds", ClientOptions { attempt_timeout_seconds: Some(odd), ..quick() }),
        ];
        for (name, options) in refused {
            let error = style.try_client(url, "skc_1", "secret", options).unwrap_err();
            assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
            assert!(error.to_string().starts_with(&format!("`{name}` must be greater than 0")), "{error}");
        }
        let refused: [(&str, CallOptions); 2] = [
            ("timeout_seconds", CallOptions { timeout_seconds: Some(odd), ..Default::default() }),
            (
                "attempt_timeout_seconds",
                CallOptions { attempt_timeout_seconds: Some(odd), ..Default::default() },
            ),
        ];
        for (name, options) in refused {
            let error = client.with(options).unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{name}` must be greater than 0")), "{error}");
        }
    }
    assert!(emulator.requests().is_empty());
}

#[test]
fn timeout_of_one_call_does_not_end_other_calls() {
    let emulator = emulator();
    let client = Style::NoRuntime.client(&emulator, quick());
    let short_timeout =
        client.with(CallOptions { timeout_seconds: Some(SHORT), ..CallOptions::default() }).unwrap();
    emulator
        .fault(Fault::new("organizations.get", FaultKind::Delay { ms: 600, forever: false }).count(2))
        .unwrap();
    thread::scope(|scope| {
        let without_timeout = scope.spawn(|| client.get("org_1"));
        assert!(matches!(short_timeout.get("org_1").unwrap_err(), ScalekitError::Timeout { .. }));
        assert_eq!(without_timeout.join().unwrap().unwrap().id, "org_1");
    });
    let progress = scalekit_emulator::Progress { count: 2, aborted: 1 };
    emulator.wait_blocking("organizations.get", progress, Duration::from_secs(10)).unwrap();
}
