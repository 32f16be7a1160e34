//! Logins and tokens with canary secrets, none of which may be printed or logged.

use std::sync::Arc;

use scalekit::{
    AuthorizationRequest, CodeExchange, IdTokenExpectations, LoginOptions, LoginSession, LoginTransaction,
    LogoutOptions, MachineClient, SecretText, TokenExpectations,
};
use serde_json::json;

use crate::support::browser::query;
use crate::support::caller::{call, plain};
use crate::support::capture::{
    assert_captured, assert_not_captured, capture_logs, print, print_error, record,
};
use crate::support::child::is_child;
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, quick};

const SECRET: &str = "canary_client_secret";
const BEARER: &str = "canary_bearer";
const CODE: &str = "canary_code";
const REFRESH: &str = "canary_refresh_token";
const VERIFIER: &str = "canary_verifier_that_is_long_enough_for_pkce_";
const MACHINE: &str = "canary_machine_secret";

fn canary(text: &str) -> Arc<SecretText> {
    Arc::new(SecretText::new(text))
}

fn session() -> Arc<LoginSession> {
    let text = json!({"subject": "usr_1", "access_token": BEARER, "refresh_token": REFRESH, "id_token": BEARER,
        "expires_at": "2020-01-01T00:00:00Z", "refresh_at": "2020-01-01T00:00:00Z"});
    Arc::new(LoginSession::from_text(&SecretText::new(&text.to_string())).unwrap())
}

/// Logs in and validates tokens against a service that rejects every request and echoes what it was sent. Returns the
/// secrets that the library generated.
fn run_login_calls(client: &Caller) -> Vec<String> {
    let options = LoginOptions { redirect_uri: "https://app.example/cb".into(), ..LoginOptions::default() };
    let started = plain!(*client, c => c.login().start(options.clone())).unwrap();
    print(&started.transaction);
    record(&started.transaction);
    let kept: serde_json::Value = serde_json::from_str(&started.transaction.to_text().reveal()).unwrap();
    print(&started.transaction.to_text());
    let state = query(&started.authorization_url)["state"].clone();
    for callback in [
        format!("code={CODE}&state={state}"),
        format!("code={CODE}&state=wrong"),
        format!("error=x&code={CODE}"),
    ] {
        let transaction = Arc::clone(&started.transaction);
        print_error(call!(*client, c => c.login().finish(&callback, transaction)));
    }
    let code_verifier = Some(canary(VERIFIER));
    let exchange = CodeExchange {
        code: canary(CODE),
        redirect_uri: options.redirect_uri.clone(),
        code_verifier,
        nonce: Some(canary(VERIFIER)),
    };
    print(&exchange);
    print_error(call!(*client, c => c.login().exchange_code(exchange)));
    let request = AuthorizationRequest {
        options,
        state: canary(CODE),
        nonce: Some(canary(CODE)),
        code_challenge: None,
    };
    print(&request);
    let machine = MachineClient::new("m2morg_1", MACHINE);
    print(&machine);
    print_error(call!(*client, c => c.machine_tokens().get(machine)));
    print(&session());
    record(session());
    print_error(call!(*client, c => c.login().refresh_if_needed(session())));
    print_error(call!(*client, c => c.login().refresh(canary(REFRESH))));
    print(&LogoutOptions { id_token_hint: Some(canary(BEARER)), ..LogoutOptions::default() });
    for token in [
        BEARER.to_owned(),
        format!("Bearer {BEARER}"),
        format!("a.{BEARER}.b"),
        format!("e30.{BEARER}.{BEARER}"),
    ] {
        print_error(
            call!(*client, c => c.tokens().validate(&token, TokenExpectations::for_any_audience(), None)),
        );
        let expected = IdTokenExpectations {
            nonce: Some(canary(CODE)),
            access_token: Some(canary(BEARER)),
            ..Default::default()
        };
        print(&expected);
        print_error(call!(*client, c => c.tokens().validate_id_token(&token, expected, None)));
    }
    let odd = SecretText::new(&format!("{{\"subject\": \"{REFRESH}\"}}"));
    print_error(LoginSession::from_text(&odd));
    print_error(LoginTransaction::from_text(&odd));
    ["state", "nonce", "code_verifier"].iter().map(|name| kept[*name].as_str().unwrap().to_owned()).collect()
}

#[test]
fn login_secrets_are_never_printed_or_logged() {
    if !is_child("login_secrets_are_never_printed_or_logged", &[]) {
        return;
    }
    capture_logs();
    let mut generated = Vec::new();
    for style in [Style::Tokio, Style::NoRuntime, Style::Blocking] {
        for status in [400, 401, 403, 429, 503] {
            // Echoes the form, both decoded and raw.
            let server = RawServer::start(move |request, to| {
                let form: Vec<_> = url::form_urlencoded::parse(request.body.as_bytes())
                    .map(|(_, value)| value.into_owned())
                    .collect();
                let echo = format!("you sent {} that is {}", form.join(" and "), request.body);
                raw::json(
                    to,
                    status,
                    &json!({"error": "invalid_grant", "error_description": echo, "message": echo})
                        .to_string(),
                )
            });
            let client = style.try_client(&server.url(), "skc_1", SECRET, quick()).unwrap();
            generated.extend(run_login_calls(&client));
            print(&client);
            let sent: String = server.requests().iter().map(|request| request.body.clone()).collect();
            assert!(
                [CODE, REFRESH, VERIFIER, MACHINE, SECRET].iter().all(|secret| sent.contains(secret)),
                "{sent}"
            );
        }
    }
    assert_captured("[redacted]");
    assert_captured("traced by scalekit");
    assert_not_captured(&[SECRET, BEARER, CODE, REFRESH, VERIFIER, MACHINE]);
    assert_not_captured(&generated.iter().map(String::as_str).collect::<Vec<_>>());
}
