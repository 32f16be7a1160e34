//! Memberships and invitations.

use serde_json::{Value, json};

use super::{Call, Entry, users};
use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ApiError;
use crate::interceptors::{InterceptorRequest, TriggerPoint};
use crate::members::user_role;
use crate::model::{Membership, MembershipChange, User};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::{EMAIL, ROLE_NAME};
use crate::validate::{Field, Rule, flag, list as list_of, output_only, text, text_map, text_shaped};

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
pub(super) fn organization(env: &Environment, call: &Call) -> Result<String, ApiError> {
    let id = call.param("organization_id");
    let found = env.store.organizations.get(id).map(|own| own.id.clone());
    found.ok_or_else(|| ApiError::not_found("organization", id))
}

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let organization_id = organization(env, call)?;
    let user = users::find(env, call)?.clone();
    check_new(env, &organization_id, &user.id)?;
    let membership =
        env.new_membership(&organization_id, &user.id, change(call)?, sends_invitation(call), "roles")?;
    add_or_invite(env, call, user, membership)
}

fn check_new(env: &Environment, organization_id: &str, user_id: &str) -> Result<(), ApiError> {
    match env.store.memberships.get(&Membership::key(organization_id, user_id)) {
        Some(_) => Err(ApiError::already_exists("membership", "user", user_id)),
        None => Ok(()),
    }
}

/// Adds a user as a member, or invites them unless an interceptor denies it.
pub(super) fn add_or_invite(
    env: &mut Environment,
    call: &Call,
    user: User,
    membership: Membership,
) -> Outcome {
    let now = call.now;
    if !membership.is_pending(now) {
        return add(env, user, membership, now);
    }
    let organization = env.store.organizations.get(&membership.organization_id);
    let organization = organization.map(|own| json!({"id": own.id, "name": own.display_name}));
    let context = json!({"user_email": user.email, "organization_id": membership.organization_id});
    let data = json!({"organization": organization});
    let request = InterceptorRequest::new(env, TriggerPoint::UserInvitation, call.user_agent, &context, data);
    let trace_id = call.trace_id.to_owned();
    Ok(env.consult(request, move |env, verdict| {
        let outcome = match verdict.denied {
            Some(why) => Err(ApiError::permission_denied(why)),
            None => add(env, user, membership, now),
        };
        outcome.unwrap_or_else(|error| error.into_reply(&trace_id))
    }))
}

/// Adds a user with a membership. Repeats the checks, because the state can change during an interceptor call.
fn add(env: &mut Environment, user: User, membership: Membership, now: Instant) -> Outcome {
    env.store.check_user(&user)?;
    check_new(env, &membership.organization_id, &user.id)?;
    if env.store.organizations.get(&membership.organization_id).is_none() {
        return Err(ApiError::not_found("organization", &membership.organization_id));
    }
    let user = env.add_membership(user, membership);
    Ok(Reply::created(json!({"user": env.store.user_json(&user, now)})))
}

fn update(env: &mut Environment, call: &Call) -> Outcome {
    let user = users::find(env, call)?.clone();
    let before = find(env, call, &user.id)?.clone();
    let mut membership = before.clone();
    membership.apply(change(call)?);
    env.store.check_roles("roles", &membership)?;
    if membership != before {
        env.emit_membership_event("organization_membership_updated", &membership.organization_id, &user.id);
    }
    env.store.memberships.put(membership);
    Ok(Reply::ok(json!({"user": env.store.user_json(&user, call.now)})))
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let user_id = users::find(env, call)?.id.clone();
    find(env, call, &user_id)?;
    env.delete_membership(call.param("organization_id"), &user_id, call.now);
    Ok(Reply::empty_object())
}

fn resend_invitation(env: &mut Environment, call: &Call) -> Outcome {
    let user = users::find(env, call)?.clone();
    let mut membership = find(env, call, &user.id)?.clone();
    if !membership.resend(call.now) {
        return Err(ApiError::failed_precondition("there is no pending invitation"));
    }
    env.send_invitation(&membership, &user.email);
    let invite = membership.invitation(call.now);
    env.emit_membership_event("organization_invitation", &membership.organization_id, &user.id);
    env.store.memberships.put(membership);
    Ok(Reply::ok(json!({"invite": invite})))
}

fn list_roles(env: &mut Environment, call: &Call) -> Outcome {
    let membership = find(env, call, call.param("user_id"))?;
    let roles: Vec<_> = env.store.roles_of_membership(membership).map(user_role).collect();
    Ok(Reply::ok(json!({"roles": roles})))
}

fn list_permissions(env: &mut Environment, call: &Call) -> Outcome {
    let membership = find(env, call, call.param("user_id"))?;
    let permissions = env.store.permissions_of_membership(membership).into_iter();
    let permissions =
        permissions.map(|own| json!({"id": own.id, "name": own.name, "description": own.description}));
    Ok(Reply::ok(json!({"permissions": permissions.collect::<Vec<_>>()})))
}

fn change(call: &Call) -> Result<MembershipChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

fn find<'a>(env: &'a Environment, call: &Call, user_id: &str) -> Result<&'a Membership, ApiError> {
    let key = Membership::key(call.param("organization_id"), user_id);
    env.store.memberships.get(&key).ok_or_else(|| ApiError::not_found("membership", &key))
}
