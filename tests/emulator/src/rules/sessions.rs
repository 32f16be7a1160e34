//! The end of sessions.

use serde_json::{Value, json};

use crate::clock::Instant;
use crate::event;
use crate::login_state::Sessions;
use crate::model::Session;
use crate::store::Store;
use crate::webhooks::EventSink;

/// Revokes the active sessions of a user and returns them. Expired sessions are skipped.
pub(crate) fn revoke_sessions(
    store: &mut Store,
    events: &EventSink,
    browsers: &Sessions,
    user_id: &str,
    now: Instant,
) -> Vec<Value> {
    let mut revoked = Vec::new();
    for session in store.sessions.iter_mut().filter(|session| session.user_id == user_id) {
        session.settle(now);
        if session.revoke(now) {
            revoked.push(session.clone());
        }
    }
    for session in &revoked {
        emit_session_event(store, events, browsers, "logout", &session.session_id);
    }
    revoked.iter().map(Session::revoked).collect()
}

/// Emits `user.login` or `user.logout`. The browser session describes a person who is not a user of the environment.
pub(crate) fn emit_session_event(
    store: &Store,
    events: &EventSink,
    browsers: &Sessions,
    action: &str,
    id: &str,
) {
    let Some(session) = store.sessions.get(id) else { return };
    let user = match (store.users.get(&session.user_id), browsers.get(id)) {
        (Some(user), _) => event::user_data(user),
        (None, Some(browser)) => browser.user_data(),
        (None, None) => json!({"id": session.user_id}),
    };
    events.emit(event::session(action, session, user));
}
