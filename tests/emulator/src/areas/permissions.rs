//! Permissions.

use serde_json::{Value, json};

use super::{Call, Entry, paging};
use crate::error::ApiError;
use crate::event;
use crate::model::Permission;
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::shape::PERMISSION_NAME;
use crate::validate::{Field, enumeration, text, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("permissions.list", list).query(LIST),
    Entry::new("permissions.create", create).body(PERMISSION),
    Entry::new("permissions.get", get),
    Entry::new("permissions.update", update).body(PERMISSION),
    Entry::new("permissions.delete", delete),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] = &[
    paging::size(100),
    paging::TOKEN,
    enumeration("type", &[("ALL", 0), ("SCALEKIT", 1), ("ENVIRONMENT", 2)]),
];

const PERMISSION: &[Field] =
    &[text_shaped("name", 1, 64, PERMISSION_NAME).required(), text("description", 0, 2000)];

fn list(store: &mut Store, call: &Call) -> Outcome {
    let kind = call.query.get("type").unwrap_or("ALL");
    let wanted = |permission: &Permission| match kind {
        "SCALEKIT" => permission.is_scalekit_permission,
        "ENVIRONMENT" => !permission.is_scalekit_permission,
        _ => true,
    };
    let rows = store.permissions.with_positions().filter(|(_, permission)| wanted(permission)).collect();
    let page = paging::page(rows, call, &format!("permissions/{kind}"), DEFAULT_PAGE)?;
    Ok(Reply::ok(json!({
        "permissions": page.items,
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let name = call.text("name").unwrap_or_default();
    if store.permissions.get(name).is_some() {
        return Err(ApiError::already_exists("permission", "name", name));
    }
    let mut permission = Permission::new(store.ids.next("perm"), name, call.now);
    permission.description = call.text("description").unwrap_or_default().into();
    let body = json!({"permission": permission});
    call.events.emit(event::permission("created", &permission));
    store.permissions.put(permission);
    Ok(Reply::created(body))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"permission": find(store, call)?})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let permission = find(store, call)?;
    if call.body.get("name") != Some(&Value::from(permission.name.as_str())) {
        return Err(ApiError::invalid_field("name", "immutable", "cannot be changed"));
    }
    let before = permission.description.clone();
    if let Some(description) = call.text("description") {
        permission.description = description.into();
    }
    permission.update_time = call.now;
    let permission = permission.clone();
    if permission.description != before {
        call.events.emit(event::permission("updated", &permission));
    }
    Ok(Reply::ok(json!({"permission": permission})))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let permission = find(store, call)?.clone();
    let name = &permission.name;
    if let Some(role) = store.roles.iter().find(|role| role.permissions.contains(name)) {
        let message = format!("the permission is in use by the role {}", role.name);
        return Err(ApiError::failed_precondition(message));
    }
    store.permissions.remove(name);
    call.events.emit(event::permission("deleted", &permission));
    Ok(Reply::empty_object())
}

fn find<'a>(store: &'a mut Store, call: &Call) -> Result<&'a mut Permission, ApiError> {
    let name = call.param("permission_name");
    store.permissions.get_mut(name).ok_or_else(|| ApiError::not_found("permission", name))
}
