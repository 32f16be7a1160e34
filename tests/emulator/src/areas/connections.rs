//! SSO connections.

use serde_json::json;

use super::{Call, Entry};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::Connection;
use crate::reply::{Outcome, Reply};
use crate::validate::{Field, one_of, text};
use crate::webhooks::event;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("connections.list", list).query(LIST),
    Entry::new("connections.get", get),
    Entry::new("connections.enable", enable),
    Entry::new("connections.disable", disable),
    Entry::new("connections.delete", delete),
];

const LIST: &[Field] = &[text("organization_id", 0, 32), text("domain", 0, 32), one_of("include", &["all"])];

fn list(env: &mut Environment, call: &Call) -> Outcome {
    let query = &call.query;
    let all = query.get("include").is_some();
    let wanted = |connection: &&Connection| {
        (all || connection.is_active())
            && query.get("organization_id").is_none_or(|id| id == connection.organization_id)
            && query.get("domain").is_none_or(|domain| connection.has_domain(&env.store, domain))
    };
    let name = |connection: &Connection| {
        let organization = env.store.organizations.get(&connection.organization_id);
        organization.map_or("", |organization| &organization.display_name)
    };
    let found = env.store.connections.iter().filter(wanted);
    let connections: Vec<_> =
        found.map(|connection| connection.summary(&env.store, name(connection))).collect();
    Ok(Reply::ok(json!({"connections": connections})))
}

fn get(env: &mut Environment, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"connection": find(env, call)?.detail(&env.store)})))
}

fn enable(env: &mut Environment, call: &Call) -> Outcome {
    switch(env, call, true)
}

fn disable(env: &mut Environment, call: &Call) -> Outcome {
    switch(env, call, false)
}

/// Enables or disables a connection. Emits an event only if this changes it.
fn switch(env: &mut Environment, call: &Call, enabled: bool) -> Outcome {
    let mut connection = find(env, call)?.clone();
    if enabled && !connection.is_completed() {
        let message = format!("connection is {}; only a COMPLETED one can be enabled", connection.status);
        return Err(ApiError::failed_precondition(message));
    }
    if connection.enabled != enabled {
        connection.enabled = enabled;
        env.emit(event::connection(if enabled { "enabled" } else { "disabled" }, &connection));
        env.store.connections.put(connection);
    }
    Ok(Reply::ok(json!({"enabled": enabled, "error_message": ""})))
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let connection = find(env, call)?.clone();
    env.store.connections.remove(&connection.id);
    env.emit(event::connection("deleted", &connection));
    Ok(Reply::empty_object())
}

/// Finds a connection of the organization in the path. Connections of other organizations are not found.
fn find<'a>(env: &'a Environment, call: &Call) -> Result<&'a Connection, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("id"));
    let connection = env.store.connections.get(id);
    connection
        .filter(|connection| connection.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("connection", id))
}
