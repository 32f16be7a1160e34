//! Logins that an identity provider starts.

use super::claims;
use crate::types::Timestamp;

claims! {
    /// What a verified token says with which an identity provider starts a login. Nobody is signed in by it.
    pub struct IdpInitiatedClaims {
        /// Who issued it: the environment, as a rule.
        issuer as "iss": String,
        /// The organization of the person.
        organization_id as "organization_id": String,
        /// The connection that the person comes through.
        connection_id as "connection_id": String,
        /// The person's e-mail address, as the provider has it.
        login_hint as "login_hint": Option<String>,
        /// What the provider wants to be handed through. It comes from outside: do not redirect to it unchecked (see
        /// `local_path`).
        relay_state as "relay_state": Option<String>,
        /// When it ends: a few minutes after it was issued.
        expires_at as "exp": Option<Timestamp>,
    }
}
