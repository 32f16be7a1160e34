//! Sessions of users.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::Session;
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::validate::{Field, Rule, list, time};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("sessions.list_for_user", list_page).query(LIST),
    Entry::new("sessions.get", get),
    Entry::with_environment("sessions.revoke", revoke),
    Entry::with_environment("sessions.revoke_for_user", revoke_for_user),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] = &[
    paging::size(100),
    paging::TOKEN,
    list("filter.status", 10, &Rule::Text { min: 0, max: 32, shape: None }),
    time("filter.start_time"),
    time("filter.end_time"),
];

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    expire_sessions(store, call.now);
    let user = call.param("user_id");
    let statuses: Vec<_> = call.query.all("filter.status").collect();
    let time = |name: &str| call.query.get(name).and_then(Instant::parse);
    let (start, end) = (time("filter.start_time"), time("filter.end_time"));
    let wanted = |session: &Session| {
        session.user_id == user
            && (statuses.is_empty() || statuses.iter().any(|own| own.eq_ignore_ascii_case(&session.status)))
            && start.is_none_or(|start| session.created_at >= Some(start))
            && end.is_none_or(|end| session.created_at <= Some(end))
    };
    let sessions = store.sessions.with_positions().filter(|(_, session)| wanted(session));
    let rows = sessions.map(|(position, session)| (position, json!(session))).collect();
    paging::reply("sessions", rows, call, DEFAULT_PAGE)
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    expire_sessions(store, call.now);
    Ok(Reply::ok(json!(find(store, call)?)))
}

fn revoke(env: &mut Environment, call: &Call) -> Outcome {
    let store = &mut env.store;
    expire_sessions(store, call.now);
    let session = find(store, call)?;
    let (id, ended) = (session.session_id.clone(), session.revoke(call.now));
    let body = json!({"revoked_session": session.revoked()});
    if ended {
        rules::emit_session_event(store, call.events, &env.login.sessions, "logout", &id);
    }
    Ok(Reply::ok(body))
}

fn revoke_for_user(env: &mut Environment, call: &Call) -> Outcome {
    let (store, browsers) = (&mut env.store, &env.login.sessions);
    let revoked = rules::revoke_sessions(store, call.events, browsers, call.param("user_id"), call.now);
    Ok(Reply::ok(json!({"total_revoked": revoked.len(), "revoked_sessions": revoked})))
}

/// Expires the sessions whose timeouts have passed.
fn expire_sessions(store: &mut Store, now: Instant) {
    store.sessions.iter_mut().for_each(|session| session.settle(now));
}

fn find<'a>(store: &'a mut Store, call: &Call) -> Result<&'a mut Session, ApiError> {
    let id = call.param("session_id");
    store.sessions.get_mut(id).ok_or_else(|| ApiError::not_found("session", id))
}
