//! Access tokens: what a person, or a machine, may do.

use super::claims;
use crate::jwt::Payload;
use crate::types::{Json, Timestamp};

claims! {
    /// What a verified access token says: of a person or of a machine.
    pub struct AccessTokenClaims {
        /// Who issued it: the environment, as a rule.
        issuer as "iss": String,
        /// Whom it is about: a user, such as `usr_123`, or a machine's client. Where single sign-on is used alone, a
        /// connection and the identity provider's own name for the person.
        subject as "sub": String,
        /// Who it is meant for.
        audience as "aud": Vec<String>,
        /// When it ends.
        expires_at as "exp": Option<Timestamp>,
        /// When it was issued.
        issued_at as "iat": Option<Timestamp>,
        /// Its own id.
        token_id as "jti": Option<String>,
        /// The organization that the person acts in, or that the machine belongs to.
        organization_id as "oid": Option<String>,
        /// The person's session.
        session_id as "sid": Option<String>,
        /// The client that it was issued to.
        client_id as "client_id": Option<String>,
        /// The names of the person's roles in the organization.
        roles as "roles": Vec<String>,
        /// The names of what the person may do in the organization.
        permissions as "permissions": Vec<String>,
        /// Your own id of the organization.
        external_organization_id as "xoid": Option<String>,
        /// Your own id of the person.
        external_user_id as "xuid": Option<String>,
        /// Claims that you had added.
        custom_claims as "custom_claims": Option<Json>,
        /// The metadata of the user.
        user_metadata as "user_metadata": Option<Json>,
        /// The metadata of the membership.
        membership_metadata as "membership_metadata": Option<Json>,
        /// The metadata of the organization.
        organization_metadata as "org_metadata": Option<Json>,
    }
    with {
        /// What the token may be used for: the claims `scope` and `scopes` together.
        scopes: Vec<String> = Payload::scopes,
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl AccessTokenClaims {
    /// Whether the token may be used for this.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    /// Whether the person has this role in the organization of the token.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Whether the person has this permission in the organization of the token.
    #[must_use]
    pub fn has_permission(&self, permission: &str) -> bool {
        self.permissions.iter().any(|held| held == permission)
    }

    /// Whether the token belongs to a machine: it is about the client that it was issued to.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        self.client_id.as_deref() == Some(self.subject.as_str())
    }
}
