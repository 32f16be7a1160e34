//! The roles of one organization, and what they have in common with those of the environment.

use serde_json::{Value, json};

use super::{Call, Entry};
use crate::access::Shown;
use crate::error::ApiError;
use crate::model::{Role, RoleChange};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::{PERMISSION_NAME, ROLE_NAME};
use crate::validate::{Field, Rule, list as list_of, one_of, text, text_shaped};
use crate::webhooks::event;
use crate::world::World;

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

/// Which permissions a query asks for.
pub(super) fn shown(call: &Call) -> Shown {
    match call.query.get("include") {
        Some("permissions") => Shown::Own,
        Some(_) => Shown::All,
        None => Shown::None,
    }
}

/// Makes the role that a body describes.
pub(super) fn created(world: &mut World, call: &Call, organization_id: &str) -> Outcome {
    let name = call.text("name").unwrap_or_default();
    let mut role = Role::new(world.ids.next("role"), organization_id, name);
    role.apply(change(call)?);
    world.store.check_role_name(&role)?;
    world.store.check_role(&role)?;
    world.emit(event::role("created", &role));
    world.store.roles.put(role.clone());
    let written = world.store.written_role(organization_id, &role, Shown::Own);
    Ok(Reply::created(json!({"role": written})))
}

/// Puts a changed role in its place. Only a change is an event.
pub(super) fn keep(world: &mut World, role: Role) {
    let key = Role::key(&role.organization_id, &role.name);
    if world.store.roles.get(&key) != Some(&role) {
        world.emit(event::role("updated", &role));
    }
    world.store.roles.put(role);
}

/// Changes a role as a body says.
pub(super) fn changed(world: &mut World, call: &Call, mut role: Role) -> Outcome {
    role.apply(change(call)?);
    world.store.check_role(&role)?;
    keep(world, role.clone());
    let written = world.store.written_role(&role.organization_id, &role, Shown::Own);
    Ok(Reply::ok(json!({"role": written})))
}

fn change(call: &Call) -> Result<RoleChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let id = organization(world, call)?;
    let (store, shown) = (&world.store, shown(call));
    let roles: Vec<_> = store.roles_of(&id).map(|role| store.written_role(&id, role, shown)).collect();
    Ok(Reply::ok(json!({"roles": roles})))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let id = organization(world, call)?;
    created(world, call, &id)
}

fn get(world: &mut World, call: &Call) -> Outcome {
    let id = organization(world, call)?;
    let role = world.store.role(&id, call.param("role_name")).ok_or_else(|| missing(call))?;
    Ok(Reply::ok(json!({"role": world.store.written_role(&id, role, shown(call))})))
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let role = own_role(world, call)?;
    changed(world, call, role)
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let role = own_role(world, call)?;
    world.delete_role(&role, call.query.get("reassign_role_name"))?;
    Ok(Reply::nothing())
}

fn set_defaults(world: &mut World, call: &Call) -> Outcome {
    let id = organization(world, call)?;
    let name = call.text("default_member_role").unwrap_or_default();
    let refused = || ApiError::invalid_field("default_member_role", "exists", "there is no such role");
    let role = world.store.role(&id, name).cloned().ok_or_else(refused)?;
    world.store.default_roles.member_of.insert(id.clone(), role.name.clone());
    Ok(Reply::ok(json!({"default_member": world.store.written_role(&id, &role, Shown::Own)})))
}

fn organization(world: &World, call: &Call) -> Result<String, ApiError> {
    let id = call.param("org_id");
    let found = world.store.organizations.get(id).map(|own| own.id.clone());
    found.ok_or_else(|| ApiError::not_found("organization", id))
}

/// A role that the organization may change: one of the environment's is not.
fn own_role(world: &World, call: &Call) -> Result<Role, ApiError> {
    let id = organization(world, call)?;
    let role = world.store.roles.get(&Role::key(&id, call.param("role_name")));
    role.cloned().ok_or_else(|| missing(call))
}

fn missing(call: &Call) -> ApiError {
    ApiError::not_found("role", call.param("role_name"))
}
