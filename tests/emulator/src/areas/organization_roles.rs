//! Roles of organizations, and the code shared with roles of the environment.

use serde_json::{Value, json};

use super::{Call, Entry};
use crate::access::IncludedPermissions;
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::{Role, RoleChange};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::{PERMISSION_NAME, ROLE_NAME};
use crate::validate::{Field, Rule, list as list_of, one_of, text, text_shaped};
use crate::webhooks::event;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("organization_roles.list", list).query(INCLUDE),
    Entry::new("organization_roles.create", create).body(CREATE),
    Entry::new("organization_roles.get", get).query(INCLUDE),
    Entry::new("organization_roles.update", update).body(UPDATE),
    Entry::new("organization_roles.delete", delete).query(&[REASSIGN]),
    Entry::new("organization_roles.set_defaults", set_defaults).body(DEFAULTS),
];

pub(super) const INCLUDE: &[Field] = &[one_of("include", &["permissions", "permissions:all"])];

pub(super) const CREATE: &[Field] = &[
    text_shaped("name", 1, 64, ROLE_NAME).required(),
    text("display_name", 1, 100).required(),
    text("description", 0, 2000),
    text_shaped("extends", 1, 64, ROLE_NAME),
    PERMISSIONS,
];

pub(super) const UPDATE: &[Field] = &[
    text("display_name", 1, 100),
    text("description", 1, 2000),
    text_shaped("extends", 1, 64, ROLE_NAME),
    PERMISSIONS,
];

pub(super) const REASSIGN: Field = text_shaped("reassign_role_name", 1, 64, ROLE_NAME);

const PERMISSIONS: Field =
    list_of("permissions", 100, &Rule::Text { min: 1, max: 64, shape: Some(PERMISSION_NAME) });

const DEFAULTS: &[Field] = &[text_shaped("default_member_role", 1, 64, ROLE_NAME).required()];

/// The permissions to include, from the query.
pub(super) fn included_permissions(call: &Call) -> IncludedPermissions {
    match call.query.get("include") {
        Some("permissions") => IncludedPermissions::Own,
        Some(_) => IncludedPermissions::Effective,
        None => IncludedPermissions::None,
    }
}

/// Creates a role from the body.
pub(super) fn create_role(env: &mut Environment, call: &Call, organization_id: &str) -> Outcome {
    let name = call.text("name").unwrap_or_default();
    let mut role = Role::new(env.ids.next("role"), organization_id, name);
    role.apply(change(call)?);
    env.store.check_role_name(&role)?;
    env.store.check_role(&role)?;
    env.emit(event::role("created", &role));
    env.store.roles.put(role.clone());
    let written = env.store.role_json(organization_id, &role, IncludedPermissions::Own);
    Ok(Reply::created(json!({"role": written})))
}

/// Saves a role. Emits an event only if it changed.
pub(super) fn save(env: &mut Environment, role: Role) {
    let key = Role::key(&role.organization_id, &role.name);
    if env.store.roles.get(&key) != Some(&role) {
        env.emit(event::role("updated", &role));
    }
    env.store.roles.put(role);
}

/// Updates a role from the body.
pub(super) fn update_role(env: &mut Environment, call: &Call, mut role: Role) -> Outcome {
    role.apply(change(call)?);
    env.store.check_role(&role)?;
    save(env, role.clone());
    let written = env.store.role_json(&role.organization_id, &role, IncludedPermissions::Own);
    Ok(Reply::ok(json!({"role": written})))
}

fn change(call: &Call) -> Result<RoleChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

fn list(env: &mut Environment, call: &Call) -> Outcome {
    let id = organization(env, call)?;
    let (store, included) = (&env.store, included_permissions(call));
    let roles: Vec<_> = store.roles_of(&id).map(|role| store.role_json(&id, role, included)).collect();
    Ok(Reply::ok(json!({"roles": roles})))
}

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let id = organization(env, call)?;
    create_role(env, call, &id)
}

fn get(env: &mut Environment, call: &Call) -> Outcome {
    let id = organization(env, call)?;
    let role = env.store.role(&id, call.param("role_name")).ok_or_else(|| missing(call))?;
    Ok(Reply::ok(json!({"role": env.store.role_json(&id, role, included_permissions(call))})))
}

fn update(env: &mut Environment, call: &Call) -> Outcome {
    let role = own_role(env, call)?;
    update_role(env, call, role)
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let role = own_role(env, call)?;
    env.delete_role(&role, call.query.get("reassign_role_name"))?;
    Ok(Reply::empty_object())
}

fn set_defaults(env: &mut Environment, call: &Call) -> Outcome {
    let id = organization(env, call)?;
    let name = call.text("default_member_role").unwrap_or_default();
    let refused = || ApiError::invalid_field("default_member_role", "exists", "there is no such role");
    let role = env.store.role(&id, name).cloned().ok_or_else(refused)?;
    env.store.default_roles.member_by_organization.insert(id.clone(), role.name.clone());
    Ok(Reply::ok(json!({"default_member": env.store.role_json(&id, &role, IncludedPermissions::Own)})))
}

fn organization(env: &Environment, call: &Call) -> Result<String, ApiError> {
    let id = call.param("org_id");
    let found = env.store.organizations.get(id).map(|own| own.id.clone());
    found.ok_or_else(|| ApiError::not_found("organization", id))
}

/// Finds a role of the organization itself. It cannot change the environment's roles.
fn own_role(env: &Environment, call: &Call) -> Result<Role, ApiError> {
    let id = organization(env, call)?;
    let role = env.store.roles.get(&Role::key(&id, call.param("role_name")));
    role.cloned().ok_or_else(|| missing(call))
}

fn missing(call: &Call) -> ApiError {
    ApiError::not_found("role", call.param("role_name"))
}
