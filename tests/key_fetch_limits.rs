//! Limits of key fetches: tokens with unknown key IDs must not use up the fetches that logins need.

use serde_json::json;

use crate::support::caller::call;
use crate::support::forge::{Draft, Key};
use crate::support::login::{code, log_in, options};
use crate::support::{Style, emulator, in_every_style, quick, request_count};

in_every_style!(unknown_key_ids_do_not_block_logins, unknown_key_ids_do_not_end_sessions);

fn unknown_key_token(kid: &str) -> String {
    Draft::new(kid, json!({})).sign(&Key::load(2))
}

/// The environment signs with a new key during the cooldown that a token with an unknown key started.
fn unknown_key_ids_do_not_block_logins(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let check = |token: &str| {
        let expected = scalekit::TokenExpectations::for_any_audience();
        call!(client, c => c.tokens().validate(token, expected, None)).map(drop)
    };
    for kid in ["snk_900001", "snk_900002", "snk_900003"] {
        assert_eq!(code(&check(&unknown_key_token(kid)).unwrap_err()), "unknown_key");
    }
    assert_eq!(request_count(&emulator, "oauth.keys"), 1);
    emulator.rotate_keys();
    let outcome = log_in(&client, options()).unwrap();
    assert_eq!(
        request_count(&emulator, "oauth.keys"),
        2,
        "an ID token from the token endpoint may cause a fetch"
    );
    check(&outcome.session.access_token().reveal()).unwrap();
    // Logins have their own cooldown, which does not give other tokens a fetch.
    emulator.script_login(json!({"approve": {}, "id_token": {"wrong": "unknown_key"}})).unwrap();
    assert_eq!(code(&log_in(&client, options()).unwrap_err()), "unknown_key");
    assert_eq!(code(&check(&unknown_key_token("snk_900004")).unwrap_err()), "unknown_key");
    assert_eq!(request_count(&emulator, "oauth.keys"), 2);
}

/// The refresh token is already used when its ID token is checked, so the refresh cannot be retried.
fn unknown_key_ids_do_not_end_sessions(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let scopes = ["openid", "offline_access"].map(str::to_owned).to_vec();
    let session = log_in(&client, scalekit::LoginOptions { scopes, ..options() }).unwrap().session;
    let expected = scalekit::TokenExpectations::for_any_audience();
    call!(client, c => c.tokens().validate(&unknown_key_token("snk_900001"), expected, None)).unwrap_err();
    emulator.rotate_keys();
    let token = session.refresh_token().unwrap();
    let next = call!(client, c => c.login().refresh(std::sync::Arc::clone(&token))).unwrap();
    assert_eq!(next.subject(), session.subject());
}
