//! Claims of machine tokens.

use super::claims;
use crate::jwt::Payload;
use crate::types::{Json, Timestamp};

claims! {
    /// Claims of a verified access token of a machine client.
    pub struct MachineTokenClaims {
        /// Issuer, usually the environment URL.
        issuer as "iss": String,
        /// ID of the client that the token was issued to, such as `m2morg_123`.
        client_id as "sub": String,
        /// Audiences.
        audience as "aud": Vec<String>,
        /// Expiration time.
        expires_at as "exp": Option<Timestamp>,
        /// Issue time.
        issued_at as "iat": Option<Timestamp>,
        /// Token ID.
        token_id as "jti": Option<String>,
        /// ID of the organization that the client belongs to. Absent for a client of the environment.
        organization_id as "oid": Option<String>,
        /// Custom claims that you configured.
        custom_claims as "custom_claims": Option<Json>,
    }
    with {
        /// Scopes: the claims `scope` and `scopes` together.
        scopes: Vec<String> = Payload::scopes,
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl MachineTokenClaims {
    /// Whether the token has this scope.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}
