//! The paths of the service and their handlers.

use crate::areas::{self, Entry};
use crate::connect;
use crate::environment::Environment;
use crate::error::ApiError;
use crate::login;
use crate::oauth;
use crate::portal;
use crate::reply::{Outcome, Reply};
use crate::request::Request;
use crate::router::{Lookup, Router};
use crate::token;

/// An operation and its handler.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) id: String,
    run: Run,
}

/// A handler that needs no bearer token.
type Public = fn(&mut Environment, &Request) -> Reply;

#[derive(Debug)]
enum Run {
    Public(Public),
    /// Absent if the emulator has no handler for the operation.
    Operation(Option<&'static Entry>),
}

/// Builds the router of the SDK's operations and of the public paths.
pub(crate) fn build() -> Router<Route> {
    let mut router = Router::new();
    let public: &[(&str, &str, &str, Public)] = &[
        ("oauth.token", "POST", "/oauth/token", oauth::token),
        ("oauth.keys", "GET", "/keys", oauth::keys),
        ("oauth.discovery", "GET", "/.well-known/openid-configuration", oauth::server),
        ("oauth.metadata", "GET", "/.well-known/oauth-authorization-server", oauth::server),
        ("oauth.metadata", "GET", "/.well-known/oauth-authorization-server/resources/{id}", oauth::server),
        ("oauth.metadata", "GET", "/resources/{id}/.well-known/oauth-authorization-server", oauth::server),
        (
            "oauth.resource",
            "GET",
            "/.well-known/oauth-protected-resource/resources/{id}",
            oauth::protected_resource,
        ),
        (
            "oauth.resource",
            "GET",
            "/resources/{id}/.well-known/oauth-protected-resource",
            oauth::protected_resource,
        ),
        ("oauth.user_info", "GET", "/userinfo", oauth::user_info),
        ("oauth.user_info", "POST", "/userinfo", oauth::user_info),
        ("oauth.introspect", "POST", "/oauth/introspect", oauth::introspect),
        ("oauth.revoke", "POST", "/oauth/revoke", oauth::revoke),
        ("oauth.register", "POST", "/oauth/register", oauth::register),
        ("oauth.register", "POST", "/resources/{id}/oauth/register", oauth::register),
        ("oauth.authorize", "GET", "/oauth/authorize", login::authorize),
        ("oauth.logout", "GET", "/oidc/logout", login::logout),
        ("oauth.logout", "POST", "/oidc/logout", login::logout),
        ("idp.show", "GET", "/idp/login", login::show),
        ("idp.decide", "POST", "/idp/login", login::decide),
        ("connect.done", "GET", "/connect", connect::done),
        ("connect.open", "GET", "/connect/{link_id}", connect::open),
        ("portal.open", "GET", "/portal/{id}", portal::open),
    ];
    for (id, method, path, run) in public {
        router.add(method, path, Route { id: (*id).into(), run: Run::Public(*run) });
    }
    for operation in scalekit::operations() {
        let run = Run::Operation(areas::entry(&operation.id));
        router.add(&operation.method, &operation.path, Route { id: operation.id.clone(), run });
    }
    router
}

/// Handles a request according to the result of its lookup.
pub(crate) fn handle(env: &mut Environment, lookup: &Lookup<'_, Route>, request: &Request) -> Reply {
    let unknown = || format!("the emulator does not know {} {}", request.method, request.path);
    let outcome = match lookup {
        Lookup::Route(Route { run: Run::Public(run), .. }, _) => return run(env, request),
        Lookup::Route(Route { run: Run::Operation(Some(entry)), .. }, params) => {
            authenticate(env, request).and_then(|()| entry.handle(env, params, request))
        }
        Lookup::Route(Route { id, .. }, _) => {
            Err(ApiError::new(501, format!("the emulator has no handler for {id}")))
        }
        Lookup::WrongMethod => Err(ApiError::new(501, unknown())),
        Lookup::BadEncoding => {
            Err(ApiError::invalid_field("path", "encoding", "is not valid percent-encoded UTF-8"))
        }
        Lookup::NotFound => Err(ApiError::new(404, unknown())),
    };
    finish(outcome, request)
}

fn finish(outcome: Outcome, request: &Request) -> Reply {
    outcome.unwrap_or_else(|error| error.into_reply(&request.trace_id))
}

fn authenticate(env: &Environment, request: &Request) -> Result<(), ApiError> {
    let mut values = request.headers.get_all("authorization").iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(ApiError::unauthenticated("exactly one authorization header is required"));
    };
    let bearer = value.to_str().ok().and_then(|value| value.split_once(' '));
    let token = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    let token = token.ok_or_else(|| ApiError::unauthenticated("the authorization is not a bearer token"))?;
    let claims = token::check(token, &env.keys, &env.tokens, env.clock.now());
    let claims = claims.map_err(ApiError::unauthenticated)?;
    if claims["sub"] != env.client_id {
        return Err(ApiError::new(403, "the token is not one of the environment's client"));
    }
    Ok(())
}
