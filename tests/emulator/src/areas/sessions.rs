//! Sessions of users.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::clock::Instant;
use crate::error::ApiError;
use crate::login;
use crate::model::Session;
use crate::reply::{Outcome, Reply};
use crate::validate::shape::TIME;
use crate::validate::{Field, Rule, integer, list, text, text_shaped};
use crate::world::World;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("sessions.list_for_user", list_page).query(LIST),
    Entry::new("sessions.get", get),
    Entry::new("sessions.revoke", revoke),
    Entry::new("sessions.revoke_for_user", revoke_for_user),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] = &[
    integer("page_size", 0, 100),
    text("page_token", 0, 4096),
    list("filter.status", 10, &Rule::Text { min: 0, max: 32, shape: None }),
    text_shaped("filter.start_time", 0, 64, TIME),
    text_shaped("filter.end_time", 0, 64, TIME),
];

fn list_page(world: &mut World, call: &Call) -> Outcome {
    expire_sessions(world, call.now);
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
    let sessions = world.store.sessions.with_positions().filter(|(_, session)| wanted(session));
    let rows = sessions.map(|(position, session)| (position, json!(session))).collect();
    paging::reply("sessions", rows, call, DEFAULT_PAGE)
}

fn get(world: &mut World, call: &Call) -> Outcome {
    expire_sessions(world, call.now);
    Ok(Reply::ok(json!(find(world, call)?)))
}

fn revoke(world: &mut World, call: &Call) -> Outcome {
    expire_sessions(world, call.now);
    let session = find(world, call)?;
    let (id, ended) = (session.session_id.clone(), session.revoke(call.now));
    let body = json!({"revoked_session": session.revoked()});
    if ended {
        login::emit_session_event(world, "logout", &id);
    }
    Ok(Reply::ok(body))
}

fn revoke_for_user(world: &mut World, call: &Call) -> Outcome {
    let revoked = login::revoke_sessions(world, call.param("user_id"), call.now);
    Ok(Reply::ok(json!({"total_revoked": revoked.len(), "revoked_sessions": revoked})))
}

/// Expires the sessions whose timeouts have passed.
fn expire_sessions(world: &mut World, now: Instant) {
    world.store.sessions.iter_mut().for_each(|session| session.settle(now));
}

fn find<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Session, ApiError> {
    let id = call.param("session_id");
    world.store.sessions.get_mut(id).ok_or_else(|| ApiError::not_found("session", id))
}
