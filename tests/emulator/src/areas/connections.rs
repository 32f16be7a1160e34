//! SSO connections.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::event;
use crate::model::Connection;
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::{Field, one_of, text};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("connections.list", list).query(LIST),
    Entry::new("connections.get", get),
    Entry::new("connections.enable", enable),
    Entry::new("connections.disable", disable),
    Entry::new("connections.delete", delete),
];

const LIST: &[Field] = &[text("organization_id", 0, 32), text("domain", 0, 32), one_of("include", &["all"])];

fn list(store: &mut Store, call: &Call) -> Outcome {
    let query = &call.query;
    let all = query.get("include").is_some();
    let wanted = |connection: &&Connection| {
        (all || connection.is_active())
            && query.get("organization_id").is_none_or(|id| id == connection.organization_id)
            && query.get("domain").is_none_or(|domain| connection.has_domain(&store.domains, domain))
    };
    let name = |connection: &Connection| {
        let organization = store.organizations.get(&connection.organization_id);
        organization.map_or("", |organization| &organization.display_name)
    };
    let found = store.connections.iter().filter(wanted);
    let connections: Vec<_> =
        found.map(|connection| connection.summary(&store.domains, name(connection))).collect();
    Ok(Reply::ok(json!({"connections": connections})))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"connection": find(store, call)?.detail(&store.domains)})))
}

fn enable(store: &mut Store, call: &Call) -> Outcome {
    switch(store, call, true)
}

fn disable(store: &mut Store, call: &Call) -> Outcome {
    switch(store, call, false)
}

/// Enables or disables a connection. Emits an event only if this changes it.
fn switch(store: &mut Store, call: &Call, enabled: bool) -> Outcome {
    let mut connection = find(store, call)?.clone();
    if enabled && !connection.is_completed() {
        let message = format!("connection is {}; only a COMPLETED one can be enabled", connection.status);
        return Err(ApiError::failed_precondition(message));
    }
    if connection.enabled != enabled {
        connection.enabled = enabled;
        call.events.emit(event::connection(if enabled { "enabled" } else { "disabled" }, &connection));
        store.connections.put(connection);
    }
    Ok(Reply::ok(json!({"enabled": enabled, "error_message": ""})))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let connection = find(store, call)?.clone();
    store.connections.remove(&connection.id);
    call.events.emit(event::connection("deleted", &connection));
    Ok(Reply::empty_object())
}

/// Finds a connection of the organization in the path. Connections of other organizations are not found.
fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a Connection, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("id"));
    let connection = store.connections.get(id);
    connection
        .filter(|connection| connection.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("connection", id))
}
