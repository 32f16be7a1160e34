//! Concurrent refreshes of one session: the callers share a request, and each result keeps that caller's own session
//! data.

use std::sync::Arc;

use scalekit::{
    AsyncScalekitClient, CallOptions, ClientOptions, LoginSession, Result, ScalekitError, SecretText,
};
use scalekit_emulator::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::caller::call;
use crate::support::forge::{Draft, Key};
use crate::support::gate::Gate;
use crate::support::login::{code, log_in, options, secret};
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    shared_refresh_keeps_the_session_data_of_each_caller,
    shared_refresh_with_another_subject_is_rejected,
    refresh_survives_timeout_of_its_initiating_call,
);

/// A service that returns this response to each token request, and publishes a key.
fn service(response: Value) -> RawServer {
    let jwks = json!({"keys": [Key::load(0).jwk("snk_1")]}).to_string();
    RawServer::start(move |request, to| match request.target() {
        "/keys" => raw::json(to, 200, &jwks),
        _ => raw::json(to, 200, &response.to_string()),
    })
}

fn stored_session(subject: &str) -> Arc<LoginSession> {
    let text = json!({"subject": subject, "access_token": "old", "refresh_token": "rt_1", "id_token": "it_1",
        "scopes": ["a"], "expires_at": "2026-01-01T00:00:00Z", "refresh_at": "2026-01-01T00:00:00Z"});
    Arc::new(LoginSession::from_text(&SecretText::new(&text.to_string())).unwrap())
}

fn refresh_if_needed(client: &Caller, session: &Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    call!(*client, c => c.login().refresh_if_needed(Arc::clone(session)))
}

fn refresh(client: &Caller, token: &Arc<SecretText>) -> Result<Arc<LoginSession>> {
    call!(*client, c => c.login().refresh(Arc::clone(token)))
}

fn token_requests(server: &RawServer) -> usize {
    server.requests().iter().filter(|request| request.target() == "/oauth/token").count()
}

/// The first caller has only the refresh token; the second has the whole session, with its subject.
fn shared_refresh_keeps_the_session_data_of_each_caller(style: Style) {
    let server = service(json!({"access_token": "new", "refresh_token": "rt_2", "expires_in": 300}));
    let client = style.client_at(&server.url(), quick());
    let first = refresh(&client, &secret("rt_1")).unwrap();
    assert_eq!((first.subject(), first.id_token(), first.scopes()), (String::new(), None, vec![]));
    let second = refresh_if_needed(&client, &stored_session("usr_1")).unwrap();
    assert_eq!((second.subject(), second.scopes()), ("usr_1".to_owned(), vec!["a".to_owned()]));
    assert_eq!(
        (second.id_token().unwrap().reveal(), second.access_token().reveal()),
        ("it_1".into(), "new".into())
    );
    assert_eq!((second.refresh_token(), second.expires_at()), (first.refresh_token(), first.expires_at()));
    assert_eq!(
        refresh(&client, &secret("rt_1")).unwrap(),
        first,
        "the first caller's session must not change"
    );
    assert_eq!(token_requests(&server), 1);
}

/// OpenID Connect Core, section 12.2, applies to each caller, not only to the first.
fn shared_refresh_with_another_subject_is_rejected(style: Style) {
    let issuer = "https://env.example";
    let claims = json!({"iss": issuer, "sub": "usr_2", "aud": "skc_1", "iat": 1, "exp": 4_102_444_800_i64});
    let id_token = Draft::new("snk_1", claims).sign(&Key::load(0));
    let server = service(json!({"access_token": "new", "id_token": id_token, "expires_in": 300}));
    let client = style.client_at(&server.url(), ClientOptions { issuers: vec![issuer.into()], ..quick() });
    assert_eq!(refresh(&client, &secret("rt_1")).unwrap().subject(), "usr_2");
    let error = refresh_if_needed(&client, &stored_session("usr_1")).unwrap_err();
    assert!(matches!(error, ScalekitError::InvalidToken { .. }), "{error}");
    assert_eq!(code(&error), "wrong_subject");
    assert_eq!(refresh_if_needed(&client, &stored_session("usr_2")).unwrap().subject(), "usr_2");
    assert_eq!(token_requests(&server), 1);
}

fn refresh_survives_timeout_of_its_initiating_call(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let scopes = ["openid", "offline_access"].map(str::to_owned).to_vec();
    let session = log_in(&client, scalekit::LoginOptions { scopes, ..options() }).unwrap().session;
    let token = session.refresh_token().unwrap();
    emulator.clear_requests();
    emulator.fault(Fault::new("oauth.token", FaultKind::Delay { ms: 500, forever: false })).unwrap();
    let short_timeout =
        client.with(CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() }).unwrap();
    let error = refresh(&short_timeout, &token).unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    let next = refresh(&client, &token).unwrap();
    assert_ne!(next.refresh_token(), session.refresh_token());
    assert_eq!(
        request_count(&emulator, "oauth.token"),
        1,
        "the second call must use the request of the first"
    );
}

#[tokio::test]
async fn failed_refresh_fails_all_waiting_callers() {
    let gate = Gate::default();
    let server_gate = gate.clone();
    let server = RawServer::start(move |_, to| {
        server_gate.pass();
        raw::json(to, 503, "{}")
    });
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret_1", quick()).unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { client.login().refresh(secret("rt_1")).await });
    }
    // All tasks share one thread, so that each has run and waits after this.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    gate.open();
    for result in calls.join_all().await {
        assert!(matches!(result, Err(ScalekitError::Service { .. })), "{result:?}");
    }
    assert_eq!(token_requests(&server), 1);
    client.login().refresh(secret("rt_1")).await.unwrap_err();
    assert_eq!(token_requests(&server), 2, "a failure must not be cached");
}
