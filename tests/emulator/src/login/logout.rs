//! `GET /oidc/logout`

use super::authorize::{redirect, with_query};
use super::page;
use super::parameters::denial;
use super::session::{self, clear_cookie};
use crate::environment::Environment;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::token;

const PARAMETERS: &[&str] = &["id_token_hint", "post_logout_redirect_uri", "state"];

/// Ends the session in `id_token_hint` and the browser session.
///
/// `post_logout_redirect_uri` must be registered for the client in `id_token_hint`; otherwise the endpoint would be an
/// open redirect.
pub(crate) fn logout(env: &mut Environment, request: &Request) -> Reply {
    let refuse = |description: &str| page::error(400, &denial("invalid_request", description));
    let Some(pairs) = percent::pairs(&request.query) else {
        return refuse("the query is not valid percent-encoding");
    };
    for (index, (name, _)) in pairs.iter().enumerate() {
        if !PARAMETERS.contains(&name.as_str()) || pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            return refuse(&format!("{name} is repeated or not a parameter of this endpoint"));
        }
    }
    let get = |name: &str| {
        let found = pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    };
    // Expired ID tokens are accepted: they still identify the session.
    let hint = match get("id_token_hint").map(|token| token::verified(token, &env.keys)) {
        Some(Ok(claims)) => Some(claims),
        Some(Err(_)) => return refuse("id_token_hint is not an ID token of this environment"),
        None => None,
    };
    if let Some(uri) = get("post_logout_redirect_uri") {
        let app = hint.as_ref().and_then(|claims| env.login.apps.get(claims["azp"].as_str()?));
        let Some(app) = app else { return refuse("post_logout_redirect_uri needs an id_token_hint") };
        if !app.allows_post_logout_redirect(uri) {
            return refuse("post_logout_redirect_uri is not registered");
        }
    }
    end_sessions(env, request, hint.as_ref().and_then(|claims| claims["sid"].as_str()));
    match get("post_logout_redirect_uri") {
        Some(uri) => redirect(&with_query(uri, &[("state", get("state"))])),
        None => page::message(200, "Signed out", "You can close this page."),
    }
    .header("set-cookie", &clear_cookie())
}

fn end_sessions(env: &mut Environment, request: &Request, hinted: Option<&str>) {
    let of_browser = env.login.sessions.for_request(request).map(|session| session.id.clone());
    for id in hinted.map(Into::into).into_iter().chain(of_browser) {
        session::end(env, &id);
    }
}
