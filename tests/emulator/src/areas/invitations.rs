//! New members: the parameters, and the invitation that an interceptor can deny.

use serde_json::json;

use super::Call;
use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ApiError;
use crate::interceptors::{InterceptorRequest, TriggerPoint};
use crate::model::{Membership, User};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::validate::shape::{EMAIL, ROLE_NAME};
use crate::validate::{Field, Rule, flag, list, output_only, text, text_map, text_shaped};

pub(super) const INVITE: &[Field] = &[flag("send_invitation_email")];
pub(super) const MEMBERSHIP: &[Field] = &[ROLES, METADATA, text_shaped("inviter_email", 5, 254, EMAIL)];

pub(super) const ROLES: Field = list("roles", 100, &Rule::Object(ROLE));

const ROLE: &[Field] =
    &[text_shaped("name", 1, 64, ROLE_NAME).required(), text("display_name", 0, 100), output_only("id")];

pub(super) const METADATA: Field = text_map("metadata", 20, (3, 25), (1, 256));

/// Whether the user gets an invitation. Without one, they become a member immediately.
pub(super) fn sends_invitation(call: &Call) -> bool {
    call.query.get("send_invitation_email") != Some("false")
}

/// Rejects a second membership in the same organization.
pub(super) fn check_new(store: &Store, organization_id: &str, user_id: &str) -> Result<(), ApiError> {
    match store.memberships.get(&Membership::key(organization_id, user_id)) {
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
    let request = InterceptorRequest::new(TriggerPoint::UserInvitation, now, call.user_agent, &context, data);
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
    let store = &mut env.store;
    store.check_user(&user)?;
    check_new(store, &membership.organization_id, &user.id)?;
    if store.organizations.get(&membership.organization_id).is_none() {
        return Err(ApiError::not_found("organization", &membership.organization_id));
    }
    let user = rules::add_membership(store, &env.events, user, membership, now);
    Ok(Reply::created(json!({"user": store.user_json(&user, now)})))
}
