//! Logins that must fail.

use std::sync::Arc;
use std::time::Duration;

use scalekit::{LoginOptions, LoginPrompt, LoginTransaction, MachineClient, ScalekitError};
use scalekit_emulator::{Emulator, Settings};
use serde_json::json;

use crate::support::browser::{follow, query};
use crate::support::caller::call;
use crate::support::login::{CALLBACK, assert_failed, code, finish, log_in, options, secret, start};
use crate::support::raw::{self, RawServer};
use crate::support::{Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    callback_of_another_login_is_rejected,
    callback_is_accepted_once,
    code_is_accepted_once,
    transaction_expires_after_one_hour,
    service_errors_map_to_login_failed_or_login_required,
    invalid_id_token_fails_the_login,
    login_of_another_environment_is_rejected,
    token_response_without_id_token_fails_the_login,
    unknown_token_type_is_rejected,
);

fn callback_of_another_login_is_rejected(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let (mine, theirs) = (start(&client, options()), start(&client, options()));
    let callback = follow(&theirs.authorization_url);
    emulator.clear_requests();
    let values = query(&callback);
    let without = |name: &str| {
        let kept = values.iter().filter(|(own, _)| *own != name).map(|(own, value)| format!("{own}={value}"));
        format!("{CALLBACK}?{}", kept.collect::<Vec<_>>().join("&"))
    };
    // Login CSRF: the callback of an attacker's login in the victim's browser.
    assert_failed(finish(&client, &callback, &mine.transaction), "state_mismatch");
    assert_failed(finish(&client, &without("state"), &theirs.transaction), "state_mismatch");
    assert_failed(
        finish(&client, &callback.replace("state=", "state=x"), &theirs.transaction),
        "state_mismatch",
    );
    assert_failed(finish(&client, &format!("{callback}&state=x"), &theirs.transaction), "malformed_callback");
    assert_failed(finish(&client, &format!("{callback}&code=x"), &theirs.transaction), "malformed_callback");
    assert_failed(finish(&client, &without("code"), &theirs.transaction), "malformed_callback");
    assert_failed(
        finish(&client, &format!("{callback}&iss=https://evil.example"), &theirs.transaction),
        "wrong_issuer",
    );
    assert_failed(finish(&client, "", &theirs.transaction), "state_mismatch");
    let forged = format!("{CALLBACK}?error=access_denied&state=forged");
    assert_failed(finish(&client, &forged, &theirs.transaction), "state_mismatch");
    let both = format!("{}&error=x", without("state"));
    assert_failed(finish(&client, &both, &theirs.transaction), "state_mismatch");
    assert!(emulator.requests().is_empty(), "no code was sent");
    let issuer = format!("{callback}&iss={}", emulator.environment_url());
    finish(&client, &issuer, &theirs.transaction).unwrap();
}

fn callback_is_accepted_once(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let started = start(&client, options());
    let callback = follow(&started.authorization_url);
    finish(&client, &callback, &started.transaction).unwrap();
    emulator.clear_requests();
    assert_failed(finish(&client, &callback, &started.transaction), "transaction_used");
    // The same state with another code, and a deserialized copy of the transaction.
    let other = query(&follow(&start(&client, options()).authorization_url))["code"].clone();
    let replayed = callback.replace(&query(&callback)["code"], &other);
    let kept = Arc::new(LoginTransaction::from_text(&started.transaction.to_text()).unwrap());
    assert_failed(finish(&client, &replayed, &kept), "transaction_used");
    assert_eq!(request_count(&emulator, "oauth.token"), 0);
}

fn code_is_accepted_once(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let (first, second) = (start(&client, options()), start(&client, options()));
    let (used, fresh) = (follow(&first.authorization_url), follow(&second.authorization_url));
    finish(&client, &used, &first.transaction).unwrap();
    // A used code of another login in the attacker's own login.
    let injected = fresh.replace(&query(&fresh)["code"], &query(&used)["code"]);
    assert_failed(finish(&client, &injected, &second.transaction), "invalid_grant");
    assert_failed(finish(&client, &fresh, &second.transaction), "transaction_used");
    // An unused code of another login: PKCE detects it.
    let (third, fourth) = (start(&client, options()), start(&client, options()));
    let (one, other) = (follow(&third.authorization_url), follow(&fourth.authorization_url));
    let injected = other.replace(&query(&other)["code"], &query(&one)["code"]);
    assert_failed(finish(&client, &injected, &fourth.transaction), "invalid_grant");
}

