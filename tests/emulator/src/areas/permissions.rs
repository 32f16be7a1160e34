//! Permissions.

use serde_json::{Value, json};

use super::{Call, Entry, paging};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::Permission;
use crate::reply::{Outcome, Reply};
use crate::validate::shape::PERMISSION_NAME;
use crate::validate::{Field, enumeration, integer, text, text_shaped};
use crate::webhooks::event;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("permissions.list", list).query(LIST),
    Entry::new("permissions.create", create).body(PERMISSION),
    Entry::new("permissions.get", get),
    Entry::new("permissions.update", update).body(PERMISSION),
    Entry::new("permissions.delete", delete),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] = &[
    integer("page_size", 0, 100),
    text("page_token", 0, 4096),
    enumeration("type", &[("ALL", 0), ("SCALEKIT", 1), ("ENVIRONMENT", 2)]),
];

const PERMISSION: &[Field] =
    &[text_shaped("name", 1, 64, PERMISSION_NAME).required(), text("description", 0, 2000)];

fn list(env: &mut Environment, call: &Call) -> Outcome {
    let kind = call.query.get("type").unwrap_or("ALL");
    let wanted = |permission: &Permission| match kind {
        "SCALEKIT" => permission.is_scalekit_permission,
        "ENVIRONMENT" => !permission.is_scalekit_permission,
        _ => true,
    };
    let rows = env.store.permissions.with_positions().filter(|(_, permission)| wanted(permission)).collect();
    let page = paging::page(rows, call, &format!("permissions/{kind}"), DEFAULT_PAGE)?;
    Ok(Reply::ok(json!({
        "permissions": page.items,
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let name = call.text("name").unwrap_or_default();
    if env.store.permissions.get(name).is_some() {
        return Err(ApiError::already_exists("permission", "name", name));
    }
    let mut permission = Permission::new(env.ids.next("perm"), name, call.now);
    permission.description = call.text("description").unwrap_or_default().into();
    let body = json!({"permission": permission});
    env.emit(event::permission("created", &permission));
    env.store.permissions.put(permission);
    Ok(Reply::created(body))
}

fn get(env: &mut Environment, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"permission": find(env, call)?})))
}

fn update(env: &mut Environment, call: &Call) -> Outcome {
    let permission = find(env, call)?;
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
        env.emit(event::permission("updated", &permission));
    }
    Ok(Reply::ok(json!({"permission": permission})))
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let permission = find(env, call)?.clone();
    let name = &permission.name;
    if let Some(role) = env.store.roles.iter().find(|role| role.permissions.contains(name)) {
        let message = format!("the permission is in use by the role {}", role.name);
        return Err(ApiError::failed_precondition(message));
    }
    env.store.permissions.remove(name);
    env.emit(event::permission("deleted", &permission));
    Ok(Reply::empty_object())
}

fn find<'a>(env: &'a mut Environment, call: &Call) -> Result<&'a mut Permission, ApiError> {
    let name = call.param("permission_name");
    env.store.permissions.get_mut(name).ok_or_else(|| ApiError::not_found("permission", name))
}
