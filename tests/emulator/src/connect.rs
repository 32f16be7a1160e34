//! Connecting accounts: the connectors, and the pages behind a magic link. The emulated provider grants consent
//! immediately.

use chrono::TimeDelta;

use crate::catalog;
use crate::clock::Instant;
use crate::environment::{Environment, Store};
use crate::model::{ConnectedAccount, Connector, MagicLink};
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::webhooks::event;

const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(1);
const PLAIN: &str = "text/plain; charset=utf-8";

impl Store {
    /// Finds the connection of a provider. Each built-in or custom provider has one, with the provider's name.
    pub(crate) fn connector(&self, name: &str) -> Option<Connector> {
        let own = || self.custom_providers.get(name).map(Connector::from);
        catalog::provider(name).map(Connector::from).or_else(own)
    }
}

impl Environment {
    /// Refreshes the expired access tokens of accounts; expires accounts without a refresh token.
    pub(crate) fn refresh_accounts(&mut self, now: Instant) {
        let mut events = Vec::new();
        for account in self.store.connected_accounts.iter_mut() {
            let before = account.status.clone();
            match account.refresh_if_expired(now) {
                Some(true) => events.push(event::account("token_refresh_succeeded", account)),
                Some(false) => {
                    events.push(event::account("token_refresh_failed", account));
                    events.push(event::account_status(account, &before));
                }
                None => {}
            }
        }
        self.emit_all(events);
    }

    /// Saves a changed account and emits the events `what`, plus `status_updated` if the status changed.
    pub(crate) fn save_account(&mut self, account: ConnectedAccount, what: &[&str]) {
        let before = self.store.connected_accounts.get(&account.id).map(|before| before.status.clone());
        let mut events: Vec<_> = what.iter().map(|what| event::account(what, &account)).collect();
        if let Some(before) = before.filter(|before| *before != account.status) {
            events.push(event::account_status(&account, &before));
        }
        self.store.connected_accounts.put(account);
        self.emit_all(events);
    }
}

/// Creates a magic link for connecting an account. Returns its URL and expiration time.
pub(crate) fn create_link(
    env: &mut Environment,
    account_id: &str,
    state: &str,
    user_verify_url: &str,
    now: Instant,
) -> (String, Instant) {
    let id = env.ids.next("lnk");
    let expires_at = now.plus(LINK_LIFETIME);
    let location = format!("{}/connect/{id}", env.environment_url);
    let account = env.store.connected_accounts.get(account_id);
    let generated = account.map(|account| event::account("magic_link_generated", account));
    env.emit_all(generated.into_iter().collect());
    env.store.magic_links.put_leftover(MagicLink {
        id,
        account_id: account_id.into(),
        expires_at,
        state: state.into(),
        user_verify_url: user_verify_url.into(),
        used: false,
    });
    (location, expires_at)
}

/// The final page of the flow if the application does not verify the user.
pub(crate) fn done_url(env: &Environment) -> String {
    format!("{}/connect", env.environment_url)
}

/// `GET /connect`
pub(crate) fn done(_: &mut Environment, _: &Request) -> Reply {
    Reply::raw(200, PLAIN, "The account is connected. This page can be closed.")
}

/// `GET /connect/{link_id}`
pub(crate) fn open(env: &mut Environment, request: &Request) -> Reply {
    let now = env.clock.now();
    let id = request.path.rsplit('/').next().unwrap_or_default();
    let Some(link) = env.store.magic_links.get_mut(id) else {
        return Reply::raw(404, PLAIN, "The link does not exist.");
    };
    if link.used || link.expires_at <= now {
        return Reply::raw(410, PLAIN, "The link has expired or was already used.");
    }
    link.used = true;
    let link = link.clone();
    let Some(mut account) = env.store.connected_accounts.get(&link.account_id).cloned() else {
        return Reply::raw(410, PLAIN, "The account was deleted.");
    };
    if link.user_verify_url.is_empty() {
        account.connect(now);
        let what: &[_] =
            if account.is_oauth() { &["oauth_succeeded", "oauth_tokens_fetched"] } else { &["updated"] };
        env.save_account(account, what);
        return Reply::empty(302).header("location", &done_url(env));
    }
    let auth_request_id = env.ids.next("ar");
    account.await_verification(auth_request_id.clone(), now);
    let what: &[_] = if account.is_oauth() { &["oauth_succeeded"] } else { &[] };
    env.save_account(account, what);
    Reply::empty(302).header("location", &verification_redirect(&link, &auth_request_id))
}

fn verification_redirect(link: &MagicLink, auth_request_id: &str) -> String {
    let url = &link.user_verify_url;
    let separator = if url.contains('?') { '&' } else { '?' };
    let mut location = format!("{url}{separator}auth_request_id={auth_request_id}");
    if !link.state.is_empty() {
        location += &format!("&state={}", percent::encode(&link.state));
    }
    location
}
