//! Retries: the number of requests of a failed call, counted by the server.

use std::time::{Duration, SystemTime};

use scalekit::{CallOptions, ClientOptions, FailureSource, RetryOptions, ScalekitError};
use scalekit_emulator::{Emulator, Fault, FaultKind};

use crate::support;
use crate::support::raw::{self, Next, Nowhere, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count, retries};

in_every_style!(
    retryable_statuses_differ_for_reads_and_writes,
    broken_connection_is_retried_for_reads_only,
    dropped_write_is_executed_at_most_once,
    tool_error_is_never_retried,
    unreachable_service_causes_a_connection_error,
    token_request_is_retried,
    retries_stop_at_the_first_success,
    retry_after_in_seconds_overrides_backoff,
    retry_after_as_date_overrides_backoff,
    retry_after_seconds_beyond_the_deadline_fails_at_once,
    retry_after_date_beyond_the_deadline_fails_at_once,
    retries_can_be_disabled,
    retries_of_rate_limited_writes_can_be_disabled,
    copy_has_its_own_retry_options,
    raw_requests_are_retried_by_the_same_rules,
);

const GET: &str = "organizations.get";
const CREATE: &str = "organizations.create";

/// The number of requests of one failing read and of one failing write.
fn counts(style: Style, options: &ClientOptions, fault: impl Fn(&str) -> Fault) -> (usize, usize) {
    let emulator = emulator();
    let client = style.client(&emulator, options.clone());
    for operation in [GET, CREATE] {
        emulator.fault(fault(operation).count(100)).unwrap();
    }
    client.get("org_1").unwrap_err();
    client.create("New").unwrap_err();
    (request_count(&emulator, GET), request_count(&emulator, CREATE))
}

fn retryable_statuses_differ_for_reads_and_writes(style: Style) {
    let table = [
        (408, (3, 1)),
        (429, (3, 3)),
        (502, (3, 1)),
        (503, (3, 1)),
        (504, (3, 1)),
        (400, (1, 1)),
        (403, (1, 1)),
        (404, (1, 1)),
        (409, (1, 1)),
        (422, (1, 1)),
        (500, (1, 1)),
        (501, (1, 1)),
    ];
    for (status, expected) in table {
        let found = counts(style, &quick(), |operation| Fault::status(operation, status));
        assert_eq!(found, expected, "{status}");
    }
}

fn broken_connection_is_retried_for_reads_only(style: Style) {
    for kind in [FaultKind::DropBefore {}, FaultKind::DropAfter {}, FaultKind::Truncate {}] {
        let found = counts(style, &quick(), |operation| Fault::new(operation, kind.clone()));
        assert_eq!(found, (3, 1), "{kind:?}");
    }
    let malformed = counts(style, &quick(), |operation| Fault::new(operation, FaultKind::Malformed {}));
    assert_eq!(malformed, (1, 1));
}

fn dropped_write_is_executed_at_most_once(style: Style) {
    for (kind, created) in [(FaultKind::DropBefore {}, 0), (FaultKind::DropAfter {}, 1)] {
        let emulator = Emulator::start_blocking_with(scalekit_emulator::Settings::strict()).unwrap();
        let client = style.client(&emulator, quick());
        emulator.fault(Fault::new(CREATE, kind)).unwrap();
        let error = client.create("New").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
        assert!(!error.failure().retryable, "the write may have been executed");
        let page = support::caller::call!(client, c => c.organizations().list(Default::default())).unwrap();
        assert_eq!(page.organizations.len(), created);
    }
}

fn tool_error_is_never_retried(style: Style) {
    for status in [429, 502, 503] {
        let fault = |operation: &str| Fault::status(operation, status).error_code("TOOL_ERROR");
        assert_eq!(counts(style, &quick(), fault), (1, 1), "{status}");
    }
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    emulator.fault(Fault::status(GET, 503).error_code("TOOL_ERROR")).unwrap();
    let error = client.get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Tool { .. }), "{error}");
    assert_eq!(error.failure().source, FailureSource::Provider);
    assert!(!error.failure().retryable);
}

fn unreachable_service_causes_a_connection_error(style: Style) {
    let nowhere = Nowhere::new();
    let client = style.client_at(&nowhere.url(), quick());
    for error in [client.get("org_1").unwrap_err(), client.create("New").unwrap_err()] {
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
        assert!(error.to_string().starts_with("oauth.token: cannot connect: "), "{error}");
        assert!(error.failure().retryable);
    }
    let error = client.jwks().unwrap_err();
    assert!(error.to_string().starts_with("oauth.keys: cannot connect: "), "{error}");
}

fn token_request_is_retried(style: Style) {
    for kind in [FaultKind::DropBefore {}, FaultKind::DropAfter {}] {
        let emulator = emulator();
        let client = style.client(&emulator, quick());
        emulator.fault(Fault::new("oauth.token", kind).count(2)).unwrap();
        client.create("New").unwrap();
        assert_eq!((request_count(&emulator, "oauth.token"), request_count(&emulator, CREATE)), (3, 1));
    }
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    emulator.fault(Fault::status("oauth.token", 503).count(100)).unwrap();
    let error = client.get("org_1").unwrap_err();
    assert_eq!((error.failure().operation.as_str(), error.failure().status), ("oauth.token", Some(503)));
    assert_eq!((request_count(&emulator, "oauth.token"), request_count(&emulator, GET)), (3, 0));
}

fn retries_stop_at_the_first_success(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(10)), ..quick() });
    emulator.fault(Fault::status(GET, 503)).unwrap();
    emulator.fault(Fault::new(GET, FaultKind::DropAfter {})).unwrap();
    emulator.fault(Fault::status(GET, 429)).unwrap();
    client.get("org_1").unwrap();
    assert_eq!((request_count(&emulator, GET), request_count(&emulator, "oauth.token")), (4, 1));
}

