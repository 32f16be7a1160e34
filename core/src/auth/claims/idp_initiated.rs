//! Claims of IdP-initiated logins.

use super::claims;
use crate::types::Timestamp;

claims! {
    /// Claims of the verified token of an IdP-initiated login. The token does not sign the user in.
    pub struct IdpInitiatedClaims {
        /// Issuer, usually the environment URL.
        issuer as "iss": String,
        /// ID of the organization.
        organization_id as "organization_id": String,
        /// ID of the connection to the identity provider.
        connection_id as "connection_id": String,
        /// Email address of the user, from the identity provider.
        login_hint as "login_hint": Option<String>,
        /// Relay state, chosen by the identity provider. Do not redirect to it without validation (see `local_path`).
        relay_state as "relay_state": Option<String>,
        /// Expiration time, a few minutes after the issue time.
        expires_at as "exp": Option<Timestamp>,
    }
}
