//! What other endpoints need to know about logins and their tokens.

use serde_json::Value;

use super::claims::scope_claims;
use super::session::get_active;
use crate::environment::Environment;
use crate::token::is_reserved;

/// Returns the claims of the UserInfo endpoint. `None` if the session has ended.
pub(crate) fn user_claims(env: &mut Environment, session_id: &str, scope: &str) -> Option<Value> {
    let session = get_active(env, session_id)?;
    let mut claims = scope_claims(&session.person, scope);
    claims["sub"] = session.subject.into();
    for (name, value) in session.person.claims.iter().filter(|(name, _)| !is_reserved(name)) {
        claims[name] = value.clone();
    }
    Some(claims)
}

/// A valid refresh token.
pub(crate) struct RefreshTokenInfo {
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) subject: String,
    /// Unix seconds.
    pub(crate) expires_at: i64,
}

/// Describes a refresh token. `None` if it is not valid.
pub(crate) fn refresh_token_info(env: &mut Environment, token: &str) -> Option<RefreshTokenInfo> {
    let (grant, expires_at) = env.login.refresh_tokens.find(token, env.clock.now())?;
    let grant = grant.clone();
    let session = get_active(env, &grant.session_id)?;
    Some(RefreshTokenInfo {
        client_id: grant.app_id,
        scope: grant.scope,
        subject: session.subject,
        expires_at: expires_at.unix_seconds(),
    })
}

/// Revokes a refresh token with all others of its login.
pub(crate) fn revoke_refresh_token(env: &mut Environment, token: &str) {
    env.login.refresh_tokens.revoke(token);
}
