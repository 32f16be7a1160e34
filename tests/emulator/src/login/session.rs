//! Who is logged in, in which browser.

use std::collections::HashMap;

use serde_json::json;

use super::person::Person;
use crate::clock::Instant;
use crate::ids::{Ids, random_hex};
use crate::model;
use crate::percent;
use crate::request::Request;
use crate::webhooks::EventDraft;
use crate::world::World;

const COOKIE: &str = "scalekit_emulator_session";

/// One login of one person in one browser.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// What the browser holds; the id stands in tokens, and must not be enough.
    cookie: String,
    pub(crate) person: Person,
    pub(crate) subject: String,
    pub(crate) organization_id: Option<String>,
    pub(crate) connection_id: String,
}

impl Session {
    /// The header that hands the session to the browser.
    pub(crate) fn set_cookie(&self) -> String {
        format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", self.cookie)
    }
}

/// The session with this id, unless its time is over or an operation has revoked it.
pub(crate) fn live(world: &mut World, id: &str) -> Option<Session> {
    let now = world.clock.now();
    let shown = world.store.sessions.get_mut(id)?;
    shown.settle(now);
    let active = shown.is_active();
    world.login.sessions.get(id).filter(|_| active).cloned()
}

/// Lets the operations see the session, and that an app uses it.
pub(crate) fn used(world: &mut World, session: &Session, app_id: &str) {
    let now = world.clock.now();
    let shown = world.store.sessions.get(&session.id).cloned();
    let mut shown = shown.unwrap_or_else(|| {
        let mut new = model::Session::default();
        new.user_id.clone_from(&session.subject);
        new.complete(session.id.clone(), now)
    });
    shown.enter(app_id, session.organization_id.as_deref().unwrap_or_default(), now);
    world.store.sessions.put(shown);
}

/// Ends the session, and with it the codes and refresh tokens that came of it.
pub(crate) fn end(world: &mut World, id: &str) {
    let now = world.clock.now();
    let Some(session) = world.login.sessions.end(id) else { return };
    if let Some(shown) = world.store.sessions.get_mut(id) {
        shown.settle(now);
        shown.log_out(now);
    }
    world.emit(event("logout", &session, now));
}

/// `user.login` and `user.logout`.
pub(crate) fn event(what: &str, session: &Session, now: Instant) -> EventDraft {
    let (status, moment) = if what == "login" { ("ACTIVE", "created_at") } else { ("LOGOUT", "logout_at") };
    let mut user_session = json!({
        "session_id": session.id,
        "user_id": session.subject,
        "organization_id": session.organization_id,
        "status": status,
        "updated_at": now,
    });
    user_session[moment] = json!(now);
    let (given, family) = session.person.names();
    let profile = json!({"given_name": given, "family_name": family});
    EventDraft {
        event_type: format!("user.{what}"),
        object: "User".into(),
        organization_id: session.organization_id.clone(),
        display_name: None,
        data: json!({
            "user": {
                "id": session.subject,
                "email": session.person.email(),
                "external_id": session.person.external_id,
                "user_profile": profile,
            },
            "user_session": user_session,
        }),
    }
}

/// The header that takes the session from the browser.
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

#[derive(Debug, Default)]
pub(crate) struct Sessions {
    live: HashMap<String, Session>,
    /// The same e-mail is the same person, also after a reset.
    subjects: HashMap<String, String>,
}

impl Sessions {
    pub(crate) fn start(
        &mut self,
        ids: &mut Ids,
        person: Person,
        organization_id: Option<String>,
        connection_id: String,
    ) -> Session {
        let made =
            self.subjects.entry(person.email().to_ascii_lowercase()).or_insert_with(|| ids.next("usr"));
        let session = Session {
            id: ids.next("ses"),
            cookie: random_hex::<24>(),
            subject: person.subject.clone().unwrap_or_else(|| made.clone()),
            person,
            organization_id,
            connection_id,
        };
        self.live.insert(session.id.clone(), session.clone());
        session
    }

    /// The same session, from now on in another organization.
    pub(crate) fn switch(&mut self, id: &str, organization_id: Option<String>) -> Option<Session> {
        let session = self.live.get_mut(id)?;
        session.organization_id = organization_id;
        Some(session.clone())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Session> {
        self.live.get(id)
    }

    /// The session whose cookie came with the request.
    pub(crate) fn of(&self, request: &Request) -> Option<&Session> {
        let cookies = request.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let cookie = pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| percent::decode(value))?;
        self.live.values().find(|session| session.cookie == cookie)
    }

    pub(crate) fn end(&mut self, id: &str) -> Option<Session> {
        self.live.remove(id)
    }

    pub(crate) fn end_all(&mut self) {
        self.live.clear();
    }
}
