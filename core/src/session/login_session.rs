//! A person's session, as your server or your app keeps it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::grant::Grant;
use crate::error::{Result, ScalekitError};
use crate::jwt::{Reason, Verdict, refuse};
use crate::types::{SecretText, Timestamp};

/// A session is refreshed this long before its access token ends, so that the token does not end on the way.
const EARLY: Duration = Duration::from_secs(60);

/// The tokens of a person who is signed in, and when they end. A login makes one, and `login.refresh_if_needed` makes
/// the next one.
///
/// Keep it where the person cannot read it: in your server's session store, or in a device's key store. `to_text`
/// writes it down and `from_text` reads it back. It never changes: a refresh gives another one, and this one's refresh
/// token is used up by it. What the service knows of the same sign-in is a `Session`, of the area `sessions`.
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
        // A token that lives for less than two margins is refreshed at half its life: never at every look.
        let early = EARLY.min(grant.lifetime / 2);
        Self {
            subject,
            expires_at: grant.expires_at().into(),
            refresh_at: (grant.expires_at() - early).into(),
            access_token: grant.access_token,
            refresh_token: grant.refresh_token,
            id_token: grant.id_token,
            scopes: grant.scopes,
        }
    }

    /// The next session: what a refresh does not hand out anew stays as it was.
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

    /// A refresh that somebody else began, as it is for who holds `earlier`: they may know more than the one who began
    /// it, and they must not get the session of another person.
    pub(crate) fn for_holder_of(self: Arc<Self>, earlier: &Self) -> Verdict<Arc<Self>> {
        if !earlier.subject.is_empty() && !self.subject.is_empty() && earlier.subject != self.subject {
            return refuse(Reason::WrongSubject, "the session is somebody else's by now");
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
    /// Reads what `to_text` wrote. Fails with `InvalidArgument` on anything else.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn from_text(text: &SecretText) -> Result<Self, ScalekitError> {
        serde_json::from_str(text.expose())
            .map_err(|_| ScalekitError::argument("text", "is not a session as `to_text` writes it"))
    }

    /// The session as one line of text, tokens included: to be kept, not to be shown.
    #[must_use]
    pub fn to_text(&self) -> Arc<SecretText> {
        // Texts and times always can be written.
        Arc::new(SecretText::new(&serde_json::to_string(self).unwrap_or_default()))
    }

    /// The person, as the ID token of the login named them. Empty where there was none.
    #[must_use]
    pub fn subject(&self) -> String {
        self.subject.clone()
    }

    /// The access token, for your APIs. It may be over: see `needs_refresh`.
    #[must_use]
    pub fn access_token(&self) -> Arc<SecretText> {
        Arc::clone(&self.access_token)
    }

    /// The refresh token, where the login asked for `offline_access`.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Arc<SecretText>> {
        self.refresh_token.clone()
    }

    /// The latest ID token, for the logout URL.
    #[must_use]
    pub fn id_token(&self) -> Option<Arc<SecretText>> {
        self.id_token.clone()
    }

    /// What the access token may be used for, where the service said so.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        self.scopes.clone()
    }

    /// When the access token ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Whether the access token is over, or will be within a minute.
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
