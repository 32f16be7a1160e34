//! SSO connections.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::model::Connection;
use crate::reply::{Outcome, Reply};
use crate::validate::{Field, one_of, text};
use crate::webhooks::event;
use crate::world::World;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("connections.list", list).query(LIST),
    Entry::new("connections.get", get),
    Entry::new("connections.enable", enable),
    Entry::new("connections.disable", disable),
    Entry::new("connections.delete", delete),
];

const LIST: &[Field] = &[text("organization_id", 0, 32), text("domain", 0, 32), one_of("include", &["all"])];

fn list(world: &mut World, call: &Call) -> Outcome {
    let query = &call.query;
    let all = query.get("include").is_some();
    let wanted = |connection: &&Connection| {
        (all || connection.is_active())
            && query.get("organization_id").is_none_or(|id| id == connection.organization_id)
            && query.get("domain").is_none_or(|domain| connection.has_domain(&world.store, domain))
    };
    let name = |connection: &Connection| {
        let organization = world.store.organizations.get(&connection.organization_id);
        organization.map_or("", |organization| &organization.display_name)
    };
    let found = world.store.connections.iter().filter(wanted);
    let connections: Vec<_> =
        found.map(|connection| connection.summary(&world.store, name(connection))).collect();
    Ok(Reply::ok(json!({"connections": connections})))
}

fn get(world: &mut World, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"connection": find(world, call)?.detail(&world.store)})))
}

fn enable(world: &mut World, call: &Call) -> Outcome {
    switch(world, call, true)
}

fn disable(world: &mut World, call: &Call) -> Outcome {
    switch(world, call, false)
}

/// Enables or disables a connection. Emits an event only if this changes it.
fn switch(world: &mut World, call: &Call, enabled: bool) -> Outcome {
    let mut connection = find(world, call)?.clone();
    if enabled && !connection.is_completed() {
        let message = format!("connection is {}; only a COMPLETED one can be enabled", connection.status);
        return Err(ApiError::failed_precondition(message));
    }
    if connection.enabled != enabled {
        connection.enabled = enabled;
        world.emit(event::connection(if enabled { "enabled" } else { "disabled" }, &connection));
        world.store.connections.put(connection);
    }
    Ok(Reply::ok(json!({"enabled": enabled, "error_message": ""})))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let connection = find(world, call)?.clone();
    world.store.connections.remove(&connection.id);
    world.emit(event::connection("deleted", &connection));
    Ok(Reply::empty_object())
}

/// Finds a connection of the organization in the path. Connections of other organizations are not found.
fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Connection, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("id"));
    let connection = world.store.connections.get(id);
    connection
        .filter(|connection| connection.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("connection", id))
}
