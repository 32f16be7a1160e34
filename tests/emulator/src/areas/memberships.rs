//! Memberships and invitations.

use serde_json::{Value, json};

use super::invitations::{INVITE, MEMBERSHIP, METADATA, ROLES, add_or_invite, check_new, sends_invitation};
use super::{Call, Entry, users};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::{Membership, MembershipChange};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::{Store, role_summary};
use crate::validate::Field;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::with_environment("memberships.create", create).query(INVITE).body(MEMBERSHIP),
    Entry::with_environment("memberships.create_by_external_id", create).query(INVITE).body(MEMBERSHIP),
    Entry::new("memberships.update", update).body(UPDATE),
    Entry::new("memberships.update_by_external_id", update).body(UPDATE),
    Entry::with_environment("memberships.delete", delete),
    Entry::with_environment("memberships.delete_by_external_id", delete),
    Entry::new("memberships.resend_invitation", resend_invitation).body(&[]),
    Entry::new("memberships.list_roles", list_roles),
    Entry::new("memberships.list_permissions", list_permissions),
];

const UPDATE: &[Field] = &[ROLES, METADATA];

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let store = &env.store;
    let organization_id = call.organization(store)?.id.clone();
    let user = users::find(store, call)?.clone();
    check_new(store, &organization_id, &user.id)?;
    let key = (organization_id.as_str(), user.id.as_str());
    let membership = store.new_membership(key, change(call)?, sends_invitation(call), "roles", call.now)?;
    add_or_invite(env, call, user, membership)
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let user = users::find(store, call)?.clone();
    let before = find(store, call, &user.id)?.clone();
    let mut membership = before.clone();
    membership.apply(change(call)?);
    store.check_roles("roles", &membership)?;
    if membership != before {
        let updated = "organization_membership_updated";
        rules::emit_membership_event(store, call.events, updated, &membership.organization_id, &user.id);
    }
    store.memberships.put(membership);
    Ok(Reply::ok(json!({"user": store.user_json(&user, call.now)})))
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let user_id = users::find(&env.store, call)?.id.clone();
    find(&env.store, call, &user_id)?;
    let key = (call.param("organization_id"), user_id.as_str());
    rules::delete_membership(&mut env.store, call.events, &env.login.sessions, key, call.now);
    Ok(Reply::empty_object())
}

fn resend_invitation(store: &mut Store, call: &Call) -> Outcome {
    let user = users::find(store, call)?.clone();
    let mut membership = find(store, call, &user.id)?.clone();
    if !membership.resend(call.now) {
        return Err(ApiError::failed_precondition("there is no pending invitation"));
    }
    rules::send_invitation(store, &membership, &user.email, call.now);
    let invite = membership.invitation(call.now);
    let invited = "organization_invitation";
    rules::emit_membership_event(store, call.events, invited, &membership.organization_id, &user.id);
    store.memberships.put(membership);
    Ok(Reply::ok(json!({"invite": invite})))
}

fn list_roles(store: &mut Store, call: &Call) -> Outcome {
    let membership = find(store, call, call.param("user_id"))?;
    let roles: Vec<_> = store.roles_of_membership(membership).map(role_summary).collect();
    Ok(Reply::ok(json!({"roles": roles})))
}

fn list_permissions(store: &mut Store, call: &Call) -> Outcome {
    let membership = find(store, call, call.param("user_id"))?;
    let permissions = store.permissions_of_membership(membership).into_iter();
    let permissions =
        permissions.map(|own| json!({"id": own.id, "name": own.name, "description": own.description}));
    Ok(Reply::ok(json!({"permissions": permissions.collect::<Vec<_>>()})))
}

fn change(call: &Call) -> Result<MembershipChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

fn find<'a>(store: &'a Store, call: &Call, user_id: &str) -> Result<&'a Membership, ApiError> {
    let key = Membership::key(call.param("organization_id"), user_id);
    store.memberships.get(&key).ok_or_else(|| ApiError::not_found("membership", &key))
}
