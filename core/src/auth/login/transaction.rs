//! Login transactions: the state between the authorization URL and the callback.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::OPERATION_FINISH;
use super::options::LoginOptions;
use crate::cache::Claim;
use crate::error::{Result, ScalekitError};
use crate::jwt::{constant_time_eq, random, sha256};
use crate::types::{SecretText, Timestamp, to_json};
use crate::wire::Wire;

/// Maximum age of a login: long enough to fetch a second factor, too short for a link in an old email.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Maximum difference between the clocks of your servers. A start time further in the future would extend the lifetime.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(300);

/// The state of a login between the authorization URL and the callback. Store it bound to the user's browser.
///
/// It contains state, nonce and PKCE code verifier, which prove that the callback comes from the browser that started
/// the login. Store it in your server's session, in an encrypted cookie that is `HttpOnly`, `Secure` and
/// `SameSite=Lax`, or, in an app, in memory. `to_text` serializes it and `from_text` restores it. It is valid for one
/// login, within one hour.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Display, Eq))]
pub struct LoginTransaction {
    environment_url: String,
    client_id: String,
    redirect_uri: String,
    state: SecretText,
    nonce: SecretText,
    code_verifier: SecretText,
    started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    return_to: Option<String>,
}

impl Eq for LoginTransaction {}

impl LoginTransaction {
    pub(crate) fn new(wire: &Wire, operation: &str, options: &LoginOptions) -> Result<Self> {
        let secret = || random(operation).map(|text| SecretText::new(&text));
        Ok(Self {
            environment_url: wire.origin().as_str().to_owned(),
            client_id: wire.client_id().to_owned(),
            redirect_uri: options.redirect_uri.clone(),
            state: secret()?,
            nonce: secret()?,
            code_verifier: secret()?,
            started_at: wire.wall_now().into(),
            return_to: options.return_to.clone(),
        })
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    pub(crate) fn nonce(&self) -> &SecretText {
        &self.nonce
    }

    pub(crate) fn code_verifier(&self) -> &SecretText {
        &self.code_verifier
    }

    pub(crate) fn state(&self) -> &SecretText {
        &self.state
    }

    pub(crate) fn has_state(&self, state: &str) -> bool {
        constant_time_eq(self.state.expose(), state)
    }

    /// Claims the login for one caller, so that a callback is accepted once.
    pub(crate) fn claim<'a>(&self, wire: &'a Wire) -> Result<Claim<'a>> {
        let finished = &wire.memory(OPERATION_FINISH)?.finished_logins;
        finished.claim(sha256(self.state.expose()), wire.wall_now(), LIFETIME).ok_or_else(|| {
            let explanation = "the login is finished already; a callback can be used once";
            ScalekitError::login_failed(OPERATION_FINISH, "transaction_used", explanation)
        })
    }

    /// Checks that the login belongs to this client and has not expired. The code of one environment must not be sent
    /// to another.
    pub(crate) fn check(&self, wire: &Wire) -> Result<()> {
        let fail = |code, explanation| Err(ScalekitError::login_failed(OPERATION_FINISH, code, explanation));
        if self.environment_url != wire.origin().as_str() || self.client_id != wire.client_id() {
            return fail("wrong_environment", "the login was started with another client or environment");
        }
        match wire.wall_now().duration_since(self.started_at.to_system_time()) {
            Ok(age) if age > LIFETIME => {
                fail("transaction_expired", "the login was started more than one hour ago")
            }
            Err(early) if early.duration() > MAX_CLOCK_SKEW => fail(
                "transaction_expired",
                "the login was started in the future; check the clocks of your servers",
            ),
            _ => Ok(()),
        }
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl LoginTransaction {
    /// Restores a transaction from `to_text`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the text is not a transaction from `to_text`.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn from_text(text: &SecretText) -> Result<Self, ScalekitError> {
        let read: Option<Self> = serde_json::from_str(text.expose()).ok();
        // An empty state would equal an absent one.
        let is_complete = |read: &Self| {
            [&read.state, &read.nonce, &read.code_verifier].iter().all(|s| s.expose().len() >= 43)
        };
        read.filter(is_complete)
            .ok_or_else(|| ScalekitError::argument("text", "is not a login transaction from `to_text`"))
    }

    /// Serializes the transaction, including its secrets, as one line of text. Do not log or display it.
    #[must_use]
    pub fn to_text(&self) -> Arc<SecretText> {
        // Serializing strings and timestamps cannot fail.
        Arc::new(SecretText::new(&to_json(self).unwrap_or_default()))
    }

    /// The path on your own site to redirect to after the login, from `LoginOptions`.
    #[must_use]
    pub fn return_to(&self) -> Option<String> {
        // The stored transaction may have been modified.
        self.return_to.as_deref().and_then(super::local_path)
    }
}

impl fmt::Debug for LoginTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginTransaction")
            .field("environment_url", &self.environment_url)
            .field("redirect_uri", &self.redirect_uri)
            .field("started_at", &self.started_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LoginTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
