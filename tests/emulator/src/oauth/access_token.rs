//! Validation of access tokens, of users and of machines.

use std::sync::Arc;

use serde_json::Value;

use crate::environment::Environment;
use crate::login;
use crate::token;

/// Returns the claims of an access token that is neither expired nor revoked, and whose session, if any, is active.
pub(super) fn live_claims(env: &mut Environment, token: &str) -> Result<Arc<Value>, &'static str> {
    let claims = token::verified(token, &env.keys)?;
    let id = claims["jti"].as_str().ok_or("the token is not an access token")?;
    if claims["exp"].as_i64().is_none_or(|exp| exp <= env.clock.now().unix_seconds()) {
        return Err("the token has expired");
    }
    if env.tokens.is_revoked(id) || (token::is_machine(&claims) && !env.tokens.is_valid(id)) {
        return Err("the token was revoked");
    }
    let session = claims["sid"].as_str().map(|id| login::has_active_session(env, id));
    if session == Some(false) {
        return Err("the session has ended");
    }
    Ok(claims)
}
