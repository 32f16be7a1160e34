//! Callers who refresh the same session, each in their own way: one request, and to each what they know.

mod support;

use std::sync::Arc;

use scalekit::{
    AsyncScalekitClient, CallOptions, ClientOptions, LoginSession, Result, ScalekitError, SecretText,
};
use scalekit_emulator::{Fault, FaultKind};
use serde_json::{Value, json};
use support::caller::call;
use support::forge::{Draft, Key};
use support::gate::Gate;
use support::person::{code, log_in, options, secret};
use support::raw::{self, RawServer};
use support::{Caller, Style, arrived, emulator, in_every_style, quick};

in_every_style!(
    a_twin_who_knows_more_keeps_what_it_knows,
    a_twin_is_not_given_somebody_elses_session,
    the_refresh_outlives_the_call_that_began_it,
);

/// A service that answers each token request so, and publishes a key.
fn service(answer: Value) -> RawServer {
    let jwks = json!({"keys": [Key::load(0).jwk("snk_1")]}).to_string();
    RawServer::start(move |request, to| match request.target() {
        "/keys" => raw::json(to, 200, &jwks),
        _ => raw::json(to, 200, &answer.to_string()),
    })
}

fn kept(subject: &str) -> Arc<LoginSession> {
    let text = json!({"subject": subject, "access_token": "old", "refresh_token": "rt_1", "id_token": "it_1",
        "scopes": ["a"], "expires_at": "2026-01-01T00:00:00Z", "refresh_at": "2026-01-01T00:00:00Z"});
    Arc::new(LoginSession::from_text(&SecretText::new(&text.to_string())).unwrap())
}

fn keep_fresh(client: &Caller, session: &Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    call!(*client, c => c.login().refresh_if_needed(Arc::clone(session)))
}

fn refresh(client: &Caller, token: &Arc<SecretText>) -> Result<Arc<LoginSession>> {
    call!(*client, c => c.login().refresh(Arc::clone(token)))
}

fn sent(server: &RawServer) -> usize {
    server.requests().iter().filter(|request| request.target() == "/oauth/token").count()
}

/// The first caller had nothing but the token; the second knows whose session it is.
fn a_twin_who_knows_more_keeps_what_it_knows(style: Style) {
    let server = service(json!({"access_token": "new", "refresh_token": "rt_2", "expires_in": 300}));
    let client = style.client_at(&server.url(), quick());
    let bare = refresh(&client, &secret("rt_1")).unwrap();
    assert_eq!((bare.subject(), bare.id_token(), bare.scopes()), (String::new(), None, vec![]));
    let twin = keep_fresh(&client, &kept("usr_1")).unwrap();
    assert_eq!((twin.subject(), twin.scopes()), ("usr_1".to_owned(), vec!["a".to_owned()]));
    assert_eq!(
        (twin.id_token().unwrap().reveal(), twin.access_token().reveal()),
        ("it_1".into(), "new".into())
    );
    assert_eq!((twin.refresh_token(), twin.expires_at()), (bare.refresh_token(), bare.expires_at()));
    assert_eq!(refresh(&client, &secret("rt_1")).unwrap(), bare, "and takes nothing from the others");
    assert_eq!(sent(&server), 1);
}

/// OpenID Connect Core, section 12.2, holds for each caller, whoever was first.
fn a_twin_is_not_given_somebody_elses_session(style: Style) {
    let issuer = "https://env.example";
    let claims = json!({"iss": issuer, "sub": "usr_2", "aud": "skc_1", "iat": 1, "exp": 4_102_444_800_i64});
    let id_token = Draft::new("snk_1", claims).sign(&Key::load(0));
    let server = service(json!({"access_token": "new", "id_token": id_token, "expires_in": 300}));
    let client = style.client_at(&server.url(), ClientOptions { issuers: vec![issuer.into()], ..quick() });
    assert_eq!(refresh(&client, &secret("rt_1")).unwrap().subject(), "usr_2");
    let error = keep_fresh(&client, &kept("usr_1")).unwrap_err();
    assert!(matches!(error, ScalekitError::InvalidToken { .. }), "{error}");
    assert_eq!(code(&error), "wrong_subject");
    assert_eq!(keep_fresh(&client, &kept("usr_2")).unwrap().subject(), "usr_2");
    assert_eq!(sent(&server), 1);
}

fn the_refresh_outlives_the_call_that_began_it(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let scopes = ["openid", "offline_access"].map(str::to_owned).to_vec();
    let session = log_in(&client, scalekit::LoginOptions { scopes, ..options() }).unwrap().session;
    let token = session.refresh_token().unwrap();
    emulator.clear_requests();
    emulator.fault(Fault::new("oauth.token", FaultKind::Delay { ms: 500, forever: false })).unwrap();
    let hasty = client.with(CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() }).unwrap();
    let error = refresh(&hasty, &token).unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    let next = refresh(&client, &token).unwrap();
    assert_ne!(next.refresh_token(), session.refresh_token());
    assert_eq!(arrived(&emulator, "oauth.token"), 1, "what the first one began served the second");
}

#[tokio::test]
async fn the_failure_of_one_is_that_of_all_who_wait() {
    let gate = Gate::default();
    let held = gate.clone();
    let server = RawServer::start(move |_, to| {
        held.pass();
        raw::json(to, 503, "{}")
    });
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret_1", quick()).unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { client.login().refresh(secret("rt_1")).await });
    }
    // On one thread a turn is everybody's: all wait by then.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    gate.open();
    for result in calls.join_all().await {
        assert!(matches!(result, Err(ScalekitError::Service { .. })), "{result:?}");
    }
    assert_eq!(sent(&server), 1);
    client.login().refresh(secret("rt_1")).await.unwrap_err();
    assert_eq!(sent(&server), 2, "a failure is not kept");
}
