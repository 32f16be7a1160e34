//! Sessions: early refresh with one request for all callers, and logout.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use scalekit::{LoginOptions, LoginSession, LogoutOptions, Result, ScalekitError, SecretText};
use scalekit_emulator::{Emulator, Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::browser::{follow, query, visit};
use crate::support::caller::{call, plain};
use crate::support::forge::{Draft, Key};
use crate::support::gate::Gate;
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    session_is_refreshed_one_minute_early,
    hundred_concurrent_callers_refresh_once,
    repeated_refresh_within_a_minute_returns_the_same_session,
    used_refresh_token_requires_login,
    valid_session_survives_a_service_outage,
    expired_session_without_refresh_token_requires_login,
    failed_refresh_can_be_retried,
    refresh_keeps_values_missing_from_the_response,
    id_token_of_another_subject_is_rejected,
    refreshed_tokens_are_kept_without_signing_keys,
    session_round_trips_through_text,
    logout_url_ends_the_session,
    environments_do_not_share_refreshes,
);

const CALLBACK: &str = "http://127.0.0.1:9/callback";

fn log_in_with(client: &Caller, scopes: &[&str]) -> Arc<LoginSession> {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let options = LoginOptions { redirect_uri: CALLBACK.into(), scopes, ..LoginOptions::default() };
    let started = plain!(*client, c => c.login().start(options)).unwrap();
    let callback = follow(&started.authorization_url);
    call!(*client, c => c.login().finish(&callback, Arc::clone(&started.transaction))).unwrap().session
}

fn log_in(client: &Caller) -> Arc<LoginSession> {
    log_in_with(client, &["openid", "profile", "email", "offline_access"])
}

fn refresh_if_needed(client: &Caller, session: &Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    call!(*client, c => c.login().refresh_if_needed(Arc::clone(session)))
}

fn refresh(client: &Caller, token: &Arc<SecretText>) -> Result<Arc<LoginSession>> {
    call!(*client, c => c.login().refresh(Arc::clone(token)))
}

fn advance(client: &Caller, emulator: &Emulator, seconds: u64) {
    client.advance_clock(Duration::from_secs(seconds));
    emulator.advance_clock(Duration::from_secs(seconds)).unwrap();
}

fn token_of(session: &LoginSession) -> Arc<SecretText> {
    session.refresh_token().unwrap()
}

fn code(error: &ScalekitError) -> &str {
    error.failure().code.as_deref().unwrap_or_default()
}

fn session_is_refreshed_one_minute_early(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    emulator.clear_requests();
    advance(&client, &emulator, 200);
    assert_eq!(refresh_if_needed(&client, &session).unwrap(), session);
    assert!(emulator.requests().is_empty());
    advance(&client, &emulator, 50);
    let next = refresh_if_needed(&client, &session).unwrap();
    assert_eq!(request_count(&emulator, "oauth.token"), 1);
    assert_ne!(next.access_token(), session.access_token());
    assert_ne!(token_of(&next), token_of(&session));
    assert_eq!(next.subject(), session.subject());
    assert!(next.expires_at() > session.expires_at());
    assert_eq!(refresh_if_needed(&client, &next).unwrap(), next);
    // The refreshed session can be refreshed again.
    advance(&client, &emulator, 250);
    assert_ne!(refresh_if_needed(&client, &next).unwrap(), next);
}

