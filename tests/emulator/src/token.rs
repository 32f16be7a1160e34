//! Machine tokens: issuing and validation.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::keys::{Keyring, SigningKey};

/// The revoked access tokens. Valid tokens need no entry, because their signature proves that they were issued.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct RevokedTokens {
    /// Machine tokens with this number in their ID, or a lower one, are revoked.
    up_to: u64,
    /// The expiration times of tokens that were revoked one by one, in Unix seconds, by ID.
    expirations: HashMap<String, i64>,
    /// Number of entries at which the expired ones are removed.
    cleanup_at: usize,
}

/// Number of revoked tokens below which the expired ones are not removed.
const MIN_CLEANUP: usize = 1000;

impl RevokedTokens {
    pub(crate) fn is_revoked(&self, id: &str) -> bool {
        self.expirations.contains_key(id)
    }

    /// Whether a machine token with this ID is valid, if it has not expired.
    pub(crate) fn is_valid(&self, id: &str) -> bool {
        let number = id.strip_prefix("tkn_").and_then(|digits| digits.parse::<u64>().ok());
        number.is_some_and(|number| number > self.up_to) && !self.is_revoked(id)
    }

    pub(crate) fn revoke(&mut self, id: &str, expires_at: Option<i64>, now: Instant) {
        if self.expirations.len() >= self.cleanup_at {
            self.expirations.retain(|_, expires_at| *expires_at > now.unix_seconds());
            self.cleanup_at = MIN_CLEANUP + 2 * self.expirations.len();
        }
        self.expirations.insert(id.into(), expires_at.unwrap_or(i64::MAX));
    }

    /// Revokes the machine tokens issued so far. `last_id` is the number of the last ID.
    pub(crate) fn revoke_all(&mut self, last_id: u64) {
        self.up_to = last_id;
    }
}

/// Whether a token is a machine token: only those have their scopes as a list.
pub(crate) fn is_machine(claims: &Value) -> bool {
    claims["scopes"].is_array()
}

/// Claims that an interceptor cannot change.
const RESERVED: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "iat",
    "nbf",
    "jti",
    "sid",
    "oid",
    "amr",
    "nonce",
    "at_hash",
    "c_hash",
    "client_id",
];

pub(crate) fn is_reserved(claim: &str) -> bool {
    RESERVED.contains(&claim)
}

/// The contents of a machine token.
pub(crate) struct MachineToken<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) id: &'a str,
    pub(crate) scope: &'a str,
    /// Audience. Default if empty: the client ID.
    pub(crate) audience: &'a [String],
    pub(crate) issued_at: Instant,
    pub(crate) lifetime_seconds: i64,
    /// Additional claims, such as `oid` in the tokens of organization clients.
    pub(crate) more: Map<String, Value>,
}

impl MachineToken<'_> {
    pub(crate) fn sign(&self, key: &SigningKey) -> String {
        sign(key, &self.claims())
    }

    pub(crate) fn claims(&self) -> Value {
        let issued_at = self.issued_at.unix_seconds();
        let own = [self.client_id.to_owned()];
        let mut claims = json!({
            "iss": self.issuer,
            "sub": self.client_id,
            "client_id": self.client_id,
            "aud": if self.audience.is_empty() { &own } else { self.audience },
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at.saturating_add(self.lifetime_seconds),
            "jti": self.id,
            "scope": self.scope,
            "scopes": self.scope.split_whitespace().collect::<Vec<_>>(),
        });
        for (name, value) in &self.more {
            claims[name] = value.clone();
        }
        claims
    }
}

pub(crate) fn sign(key: &SigningKey, claims: &Value) -> String {
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": key.kid});
    let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = encode(key.sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// Validates a bearer token and returns its claims. The error is the reason for the error message.
pub(crate) fn check(
    token: &str,
    keys: &Keyring,
    revoked: &RevokedTokens,
    now: Instant,
) -> Result<Arc<Value>, &'static str> {
    let claims = verified(token, keys)?;
    if claims["exp"].as_i64().is_none_or(|exp| exp <= now.unix_seconds()) {
        return Err("the token has expired");
    }
    let is_valid = claims["jti"].as_str().is_some_and(|id| revoked.is_valid(id));
    if !is_valid || !is_machine(&claims) {
        return Err("the token was revoked");
    }
    Ok(claims)
}

/// Verifies the signature of a token and returns its claims, which are not validated.
pub(crate) fn verified(token: &str, keys: &Keyring) -> Result<Arc<Value>, &'static str> {
    if let Some(claims) = keys.verified_tokens.claims(token) {
        return Ok(claims);
    }
    let (message, signature) = token.rsplit_once('.').ok_or("the token is malformed")?;
    let (header, claims) = message.split_once('.').ok_or("the token is malformed")?;
    let (header, claims) = (decode_json(header)?, decode_json(claims)?);
    if header["alg"] != "RS256" {
        return Err("the token is not signed with RS256");
    }
    let key = header["kid"].as_str().and_then(|kid| keys.find(kid)).ok_or("the signing key is unknown")?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "the token is malformed")?;
    if !key.verifies(message.as_bytes(), &signature) {
        return Err("the signature of the token is wrong");
    }
    let claims = Arc::new(claims);
    keys.verified_tokens.insert(token, &claims);
    Ok(claims)
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode_json(part: &str) -> Result<Value, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| "the token is malformed")?;
    serde_json::from_slice(&bytes).map_err(|_| "the token is malformed")
}

/// Returns the base64url left half of the SHA-256 digest, for `at_hash` and `c_hash` with RS256 (OpenID Connect Core,
/// section 3.1.3.6).
pub(crate) fn left_half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_half_hash_matches_the_openid_connect_example() {
        // OpenID Connect Core, appendix A.4: the access token, and its `at_hash`.
        assert_eq!(left_half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