fn transaction_expires_after_one_hour(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let started = start(&client, options());
    let callback = follow(&started.authorization_url);
    client.advance_clock(Duration::from_secs(3600 + 5));
    emulator.clear_requests();
    assert_failed(finish(&client, &callback, &started.transaction), "transaction_expired");
    assert!(emulator.requests().is_empty());
    // A transaction with a start time in the future is rejected too, as it would last longer than an hour.
    let tomorrow = style.client(&emulator, quick());
    tomorrow.advance_clock(Duration::from_secs(24 * 3600));
    let started = start(&tomorrow, options());
    let callback = follow(&started.authorization_url);
    let today = style.client(&emulator, quick());
    assert_failed(finish(&today, &callback, &started.transaction), "transaction_expired");
    assert_eq!(request_count(&emulator, "oauth.token"), 0);
}

fn service_errors_map_to_login_failed_or_login_required(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    for (error, required) in [
        ("access_denied", false),
        ("server_error", false),
        ("no_active_connections", false),
        ("something_new", false),
        ("user_login_required", true),
        ("login_required", true),
        ("consent_required", true),
    ] {
        emulator
            .script_login(json!({"deny": {"error": error, "error_description": "No.\nNot\tnow."}}))
            .unwrap();
        let error_returned = log_in(&client, options()).unwrap_err();
        assert_eq!(
            matches!(error_returned, ScalekitError::LoginRequired { .. }),
            required,
            "{error_returned}"
        );
        assert_eq!(
            matches!(error_returned, ScalekitError::LoginFailed { .. }),
            !required,
            "{error_returned}"
        );
        assert_eq!(
            (code(&error_returned), error_returned.to_string()),
            (error, format!("login.finish: {error}: No. Not now."))
        );
    }
    let no_prompt = LoginOptions { prompt: Some(LoginPrompt::Nothing), ..options() };
    assert!(matches!(log_in(&client, no_prompt).unwrap_err(), ScalekitError::LoginRequired { .. }));
    // An error callback may lack the state: it fails the call, but does not use up the transaction.
    let started = start(&client, options());
    let lost = format!("{CALLBACK}?error=invalid_request&error_description=%1b%5B31mred");
    let error = finish(&client, &lost, &started.transaction).unwrap_err();
    assert_eq!(code(&error), "invalid_request");
    assert!(!error.to_string().contains('\u{1b}'), "{error}");
    // Line separators and bidirectional control characters are replaced.
    let spoofed = format!("{CALLBACK}?error=x&error_description=a%E2%80%A8b%E2%80%AEc%E2%81%A6d%C2%85e");
    let error = finish(&client, &spoofed, &started.transaction).unwrap_err();
    assert_eq!(error.to_string(), "login.finish: x: a b c d e");
    finish(&client, &follow(&started.authorization_url), &started.transaction).unwrap();
    assert_eq!(request_count(&emulator, "oauth.token"), 1);
}

fn invalid_id_token_fails_the_login(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    for (wrong, expected) in [
        ("expired", "token_expired"),
        ("not_yet_valid", "not_yet_valid"),
        ("issued_in_future", "issued_in_future"),
        ("no_expiry", "missing_claim"),
        ("expiry_as_text", "invalid_claim"),
        ("issuer", "wrong_issuer"),
        ("audience", "wrong_audience"),
        ("authorized_party", "wrong_authorized_party"),
        ("nonce", "wrong_nonce"),
        ("access_token_hash", "wrong_access_token_hash"),
        ("code_hash", "wrong_code_hash"),
        ("algorithm_none", "unsupported_algorithm"),
        ("algorithm_hmac", "unsupported_algorithm"),
        ("unknown_key", "unknown_key"),
        ("other_key", "bad_signature"),
        ("signature", "bad_signature"),
        ("critical", "critical_header"),
        ("embedded_key", "untrusted_key_header"),
        ("two_subjects", "duplicate_claim"),
        ("too_large", "too_large"),
        ("malformed", "malformed"),
    ] {
        emulator.script_login(json!({"approve": {}, "id_token": {"wrong": wrong}})).unwrap();
        let error = log_in(&client, options()).unwrap_err();
        assert_eq!(code(&error), expected, "{wrong}: {error}");
        assert_eq!(error.failure().operation, "login.finish");
    }
    emulator.script_login(json!({"approve": {}, "id_token": {"without": ["nonce"]}})).unwrap();
    assert_eq!(code(&log_in(&client, options()).unwrap_err()), "wrong_nonce");
    emulator
        .script_login(json!({"approve": {}, "id_token": {"without": ["at_hash", "c_hash", "azp"]}}))
        .unwrap();
    log_in(&client, options()).unwrap();
}

