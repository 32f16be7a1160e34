//! A person who logs in, as the tests of logins see them.

use std::sync::Arc;

use scalekit::{
    LoginOptions, LoginOutcome, LoginTransaction, Result, ScalekitError, SecretText, StartedLogin,
};

use super::Caller;
use super::browser::follow;
use super::caller::{call, plain};

/// Where people come back to.
pub const CALLBACK: &str = "http://127.0.0.1:9/callback";

/// The least that a login needs.
pub fn options() -> LoginOptions {
    LoginOptions { redirect_uri: CALLBACK.into(), ..LoginOptions::default() }
}

/// Starts a login.
pub fn start(client: &Caller, options: LoginOptions) -> StartedLogin {
    plain!(*client, c => c.login().start(options)).unwrap()
}

/// Finishes one.
pub fn finish(client: &Caller, callback: &str, transaction: &Arc<LoginTransaction>) -> Result<LoginOutcome> {
    call!(*client, c => c.login().finish(callback, Arc::clone(transaction)))
}

/// Both, with a person who agrees in between.
pub fn log_in(client: &Caller, options: LoginOptions) -> Result<LoginOutcome> {
    let started = start(client, options);
    finish(client, &follow(&started.authorization_url), &started.transaction)
}

/// The code of an error.
pub fn code(error: &ScalekitError) -> &str {
    error.failure().code.as_deref().unwrap_or_default()
}

/// Fails unless the login failed with this code.
pub fn assert_failed(result: Result<LoginOutcome>, expected: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ScalekitError::LoginFailed { .. }), "{error}");
    assert_eq!(code(&error), expected, "{error}");
}

/// A secret.
pub fn secret(text: &str) -> Arc<SecretText> {
    Arc::new(SecretText::new(text))
}
