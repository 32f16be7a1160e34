//! Directories, and their users and groups.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::clock::Instant;
use crate::error::ApiError;
use crate::event;
use crate::model::{Directory, DirectoryGroup, DirectoryUser};
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::{Field, flag, text, time};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("directories.list", list),
    Entry::new("directories.get", get),
    Entry::new("directories.enable", enable),
    Entry::new("directories.disable", disable),
    Entry::new("directories.list_users", list_users).query(USERS),
    Entry::new("directories.list_groups", list_groups).query(GROUPS),
];

const DEFAULT_PAGE: usize = 10;

const USERS: &[Field] = &[
    paging::size(30),
    paging::TOKEN,
    flag("include_detail"),
    text("directory_group_id", 0, 32),
    time("updated_after"),
];

const GROUPS: &[Field] = &[
    paging::size(30),
    paging::TOKEN,
    time("updated_after"),
    flag("include_detail"),
    flag("include_external_groups"),
];

fn list(store: &mut Store, call: &Call) -> Outcome {
    let organization = call.organization(store)?;
    let own = store.directories.iter().filter(|own| own.organization_id == organization.id);
    let directories: Vec<_> = own.map(|directory| store.directory_json(directory)).collect();
    Ok(Reply::ok(json!({"directories": directories})))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"directory": store.directory_json(find(store, call, "id")?)})))
}

fn enable(store: &mut Store, call: &Call) -> Outcome {
    switch(store, call, true)
}

fn disable(store: &mut Store, call: &Call) -> Outcome {
    switch(store, call, false)
}

fn switch(store: &mut Store, call: &Call, enabled: bool) -> Outcome {
    let mut directory = find(store, call, "id")?.clone();
    if enabled && !directory.is_completed() {
        let message = format!("directory is {}; only a COMPLETED one can be enabled", directory.status);
        return Err(ApiError::failed_precondition(message));
    }
    if directory.enabled != enabled {
        directory.enabled = enabled;
        call.events.emit(event::directory(
            if enabled { "enabled" } else { "disabled" },
            &directory,
            call.now,
        ));
        store.directories.put(directory);
    }
    Ok(Reply::ok(json!({"enabled": enabled, "error_message": ""})))
}

fn list_users(store: &mut Store, call: &Call) -> Outcome {
    let (store, id) = (&*store, find(store, call, "directory_id")?.id.as_str());
    let (group, after) = (call.query.get("directory_group_id"), updated_after(call));
    let wanted = |user: &DirectoryUser| {
        user.directory_id == id
            && group.is_none_or(|group| user.groups.iter().any(|own| own == group))
            && after.is_none_or(|after| user.updated_at > after)
    };
    let rows = store.directory_users.with_positions().filter(|(_, user)| wanted(user)).collect();
    let page = paging::page(rows, call, &scope(call, "users", id), DEFAULT_PAGE)?;
    let detail = is_set(call, "include_detail");
    let users: Vec<_> = page.items.iter().map(|user| user.json(&store.directory_groups, detail)).collect();
    Ok(Reply::ok(json!({
        "users": users,
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn list_groups(store: &mut Store, call: &Call) -> Outcome {
    let (store, id) = (&*store, find(store, call, "directory_id")?.id.as_str());
    let (external, after) = (is_set(call, "include_external_groups"), updated_after(call));
    let wanted = |group: &DirectoryGroup| {
        group.directory_id == id
            && (external || !group.external)
            && after.is_none_or(|after| group.updated_at > after)
    };
    let rows = store.directory_groups.with_positions().filter(|(_, group)| wanted(group)).collect();
    let page = paging::page(rows, call, &scope(call, "groups", id), DEFAULT_PAGE)?;
    let detail = is_set(call, "include_detail");
    let groups: Vec<_> = page.items.iter().map(|group| group.json(detail)).collect();
    Ok(Reply::ok(json!({
        "groups": groups,
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn is_set(call: &Call, name: &str) -> bool {
    call.query.get(name) == Some("true")
}

fn updated_after(call: &Call) -> Option<Instant> {
    call.query.get("updated_after").and_then(Instant::parse)
}

/// The scope of a page token: the list and its filters.
fn scope(call: &Call, list: &str, id: &str) -> String {
    let filters = ["directory_group_id", "updated_after", "include_external_groups"];
    let filters = filters.map(|name| call.query.get(name).unwrap_or_default());
    format!("directories/{id}/{list}/{}", filters.join("/"))
}

/// Finds a directory of the organization in the path. Directories of other organizations are not found.
fn find<'a>(store: &'a Store, call: &Call, name: &str) -> Result<&'a Directory, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param(name));
    let directory = store.directories.get(id);
    directory
        .filter(|directory| directory.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("directory", id))
}
