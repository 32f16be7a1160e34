//! Roles of the environment.

use serde_json::{Value, json};

use super::organization_roles::{
    CREATE, INCLUDE, REASSIGN, UPDATE, create_role, included_permissions, save, update_role,
};
use super::{Call, Entry};
use crate::error::ApiError;
use crate::model::{ENVIRONMENT, Permission, Role};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::IncludedPermissions;
use crate::store::Store;
use crate::validate::shape::{PERMISSION_NAME, ROLE_NAME};
use crate::validate::{Field, Rule, list as list_of, object, text, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("roles.list", list).query(INCLUDE),
    Entry::new("roles.create", create).body(CREATE),
    Entry::new("roles.get", get).query(INCLUDE),
    Entry::new("roles.update", update).body(UPDATE),
    Entry::new("roles.delete", delete).query(DELETE),
    Entry::new("roles.set_defaults", set_defaults).body(DEFAULTS),
    Entry::new("roles.update_defaults", set_defaults).body(DEFAULTS),
    Entry::new("roles.list_dependents", list_dependents),
    Entry::new("roles.count_users", count_users),
    Entry::new("roles.list_permissions", list_permissions),
    Entry::new("roles.list_effective_permissions", list_effective_permissions),
    Entry::new("roles.add_permissions", add_permissions).body(ADD),
    Entry::new("roles.remove_permission", remove_permission),
];

/// `reassign_role_id` is the deprecated form of `reassign_role_name`; its value is a name, too.
const DELETE: &[Field] = &[REASSIGN, text_shaped("reassign_role_id", 1, 64, ROLE_NAME)];

const DEFAULTS: &[Field] = &[
    text_shaped("default_creator_role", 1, 64, ROLE_NAME),
    text_shaped("default_member_role", 1, 64, ROLE_NAME),
    object("default_creator", DEFAULT_BY_ID),
    object("default_member", DEFAULT_BY_ID),
];

const DEFAULT_BY_ID: &[Field] = &[text("id", 1, 32).required(), text_shaped("name", 1, 64, ROLE_NAME)];

const ADD: &[Field] =
    &[list_of("permission_names", 100, &Rule::Text { min: 1, max: 64, shape: Some(PERMISSION_NAME) })
        .required()];

fn list(store: &mut Store, call: &Call) -> Outcome {
    let (store, included) = (&*store, included_permissions(call));
    let roles = store.roles_of(ENVIRONMENT).map(|role| store.role_json(ENVIRONMENT, role, included));
    Ok(Reply::ok(json!({"roles": roles.collect::<Vec<_>>()})))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    create_role(store, call, ENVIRONMENT)
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    let role = find(store, call)?;
    Ok(Reply::ok(json!({"role": store.role_json(ENVIRONMENT, role, included_permissions(call))})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let role = find(store, call)?.clone();
    update_role(store, call, role)
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let role = find(store, call)?.clone();
    let other = call.query.get("reassign_role_name").or_else(|| call.query.get("reassign_role_id"));
    rules::delete_role(store, call.events, &role, other)?;
    Ok(Reply::empty_object())
}

fn set_defaults(store: &mut Store, call: &Call) -> Outcome {
    let creator = default_role(store, call, "default_creator")?;
    let member = default_role(store, call, "default_member")?;
    let defaults = &mut store.default_roles;
    defaults.creator = creator.unwrap_or_else(|| defaults.creator.clone());
    defaults.member = member.unwrap_or_else(|| defaults.member.clone());
    let written = |name: &str| {
        let role = store.role(ENVIRONMENT, name);
        role.map(|role| store.role_json(ENVIRONMENT, role, IncludedPermissions::Own))
    };
    let defaults = &store.default_roles;
    Ok(Reply::ok(json!({
        "default_creator": written(&defaults.creator),
        "default_member": written(&defaults.member),
    })))
}

/// The name of the default role in the body, given by name or, in the deprecated form, by ID.
fn default_role(store: &Store, call: &Call, field: &str) -> Result<Option<String>, ApiError> {
    let by_name = format!("{field}_role");
    let role = match (call.text(&by_name), call.body.get(field)) {
        (Some(name), _) => store.role(ENVIRONMENT, name),
        (None, Some(old)) => store.roles_of(ENVIRONMENT).find(|role| old["id"] == role.id.as_str()),
        (None, None) => return Ok(None),
    };
    let refused = || ApiError::invalid_field(&by_name, "exists", "there is no such role");
    role.map(|role| Some(role.name.clone())).ok_or_else(refused)
}

fn list_dependents(store: &mut Store, call: &Call) -> Outcome {
    let (store, role) = (&*store, find(store, call)?);
    let roles =
        store.dependents(role).map(|role| store.role_json(ENVIRONMENT, role, IncludedPermissions::Own));
    Ok(Reply::ok(json!({"roles": roles.collect::<Vec<_>>()})))
}

fn count_users(store: &mut Store, call: &Call) -> Outcome {
    let role = find(store, call)?;
    let users: std::collections::BTreeSet<_> =
        store.memberships_with_role(role).map(|own| &own.user_id).collect();
    // 64-bit integers are serialized as text.
    Ok(Reply::ok(json!({"count": users.len().to_string()})))
}

fn list_permissions(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(permissions(store, find(store, call)?, IncludedPermissions::Own)))
}

fn list_effective_permissions(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(permissions(store, find(store, call)?, IncludedPermissions::Effective)))
}

fn add_permissions(store: &mut Store, call: &Call) -> Outcome {
    let mut role = find(store, call)?.clone();
    let names: Vec<String> = call.field("permission_names")?.unwrap_or_default();
    if names.is_empty() {
        return Err(ApiError::invalid_field(
            "permission_names",
            "repeated.min_items",
            "must have at least 1 entry",
        ));
    }
    store.check_permissions("permission_names", &names)?;
    role.add(names);
    let body = permissions(store, &role, IncludedPermissions::Own);
    save(store, call.events, role);
    Ok(Reply::ok(body))
}

fn remove_permission(store: &mut Store, call: &Call) -> Outcome {
    let (mut role, name) = (find(store, call)?.clone(), call.param("permission_name"));
    let position = role.permissions.iter().position(|own| own == name);
    role.permissions.remove(position.ok_or_else(|| ApiError::not_found("permission", name))?);
    save(store, call.events, role);
    Ok(Reply::empty_object())
}

fn permissions(store: &Store, role: &Role, included: IncludedPermissions) -> Value {
    let found = store.permissions_of(role, included);
    let permissions: Vec<&Permission> = found.into_iter().map(|(permission, _)| permission).collect();
    json!({"permissions": permissions})
}

fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a Role, ApiError> {
    let name = call.param("role_name");
    store.role(ENVIRONMENT, name).ok_or_else(|| ApiError::not_found("role", name))
}
