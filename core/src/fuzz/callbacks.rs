//! Callbacks: a callback with another state signs no user in, and stored transactions and sessions are restored.

use std::sync::Arc;

use reqwest::Url;
use serde_json::json;

use super::{CLIENT_ID, ENVIRONMENT, fields, percent_decoded, wire};
use crate::auth::fuzz::{Callback, extract_token};
use crate::auth::{LoginTransaction, local_path};
use crate::error::{Result, ScalekitError, is_hidden};
use crate::session::LoginSession;
use crate::types::SecretText;

pub(super) const STATE: &str = "state-of-this-login-0123456789-0123456789-01";

/// The input is a callback, and also the text of a stored transaction or session. If it has separators, its fields are
/// the parameters of a callback that is built here.
pub fn callbacks(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    arbitrary(&text);
    stored(&text);
    let [code, state, issuer, error, description, name, value] = fields(data);
    composed(
        &Parts { code: &code, state: &state, issuer: &issuer, error: &error },
        &description,
        (&name, &value),
    );
}

fn transaction() -> Arc<LoginTransaction> {
    let text = json!({
        "environment_url": format!("{ENVIRONMENT}/"), "client_id": CLIENT_ID, "state": STATE,
        "redirect_uri": "https://app.acme.example/callback", "nonce": "n".repeat(43),
        "code_verifier": "v".repeat(43), "started_at": "2026-01-02T03:04:05Z",
    });
    let text = SecretText::new(&text.to_string());
    Arc::new(LoginTransaction::from_text(&text).expect("a valid transaction"))
}

fn outcome(text: &str) -> Result<SecretText> {
    Callback::parse("fuzz", text)?.code(wire(), &transaction())
}

/// Any text: a callback that yields a code contains the state, and an error is one line.
fn arbitrary(text: &str) {
    match outcome(text) {
        Ok(code) => {
            assert!(!code.expose().is_empty());
            // The parser of URLs removes tabs and line breaks, as its standard says.
            let text = text.replace(['\t', '\n', '\r'], "");
            let has_state = percent_decoded(&text).windows(STATE.len()).any(|part| part == STATE.as_bytes());
            assert!(has_state, "accepted without the state: {text}");
        }
        Err(error) => assert_loggable(&error),
    }
    match extract_token(text) {
        Ok(token) => assert!(token.len() <= text.len()),
        Err(error) => assert_loggable(&error),
    }
}

fn assert_loggable(error: &ScalekitError) {
    assert!(
        matches!(error, ScalekitError::LoginFailed { .. } | ScalekitError::LoginRequired { .. }),
        "{error:?}"
    );
    let failure = error.failure();
    let code = failure.code.as_deref().expect("a code");
    assert!((1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_graphic()), "{code:?}");
    assert!(!failure.summary.contains(is_hidden) && failure.summary.chars().count() < 500);
    assert!(!failure.summary.contains(STATE));
}

struct Parts<'a> {
    code: &'a str,
    state: &'a str,
    issuer: &'a str,
    error: &'a str,
}

impl Parts<'_> {
    /// The expected result: the authorization code, or the error code. `None` if the service chose the error code.
    fn expected(&self) -> std::result::Result<&str, Option<&'static str>> {
        let is_error_without_state = !self.error.is_empty() && self.state.is_empty() && self.code.is_empty();
        if self.state != STATE && !is_error_without_state {
            return Err(Some("state_mismatch"));
        }
        if !self.issuer.is_empty() && self.issuer != ENVIRONMENT {
            return Err(Some("wrong_issuer"));
        }
        match (self.error, self.code) {
            ("", "") => Err(Some("malformed_callback")),
            ("", code) => Ok(code),
            _ => Err(None),
        }
    }
}

fn composed(parts: &Parts<'_>, description: &str, (name, value): (&str, &str)) {
    let pairs = [
        ("code", parts.code),
        ("state", parts.state),
        ("iss", parts.issuer),
        ("error", parts.error),
        ("error_description", description),
    ];
    let known = ["code", "state", "iss", "error", "error_description", "idp_initiated_login"];
    let mut url = Url::parse("https://app.acme.example/callback").expect("a URL");
    url.query_pairs_mut().extend_pairs(pairs);
    if !known.contains(&name) {
        url.query_pairs_mut().append_pair(name, value);
    }
    if url.as_str().len() > 16 * 1024 {
        return assert_eq!(code_of(outcome(url.as_str())), Err("malformed_callback".into()));
    }
    // The complete URL and its query have the same result.
    for text in [url.as_str(), url.query().unwrap_or_default()] {
        match (code_of(outcome(text)), parts.expected()) {
            (Ok(code), Ok(expected)) => assert_eq!(code, expected),
            (Err(code), Err(Some(expected))) => assert_eq!(code, expected, "{text}"),
            (Err(_), Err(None)) => {}
            (result, expected) => panic!("{result:?} instead of {expected:?}: {text}"),
        }
    }
    // A duplicate parameter is rejected, even if both values are valid.
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let mut duplicate = url.clone();
        duplicate.query_pairs_mut().append_pair(name, value);
        assert_eq!(code_of(outcome(duplicate.as_str())), Err("malformed_callback".into()));
    }
}

fn code_of(result: Result<SecretText>) -> std::result::Result<String, String> {
    result.map(|code| code.reveal()).map_err(|error| error.failure().code.clone().unwrap_or_default())
}

/// A store may return any text. What is restored serializes to an equal value, and does not lead to another site.
fn stored(text: &str) {
    let text = SecretText::new(text);
    if let Ok(transaction) = LoginTransaction::from_text(&text) {
        let restored = LoginTransaction::from_text(&transaction.to_text());
        assert_eq!(restored.as_ref(), Ok(&transaction));
        assert!(transaction.return_to().is_none_or(|path| local_path(&path).is_some()));
    }
    if let Ok(session) = LoginSession::from_text(&text) {
        assert_eq!(LoginSession::from_text(&session.to_text()).as_ref(), Ok(&session));
    }
}
