//! `GET` and `POST /oidc/logout` (OpenID Connect RP-Initiated Logout 1.0)

use std::sync::Arc;

use serde_json::Value;

use super::callback::{redirect, with_query};
use super::html;
use super::session::{self, clear_cookie};
use crate::environment::Environment;
use crate::login_state::{App, denial};
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::token;

const PARAMETERS: &[&str] =
    &["id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

/// The parameters of a logout. An empty value counts as absent.
struct Parameters(Vec<(String, String)>);

/// Ends the session in `id_token_hint` and the browser session.
pub(crate) fn logout(env: &mut Environment, request: &Request) -> Reply {
    match check(env, request) {
        Ok((parameters, hint)) => {
            end_sessions(env, request, hint["sid"].as_str());
            match parameters.get("post_logout_redirect_uri") {
                Some(uri) => redirect(&with_query(uri, &[("state", parameters.get("state"))])),
                None => html::message(200, "Signed out", "You can close this page."),
            }
            .header("set-cookie", &clear_cookie())
        }
        Err(description) => html::error(400, &denial("invalid_request", description)),
    }
}

/// Returns the parameters and the claims of `id_token_hint`, which are `null` without one.
fn check(env: &Environment, request: &Request) -> Result<(Parameters, Arc<Value>), String> {
    let parameters = Parameters::read(request)?;
    // Expired ID tokens are accepted: they still identify the session.
    let hint = match parameters.get("id_token_hint").map(|token| token::verified(token, &env.keys)) {
        Some(Ok(claims)) => claims,
        Some(Err(_)) => return Err("id_token_hint is not an ID token of this environment".into()),
        None => Arc::default(),
    };
    let app = client(env, &parameters, &hint)?;
    if let Some(uri) = parameters.get("post_logout_redirect_uri") {
        // Otherwise the endpoint would be an open redirect.
        let app = app.ok_or("post_logout_redirect_uri needs an id_token_hint or a client_id")?;
        if !app.allows_post_logout_redirect(uri) {
            return Err("post_logout_redirect_uri is not registered".into());
        }
    }
    Ok((parameters, hint))
}

/// Returns the client in `client_id` and `id_token_hint`, which must be the same.
fn client<'a>(
    env: &'a Environment,
    parameters: &Parameters,
    hint: &Value,
) -> Result<Option<&'a App>, String> {
    let hinted = hint["azp"].as_str();
    let Some(id) = parameters.get("client_id") else {
        return Ok(hinted.and_then(|id| env.login.apps.get(id)));
    };
    if hinted.is_some_and(|hinted| hinted != id) {
        return Err("client_id differs from the client of id_token_hint".into());
    }
    env.login.apps.get(id).map(Some).ok_or_else(|| "client_id is unknown".into())
}

impl Parameters {
    /// Reads the query or, in a POST, the form.
    fn read(request: &Request) -> Result<Parameters, String> {
        let body = std::str::from_utf8(&request.body).ok();
        let text = if request.method == "POST" { body } else { Some(request.query.as_str()) };
        let pairs = text.and_then(percent::pairs).ok_or("the parameters are not valid percent-encoding")?;
        for (index, (name, _)) in pairs.iter().enumerate() {
            if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(format!("{name} is repeated"));
            }
            if !PARAMETERS.contains(&name.as_str()) {
                request.tolerate(format!("{name} is not a parameter of this endpoint"))?;
            }
        }
        Ok(Parameters(pairs))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }
}

fn end_sessions(env: &mut Environment, request: &Request, hinted: Option<&str>) {
    let of_browser = session::of_request(env, request).map(|session| session.id.clone());
    for id in hinted.map(Into::into).into_iter().chain(of_browser) {
        session::end(env, &id);
    }
}
