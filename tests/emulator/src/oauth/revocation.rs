//! `POST /oauth/revoke` (RFC 7009).

use super::access_token::live_claims;
use super::{Form, OAuthError, authenticate_any, complete, refuse};
use crate::environment::Environment;
use crate::login;
use crate::reply::Reply;
use crate::request::Request;

pub(crate) fn revoke(env: &mut Environment, request: &Request) -> Reply {
    let result = end_token(env, request);
    complete(request, result)
}

/// Revokes an access token, or a refresh token with all others of its login. A token that is not valid is not an error
/// (RFC 7009, section 2.2).
fn end_token(env: &mut Environment, request: &Request) -> Result<Reply, OAuthError> {
    let form = Form::read(env, request)?;
    form.only(request, &["token", "token_type_hint"])?;
    let caller = authenticate_any(env, &form)?;
    let token = form.need("token")?;
    if let Ok(claims) = live_claims(env, token) {
        check_owner(claims["client_id"].as_str().unwrap_or_default(), &caller.client_id)?;
        let now = env.clock.now();
        env.tokens.revoke(claims["jti"].as_str().unwrap_or_default(), claims["exp"].as_i64(), now);
    } else if let Some(info) = login::refresh_token_info(env, token) {
        check_owner(&info.client_id, &caller.client_id)?;
        login::revoke_refresh_token(env, token);
    }
    Ok(Reply::empty(200))
}

fn check_owner(owner: &str, caller: &str) -> Result<(), OAuthError> {
    if owner == caller {
        return Ok(());
    }
    Err(refuse(400, "invalid_grant", "the token was issued to another client"))
}
