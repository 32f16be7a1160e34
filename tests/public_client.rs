//! Public clients, which have no client secret, as used by apps.

use std::sync::Arc;
use std::time::Duration;

use scalekit::{
    AsyncPublicScalekitClient, AuthorizationRequest, CallOptions, ClientOptions, CodeExchange, LoginOptions,
    PublicScalekitClient, ScalekitError, SecretText, TokenExpectations,
};
use scalekit_emulator::Emulator;

use crate::support::browser::follow;
use crate::support::executor::block_on;
use crate::support::{emulator, quick};

const CALLBACK: &str = "http://127.0.0.1:9/callback";

fn options() -> LoginOptions {
    let scopes = ["openid", "offline_access"].map(str::to_owned).to_vec();
    LoginOptions { redirect_uri: CALLBACK.into(), scopes, ..LoginOptions::default() }
}

fn blocking(emulator: &Emulator) -> PublicScalekitClient {
    PublicScalekitClient::new(emulator.environment_url(), emulator.public_client_id(), quick()).unwrap()
}

#[test]
fn public_client_logs_in_and_refreshes_without_a_secret() {
    let emulator = emulator();
    let client = blocking(&emulator);
    let started = client.login().start(options()).unwrap();
    let callback = follow(&started.authorization_url);
    let outcome = client.login().finish(&callback, started.transaction).unwrap();
    let expected = TokenExpectations::for_audience(emulator.public_client_id());
    let claims = client.tokens().validate(&outcome.session.access_token().reveal(), expected, None).unwrap();
    assert_eq!(claims.subject, outcome.claims.subject);

    client.advance_clock_for_test(Duration::from_secs(1000));
    emulator.advance_clock(Duration::from_secs(1000)).unwrap();
    let next = client.login().refresh_if_needed(Arc::clone(&outcome.session)).unwrap();
    assert_ne!(next, outcome.session);
    for request in emulator.requests_of("oauth.token") {
        assert!(!request.body.to_string().contains("client_secret"), "{:?}", request.body);
    }
}

#[test]
fn async_public_client_logs_in_and_closes() {
    let emulator = emulator();
    let (url, id) = (emulator.environment_url(), emulator.public_client_id());
    let client = AsyncPublicScalekitClient::new(url, id, quick()).unwrap();
    let started = client.login().start(options()).unwrap();
    let callback = follow(&started.authorization_url);
    let outcome = block_on(client.login().finish(&callback, started.transaction)).unwrap();
    assert_eq!(outcome.claims.audience, [id]);
    let copy = client.with_options(CallOptions::default()).unwrap();
    client.close();
    client.close();
    let second = copy.login().start(options()).unwrap();
    let callback = follow(&second.authorization_url);
    let error = block_on(copy.login().finish(&callback, second.transaction)).unwrap_err();
    assert!(matches!(error, ScalekitError::Closed { .. }), "{error}");
}

#[test]
fn public_client_requires_pkce() {
    let emulator = emulator();
    let client = blocking(&emulator);
    let state = Arc::new(SecretText::new("state"));
    let request = AuthorizationRequest { options: options(), state, nonce: None, code_challenge: None };
    let error = client.login().authorization_url(request).unwrap_err();
    assert_eq!(error.to_string(), "`code_challenge` is needed by a client without a secret");
    let code = Arc::new(SecretText::new("code"));
    let exchange = CodeExchange { code, redirect_uri: CALLBACK.into(), code_verifier: None, nonce: None };
    let error = client.login().exchange_code(exchange).unwrap_err();
    assert_eq!(error.to_string(), "`code_verifier` is needed by a client without a secret");
    assert!(emulator.requests().is_empty());
}

#[test]
fn public_client_rejects_invalid_url_and_client_id() {
    for (url, id, message) in [
        ("http://a.scalekit.com", "skc_1", "`environment_url` must start with https://"),
        ("https://a.scalekit.com", " ", "`client_id` must not be empty"),
    ] {
        let error = PublicScalekitClient::new(url, id, ClientOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
        let error = AsyncPublicScalekitClient::new(url, id, ClientOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }
}
