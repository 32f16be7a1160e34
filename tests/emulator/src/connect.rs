//! Connecting accounts: the pages behind a magic link. The emulated provider grants consent immediately.

use crate::environment::Environment;
use crate::model::MagicLink;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::rules;
use crate::store::Store;

const PLAIN: &str = "text/plain; charset=utf-8";

/// The final page of the flow if the application does not verify the user.
pub(crate) fn done_url(store: &Store) -> String {
    format!("{}/connect", store.environment_url)
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
        rules::save_account(&mut env.store, &env.events, account, what);
        return Reply::empty(302).header("location", &done_url(&env.store));
    }
    let auth_request_id = env.ids.next("ar");
    account.await_verification(auth_request_id.clone(), now);
    let what: &[_] = if account.is_oauth() { &["oauth_succeeded"] } else { &[] };
    rules::save_account(&mut env.store, &env.events, account, what);
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
