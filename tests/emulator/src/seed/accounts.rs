//! Seeding of connected accounts, sessions, passkeys and authentication logs.

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::error::{SeedError, create_each};
use crate::model::{AuthLog, ConnectedAccount, ConnectedAccountDraft, Passkey, Session};
use crate::seed::check_id_is_free;
use crate::store::Store;
use crate::table::{Entity, Table};

type Made = Result<Vec<Value>, SeedError>;

pub(crate) fn connected_accounts(store: &mut Store, drafts: &[ConnectedAccountDraft], now: Instant) -> Made {
    create_each("connected_accounts", drafts, |draft| connected_account(store, draft, now))
}

fn connected_account(
    store: &mut Store,
    draft: &ConnectedAccountDraft,
    now: Instant,
) -> Result<Value, SeedError> {
    let connector = store
        .connector(&draft.connector)
        .ok_or_else(|| SeedError::new("connector", format!("there is no connector {}", draft.connector)))?;
    if draft.owner().is_empty() {
        return Err(SeedError::new(
            "",
            "a connected account needs an identifier, organization_id or user_id",
        ));
    }
    let id = draft.id.clone().unwrap_or_else(|| store.ids.next("ca"));
    let account = ConnectedAccount::from_draft(draft, id, connector, now);
    let made = account.with_credentials();
    check_id_is_free(&account.id, store.connected_accounts.get(&account.id).is_some())?;
    store.connected_accounts.put(account);
    Ok(made)
}

pub(crate) fn sessions(store: &mut Store, seeds: &[Session], now: Instant) -> Made {
    create_each("sessions", seeds, |seed| {
        require_user(&seed.user_id)?;
        let session = seed.clone().complete(given_or(&seed.session_id, || store.ids.next("ses")), now);
        put("session_id", &mut store.sessions, session)
    })
}

pub(crate) fn passkeys(store: &mut Store, seeds: &[Passkey], now: Instant) -> Made {
    create_each("passkeys", seeds, |seed| {
        require_user(&seed.user_id)?;
        let passkey = seed.clone().complete(given_or(&seed.id, || store.ids.next("cred")), now);
        put("id", &mut store.passkeys, passkey)
    })
}

pub(crate) fn auth_logs(store: &mut Store, seeds: &[AuthLog], now: Instant) -> Made {
    create_each("auth_logs", seeds, |seed| {
        let log = seed.clone().complete(given_or(&seed.auth_request_id, || store.ids.next("ar")), now);
        put("auth_request_id", &mut store.auth_logs, log)
    })
}

fn given_or(given: &str, new: impl FnOnce() -> String) -> String {
    if given.is_empty() { new() } else { given.into() }
}

fn require_user(user_id: &str) -> Result<(), SeedError> {
    if user_id.is_empty() { Err(SeedError::new("user_id", "is required")) } else { Ok(()) }
}

/// Stores an object whose ID is in `field`, and returns its JSON.
fn put<T: Entity + Serialize>(field: &str, table: &mut Table<T>, item: T) -> Result<Value, SeedError> {
    if table.get(item.id()).is_some() {
        return Err(SeedError::id_exists(field, item.id()));
    }
    let made = json!(item);
    table.put(item);
    Ok(made)
}
