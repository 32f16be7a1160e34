//! `POST /oauth/introspect` (RFC 7662).

use serde_json::{Value, json};

use super::access_token::live_claims;
use super::{Form, OAuthError, authenticate_any, complete, unknown_client};
use crate::environment::Environment;
use crate::login;
use crate::reply::Reply;
use crate::request::Request;

pub(crate) fn introspect(env: &mut Environment, request: &Request) -> Reply {
    let result = describe(env, request);
    complete(request, result)
}

fn describe(env: &mut Environment, request: &Request) -> Result<Reply, OAuthError> {
    let form = Form::read(env, request)?;
    form.only(request, &["token", "token_type_hint"])?;
    if authenticate_any(env, &form)?.is_public {
        return Err(unknown_client());
    }
    let token = form.need("token")?;
    let body = match live_claims(env, token) {
        Ok(claims) => access_token(&claims),
        Err(_) => login::refresh_token_info(env, token).map_or(json!({"active": false}), |info| {
            json!({
                "active": true,
                "token_type": "refresh_token",
                "client_id": info.client_id,
                "scope": info.scope,
                "sub": info.subject,
                "exp": info.expires_at,
                "iss": env.store.environment_url,
            })
        }),
    };
    Ok(Reply::ok(body))
}

fn access_token(claims: &Value) -> Value {
    let mut body = json!({"active": true, "token_type": "Bearer"});
    for name in ["iss", "sub", "aud", "client_id", "scope", "exp", "iat", "nbf", "jti", "sid", "oid"] {
        if let Some(value) = claims.get(name) {
            body[name] = value.clone();
        }
    }
    body
}
