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
];

const LIST: &[Field] = &[text("organization_id", 0, 32), text("domain", 0, 32), one_of("include", &["all"])];

fn list(world: &mut World, call: &Call) -> Outcome {
    let query = &call.query;
    let all = query.get("include").is_some();
    let wanted = |connection: &&Connection| {
        (all || connection.is_active())
            && query.get("organization_id").is_none_or(|id| id == connection.organization_id)
            && query.get("domain").is_none_or(|domain| connection.has_domain(domain))
    };
    let name = |connection: &Connection| {
        let organization = world.store.organizations.get(&connection.organization_id);
        organization.map_or("", |organization| &organization.display_name)
    };
    let found = world.store.connections.iter().filter(wanted);
    let connections: Vec<_> = found.map(|connection| connection.summary(name(connection))).collect();
    Ok(Reply::ok(json!({"connections": connections})))
}

fn get(world: &mut World, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"connection": find(world, call)?.detail()})))
}

fn enable(world: &mut World, call: &Call) -> Outcome {
    let connection = find(world, call)?;
    if !connection.is_completed() {
        let message = format!("connection is {}; only a COMPLETED one can be enabled", connection.status);
        return Err(ApiError::failed_precondition(message));
    }
    toggle(world, call, true)
}

fn disable(world: &mut World, call: &Call) -> Outcome {
    toggle(world, call, false)
}

/// Only a change is an event.
fn toggle(world: &mut World, call: &Call, enabled: bool) -> Outcome {
    let connection = find(world, call)?;
    let changes = connection.enabled != enabled;
    connection.enabled = enabled;
    let connection = connection.clone();
    if changes {
        world.emit(event::connection(if enabled { "enabled" } else { "disabled" }, &connection));
    }
    Ok(Reply::ok(json!({"enabled": enabled, "error_message": ""})))
}

/// A connection of another organization does not exist here.
fn find<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Connection, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("id"));
    let connection = world.store.connections.get_mut(id);
    connection
        .filter(|connection| connection.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("connection", id))
}
