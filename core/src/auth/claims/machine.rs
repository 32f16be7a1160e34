//! Tokens of machines.

use super::claims;
use crate::jwt::Payload;
use crate::types::{Json, Timestamp};

claims! {
    /// What a verified access token of a machine says.
    pub struct MachineTokenClaims {
        /// Who issued it: the environment, as a rule.
        issuer as "iss": String,
        /// The client that it was issued to, such as `m2morg_123`.
        client_id as "sub": String,
        /// Who it is meant for.
        audience as "aud": Vec<String>,
        /// When it ends.
        expires_at as "exp": Option<Timestamp>,
        /// When it was issued.
        issued_at as "iat": Option<Timestamp>,
        /// Its own id.
        token_id as "jti": Option<String>,
        /// The organization that the client belongs to; absent for a client of the environment.
        organization_id as "oid": Option<String>,
        /// Claims that you had added.
        custom_claims as "custom_claims": Option<Json>,
    }
    with {
        /// What the token may be used for: the claims `scope` and `scopes` together.
        scopes: Vec<String> = Payload::scopes,
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl MachineTokenClaims {
    /// Whether the token may be used for this.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}
