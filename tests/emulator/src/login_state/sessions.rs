//! Login sessions in browsers.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::person::Person;
use crate::clock::Instant;
use crate::ids::{HmacKey, Ids, random_hex};

/// A login session of a person in a browser.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BrowserSession {
    pub(crate) id: String,
    /// The cookie value. It differs from `id`, which tokens contain and which must not be enough to use the session.
    pub(crate) cookie: String,
    pub(crate) person: Person,
    pub(crate) subject: String,
    pub(crate) organization_id: Option<String>,
    pub(crate) connection_id: String,
    /// When the person authenticated.
    pub(crate) auth_time: Instant,
}

impl BrowserSession {
    /// Returns the `user` object of events for a person who is not a user of the environment.
    pub(crate) fn user_data(&self) -> Value {
        let (given, family) = self.person.names();
        json!({
            "id": self.subject,
            "email": self.person.email(),
            "external_id": self.person.external_id,
            "user_profile": {"given_name": given, "family_name": family},
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, BrowserSession>,
    /// BrowserSession IDs by cookie.
    by_cookie: HashMap<String, String>,
    /// Derives user IDs from email addresses. Kept across resets.
    subject_key: HmacKey,
}

impl Sessions {
    pub(crate) fn start(
        &mut self,
        ids: &Ids,
        person: Person,
        organization_id: Option<String>,
        connection_id: String,
        auth_time: Instant,
    ) -> BrowserSession {
        let default_subject = self.subject(person.email());
        let session = BrowserSession {
            id: ids.next("ses"),
            cookie: random_hex::<24>(),
            subject: person.subject.clone().unwrap_or(default_subject),
            person,
            organization_id,
            connection_id,
            auth_time,
        };
        self.by_cookie.insert(session.cookie.clone(), session.id.clone());
        self.by_id.insert(session.id.clone(), session.clone());
        session
    }

    /// Returns the user ID that belongs to an email address, in the format of [`Ids`]: the same for each login, and
    /// without memory.
    pub(crate) fn subject(&self, email: &str) -> String {
        let tag = self.subject_key.sign(email.to_ascii_lowercase().as_bytes());
        let digits = tag.as_ref().iter().take(18).map(|byte| char::from(b'0' + byte % 10));
        format!("usr_{}", digits.collect::<String>())
    }

    /// Switches the session to another organization and returns it.
    pub(crate) fn switch(&mut self, id: &str, organization_id: Option<String>) -> Option<BrowserSession> {
        let session = self.by_id.get_mut(id)?;
        session.organization_id = organization_id;
        Some(session.clone())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&BrowserSession> {
        self.by_id.get(id)
    }

    /// Returns the session of a cookie value.
    pub(crate) fn with_cookie(&self, cookie: &str) -> Option<&BrowserSession> {
        self.by_id.get(self.by_cookie.get(cookie)?)
    }

    pub(crate) fn end(&mut self, id: &str) -> Option<BrowserSession> {
        let session = self.by_id.remove(id)?;
        self.by_cookie.remove(&session.cookie);
        Some(session)
    }

    pub(crate) fn end_all(&mut self) {
        self.by_id.clear();
        self.by_cookie.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Removes ended sessions.
    pub(crate) fn sweep(&mut self, is_active: impl Fn(&str) -> bool) {
        self.by_id.retain(|id, _| is_active(id));
        self.by_cookie.retain(|_, id| is_active(id));
        self.by_id.shrink_to_fit();
        self.by_cookie.shrink_to_fit();
    }
}
