//! What is kept between sending a person off to log in and their coming back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::OPERATION_FINISH;
use super::options::LoginOptions;
use crate::cache::Claim;
use crate::error::{Result, ScalekitError};
use crate::jwt::{random, same, sha256};
use crate::types::{SecretText, Timestamp};
use crate::wire::Wire;

/// Somebody who went to fetch a telephone is still there; a link from yesterday's mail is not.
const LIFE: Duration = Duration::from_secs(3600);

/// Clocks of one's own servers may be so far apart. What comes from farther in the future would be good for longer.
const AHEAD: Duration = Duration::from_secs(300);

/// A login that was started: what you keep, bound to the person's browser, until they come back.
///
/// It holds what proves that the person who comes back is the one who was sent off: the state, the nonce and PKCE's
/// verifier. Keep it in your server's session, in an encrypted cookie that is `HttpOnly`, `Secure` and
/// `SameSite=Lax`, or, in an app, in memory. `to_text` writes it down and `from_text` reads it back. It is good for one
/// login, within an hour.
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
        same(self.state.expose(), state)
    }

    /// Claims the login for one caller, so that a callback is accepted once.
    pub(crate) fn claim<'a>(&self, wire: &'a Wire) -> Result<Claim<'a>> {
        let finished = &wire.memory(OPERATION_FINISH)?.finished_logins;
        finished.claim(sha256(self.state.expose()), wire.wall_now(), LIFE).ok_or_else(|| {
            let why = "this login was finished before; a callback counts once";
            ScalekitError::login_failed(OPERATION_FINISH, "transaction_used", why)
        })
    }

    /// Whether the login belongs to this client, and is young enough. A code that belongs to one environment must not
    /// be sent to another.
    pub(crate) fn check(&self, wire: &Wire) -> Result<()> {
        let fail = |code, why| Err(ScalekitError::login_failed(OPERATION_FINISH, code, why));
        if self.environment_url != wire.origin().as_str() || self.client_id != wire.client_id() {
            return fail("wrong_environment", "the login was started with another client or environment");
        }
        match wire.wall_now().duration_since(self.started_at.to_system_time()) {
            Ok(age) if age > LIFE => fail("transaction_expired", "the login was started over an hour ago"),
            Err(early) if early.duration() > AHEAD => {
                fail("transaction_expired", "the login was started in the future: a clock is or was wrong")
            }
            _ => Ok(()),
        }
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl LoginTransaction {
    /// Reads what `to_text` wrote. Fails with `InvalidArgument` on anything else.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn from_text(text: &SecretText) -> Result<Self, ScalekitError> {
        let read: Option<Self> = serde_json::from_str(text.expose()).ok();
        // An empty state would be equal to an absent one.
        let whole = |read: &Self| {
            [&read.state, &read.nonce, &read.code_verifier].iter().all(|s| s.expose().len() >= 43)
        };
        read.filter(whole).ok_or_else(|| {
            ScalekitError::argument("text", "is not a login transaction as `to_text` writes it")
        })
    }

    /// The transaction as one line of text, secrets included: to be kept, not to be shown.
    #[must_use]
    pub fn to_text(&self) -> Arc<SecretText> {
        // Texts and times always can be written.
        Arc::new(SecretText::new(&serde_json::to_string(self).unwrap_or_default()))
    }

    /// Where your own site goes on after the login, as `LoginOptions` said.
    #[must_use]
    pub fn return_to(&self) -> Option<String> {
        // What was kept outside may have been changed there.
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
