//! The access token: fetched once, renewed early, replaced after a 401.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use scalekit::{AsyncScalekitClient, CallOptions, ClientOptions, ScalekitError};
use scalekit_emulator::{Emulator, Fault};
use serde_json::json;

use crate::support;
use crate::support::gate::Gate;
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    hundred_concurrent_calls_fetch_one_token,
    token_is_renewed_sixty_seconds_before_expiry,
    revoked_token_is_replaced_once,
    token_of_a_removed_signing_key_is_replaced_once,
    second_401_is_returned_to_the_caller,
    wrong_credentials_are_not_retried,
    token_fetch_survives_timeout_of_its_initiating_call,
    credentials_are_sent_in_the_body_only,
    environments_do_not_share_tokens,
    copies_share_one_token,
    key_request_needs_no_access_token,
);

fn tokens(emulator: &Emulator) -> usize {
    request_count(emulator, "oauth.token")
}

fn bearers(emulator: &Emulator, operation: &str) -> Vec<String> {
    let requests = emulator.requests_of(operation);
    requests.iter().map(|request| request.headers["authorization"].clone()).collect()
}

fn hundred_concurrent_calls_fetch_one_token(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    thread::scope(|scope| {
        let call = || client.get("org_1").unwrap();
        let calls: Vec<_> = (0..100).map(|_| scope.spawn(call)).collect();
        for call in calls {
            assert_eq!(call.join().unwrap().id, "org_1");
        }
    });
    assert_eq!((tokens(&emulator), request_count(&emulator, "organizations.get")), (1, 100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hundred_concurrent_tasks_fetch_one_token() {
    let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
    support::seed(&emulator);
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    let client = AsyncScalekitClient::new(url, id, secret, quick()).unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { client.organizations().get("org_1").await.unwrap().id });
    }
    assert_eq!(calls.join_all().await, ["org_1"; 100]);
    assert_eq!(tokens(&emulator), 1);
}

fn token_is_renewed_sixty_seconds_before_expiry(style: Style) {
    const LIFETIME: u64 = 600;
    // Real time passes between the calls. A run in which about a second passed proves nothing and is repeated.
    loop {
        let emulator = emulator();
        emulator.seed(json!({"token_lifetime_seconds": LIFETIME})).unwrap();
        let client = style.client(&emulator, quick());
        let advance = |seconds| {
            emulator.advance_clock(Duration::from_secs(seconds)).unwrap();
            client.advance_clock(Duration::from_secs(seconds));
        };
        let started = Instant::now();
        client.get("org_1").unwrap();
        advance(LIFETIME - 61);
        client.get("org_1").unwrap();
        let at_61 = tokens(&emulator);
        if started.elapsed() >= Duration::from_millis(900) {
            continue;
        }
        assert_eq!(at_61, 1, "renewed too early");
        advance(1);
        client.get("org_1").unwrap();
        assert_eq!(tokens(&emulator), 2, "not renewed");
        let used: HashSet<_> = bearers(&emulator, "organizations.get").into_iter().collect();
        assert_eq!(used.len(), 2);
        return;
    }
}

fn revoked_token_is_replaced_once(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    emulator.revoke_tokens();
    client.create("Written after the token was revoked").unwrap();
    assert_eq!((tokens(&emulator), request_count(&emulator, "organizations.create")), (2, 2));
    let bearers = bearers(&emulator, "organizations.create");
    assert_ne!(bearers[0], bearers[1]);
}

fn token_of_a_removed_signing_key_is_replaced_once(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    emulator.rotate_keys();
    client.get("org_1").unwrap();
    assert_eq!(tokens(&emulator), 1, "the old key is still valid");
    emulator.drop_old_keys();
    client.get("org_1").unwrap();
    assert_eq!((tokens(&emulator), request_count(&emulator, "organizations.get")), (2, 4));
}

fn second_401_is_returned_to_the_caller(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    emulator.fault(Fault::status("organizations.get", 401).error_code("FIRST")).unwrap();
    emulator.fault(Fault::status("organizations.get", 401).error_code("SECOND").count(10)).unwrap();
    let error = client.get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Unauthenticated { .. }), "{error}");
    let failure = error.failure();
    assert_eq!((failure.operation.as_str(), failure.status), ("organizations.get", Some(401)));
    assert_eq!(failure.code.as_deref(), Some("SECOND"));
    assert_eq!((tokens(&emulator), request_count(&emulator, "organizations.get")), (2, 2));
    // The next call fetches a new token.
    emulator.clear_faults();
    client.get("org_1").unwrap();
}

fn wrong_credentials_are_not_retried(style: Style) {
    let emulator = emulator();
    let url = emulator.environment_url();
    let client = style.try_client(url, emulator.client_id(), "wrong", quick()).unwrap();
    let error = client.get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Unauthenticated { .. }), "{error}");
    assert_eq!(error.failure().operation, "oauth.token");
    assert_eq!(error.failure().code.as_deref(), Some("invalid_client"));
    assert_eq!((tokens(&emulator), request_count(&emulator, "organizations.get")), (1, 0));
}

