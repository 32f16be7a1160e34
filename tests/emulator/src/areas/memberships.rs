//! Memberships and invitations.

use serde_json::{Value, json};

use super::{Call, Entry, users};
use crate::clock::Instant;
use crate::error::ApiError;
use crate::interceptors::{InterceptorRequest, TriggerPoint};
use crate::members::user_role;
use crate::model::{Membership, MembershipChange, User};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::{EMAIL, ROLE_NAME};
use crate::validate::{Field, Rule, flag, list as list_of, output_only, text, text_map, text_shaped};
use crate::world::World;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("memberships.create", create).query(INVITE).body(CREATE),
    Entry::new("memberships.create_by_external_id", create).query(INVITE).body(CREATE),
    Entry::new("memberships.update", update).body(UPDATE),
    Entry::new("memberships.update_by_external_id", update).body(UPDATE),
    Entry::new("memberships.delete", delete),
    Entry::new("memberships.delete_by_external_id", delete),
    Entry::new("memberships.resend_invitation", resend_invitation).body(&[]),
    Entry::new("memberships.list_roles", list_roles),
    Entry::new("memberships.list_permissions", list_permissions),
];

pub(super) const INVITE: &[Field] = &[flag("send_invitation_email")];

pub(super) const CREATE: &[Field] = &[ROLES, METADATA, text_shaped("inviter_email", 5, 254, EMAIL)];

const UPDATE: &[Field] = &[ROLES, METADATA];

const ROLES: Field = list_of("roles", 100, &Rule::Object(ROLE));

const ROLE: &[Field] =
    &[text_shaped("name", 1, 64, ROLE_NAME).required(), text("display_name", 0, 100), output_only("id")];

const METADATA: Field = text_map("metadata", 20, (3, 25), (1, 256));

/// Whether the user gets an invitation. Without one, they become a member immediately.
pub(super) fn sends_invitation(call: &Call) -> bool {
    call.query.get("send_invitation_email") != Some("false")
}

/// The ID of the organization in the path.
pub(super) fn organization(world: &World, call: &Call) -> Result<String, ApiError> {
    let id = call.param("organization_id");
    let found = world.store.organizations.get(id).map(|own| own.id.clone());
    found.ok_or_else(|| ApiError::not_found("organization", id))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let organization_id = organization(world, call)?;
    let user = users::find(world, call)?.clone();
    check_new(world, &organization_id, &user.id)?;
    let membership =
        world.new_membership(&organization_id, &user.id, change(call)?, sends_invitation(call), "roles")?;
    add_or_invite(world, call, user, membership)
}

fn check_new(world: &World, organization_id: &str, user_id: &str) -> Result<(), ApiError> {
    match world.store.memberships.get(&Membership::key(organization_id, user_id)) {
        Some(_) => Err(ApiError::already_exists("membership", "user", user_id)),
        None => Ok(()),
    }
}

/// Adds a user as a member, or invites them unless an interceptor denies it.
pub(super) fn add_or_invite(world: &mut World, call: &Call, user: User, membership: Membership) -> Outcome {
    let now = call.now;
    if !membership.is_pending(now) {
        return add(world, user, membership, now);
    }
    let organization = world.store.organizations.get(&membership.organization_id);
    let organization = organization.map(|own| json!({"id": own.id, "name": own.display_name}));
    let context = json!({"user_email": user.email, "organization_id": membership.organization_id});
    let data = json!({"organization": organization});
    let request =
        InterceptorRequest::new(world, TriggerPoint::UserInvitation, call.user_agent, &context, data);
    let trace_id = call.trace_id.to_owned();
    Ok(world.consult(request, move |world, verdict| {
        let outcome = match verdict.denied {
            Some(why) => Err(ApiError::permission_denied(why)),
            None => add(world, user, membership, now),
        };
        outcome.unwrap_or_else(|error| error.into_reply(&trace_id))
    }))
}

/// Adds a user with a membership. Repeats the checks, because the state can change during an interceptor call.
fn add(world: &mut World, user: User, membership: Membership, now: Instant) -> Outcome {
    world.store.check_user(&user)?;
    check_new(world, &membership.organization_id, &user.id)?;
    if world.store.organizations.get(&membership.organization_id).is_none() {
        return Err(ApiError::not_found("organization", &membership.organization_id));
    }
    let user = world.admit(user, membership);
    Ok(Reply::created(json!({"user": world.store.user_json(&user, now)})))
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let user = users::find(world, call)?.clone();
    let before = find(world, call, &user.id)?.clone();
    let mut membership = before.clone();
    membership.apply(change(call)?);
    world.store.check_roles("roles", &membership)?;
    if membership != before {
        world.tell_membership("organization_membership_updated", &membership.organization_id, &user.id);
    }
    world.store.memberships.put(membership);
    Ok(Reply::ok(json!({"user": world.store.user_json(&user, call.now)})))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let user_id = users::find(world, call)?.id.clone();
    find(world, call, &user_id)?;
    world.delete_membership(call.param("organization_id"), &user_id, call.now);
    Ok(Reply::empty_object())
}

fn resend_invitation(world: &mut World, call: &Call) -> Outcome {
    let user = users::find(world, call)?.clone();
    let mut membership = find(world, call, &user.id)?.clone();
    if !membership.resend(call.now) {
        return Err(ApiError::failed_precondition("there is no pending invitation"));
    }
    world.send_invitation(&membership, &user.email);
    let invite = membership.invitation(call.now);
    world.tell_membership("organization_invitation", &membership.organization_id, &user.id);
    world.store.memberships.put(membership);
    Ok(Reply::ok(json!({"invite": invite})))
}

fn list_roles(world: &mut World, call: &Call) -> Outcome {
    let membership = find(world, call, call.param("user_id"))?;
    let roles: Vec<_> = world.store.roles_of_membership(membership).map(user_role).collect();
    Ok(Reply::ok(json!({"roles": roles})))
}

fn list_permissions(world: &mut World, call: &Call) -> Outcome {
    let membership = find(world, call, call.param("user_id"))?;
    let permissions = world.store.permissions_of_membership(membership).into_iter();
    let permissions =
        permissions.map(|own| json!({"id": own.id, "name": own.name, "description": own.description}));
    Ok(Reply::ok(json!({"permissions": permissions.collect::<Vec<_>>()})))
}

fn change(call: &Call) -> Result<MembershipChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

fn find<'a>(world: &'a World, call: &Call, user_id: &str) -> Result<&'a Membership, ApiError> {
    let key = Membership::key(call.param("organization_id"), user_id);
    world.store.memberships.get(&key).ok_or_else(|| ApiError::not_found("membership", &key))
}
