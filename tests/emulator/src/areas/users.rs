//! Users.

use serde_json::{Value, json};

use super::{Call, Entry, memberships, paging};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::{User, UserChange};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::EMAIL;
use crate::validate::{Field, Rule, integer, list as list_of, object, output_only};
use crate::validate::{text, text_map, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("users.list", list).query(LIST),
    Entry::new("users.search", search).query(SEARCH),
    Entry::new("users.create", create).query(memberships::INVITE).body(CREATE),
    Entry::new("users.get", get),
    Entry::new("users.get_by_external_id", get),
    Entry::new("users.update", update).body(UPDATE),
    Entry::new("users.update_by_external_id", update).body(UPDATE),
    Entry::new("users.delete", delete),
    Entry::new("users.delete_by_external_id", delete),
    Entry::new("users.list_members", list_members).query(LIST),
    Entry::new("users.search_members", search_members).query(SEARCH),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] = &[integer("page_size", 0, 100), text("page_token", 0, 4096)];

const SEARCH: &[Field] =
    &[text("query", 3, 100).required(), integer("page_size", 0, 30), text("page_token", 0, 4096)];

const CREATE: &[Field] = &[
    text_shaped("email", 1, 254, EMAIL).required(),
    text("external_id", 0, 510),
    object("user_profile", NEW_PROFILE),
    object("membership", memberships::CREATE),
    METADATA,
];

const UPDATE: &[Field] = &[
    text("external_id", 0, 510),
    object("user_profile", PROFILE),
    METADATA,
    output_only("id"),
    output_only("email"),
    output_only("memberships"),
    output_only("create_time"),
    output_only("update_time"),
    output_only("last_login_time"),
];

const METADATA: Field = text_map("metadata", 20, (3, 25), (1, 256));

const GROUPS: Field = list_of("groups", 50, &Rule::Text { min: 1, max: 250, shape: None });

const CUSTOM_ATTRIBUTES: Field = text_map("custom_attributes", 20, (3, 25), (1, 256));

const NEW_PROFILE: &[Field] = &[
    text("name", 0, 1000),
    text("given_name", 0, 255),
    text("family_name", 0, 255),
    text("preferred_username", 0, 512),
    text("phone_number", 0, 1000),
    text("picture", 0, 2048),
    text("gender", 0, 1000),
    text("locale", 0, 1000),
    GROUPS,
    CUSTOM_ATTRIBUTES,
    METADATA,
    output_only("id"),
    output_only("email_verified"),
    output_only("phone_number_verified"),
    output_only("external_identities"),
];

/// Only updates accept the deprecated `first_name` and `last_name`.
const PROFILE: &[Field] = &[
    text("name", 0, 1000),
    text("given_name", 0, 255),
    text("family_name", 0, 255),
    text("first_name", 0, 200),
    text("last_name", 0, 200),
    text("preferred_username", 0, 512),
    text("phone_number", 0, 1000),
    text("picture", 0, 2048),
    text("gender", 0, 1000),
    text("locale", 0, 1000),
    GROUPS,
    CUSTOM_ATTRIBUTES,
    METADATA,
    output_only("id"),
    output_only("email_verified"),
    output_only("phone_number_verified"),
    output_only("external_identities"),
];

fn list(env: &mut Environment, call: &Call) -> Outcome {
    let rows = env.store.users.with_positions().collect();
    page(env, call, rows, "users")
}

fn search(env: &mut Environment, call: &Call) -> Outcome {
    let query = search_query(call)?;
    let rows = env.store.users.with_positions().filter(|(_, user)| user.matches(query)).collect();
    page(env, call, rows, &format!("users?{query}"))
}

fn list_members(env: &mut Environment, call: &Call) -> Outcome {
    let rows = members(env, call)?;
    page(env, call, rows, &format!("{}/users", call.param("organization_id")))
}

fn search_members(env: &mut Environment, call: &Call) -> Outcome {
    let query = search_query(call)?;
    let mut rows = members(env, call)?;
    rows.retain(|(_, user)| user.matches(query));
    page(env, call, rows, &format!("{}/users?{query}", call.param("organization_id")))
}

/// The members and invited users of an organization, in the order in which they were added.
fn members<'a>(env: &'a Environment, call: &Call) -> Result<Vec<(u64, &'a User)>, ApiError> {
    let (store, id) = (&env.store, call.param("organization_id"));
    store.organizations.get(id).ok_or_else(|| ApiError::not_found("organization", id))?;
    let here = store.memberships.with_positions().filter(|(_, membership)| membership.organization_id == id);
    Ok(here.filter_map(|(position, own)| Some((position, store.users.get(&own.user_id)?))).collect())
}

fn search_query<'a>(call: &'a Call) -> Result<&'a str, ApiError> {
    let missing = || ApiError::invalid_field("query", "string.min_len", "must have at least 3 characters");
    call.query.get("query").ok_or_else(missing)
}

fn page(env: &Environment, call: &Call, rows: Vec<(u64, &User)>, scope: &str) -> Outcome {
    let page = paging::page(rows, call, scope, DEFAULT_PAGE)?;
    let users = page.items.into_iter().map(|user| env.store.user_json(user, call.now));
    Ok(Reply::ok(json!({
        "users": users.collect::<Vec<_>>(),
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let organization_id = memberships::organization(env, call)?;
    let email = call.text("email").unwrap_or_default();
    let mut user = User::new(env.ids.next("usr"), env.ids.next("usp"), email, call.now);
    user.apply(change(call)?);
    let wanted = call.field("membership")?.unwrap_or_default();
    let invite = memberships::sends_invitation(call);
    env.store.check_user(&user)?;
    let membership = env.new_membership(&organization_id, &user.id, wanted, invite, "membership.roles")?;
    memberships::add_or_invite(env, call, user, membership)
}

fn get(env: &mut Environment, call: &Call) -> Outcome {
    let user = find(env, call)?;
    Ok(Reply::ok(json!({"user": env.store.user_json(user, call.now)})))
}

fn update(env: &mut Environment, call: &Call) -> Outcome {
    let mut user = find(env, call)?.clone();
    user.apply(change(call)?);
    user.update_time = call.now;
    env.store.check_user(&user)?;
    env.store.users.put(user.clone());
    Ok(Reply::ok(json!({"user": env.store.user_json(&user, call.now)})))
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let id = find(env, call)?.id.clone();
    env.delete_user(&id, call.now);
    Ok(Reply::empty_object())
}

/// The user fields of the body. A `membership` in it is parsed separately.
fn change(call: &Call) -> Result<UserChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

/// Finds the user in the path, by ID or external ID.
pub(super) fn find<'a>(env: &'a Environment, call: &Call) -> Result<&'a User, ApiError> {
    let users = &env.store.users;
    let (found, name) = match (call.param("external_id"), call.param("id")) {
        ("", id) => (users.get(id), id),
        (external_id, _) => (users.iter().find(|own| own.external_id == external_id), external_id),
    };
    found.ok_or_else(|| ApiError::not_found("user", name))
}