/// A service that returns its token when the gate opens.
fn gated_service(gate: &Gate) -> RawServer {
    let gate = gate.clone();
    RawServer::start(move |request, to| match request.target() {
        "/oauth/token" => {
            gate.pass();
            raw::json(to, 200, raw::TOKEN)
        }
        _ => raw::json(to, 200, raw::ORGANIZATION),
    })
}

fn token_fetch_survives_timeout_of_its_initiating_call(style: Style) {
    let gate = Gate::default();
    let server = gated_service(&gate);
    let client = style.client_at(&server.url(), quick());
    let short_timeout =
        client.with(CallOptions { timeout_seconds: Some(0.05), ..CallOptions::default() }).unwrap();
    thread::scope(|scope| {
        let leader = scope.spawn(move || short_timeout.get("org_1").unwrap_err());
        gate.await_waiting(1);
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(|| client.get("org_1"))).collect();
        let error = leader.join().unwrap();
        assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
        assert!(error.to_string().contains("(waiting for an access token)"), "{error}");
        gate.open();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap().unwrap().id, "org_1");
        }
    });
    assert_eq!(server.requests_to("/oauth/token").len(), 1);
}

#[tokio::test]
async fn cancelled_leader_does_not_fail_waiting_calls() {
    let gate = Gate::default();
    let server = gated_service(&gate);
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret", quick()).unwrap();
    let organizations = client.organizations();
    let (leader, waiter) = (organizations.clone(), organizations.clone());
    let leader = tokio::spawn(async move { leader.get("org_1").await });
    while server.requests_to("/oauth/token").is_empty() {
        tokio::task::yield_now().await;
    }
    let waiter = tokio::spawn(async move { waiter.get("org_1").await });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    gate.open();
    assert_eq!(waiter.await.unwrap().unwrap().id, "org_1");
    assert_eq!(server.requests_to("/oauth/token").len(), 1);
}

fn credentials_are_sent_in_the_body_only(style: Style) {
    let server = RawServer::service(|_, to| raw::json(to, 200, raw::ORGANIZATION));
    let headers = HashMap::from([("x-gateway-key".to_owned(), "gateway".to_owned())]);
    let options = ClientOptions { headers, ..quick() };
    let client = style.try_client(&server.url(), "skc_1", "s&=cret +", options).unwrap();
    client.get("org_1").unwrap();
    let [token, call] = &server.requests()[..] else { panic!("expected two requests") };
    assert_eq!(token.line, "POST /oauth/token HTTP/1.1");
    assert_eq!(token.body, "grant_type=client_credentials&client_id=skc_1&client_secret=s%26%3Dcret+%2B");
    assert_eq!(token.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!((token.header("authorization"), token.header("x-gateway-key")), (None, None));
    assert_eq!(call.header("authorization"), Some("Bearer token_1"));
    assert_eq!(call.header("x-gateway-key"), Some("gateway"));
    assert!(!format!("{:?}", call).contains("cret"), "{call:?}");
}

fn environments_do_not_share_tokens(style: Style) {
    let service = |token: &'static str| {
        RawServer::start(move |request, to| match request.target() {
            "/oauth/token" => raw::json(to, 200, &json!({"access_token": token}).to_string()),
            _ => raw::json(to, 200, raw::ORGANIZATION),
        })
    };
    let servers = [service("token_of_one"), service("token_of_two")];
    // The same client ID and secret, so that only the environment differs.
    let clients = [0, 1].map(|index: usize| style.client_at(&servers[index].url(), quick()));
    thread::scope(|scope| {
        for client in clients.iter().cycle().take(20) {
            scope.spawn(|| client.get("org_1").unwrap());
        }
    });
    for (server, bearer) in servers.iter().zip(["Bearer token_of_one", "Bearer token_of_two"]) {
        let calls = server.requests_to("/api/");
        assert_eq!((calls.len(), server.requests_to("/oauth/").len()), (10, 1));
        assert!(calls.iter().all(|call| call.header("authorization") == Some(bearer)));
    }
}

fn copies_share_one_token(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let copy = client.with(CallOptions { timeout_seconds: Some(5.0), ..CallOptions::default() }).unwrap();
    copy.get("org_1").unwrap();
    client.get("org_1").unwrap();
    assert_eq!(tokens(&emulator), 1);
}

fn key_request_needs_no_access_token(style: Style) {
    let emulator = emulator();
    let client: Caller = style.client(&emulator, quick());
    assert!(client.jwks().unwrap().value()["keys"].is_array());
    assert_eq!(tokens(&emulator), 0);
    assert!(!emulator.requests_of("oauth.keys")[0].headers.contains_key("authorization"));
}

#[test]
fn each_client_fetches_its_own_token() {
    let emulator = Arc::new(emulator());
    for (style, count) in [(Style::Blocking, 1), (Style::NoRuntime, 2), (Style::Tokio, 3)] {
        style.client(&emulator, quick()).get("org_1").unwrap();
        assert_eq!(tokens(&emulator), count);
    }
}
