//! Who is logged in, in which browser.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::person::Person;
use crate::clock::Instant;
use crate::ids::{Ids, random_hex};
use crate::model;
use crate::percent;
use crate::request::Request;
use crate::webhooks::event;
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
    /// A person that no operation knows, as events write one.
    fn described(&self) -> Value {
        let (given, family) = self.person.names();
        json!({
            "id": self.subject,
            "email": self.person.email(),
            "external_id": self.person.external_id,
            "user_profile": {"given_name": given, "family_name": family},
        })
    }

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
    if world.login.sessions.get(id).is_none() {
        return;
    }
    let ended = world.store.sessions.get_mut(id).is_some_and(|shown| {
        shown.settle(now);
        shown.log_out(now)
    });
    if ended {
        tell(world, "logout", id);
    }
    world.login.sessions.end(id);
}

/// Ends the sessions of a user, and gives them as they are then. One whose time is over has ended by itself.
pub(crate) fn revoke_sessions(world: &mut World, user_id: &str, now: Instant) -> Vec<Value> {
    let mut revoked = Vec::new();
    for shown in world.store.sessions.iter_mut().filter(|shown| shown.user_id == user_id) {
        shown.settle(now);
        if shown.revoke(now) {
            revoked.push(shown.clone());
        }
    }
    for shown in &revoked {
        tell(world, "logout", &shown.session_id);
    }
    revoked.iter().map(model::Session::revoked).collect()
}

/// Says that a session began or ended: `user.login` or `user.logout`.
pub(crate) fn tell(world: &mut World, what: &str, id: &str) {
    let Some(shown) = world.store.sessions.get(id) else { return };
    let user = match (world.store.users.get(&shown.user_id), world.login.sessions.get(id)) {
        (Some(user), _) => event::user_data(user),
        (None, Some(session)) => session.described(),
        (None, None) => json!({"id": shown.user_id}),
    };
    let draft = event::session(what, shown, user);
    world.emit(draft);
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
        let made = self.subject(ids, person.email());
        let session = Session {
            id: ids.next("ses"),
            cookie: random_hex::<24>(),
            subject: person.subject.clone().unwrap_or(made),
            person,
            organization_id,
            connection_id,
        };
        self.live.insert(session.id.clone(), session.clone());
        session
    }

    /// The id of the person with this e-mail.
    pub(crate) fn subject(&mut self, ids: &mut Ids, email: &str) -> String {
        self.subjects.entry(email.to_ascii_lowercase()).or_insert_with(|| ids.next("usr")).clone()
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
