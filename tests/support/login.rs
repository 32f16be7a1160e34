//! The steps of a login, for the login tests.

use std::sync::Arc;

use scalekit::{
    LoginOptions, LoginOutcome, LoginTransaction, Result, ScalekitError, SecretText, StartedLogin,
};

use super::Caller;
use super::browser::follow;
use super::caller::{call, plain};

/// The redirect URI.
pub const CALLBACK: &str = "http://127.0.0.1:9/callback";

/// The minimal login options.
pub fn options() -> LoginOptions {
    LoginOptions { redirect_uri: CALLBACK.into(), ..LoginOptions::default() }
}

/// Starts a login.
pub fn start(client: &Caller, options: LoginOptions) -> StartedLogin {
    plain!(*client, c => c.login().start(options)).unwrap()
}

/// Finishes a login.
pub fn finish(client: &Caller, callback: &str, transaction: &Arc<LoginTransaction>) -> Result<LoginOutcome> {
    call!(*client, c => c.login().finish(callback, Arc::clone(transaction)))
}

/// Starts a login, approves it in the browser, and finishes it.
pub fn log_in(client: &Caller, options: LoginOptions) -> Result<LoginOutcome> {
    let started = start(client, options);
    finish(client, &follow(&started.authorization_url), &started.transaction)
}

/// The code of an error, or an empty string.
pub fn code(error: &ScalekitError) -> &str {
    error.failure().code.as_deref().unwrap_or_default()
}

/// Asserts that the login failed with this code.
pub fn assert_failed(result: Result<LoginOutcome>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ScalekitError::LoginFailed { .. }), "{error}");
    assert_eq!(code(&error), expected, "{error}");
}

/// Wraps a text as a secret.
pub fn secret(text: &str) -> Arc<SecretText> {
    Arc::new(SecretText::new(text))
}
