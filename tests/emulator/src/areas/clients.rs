//! M2M clients of organizations, and their secrets.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::error::ApiError;
use crate::model::M2mClient;
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::{Field, Rule, integer, list, text};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("clients.list", list_page).query(LIST),
    Entry::new("clients.create", create).body(CLIENT),
    Entry::new("clients.get", get),
    Entry::new("clients.update", update).body(CLIENT),
    Entry::new("clients.delete", delete),
    Entry::new("clients.create_secret", create_secret),
    Entry::new("clients.delete_secret", delete_secret),
];

const DEFAULT_PAGE: usize = 10;

/// The service's limit is configurable; 5 is the value seen in its development environments.
const MAX_SECRETS: usize = 5;

const LIST: &[Field] = &[paging::size(100), paging::TOKEN];

const CLIENT: &[Field] = &[
    text("name", 0, 128),
    text("description", 0, 512),
    list("audience", 100, &TEXT),
    list("scopes", 100, &TEXT),
    list("custom_claims", 100, &Rule::Object(CLAIM)),
    integer("expiry", 0, i64::MAX),
];

const TEXT: Rule = Rule::Text { min: 1, max: 1024, shape: None };

const CLAIM: &[Field] = &[text("key", 1, 256).required(), text("value", 1, 1024).required()];

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    let organization = call.organization(store)?;
    let own = store.clients.with_positions().filter(|(_, own)| own.organization_id == organization.id);
    let page = paging::page(own.collect(), call, &format!("clients/{}", organization.id), DEFAULT_PAGE)?;
    Ok(Reply::ok(json!({
        "clients": page.items.into_iter().map(M2mClient::json).collect::<Vec<_>>(),
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let organization_id = call.organization(store)?.id.clone();
    let mut client = M2mClient::new(store.ids.next("m2morg"), &organization_id, call.now);
    apply(&mut client, call)?;
    let (_, plain_secret) = client.add_secret(&store.ids, call.now);
    let body = json!({"client": client.json(), "plain_secret": plain_secret});
    store.clients.put(client);
    Ok(Reply::created(body))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"client": find(store, call)?.json()})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let mut client = find(store, call)?.clone();
    apply(&mut client, call)?;
    client.update_time = call.now;
    let body = json!({"client": client.json()});
    store.clients.put(client);
    Ok(Reply::ok(body))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let id = find(store, call)?.id.clone();
    store.clients.remove(&id);
    Ok(Reply::empty_object())
}

fn create_secret(store: &mut Store, call: &Call) -> Outcome {
    let mut client = find(store, call)?.clone();
    if client.secrets.len() >= MAX_SECRETS {
        let message = format!("a client has at most {MAX_SECRETS} secrets");
        return Err(ApiError::failed_precondition(message));
    }
    let (secret, plain_secret) = client.add_secret(&store.ids, call.now);
    store.clients.put(client);
    Ok(Reply::created(json!({"secret": secret.json(), "plain_secret": plain_secret})))
}

fn delete_secret(store: &mut Store, call: &Call) -> Outcome {
    let mut client = find(store, call)?.clone();
    let id = call.param("secret_id");
    if !client.secrets.iter().any(|secret| secret.id == id) {
        return Err(ApiError::not_found("client secret", id));
    }
    if client.secrets.len() == 1 {
        return Err(ApiError::failed_precondition("a client keeps at least one secret"));
    }
    client.secrets.retain(|secret| secret.id != id);
    store.clients.put(client);
    Ok(Reply::empty_object())
}

/// Finds a client of the organization in the path. Clients of other organizations are not found.
fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a M2mClient, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("client_id"));
    let client = store.clients.get(id);
    client
        .filter(|client| client.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("client", id))
}

/// Applies the fields of the body. Empty text and 0 count as omitted; a list replaces the previous one.
fn apply(client: &mut M2mClient, call: &Call) -> Result<(), ApiError> {
    for (name, target) in [("name", &mut client.name), ("description", &mut client.description)] {
        if let Some(text) = call.text(name).filter(|text| !text.is_empty()) {
            *target = text.into();
        }
    }
    for (name, target) in [("audience", &mut client.audience), ("scopes", &mut client.scopes)] {
        if let Some(list) = call.field(name)? {
            *target = list;
        }
    }
    if let Some(claims) = call.field("custom_claims")? {
        client.custom_claims = claims;
    }
    if let Some(seconds) = call.integer("expiry").filter(|seconds| *seconds > 0) {
        client.expiry_seconds = seconds;
    }
    Ok(())
}
