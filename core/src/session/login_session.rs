//! The session of a signed-in user, as stored by a server or an app.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::grant::Grant;
use crate::error::{Result, ScalekitError};
use crate::jwt::{Reason, TokenResult, reject};
use crate::types::{SecretText, Timestamp, to_json};

/// A session is refreshed this long before its access token expires, so that the token does not expire in transit.
const REFRESH_MARGIN: Duration = Duration::from_secs(60);

/// The tokens of a signed-in user, with their expiration time. Created by a login, and by `login.refresh_if_needed`.
///
/// Store it where the user cannot read it: in your server's session store, or in the key store of a device. `to_text`
/// serializes it and `from_text` restores it. A session is immutable: a refresh returns a new one and uses up the
/// refresh token of this one. For several worker processes, see `login.refresh_if_needed`. The service's own data of
/// the sign-in is a `Session` of the area `sessions`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Display, Eq))]
pub struct LoginSession {
    subject: String,
    access_token: Arc<SecretText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<Arc<SecretText>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<Arc<SecretText>>,
    #[serde(default)]
    scopes: Vec<String>,
    expires_at: Timestamp,
    refresh_at: Timestamp,
}

impl Eq for LoginSession {}

impl LoginSession {
    pub(crate) fn new(subject: String, grant: Grant) -> Self {
        // A token with a lifetime below two margins is refreshed at half of it, so that no call refreshes every time.
        let margin = REFRESH_MARGIN.min(grant.lifetime / 2);
        Self {
            subject,
            expires_at: grant.expires_at().into(),
            refresh_at: (grant.expires_at() - margin).into(),
            access_token: grant.access_token,
            refresh_token: grant.refresh_token,
            id_token: grant.id_token,
            scopes: grant.scopes,
        }
    }

    /// Returns the refreshed session. Values that the response omits are unchanged.
    pub(crate) fn followed_by(&self, mut grant: Grant) -> Self {
        grant.refresh_token = grant.refresh_token.or_else(|| self.refresh_token.clone());
        grant.id_token = grant.id_token.or_else(|| self.id_token.clone());
        if grant.scopes.is_empty() {
            grant.scopes.clone_from(&self.scopes);
        }
        Self::new(self.subject.clone(), grant)
    }

    pub(crate) fn with_subject(self, subject: String) -> Self {
        Self { subject, ..self }
    }

    /// Returns the result of a shared refresh for a caller that holds `earlier`. That caller may know more than the one
    /// that started the refresh, and must not get the session of another user.
    pub(crate) fn for_caller_with(self: Arc<Self>, earlier: &Self) -> TokenResult<Arc<Self>> {
        if !earlier.subject.is_empty() && !self.subject.is_empty() && earlier.subject != self.subject {
            return reject(Reason::WrongSubject, "the refreshed session has another subject");
        }
        let lacks_subject = self.subject.is_empty() && !earlier.subject.is_empty();
        let lacks_id_token = self.id_token.is_none() && earlier.id_token.is_some();
        let lacks_scopes = self.scopes.is_empty() && !earlier.scopes.is_empty();
        if !(lacks_subject || lacks_id_token || lacks_scopes) {
            return Ok(self);
        }
        let mut own = Self::clone(&self);
        if lacks_subject {
            own.subject.clone_from(&earlier.subject);
        }
        if lacks_id_token {
            own.id_token.clone_from(&earlier.id_token);
        }
        if lacks_scopes {
            own.scopes.clone_from(&earlier.scopes);
        }
        Ok(Arc::new(own))
    }

    pub(crate) fn is_due(&self, now: SystemTime) -> bool {
        self.refresh_at.to_system_time() <= now
    }

    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.expires_at.to_system_time() <= now
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl LoginSession {
    /// Restores a session from `to_text`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the text is not a session from `to_text`.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn from_text(text: &SecretText) -> Result<Self, ScalekitError> {
        serde_json::from_str(text.expose())
            .map_err(|_| ScalekitError::argument("text", "is not a session from `to_text`"))
    }

    /// Serializes the session, including its tokens, as one line of text. Do not log or display it.
    #[must_use]
    pub fn to_text(&self) -> Arc<SecretText> {
        // Serializing strings and timestamps cannot fail.
        Arc::new(SecretText::new(&to_json(self).unwrap_or_default()))
    }

    /// The subject of the ID token: the user. Empty if there was no ID token.
    #[must_use]
    pub fn subject(&self) -> String {
        self.subject.clone()
    }

    /// The access token, for your APIs. It may have expired: see `needs_refresh`.
    #[must_use]
    pub fn access_token(&self) -> Arc<SecretText> {
        Arc::clone(&self.access_token)
    }

    /// The refresh token, if the login requested the scope `offline_access`.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Arc<SecretText>> {
        self.refresh_token.clone()
    }

    /// The latest ID token, for the logout URL.
    #[must_use]
    pub fn id_token(&self) -> Option<Arc<SecretText>> {
        self.id_token.clone()
    }

    /// The scopes of the access token, if the service stated them.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        self.scopes.clone()
    }

    /// The expiration time of the access token.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Whether the access token has expired or will expire within one minute.
    #[must_use]
    pub fn needs_refresh(&self) -> bool {
        self.is_due(SystemTime::now())
    }
}

impl fmt::Debug for LoginSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginSession")
            .field("subject", &self.subject)
            .field("expires_at", &self.expires_at)
            .field("has_refresh_token", &self.refresh_token.is_some())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LoginSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
