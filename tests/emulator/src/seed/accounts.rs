//! Seeding of connected accounts, sessions, passkeys and authentication logs.

use serde_json::{Value, json};

use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ControlError;
use crate::model::{AuthLog, ConnectedAccount, ConnectedAccountDraft, Passkey, Session};
use crate::seed::check_id_is_free;
use crate::table::{Entity, Table};

type Made = Result<Vec<Value>, ControlError>;

pub(crate) fn connected_accounts(
    env: &mut Environment,
    drafts: &[ConnectedAccountDraft],
    now: Instant,
) -> Made {
    drafts.iter().map(|draft| connected_account(env, draft, now)).collect()
}

fn connected_account(
    env: &mut Environment,
    draft: &ConnectedAccountDraft,
    now: Instant,
) -> Result<Value, ControlError> {
    let connector = env
        .store
        .connector(&draft.connector)
        .ok_or_else(|| ControlError::new(format!("seed: there is no connector {}", draft.connector)))?;
    if draft.owner().is_empty() {
        return Err(ControlError::new("seed: a connected account needs an identifier, organization or user"));
    }
    let id = draft.id.clone().unwrap_or_else(|| env.ids.next("ca"));
    let account = ConnectedAccount::from_draft(draft, id, connector, now);
    let made = account.with_credentials();
    put(&mut env.store.connected_accounts, account)?;
    Ok(made)
}

pub(crate) fn sessions(env: &mut Environment, seeds: &[Session], now: Instant) -> Made {
    let mut made = Vec::new();
    for seed in seeds {
        require_user("a session", &seed.user_id)?;
        let session = seed.clone().complete(given_or(&seed.session_id, || env.ids.next("ses")), now);
        made.push(json!(session));
        put(&mut env.store.sessions, session)?;
    }
    Ok(made)
}

pub(crate) fn passkeys(env: &mut Environment, seeds: &[Passkey], now: Instant) -> Made {
    let mut made = Vec::new();
    for seed in seeds {
        require_user("a passkey", &seed.user_id)?;
        let passkey = seed.clone().complete(given_or(&seed.id, || env.ids.next("cred")), now);
        made.push(json!(passkey));
        put(&mut env.store.passkeys, passkey)?;
    }
    Ok(made)
}

pub(crate) fn auth_logs(env: &mut Environment, seeds: &[AuthLog], now: Instant) -> Made {
    let mut made = Vec::new();
    for seed in seeds {
        let log = seed.clone().complete(given_or(&seed.auth_request_id, || env.ids.next("ar")), now);
        made.push(json!(log));
        put(&mut env.store.auth_logs, log)?;
    }
    Ok(made)
}

fn given_or(given: &str, new: impl FnOnce() -> String) -> String {
    if given.is_empty() { new() } else { given.into() }
}

fn require_user(what: &str, user_id: &str) -> Result<(), ControlError> {
    if user_id.is_empty() { Err(ControlError::new(format!("seed: {what} needs a user_id"))) } else { Ok(()) }
}

fn put<T: Entity>(table: &mut Table<T>, item: T) -> Result<(), ControlError> {
    check_id_is_free(item.id(), table.get(item.id()).is_some())?;
    table.put(item);
    Ok(())
}
