//! The key set, and the metadata of the authorization server and of protected resources.

use serde_json::json;

use crate::environment::Environment;
use crate::reply::Reply;
use crate::request::Request;

const SCOPES: &[&str] = &["openid", "profile", "email", "offline_access"];

/// `GET /keys`
pub(crate) fn keys(env: &mut Environment, _: &Request) -> Reply {
    Reply::ok(env.keys.jwks())
}

/// `GET /.well-known/openid-configuration` and `…/oauth-authorization-server`: one document, because OpenID Connect
/// Discovery and RFC 8414 define the same names. Below a resource, the issuer is the URL of the resource, as RFC 8414,
/// section 3.3 requires.
pub(crate) fn server(env: &mut Environment, request: &Request) -> Reply {
    let url = &env.store.environment_url;
    let issuer = resource_url(env, request).unwrap_or_else(|| url.clone());
    Reply::ok(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/keys"),
        "end_session_endpoint": format!("{url}/oidc/logout"),
        "introspection_endpoint": format!("{url}/oauth/introspect"),
        "revocation_endpoint": format!("{url}/oauth/revoke"),
        // Tells the resource for which a client registers itself.
        "registration_endpoint": format!("{issuer}/oauth/register"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "create", "select_account", "consent"],
        "scopes_supported": SCOPES,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": authentication_methods(env, true),
        "introspection_endpoint_auth_methods_supported": authentication_methods(env, false),
        "revocation_endpoint_auth_methods_supported": authentication_methods(env, true),
    }))
}

fn authentication_methods(env: &Environment, public: bool) -> Vec<&'static str> {
    let basic = env.login.settings.basic_auth.then_some("client_secret_basic");
    let none = public.then_some("none");
    basic.into_iter().chain(["client_secret_post"]).chain(none).collect()
}

/// `GET /resources/{id}/.well-known/oauth-protected-resource` (RFC 9728). Every resource exists.
pub(crate) fn protected_resource(env: &mut Environment, request: &Request) -> Reply {
    let resource = resource_url(env, request);
    Reply::ok(json!({
        "resource": resource,
        "authorization_servers": [resource],
        "jwks_uri": format!("{}/keys", env.store.environment_url),
        "bearer_methods_supported": ["header"],
        "scopes_supported": SCOPES,
    }))
}

/// The URL of the resource in the path.
fn resource_url(env: &Environment, request: &Request) -> Option<String> {
    let id = resource_id(request)?;
    Some(format!("{}/resources/{id}", env.store.environment_url))
}

/// The ID of the resource in the path, before or after `/.well-known/…`.
pub(super) fn resource_id(request: &Request) -> Option<&str> {
    request.path.split('/').skip_while(|segment| *segment != "resources").nth(1)
}