fn hundred_concurrent_callers_refresh_once(style: Style) {
    let (emulator, gate) = (emulator(), Gate::default());
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    advance(&client, &emulator, 1000);
    emulator.clear_requests();
    emulator.fault(Fault::new("oauth.token", FaultKind::Delay { ms: 50, forever: false })).unwrap();
    let refreshed = thread::scope(|scope| {
        let call = || {
            gate.pass();
            refresh_if_needed(&client, &session).unwrap()
        };
        let calls: Vec<_> = (0..100).map(|_| scope.spawn(call)).collect();
        gate.await_waiting(100);
        gate.open();
        calls.into_iter().map(|call| call.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(refreshed.iter().all(|next| *next == refreshed[0] && *next != session));
    assert_eq!(request_count(&emulator, "oauth.token"), 1);
}

fn repeated_refresh_within_a_minute_returns_the_same_session(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    let next = refresh(&client, &token_of(&session)).unwrap();
    advance(&client, &emulator, 50);
    assert_eq!(refresh(&client, &token_of(&session)).unwrap(), next);
    assert_eq!(request_count(&emulator, "oauth.token"), 2, "expected the login and one refresh");
    advance(&client, &emulator, 20);
    let error = refresh(&client, &token_of(&session)).unwrap_err();
    assert!(matches!(error, ScalekitError::LoginRequired { .. }), "{error}");
}

fn used_refresh_token_requires_login(style: Style) {
    let emulator = emulator();
    let (client, attacker) = (style.client(&emulator, quick()), style.client(&emulator, quick()));
    let session = log_in(&client);
    let stolen = token_of(&session);
    refresh(&attacker, &stolen).unwrap();
    advance(&client, &emulator, 1000);
    let error = refresh_if_needed(&client, &session).unwrap_err();
    assert!(matches!(error, ScalekitError::LoginRequired { .. }), "{error}");
    assert_eq!((code(&error), error.failure().operation.as_str()), ("invalid_grant", "login.refresh"));
    for odd in ["unknown token", "x"] {
        assert_eq!(code(&refresh(&client, &Arc::new(SecretText::new(odd))).unwrap_err()), "invalid_grant");
    }
    let error = refresh(&client, &Arc::new(SecretText::new(" "))).unwrap_err();
    assert_eq!(error.to_string(), "`refresh_token` must not be empty");
}

fn valid_session_survives_a_service_outage(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    advance(&client, &emulator, 250);
    emulator.fault(Fault::status("oauth.token", 503).count(100)).unwrap();
    assert_eq!(
        refresh_if_needed(&client, &session).unwrap(),
        session,
        "the session is valid for some more seconds"
    );
    assert!(matches!(refresh(&client, &token_of(&session)).unwrap_err(), ScalekitError::Service { .. }));
    advance(&client, &emulator, 60);
    assert!(matches!(refresh_if_needed(&client, &session).unwrap_err(), ScalekitError::Service { .. }));
    emulator.clear_faults();
    assert_ne!(refresh_if_needed(&client, &session).unwrap(), session);
}

fn expired_session_without_refresh_token_requires_login(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in_with(&client, &["openid"]);
    assert_eq!(session.refresh_token(), None);
    advance(&client, &emulator, 250);
    assert_eq!(refresh_if_needed(&client, &session).unwrap(), session);
    advance(&client, &emulator, 60);
    let error = refresh_if_needed(&client, &session).unwrap_err();
    assert!(matches!(error, ScalekitError::LoginRequired { .. }), "{error}");
    assert_eq!(code(&error), "no_refresh_token");
    assert_eq!(request_count(&emulator, "oauth.token"), 1);
}

fn failed_refresh_can_be_retried(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    emulator.fault(Fault::status("oauth.token", 503)).unwrap();
    let error = refresh(&client, &token_of(&session)).unwrap_err();
    assert!(matches!(error, ScalekitError::Service { .. }), "{error}");
    refresh(&client, &token_of(&session)).unwrap();
    assert_eq!(
        request_count(&emulator, "oauth.token"),
        3,
        "a failed refresh must not be retried automatically"
    );
}

/// A service that returns these responses to token requests one after another, and publishes a key.
fn service(responses: Vec<Value>) -> RawServer {
    let (jwks, served) = (json!({"keys": [Key::load(0).jwk("snk_1")]}).to_string(), AtomicUsize::new(0));
    RawServer::start(move |request, to| match request.target() {
        "/keys" => raw::json(to, 200, &jwks),
        _ => {
            let number = served.fetch_add(1, Ordering::SeqCst).min(responses.len() - 1);
            raw::json(to, 200, &responses[number].to_string())
        }
    })
}

fn stored_session(subject: &str) -> Arc<LoginSession> {
    let text = json!({"subject": subject, "access_token": "old", "refresh_token": "rt_1", "id_token": "it_1", "scopes": ["a"],
        "expires_at": "2026-01-01T00:00:00Z", "refresh_at": "2026-01-01T00:00:00Z"});
    Arc::new(LoginSession::from_text(&SecretText::new(&text.to_string())).unwrap())
}

fn refresh_keeps_values_missing_from_the_response(style: Style) {
    let server = service(vec![json!({"access_token": "new", "expires_in": 300})]);
    let client = style.client_at(&server.url(), quick());
    let next = refresh_if_needed(&client, &stored_session("usr_1")).unwrap();
    assert_eq!(next.access_token().reveal(), "new");
    assert_eq!((token_of(&next).reveal(), next.id_token().unwrap().reveal()), ("rt_1".into(), "it_1".into()));
    assert_eq!((next.scopes(), next.subject()), (vec!["a".to_owned()], "usr_1".to_owned()));
}

fn id_token(issuer: &str, subject: &str) -> String {
    let claims = json!({"iss": issuer, "sub": subject, "aud": "skc_1", "iat": 1, "exp": 4_102_444_800_i64});
    Draft::new("snk_1", claims).sign(&Key::load(0))
}

fn id_token_of_another_subject_is_rejected(style: Style) {
    for (subject, accepted) in [("usr_1", true), ("usr_2", false)] {
        let responses = vec![
            json!({"access_token": "new", "id_token": id_token("https://env.example", subject), "expires_in": 300}),
        ];
        let server = service(responses);
        let issuers = vec!["https://env.example".to_owned()];
        let client = style.client_at(&server.url(), scalekit::ClientOptions { issuers, ..quick() });
        let result = refresh_if_needed(&client, &stored_session("usr_1"));
        match result {
            Ok(next) => assert!(accepted && next.id_token().unwrap().reveal() != "it_1"),
            Err(error) => assert!(!accepted && code(&error) == "wrong_subject", "{error}"),
        }
    }
}

/// The old refresh token is used by then, so an error would lose the session.
fn refreshed_tokens_are_kept_without_signing_keys(style: Style) {
    let server = RawServer::start(|request, to| match request.target() {
        "/keys" => raw::json(to, 503, "{}"),
        _ => raw::json(
            to,
            200,
            &json!({"access_token": "new", "refresh_token": "rt_2",
            "id_token": id_token("x", "usr_1"), "expires_in": 300})
            .to_string(),
        ),
    });
    let client = style.client_at(&server.url(), quick());
    let next = refresh_if_needed(&client, &stored_session("usr_1")).unwrap();
    assert_eq!((token_of(&next).reveal(), next.id_token().unwrap().reveal()), ("rt_2".into(), "it_1".into()));
}

fn session_round_trips_through_text(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    let restored = Arc::new(LoginSession::from_text(&session.to_text()).unwrap());
    assert_eq!(restored, session);
    advance(&client, &emulator, 1000);
    assert_ne!(refresh_if_needed(&client, &restored).unwrap(), session);
    for odd in ["", "{}", "null", "[]", "{\"subject\": \"x\"}"] {
        let error = LoginSession::from_text(&SecretText::new(odd)).unwrap_err();
        assert_eq!(error.to_string(), "`text` is not a session from `to_text`");
    }
    assert!(stored_session("x").needs_refresh());
}

fn logout_url_ends_the_session(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let session = log_in(&client);
    let options = LogoutOptions {
        id_token_hint: session.id_token(),
        post_logout_redirect_uri: Some("http://127.0.0.1:9/bye".into()),
        state: Some("a state".into()),
    };
    let url = plain!(client, c => c.login().logout_url(options)).unwrap();
    let redirect = follow(&url);
    assert_eq!(
        (redirect.starts_with("http://127.0.0.1:9/bye?"), query(&redirect)["state"].as_str()),
        (true, "a state")
    );
    let error = refresh(&client, &token_of(&session)).unwrap_err();
    assert!(matches!(error, ScalekitError::LoginRequired { .. }), "{error}");

    let without_options = plain!(client, c => c.login().logout_url(LogoutOptions::default())).unwrap();
    assert_eq!(without_options, format!("{}/oidc/logout", emulator.environment_url()));
    assert!(visit(&without_options).0 < 400);
    for (odd, message) in [
        ("/bye", "`post_logout_redirect_uri` must be an absolute"),
        ("javascript:alert(1)", "`post_logout_redirect_uri` must start"),
        ("http://evil.example/", "`post_logout_redirect_uri` must start"),
    ] {
        let options =
            LogoutOptions { post_logout_redirect_uri: Some(odd.into()), ..LogoutOptions::default() };
        let error = plain!(client, c => c.login().logout_url(options)).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

fn environments_do_not_share_refreshes(style: Style) {
    let respond_with = |token: &str| service(vec![json!({"access_token": token, "expires_in": 300})]);
    let (one, two) = (respond_with("of one"), respond_with("of two"));
    let (client_one, client_two) =
        (style.client_at(&one.url(), quick()), style.client_at(&two.url(), quick()));
    let token = Arc::new(SecretText::new("rt_1"));
    assert_eq!(refresh(&client_one, &token).unwrap().access_token().reveal(), "of one");
    assert_eq!(refresh(&client_two, &token).unwrap().access_token().reveal(), "of two");
    client_one.close();
    assert!(matches!(refresh(&client_one, &token).unwrap_err(), ScalekitError::Closed { .. }));
}
