//! Connecting accounts: what there is to connect to, and the pages that a magic link leads through. The emulated
//! provider gives its consent at once.

use chrono::TimeDelta;

use crate::catalogue;
use crate::clock::Instant;
use crate::model::{ConnectedAccount, Connector, MagicLink};
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::webhooks::event;
use crate::world::{Store, World};

const LINK_LIFE: TimeDelta = TimeDelta::minutes(1);
const PLAIN: &str = "text/plain; charset=utf-8";

impl Store {
    /// Each provider, built in or the environment's own, has one connection, with the provider's name.
    pub(crate) fn connector(&self, name: &str) -> Option<Connector> {
        let own = || self.custom_providers.get(name).map(Connector::from);
        catalogue::provider(name).map(Connector::from).or_else(own)
    }
}

impl World {
    /// Renews or ends what has run out.
    pub(crate) fn settle_accounts(&mut self, now: Instant) {
        let mut told = Vec::new();
        for account in self.store.connected_accounts.iter_mut() {
            let before = account.status.clone();
            match account.settle(now) {
                Some(true) => told.push(event::account("token_refresh_succeeded", account)),
                Some(false) => {
                    told.push(event::account("token_refresh_failed", account));
                    told.push(event::account_status(account, &before));
                }
                None => {}
            }
        }
        self.emit_all(told);
    }

    /// Keeps a changed account, and says what happened to it: `what`, and whether it works again, or no longer.
    pub(crate) fn keep_account(&mut self, account: ConnectedAccount, what: &[&str]) {
        let before = self.store.connected_accounts.get(&account.id).map(|before| before.status.clone());
        let mut told: Vec<_> = what.iter().map(|what| event::account(what, &account)).collect();
        if let Some(before) = before.filter(|before| *before != account.status) {
            told.push(event::account_status(&account, &before));
        }
        self.store.connected_accounts.put(account);
        self.emit_all(told);
    }
}

/// Makes a link to connect an account, and says until when it must be opened.
pub(crate) fn link(
    world: &mut World,
    account_id: &str,
    state: &str,
    user_verify_url: &str,
    now: Instant,
) -> (String, Instant) {
    let id = world.ids.next("lnk");
    let expires_at = now.plus(LINK_LIFE);
    let location = format!("{}/connect/{id}", world.environment_url);
    let told = world.store.connected_accounts.get(account_id);
    let told = told.map(|account| event::account("magic_link_generated", account));
    world.emit_all(told.into_iter().collect());
    world.store.magic_links.put(MagicLink {
        id,
        account_id: account_id.into(),
        expires_at,
        state: state.into(),
        user_verify_url: user_verify_url.into(),
        used: false,
    });
    (location, expires_at)
}

/// Where people end up when nobody asks who they were.
pub(crate) fn done_url(world: &World) -> String {
    format!("{}/connect", world.environment_url)
}

/// `GET /connect`
pub(crate) fn done(_: &mut World, _: &Request) -> Reply {
    Reply::raw(200, PLAIN, "The account is connected. This page can be closed.")
}

/// `GET /connect/{link_id}`
pub(crate) fn open(world: &mut World, request: &Request) -> Reply {
    let now = world.clock.now();
    let id = request.path.rsplit('/').next().unwrap_or_default();
    let Some(link) = world.store.magic_links.get_mut(id) else {
        return Reply::raw(404, PLAIN, "There is no such link.");
    };
    if link.used || link.expires_at <= now {
        return Reply::raw(410, PLAIN, "This link has been used, or its time is over.");
    }
    link.used = true;
    let link = link.clone();
    let Some(mut account) = world.store.connected_accounts.get(&link.account_id).cloned() else {
        return Reply::raw(410, PLAIN, "The account is gone.");
    };
    if link.user_verify_url.is_empty() {
        account.connect(now);
        let what: &[_] =
            if account.is_oauth() { &["oauth_succeeded", "oauth_tokens_fetched"] } else { &["updated"] };
        world.keep_account(account, what);
        return Reply::empty(302).header("location", &done_url(world));
    }
    let auth_request_id = world.ids.next("ar");
    account.await_verification(auth_request_id.clone(), now);
    let what: &[_] = if account.is_oauth() { &["oauth_succeeded"] } else { &[] };
    world.keep_account(account, what);
    Reply::empty(302).header("location", &come_back(&link, &auth_request_id))
}

fn come_back(link: &MagicLink, auth_request_id: &str) -> String {
    let url = &link.user_verify_url;
    let joint = if url.contains('?') { '&' } else { '?' };
    let mut location = format!("{url}{joint}auth_request_id={auth_request_id}");
    if !link.state.is_empty() {
        location += &format!("&state={}", percent::encode(&link.state));
    }
    location
}
