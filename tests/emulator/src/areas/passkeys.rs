//! Passkeys of users.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::model::Passkey;
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::{Field, text};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("passkeys.list", list).query(LIST),
    Entry::new("passkeys.update", update).body(UPDATE),
    Entry::new("passkeys.delete", delete),
];

const LIST: &[Field] = &[text("user_id", 0, 32)];
const UPDATE: &[Field] = &[text("display_name", 1, 200).required()];

fn list(store: &mut Store, call: &Call) -> Outcome {
    let user = call.query.get("user_id");
    let own = |passkey: &&Passkey| user.is_none_or(|user| user == passkey.user_id);
    let passkeys: Vec<_> = store.passkeys.iter().filter(own).collect();
    Ok(Reply::ok(json!({
        "credentials": passkeys,
        "all_accepted_credentials_options": {
            "rp_id": rp_id(store),
            "user_id": user.unwrap_or_default(),
            "all_accepted_credential_ids": passkeys.iter().map(|own| &own.credential_id).collect::<Vec<_>>(),
        },
    })))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let passkey = find(store, call)?;
    passkey.display_name = call.text("display_name").unwrap_or_default().into();
    passkey.updated_at = Some(call.now);
    Ok(Reply::ok(json!({"credential": passkey})))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let passkey = find(store, call)?.clone();
    store.passkeys.remove(&passkey.id);
    Ok(Reply::ok(json!({
        "success": true,
        "unknown_credential_options": {"rp_id": rp_id(store), "credential_id": passkey.credential_id},
    })))
}

/// The relying party ID: the environment's host.
fn rp_id(store: &Store) -> &str {
    let host = store.environment_url.rsplit('/').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

fn find<'a>(store: &'a mut Store, call: &Call) -> Result<&'a mut Passkey, ApiError> {
    let id = call.param("credential_id");
    store.passkeys.get_mut(id).ok_or_else(|| ApiError::not_found("credential", id))
}