/// Options with a backoff of an hour, so that only `Retry-After` explains a short delay.
fn long_backoff() -> ClientOptions {
    let retry = RetryOptions {
        max_retries: 10,
        base_delay_seconds: 3600.0,
        max_delay_seconds: 3600.0,
        ..RetryOptions::default()
    };
    ClientOptions { retry: Some(retry), timeout_seconds: Some(10.0), ..ClientOptions::default() }
}

fn rate_limit(emulator: &Emulator, operation: &str, value: &str, count: u32) {
    let fault = Fault::status(operation, 429).header("retry-after", value);
    emulator.fault(fault.count(count)).unwrap();
}

fn assert_succeeds_after(style: Style, value: &str) {
    let emulator = emulator();
    let client = style.client(&emulator, long_backoff());
    rate_limit(&emulator, GET, value, 5);
    rate_limit(&emulator, CREATE, value, 5);
    client.get("org_1").unwrap();
    client.create("New").unwrap();
    assert_eq!((request_count(&emulator, GET), request_count(&emulator, CREATE)), (6, 6));
}

fn retry_after_in_seconds_overrides_backoff(style: Style) {
    assert_succeeds_after(style, "0");
}

fn retry_after_as_date_overrides_backoff(style: Style) {
    assert_succeeds_after(style, "Sun, 06 Nov 1994 08:49:37 GMT");
}

fn assert_fails_at_once(style: Style, value: &str) -> f64 {
    let emulator = emulator();
    let client = style.client(&emulator, long_backoff());
    rate_limit(&emulator, GET, value, 5);
    let error = client.get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::RateLimited { .. }), "{error}");
    assert!(error.failure().retryable);
    assert_eq!(request_count(&emulator, GET), 1);
    error.failure().retry_after_seconds.unwrap()
}

fn retry_after_seconds_beyond_the_deadline_fails_at_once(style: Style) {
    assert_eq!(assert_fails_at_once(style, "30"), 30.0);
}

fn retry_after_date_beyond_the_deadline_fails_at_once(style: Style) {
    let far = SystemTime::now() + Duration::from_secs(3600);
    let date = chrono::DateTime::<chrono::Utc>::from(far).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let seconds = assert_fails_at_once(style, &date);
    assert!((3000.0..=3600.0).contains(&seconds), "{seconds}");
}

fn retries_can_be_disabled(style: Style) {
    let options = ClientOptions { retry: Some(retries(0)), ..ClientOptions::default() };
    for status in [408, 429, 503] {
        assert_eq!(counts(style, &options, |operation| Fault::status(operation, status)), (1, 1), "{status}");
    }
    let dropped = |operation: &str| Fault::new(operation, FaultKind::DropBefore {});
    assert_eq!(counts(style, &options, dropped), (1, 1));
    // The repeat after a revoked token is not a retry.
    let emulator = emulator();
    let client = style.client(&emulator, options);
    client.get("org_1").unwrap();
    emulator.revoke_tokens();
    client.get("org_1").unwrap();
}

fn retries_of_rate_limited_writes_can_be_disabled(style: Style) {
    let retry = RetryOptions { retry_rate_limited_writes: false, ..retries(2) };
    let options = ClientOptions { retry: Some(retry), ..ClientOptions::default() };
    assert_eq!(counts(style, &options, |operation| Fault::status(operation, 429)), (3, 1));
}

fn copy_has_its_own_retry_options(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let failing = |client: &Caller| {
        emulator.clear_faults();
        emulator.clear_requests();
        emulator.fault(Fault::status(GET, 503).count(100)).unwrap();
        client.get("org_1").unwrap_err();
        request_count(&emulator, GET)
    };
    let copy =
        |count| client.with(CallOptions { retry: Some(retries(count)), ..CallOptions::default() }).unwrap();
    assert_eq!([failing(&copy(0)), failing(&copy(5)), failing(&client)], [1, 6, 3]);
    // A copy of a copy keeps the options that it does not change.
    let copy_of_copy =
        copy(5).with(CallOptions { timeout_seconds: Some(9.0), ..CallOptions::default() }).unwrap();
    assert_eq!(failing(&copy_of_copy), 6);
    let error = client.with(CallOptions { retry: Some(retries(11)), ..CallOptions::default() }).unwrap_err();
    assert_eq!(error.to_string(), "`retry.max_retries` must be 0 to 10");
}

fn raw_requests_are_retried_by_the_same_rules(style: Style) {
    use scalekit::HttpMethod::{Delete, Get, Patch, Post, Put};
    for (method, expected) in [(Get, 3), (Post, 1), (Put, 1), (Patch, 1), (Delete, 1)] {
        let server = RawServer::service(|_, _| Ok(Next::Close));
        let client = style.client_at(&server.url(), quick());
        let call =
            support::caller::call!(client, c => c.request(method, "/api/v1/x", Default::default(), None));
        assert!(matches!(call.unwrap_err(), ScalekitError::Connection { .. }));
        assert_eq!(server.requests_to("/api/v1/x").len(), expected, "{method:?}");
    }
    let server = RawServer::service(|_, to| raw::json(to, 503, "{}"));
    let client = style.client_at(&server.url(), quick());
    let call = support::caller::call!(client, c => c.request(Get, "/api/v1/x", Default::default(), None));
    assert_eq!(call.unwrap_err().failure().status, Some(503));
    assert_eq!(server.requests_to("/api/v1/x").len(), 3);
}
