//! Connected accounts: their tokens, their status, and the links for connecting them.

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::event;
use crate::model::{ConnectedAccount, MagicLink};
use crate::store::Store;
use crate::webhooks::EventSink;

const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(1);

/// Refreshes the expired access tokens of accounts; expires accounts without a refresh token.
pub(crate) fn refresh_accounts(store: &mut Store, events: &EventSink, now: Instant) {
    for account in store.connected_accounts.iter_mut() {
        let before = account.status.clone();
        match account.refresh_if_expired(now) {
            Some(true) => drop(events.emit(event::account("token_refresh_succeeded", account))),
            Some(false) => {
                events.emit(event::account("token_refresh_failed", account));
                events.emit(event::account_status(account, &before));
            }
            None => {}
        }
    }
}

/// Saves a changed account and emits the events `what`, plus `status_updated` if the status changed.
pub(crate) fn save_account(store: &mut Store, events: &EventSink, account: ConnectedAccount, what: &[&str]) {
    events.emit_all(what.iter().map(|what| event::account(what, &account)));
    let before = store.connected_accounts.get(&account.id);
    if let Some(before) = before.filter(|before| before.status != account.status) {
        events.emit(event::account_status(&account, &before.status));
    }
    store.connected_accounts.put(account);
}

/// Creates a magic link for connecting an account. Returns its URL and expiration time.
pub(crate) fn create_link(
    store: &mut Store,
    events: &EventSink,
    account_id: &str,
    (state, user_verify_url): (&str, &str),
    now: Instant,
) -> (String, Instant) {
    let id = store.ids.next("lnk");
    let expires_at = now.plus(LINK_LIFETIME);
    let location = format!("{}/connect/{id}", store.environment_url);
    let account = store.connected_accounts.get(account_id);
    events.emit_all(account.map(|account| event::account("magic_link_generated", account)));
    store.magic_links.put_bounded(MagicLink {
        id,
        account_id: account_id.into(),
        expires_at,
        state: state.into(),
        user_verify_url: user_verify_url.into(),
        used: false,
    });
    (location, expires_at)
}
