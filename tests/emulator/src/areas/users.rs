//! Users.

use serde_json::{Value, json};

use super::{Call, Entry, invitations, paging};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::{User, UserChange};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::validate::shape::EMAIL;
use crate::validate::{
    Field, Rule, fields, list as list_of, object, output_only, text, text_map, text_shaped,
};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("users.list", list).query(LIST),
    Entry::new("users.search", search).query(SEARCH),
    Entry::with_environment("users.create", create).query(invitations::INVITE).body(CREATE),
    Entry::new("users.get", get),
    Entry::new("users.get_by_external_id", get),
    Entry::new("users.update", update).body(UPDATE),
    Entry::new("users.update_by_external_id", update).body(UPDATE),
    Entry::with_environment("users.delete", delete),
    Entry::with_environment("users.delete_by_external_id", delete),
    Entry::new("users.list_members", list_members).query(LIST),
    Entry::new("users.search_members", search_members).query(SEARCH),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] = &[paging::size(100), paging::TOKEN];

const SEARCH: &[Field] = &[text("query", 3, 100).required(), paging::size(30), paging::TOKEN];

const CREATE: &[Field] = &[
    text_shaped("email", 1, 254, EMAIL).required(),
    EXTERNAL_ID,
    object("user_profile", NEW_PROFILE),
    object("membership", invitations::MEMBERSHIP),
    METADATA,
];

const UPDATE: &[Field] = &[
    EXTERNAL_ID,
    object("user_profile", PROFILE),
    METADATA,
    output_only("id"),
    output_only("email"),
    output_only("memberships"),
    output_only("create_time"),
    output_only("update_time"),
    output_only("last_login_time"),
];

const EXTERNAL_ID: Field = text("external_id", 0, 510);
const METADATA: Field = text_map("metadata", 20, (3, 25), (1, 256));

const GROUPS: Field = list_of("groups", 50, &Rule::Text { min: 1, max: 250, shape: None });

const CUSTOM_ATTRIBUTES: Field = text_map("custom_attributes", 20, (3, 25), (1, 256));

const NEW_PROFILE: &[Field] = fields!(NAMES, PROFILE_DETAILS);

/// Only updates accept the deprecated `first_name` and `last_name`.
const PROFILE: &[Field] =
    fields!(NAMES, &[text("first_name", 0, 200), text("last_name", 0, 200)], PROFILE_DETAILS);

const NAMES: &[Field] = &[text("name", 0, 1000), text("given_name", 0, 255), text("family_name", 0, 255)];

const PROFILE_DETAILS: &[Field] = &[
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

fn list(store: &mut Store, call: &Call) -> Outcome {
    let rows = store.users.with_positions().collect();
    page(store, call, rows, "users")
}

fn search(store: &mut Store, call: &Call) -> Outcome {
    let query = search_query(call)?;
    let rows = store.users.with_positions().filter(|(_, user)| user.matches(query)).collect();
    page(store, call, rows, &format!("users?{query}"))
}

fn list_members(store: &mut Store, call: &Call) -> Outcome {
    let rows = members(store, call)?;
    page(store, call, rows, &format!("{}/users", call.param("organization_id")))
}

fn search_members(store: &mut Store, call: &Call) -> Outcome {
    let query = search_query(call)?;
    let mut rows = members(store, call)?;
    rows.retain(|(_, user)| user.matches(query));
    page(store, call, rows, &format!("{}/users?{query}", call.param("organization_id")))
}

/// The members and invited users of an organization, in the order in which they were added.
fn members<'a>(store: &'a Store, call: &Call) -> Result<Vec<(u64, &'a User)>, ApiError> {
    let (store, id) = (store, call.param("organization_id"));
    store.organizations.get(id).ok_or_else(|| ApiError::not_found("organization", id))?;
    let here = store.memberships.with_positions().filter(|(_, membership)| membership.organization_id == id);
    Ok(here.filter_map(|(position, own)| Some((position, store.users.get(&own.user_id)?))).collect())
}

fn search_query<'a>(call: &'a Call) -> Result<&'a str, ApiError> {
    let missing = || ApiError::invalid_field("query", "string.min_len", "must have at least 3 characters");
    call.query.get("query").ok_or_else(missing)
}

fn page(store: &Store, call: &Call, rows: Vec<(u64, &User)>, scope: &str) -> Outcome {
    let page = paging::page(rows, call, scope, DEFAULT_PAGE)?;
    let users = page.items.into_iter().map(|user| store.user_json(user, call.now));
    Ok(Reply::ok(json!({
        "users": users.collect::<Vec<_>>(),
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let store = &env.store;
    let organization_id = call.organization(store)?.id.clone();
    let email = call.text("email").unwrap_or_default();
    let mut user = User::new(store.ids.next("usr"), store.ids.next("usp"), email, call.now);
    user.apply(change(call)?);
    let wanted = call.field("membership")?.unwrap_or_default();
    let invite = invitations::sends_invitation(call);
    store.check_user(&user)?;
    let key = (organization_id.as_str(), user.id.as_str());
    let membership = store.new_membership(key, wanted, invite, "membership.roles", call.now)?;
    invitations::add_or_invite(env, call, user, membership)
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    let user = find(store, call)?;
    Ok(Reply::ok(json!({"user": store.user_json(user, call.now)})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let mut user = find(store, call)?.clone();
    user.apply(change(call)?);
    user.update_time = call.now;
    store.check_user(&user)?;
    store.users.put(user.clone());
    Ok(Reply::ok(json!({"user": store.user_json(&user, call.now)})))
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let id = find(&env.store, call)?.id.clone();
    rules::delete_user(&mut env.store, call.events, &env.login.sessions, &id, call.now);
    Ok(Reply::empty_object())
}

/// The user fields of the body. A `membership` in it is parsed separately.
fn change(call: &Call) -> Result<UserChange, ApiError> {
    let change = serde_json::from_value(Value::Object(call.body.clone()));
    change.map_err(|error| ApiError::invalid_field("body", "type", error.to_string()))
}

/// Finds the user in the path, by ID or external ID.
pub(super) fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a User, ApiError> {
    let users = &store.users;
    let (found, name) = match (call.param("external_id"), call.param("id")) {
        ("", id) => (users.get(id), id),
        (external_id, _) => (users.iter().find(|own| own.external_id == external_id), external_id),
    };
    found.ok_or_else(|| ApiError::not_found("user", name))
}