/// Both environments have the same client IDs and secrets.
fn login_of_another_environment_is_rejected(style: Style) {
    let settings = || Settings { client_secret: Some("secret".into()), ..Settings::strict() };
    let one = Emulator::start_blocking_with(settings()).unwrap();
    let two = Emulator::start_blocking_with(settings()).unwrap();
    let (client_one, client_two) = (style.client(&one, quick()), style.client(&two, quick()));
    let (at_one, at_two) = (start(&client_one, options()), start(&client_two, options()));
    let (back_one, back_two) = (follow(&at_one.authorization_url), follow(&at_two.authorization_url));
    one.clear_requests();
    two.clear_requests();
    assert_failed(finish(&client_two, &back_one, &at_one.transaction), "wrong_environment");
    assert_failed(finish(&client_one, &back_two, &at_two.transaction), "wrong_environment");
    assert_failed(finish(&client_two, &back_one, &at_two.transaction), "state_mismatch");
    let other = style.try_client(one.environment_url(), "skc_9", "secret", quick()).unwrap();
    assert_failed(finish(&other, &back_one, &at_one.transaction), "wrong_environment");
    assert!(one.requests().is_empty() && two.requests().is_empty(), "a code was sent");
    finish(&client_one, &back_one, &at_one.transaction).unwrap();
    finish(&client_two, &back_two, &at_two.transaction).unwrap();
    // An ID token of one environment, issued by the other.
    two.script_login(json!({"approve": {}, "id_token": {"claims": {"iss": one.environment_url()}}})).unwrap();
    assert_eq!(code(&log_in(&client_two, options()).unwrap_err()), "wrong_issuer");
}

fn token_response_without_id_token_fails_the_login(style: Style) {
    for response in [
        json!({"access_token": "a", "token_type": "Bearer", "expires_in": 300}),
        json!({"access_token": "a", "id_token": ""}),
        json!({"access_token": "a", "id_token": null}),
        json!({"id_token": "a"}),
        json!({"access_token": 7}),
        json!([]),
    ] {
        let text = response.to_string();
        let server = RawServer::start(move |_, to| raw::json(to, 200, &text));
        let client = style.client_at(&server.url(), quick());
        let started = start(&client, options());
        let state = query(&started.authorization_url)["state"].clone();
        let error = finish(&client, &format!("code=c&state={state}"), &started.transaction).unwrap_err();
        assert!(matches!(error, ScalekitError::Decode { .. }), "{response}: {error}");
    }
}

/// RFC 6749, section 7.1: a client must not use a token of an unknown type.
fn unknown_token_type_is_rejected(style: Style) {
    let response =
        |kind: &str| json!({"access_token": "a", "id_token": "b", "token_type": kind, "expires_in": 300});
    for kind in ["mac", "DPoP", "N_A"] {
        let text = response(kind).to_string();
        let server = RawServer::start(move |_, to| raw::json(to, 200, &text));
        let client = style.client_at(&server.url(), quick());
        let started = start(&client, options());
        let state = query(&started.authorization_url)["state"].clone();
        let error = finish(&client, &format!("code=c&state={state}"), &started.transaction).unwrap_err();
        assert!(matches!(error, ScalekitError::Decode { .. }), "{kind}: {error}");
        assert!(error.to_string().ends_with("are not bearer tokens"), "{error}");
        let error = call!(client, c => c.login().refresh(secret("rt_1"))).unwrap_err();
        assert!(error.to_string().ends_with("are not bearer tokens"), "{error}");
        let machine = MachineClient::new("m2morg_1", "secret");
        let error = call!(client, c => c.machine_tokens().get(machine)).unwrap_err();
        assert!(error.to_string().ends_with("are not bearer tokens"), "{error}");
    }
    let text = response("bEARER").to_string();
    let server = RawServer::start(move |_, to| raw::json(to, 200, &text));
    let client = style.client_at(&server.url(), quick());
    call!(client, c => c.machine_tokens().get(MachineClient::new("m2morg_1", "secret"))).unwrap();
}
