//! Roles of organizations, and the code shared with roles of the environment.

use serde_json::{Value, json};

use super::{Call, Entry};
use crate::error::ApiError;
use crate::event;
use crate::model::{Role, RoleChange};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::IncludedPermissions;
use crate::store::Store;
use crate::validate::shape::{PERMISSION_NAME, ROLE_NAME};
use crate::validate::{Field, Rule, fields, list as list_of, one_of, text, text_shaped};
use crate::webhooks::EventSink;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("organization_roles.list", list).query(INCLUDE),
    Entry::new("organization_roles.create", create).body(CREATE),
    Entry::new("organization_roles.get", get).query(INCLUDE),
    Entry::new("organization_roles.update", update).body(UPDATE),
    Entry::new("organization_roles.delete", delete).query(&[REASSIGN]),
    Entry::new("organization_roles.set_defaults", set_defaults).body(DEFAULTS),
];

pub(super) const INCLUDE: &[Field] = &[one_of("include", &["permissions", "permissions:all"])];

pub(super) const CREATE: &[Field] = fields!(
    &[
        text_shaped("name", 1, 64, ROLE_NAME).required(),
        DISPLAY_NAME.required(),
        text("description", 0, 2000)
    ],
    GRANTS
);

pub(super) const UPDATE: &[Field] = fields!(&[DISPLAY_NAME, text("description", 1, 2000)], GRANTS);

const DISPLAY_NAME: Field = text("display_name", 1, 100);
const GRANTS: &[Field] = &[text_shaped("extends", 1, 64, ROLE_NAME), PERMISSIONS];

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
pub(super) fn create_role(store: &mut Store, call: &Call, organization_id: &str) -> Outcome {
    let name = call.text("name").unwrap_or_default();
    let mut role = Role::new(store.ids.next("role"), organization_id, name);
    role.apply(change(call)?);
    store.check_role_name(&role)?;
    store.check_role(&role)?;
    call.events.emit(event::role("created", &role));
    store.roles.put(role.clone());
    let written = store.role_json(organization_id, &role, IncludedPermissions::Own);
    Ok(Reply::created(json!({"role": written})))
}

/// Saves a role. Emits an event only if it changed.
pub(super) fn save(store: &mut Store, events: &EventSink, role: Role) {
    let key = Role::key(&role.organization_id, &role.name);
    if store.roles.get(&key) != Some(&role) {
        events.emit(event::role("updated", &role));
    }
    store.roles.put(role);
}

/// Updates a role from the body.
pub(super) fn update_role(store: &mut Store, call: &Call, mut role: Role) -> Outcome {
    role.apply(change(call)?);
    store.check_role(&role)?;
    save(store, call.events, role.clone());
    let written = store.role_json(&role.organization_id, &role, IncludedPermissions::Own);
    Ok(Reply::ok(json!({"role": written})))
}

fn change(call: &Call) -> Result<RoleChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

fn list(store: &mut Store, call: &Call) -> Outcome {
    let id = organization(store, call)?;
    let (store, included) = (&*store, included_permissions(call));
    let roles: Vec<_> = store.roles_of(&id).map(|role| store.role_json(&id, role, included)).collect();
    Ok(Reply::ok(json!({"roles": roles})))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let id = organization(store, call)?;
    create_role(store, call, &id)
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    let id = organization(store, call)?;
    let role = store.role(&id, call.param("role_name")).ok_or_else(|| missing(call))?;
    Ok(Reply::ok(json!({"role": store.role_json(&id, role, included_permissions(call))})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let role = own_role(store, call)?;
    update_role(store, call, role)
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let role = own_role(store, call)?;
    rules::delete_role(store, call.events, &role, call.query.get("reassign_role_name"))?;
    Ok(Reply::empty_object())
}

fn set_defaults(store: &mut Store, call: &Call) -> Outcome {
    let id = organization(store, call)?;
    let name = call.text("default_member_role").unwrap_or_default();
    let refused = || ApiError::invalid_field("default_member_role", "exists", "there is no such role");
    let role = store.role(&id, name).cloned().ok_or_else(refused)?;
    store.default_roles.member_by_organization.insert(id.clone(), role.name.clone());
    Ok(Reply::ok(json!({"default_member": store.role_json(&id, &role, IncludedPermissions::Own)})))
}

fn organization(store: &Store, call: &Call) -> Result<String, ApiError> {
    let id = call.param("org_id");
    let found = store.organizations.get(id).map(|own| own.id.clone());
    found.ok_or_else(|| ApiError::not_found("organization", id))
}

/// Finds a role of the organization itself. It cannot change the environment's roles.
fn own_role(store: &Store, call: &Call) -> Result<Role, ApiError> {
    let id = organization(store, call)?;
    let role = store.roles.get(&Role::key(&id, call.param("role_name")));
    role.cloned().ok_or_else(|| missing(call))
}

fn missing(call: &Call) -> ApiError {
    ApiError::not_found("role", call.param("role_name"))
}
