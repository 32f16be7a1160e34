//! The endpoints of the authorization server besides the login: tokens, keys, metadata, UserInfo, introspection,
//! revocation, and dynamic client registration.

mod access_token;
mod exchange;
mod form;
mod introspection;
mod machine;
mod metadata;
mod registration;
mod revocation;
mod user_info;

use form::Form;
pub(crate) use introspection::introspect;
pub(crate) use metadata::{keys, protected_resource, server};
pub(crate) use registration::register;
pub(crate) use revocation::revoke;
pub(crate) use user_info::user_info;

use serde_json::json;

use crate::environment::Environment;
use crate::login_state::App;
use crate::reply::Reply;
use crate::request::Request;
use crate::resource;

/// An error response of RFC 6749, section 5.2.
struct OAuthError {
    status: u16,
    code: &'static str,
    description: String,
}

fn refuse(status: u16, code: &'static str, description: impl Into<String>) -> OAuthError {
    OAuthError { status, code, description: description.into() }
}

fn invalid_target(why: resource::Rejection) -> OAuthError {
    refuse(400, "invalid_target", why)
}

impl OAuthError {
    fn into_reply(self) -> Reply {
        Reply::json(self.status, json!({"error": self.code, "error_description": self.description}))
    }
}

/// Completes a reply of an endpoint that authenticates clients.
fn complete(request: &Request, result: Result<Reply, OAuthError>) -> Reply {
    let reply = result.unwrap_or_else(OAuthError::into_reply).header("cache-control", "no-store");
    if reply.status == 401 && request.headers.contains_key("authorization") {
        return reply.header("www-authenticate", "Basic realm=\"scalekit\"");
    }
    reply
}

/// `POST /oauth/token`
pub(crate) fn token(env: &mut Environment, request: &Request) -> Reply {
    let result = grant(env, request);
    complete(request, result)
}

fn grant(env: &mut Environment, request: &Request) -> Result<Reply, OAuthError> {
    let form = Form::read(env, request)?;
    match form.get("grant_type") {
        Some("client_credentials") => machine::client_credentials(env, request, &form),
        Some("authorization_code") => exchange::authorization_code(env, request, &form),
        Some("refresh_token") => exchange::refresh_token(env, request, &form),
        Some(other) => {
            Err(refuse(400, "unsupported_grant_type", format!("grant_type {other} is not supported")))
        }
        None => Err(refuse(400, "invalid_request", "grant_type is missing")),
    }
}

/// Authenticates a client that is not an organization's. A confidential client must send its secret; a public client
/// must not send one.
fn authenticate<'a>(env: &'a Environment, form: &Form) -> Result<&'a App, OAuthError> {
    let app = env.login.apps.get(form.client_id()?);
    let app = app.filter(|app| app.secret.as_deref() == form.client_secret());
    app.ok_or_else(unknown_client)
}

/// A client that authenticated itself.
struct Caller {
    client_id: String,
    is_public: bool,
}

/// Authenticates any client, including those of organizations.
fn authenticate_any(env: &mut Environment, form: &Form) -> Result<Caller, OAuthError> {
    let client_id = form.client_id().map_err(|_| unknown_client())?.to_owned();
    let now = env.clock.now();
    if let Some(client) = env.store.clients.get_mut(&client_id) {
        let is_known = form.client_secret().is_some_and(|secret| client.authenticate(secret, now));
        return if is_known { Ok(Caller { client_id, is_public: false }) } else { Err(unknown_client()) };
    }
    let is_public = authenticate(env, form)?.is_public();
    Ok(Caller { client_id, is_public })
}

fn unknown_client() -> OAuthError {
    refuse(401, "invalid_client", "the client is unknown or its secret is wrong")
}
