//! Login sessions in browsers.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

use serde_json::{Value, json};

use super::person::Person;
use crate::clock::Instant;
use crate::environment::Environment;
use crate::ids::{HmacKey, Ids, random_hex};
use crate::model;
use crate::percent;
use crate::request::Request;
use crate::webhooks::event;

const COOKIE: &str = "scalekit_emulator_session";

/// A login session of a person in a browser.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// The cookie value. It differs from `id`, which tokens contain and which must not be enough to use the session.
    cookie: String,
    pub(crate) person: Person,
    pub(crate) subject: String,
    pub(crate) organization_id: Option<String>,
    pub(crate) connection_id: String,
    /// When the person authenticated.
    pub(crate) auth_time: Instant,
}

impl Session {
    /// Returns the `user` object of events for a person who is not a user of the environment.
    fn user_data(&self) -> Value {
        let (given, family) = self.person.names();
        json!({
            "id": self.subject,
            "email": self.person.email(),
            "external_id": self.person.external_id,
            "user_profile": {"given_name": given, "family_name": family},
        })
    }

    /// Returns the `set-cookie` value that stores the session in the browser.
    pub(crate) fn set_cookie(&self) -> String {
        format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", self.cookie)
    }
}

/// Returns the session with this ID if it has neither expired nor been revoked.
pub(crate) fn get_active(env: &mut Environment, id: &str) -> Option<Session> {
    let now = env.clock.now();
    let record = env.store.sessions.get_mut(id)?;
    record.settle(now);
    let is_active = record.is_active();
    env.login.sessions.get(id).filter(|_| is_active).cloned()
}

pub(crate) fn has_active_session(env: &mut Environment, id: &str) -> bool {
    get_active(env, id).is_some()
}

/// Records in the session API that a client uses the session.
pub(crate) fn record_use(env: &mut Environment, session: &Session, app_id: &str) {
    let now = env.clock.now();
    let record = env.store.sessions.get(&session.id).cloned();
    let mut record = record.unwrap_or_else(|| {
        let mut new = model::Session::default();
        new.user_id.clone_from(&session.subject);
        new.complete(session.id.clone(), now)
    });
    record.enter(app_id, session.organization_id.as_deref().unwrap_or_default(), now);
    env.store.sessions.put(record);
}

/// Ends the session, and with it its codes and refresh tokens.
pub(crate) fn end(env: &mut Environment, id: &str) {
    let now = env.clock.now();
    if env.login.sessions.get(id).is_none() {
        return;
    }
    let ended = env.store.sessions.get_mut(id).is_some_and(|record| {
        record.settle(now);
        record.log_out(now)
    });
    if ended {
        emit_session_event(env, "logout", id);
    }
    env.login.sessions.end(id);
}

/// Revokes the active sessions of a user and returns them. Expired sessions are skipped.
pub(crate) fn revoke_sessions(env: &mut Environment, user_id: &str, now: Instant) -> Vec<Value> {
    let mut revoked = Vec::new();
    for record in env.store.sessions.iter_mut().filter(|record| record.user_id == user_id) {
        record.settle(now);
        if record.revoke(now) {
            revoked.push(record.clone());
        }
    }
    for record in &revoked {
        emit_session_event(env, "logout", &record.session_id);
    }
    revoked.iter().map(model::Session::revoked).collect()
}

/// Emits `user.login` or `user.logout`.
pub(crate) fn emit_session_event(env: &mut Environment, action: &str, id: &str) {
    let Some(record) = env.store.sessions.get(id) else { return };
    let user = match (env.store.users.get(&record.user_id), env.login.sessions.get(id)) {
        (Some(user), _) => event::user_data(user),
        (None, Some(session)) => session.user_data(),
        (None, None) => json!({"id": record.user_id}),
    };
    let draft = event::session(action, record, user);
    env.emit(draft);
}

/// Returns the `set-cookie` value that removes the session from the browser.
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
    /// Session IDs by cookie.
    by_cookie: HashMap<String, String>,
    /// Derives user IDs from email addresses. Kept across resets.
    subject_key: HmacKey,
}

impl Sessions {
    pub(crate) fn start(
        &mut self,
        ids: &mut Ids,
        person: Person,
        organization_id: Option<String>,
        connection_id: String,
        auth_time: Instant,
    ) -> Session {
        let default_subject = self.subject(person.email());
        let session = Session {
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
    pub(crate) fn switch(&mut self, id: &str, organization_id: Option<String>) -> Option<Session> {
        let session = self.by_id.get_mut(id)?;
        session.organization_id = organization_id;
        Some(session.clone())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Session> {
        self.by_id.get(id)
    }

    /// Returns the session of the request's cookie.
    pub(crate) fn for_request(&self, request: &Request) -> Option<&Session> {
        let cookies = request.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let cookie = pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| percent::decode(value))?;
        self.by_id.get(self.by_cookie.get(&cookie)?)
    }

    pub(crate) fn end(&mut self, id: &str) -> Option<Session> {
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
