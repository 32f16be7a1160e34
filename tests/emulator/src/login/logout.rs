//! `GET /oidc/logout`

use super::authorize::{callback, redirect};
use super::page;
use super::parameters::denial;
use super::session::{self, clear_cookie};
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::token;
use crate::world::World;

const KNOWN: &[&str] = &["id_token_hint", "post_logout_redirect_uri", "state"];

/// Ends the session of the hint, and that of the browser. An address to go on to must be registered, and the hint must
/// say for whom: else anybody could send a browser anywhere.
pub(crate) fn logout(world: &mut World, request: &Request) -> Reply {
    let refuse = |description: &str| page::refusal(400, &denial("invalid_request", description));
    let Some(pairs) = percent::pairs(&request.query) else { return refuse("the query is not encoded well") };
    for (index, (name, _)) in pairs.iter().enumerate() {
        if !KNOWN.contains(&name.as_str()) || pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            return refuse(&format!("{name} is given twice, or is not a parameter of this request"));
        }
    }
    let get = |name: &str| {
        let found = pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    };
    // An ID token that has expired still says whose session it was.
    let hint = match get("id_token_hint").map(|token| token::verified(token, &world.keys)) {
        Some(Ok(claims)) => Some(claims),
        Some(Err(_)) => return refuse("id_token_hint is not an ID token of this environment"),
        None => None,
    };
    if let Some(uri) = get("post_logout_redirect_uri") {
        let app = hint.as_ref().and_then(|claims| world.login.apps.get(claims["azp"].as_str()?));
        let Some(app) = app else { return refuse("post_logout_redirect_uri needs an id_token_hint") };
        if !app.allows_post_logout_redirect(uri) {
            return refuse("post_logout_redirect_uri is not registered");
        }
    }
    end(world, request, hint.as_ref().and_then(|claims| claims["sid"].as_str()));
    match get("post_logout_redirect_uri") {
        Some(uri) => redirect(&callback(uri, &[("state", get("state"))])),
        None => page::sentence(200, "Logged out", "You can close this page."),
    }
    .header("set-cookie", &clear_cookie())
}

fn end(world: &mut World, request: &Request, hinted: Option<&str>) {
    let own = world.login.sessions.of(request).map(|session| session.id.clone());
    for id in hinted.map(Into::into).into_iter().chain(own) {
        session::end(world, &id);
    }
}
