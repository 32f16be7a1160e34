//! Who may ask for keys: a stranger's tokens must not use up what a login needs.

mod support;

use serde_json::json;
use support::caller::call;
use support::forge::{Draft, Key};
use support::person::{code, log_in, options};
use support::{Style, arrived, emulator, in_every_style, quick};

in_every_style!(
    a_flood_of_invented_key_ids_costs_nobody_a_login,
    a_flood_of_invented_key_ids_ends_no_session
);

fn invented(kid: &str) -> String {
    Draft::new(kid, json!({})).sign(&Key::load(2))
}

/// In the cooldown that a stranger's token began, the environment signs with a new key.
fn a_flood_of_invented_key_ids_costs_nobody_a_login(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let check = |token: &str| {
        let expected = scalekit::TokenExpectations::for_any_audience();
        call!(client, c => c.tokens().validate(token, expected)).map(drop)
    };
    for kid in ["snk_900001", "snk_900002", "snk_900003"] {
        assert_eq!(code(&check(&invented(kid)).unwrap_err()), "unknown_key");
    }
    assert_eq!(arrived(&emulator, "oauth.keys"), 1);
    emulator.rotate_keys();
    let outcome = log_in(&client, options()).unwrap();
    assert_eq!(arrived(&emulator, "oauth.keys"), 2, "the token endpoint's own token may ask");
    check(&outcome.session.access_token().reveal()).unwrap();
    // It has a cooldown too, and strangers gained none by it.
    emulator.script_login(json!({"approve": {}, "id_token": {"wrong": "unknown_key"}})).unwrap();
    assert_eq!(code(&log_in(&client, options()).unwrap_err()), "unknown_key");
    assert_eq!(code(&check(&invented("snk_900004")).unwrap_err()), "unknown_key");
    assert_eq!(arrived(&emulator, "oauth.keys"), 2);
}

/// The refresh token is used up when its ID token is looked at: there is no second try.
fn a_flood_of_invented_key_ids_ends_no_session(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let scopes = ["openid", "offline_access"].map(str::to_owned).to_vec();
    let session = log_in(&client, scalekit::LoginOptions { scopes, ..options() }).unwrap().session;
    let expected = scalekit::TokenExpectations::for_any_audience();
    call!(client, c => c.tokens().validate(&invented("snk_900001"), expected)).unwrap_err();
    emulator.rotate_keys();
    let token = session.refresh_token().unwrap();
    let next = call!(client, c => c.login().refresh(std::sync::Arc::clone(&token))).unwrap();
    assert_eq!(next.subject(), session.subject());
}
