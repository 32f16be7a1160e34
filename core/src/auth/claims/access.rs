//! Claims of access tokens.

use super::claims;
use crate::jwt::Payload;
use crate::types::{Json, Timestamp};

claims! {
    /// Claims of a verified access token of a user or a machine client.
    pub struct AccessTokenClaims {
        /// Issuer, usually the environment URL.
        issuer as "iss": String,
        /// Subject: a user ID, such as `usr_123`, or the ID of a machine client. With single sign-on alone, a
        /// connection and the identity provider's identifier of the user.
        subject as "sub": String,
        /// Audiences.
        audience as "aud": Vec<String>,
        /// Expiration time.
        expires_at as "exp": Option<Timestamp>,
        /// Issue time.
        issued_at as "iat": Option<Timestamp>,
        /// Token ID.
        token_id as "jti": Option<String>,
        /// ID of the organization that the user is signed in to, or that the machine client belongs to.
        organization_id as "oid": Option<String>,
        /// ID of the user's session.
        session_id as "sid": Option<String>,
        /// ID of the client that the token was issued to.
        client_id as "client_id": Option<String>,
        /// Names of the user's roles in the organization.
        roles as "roles": Vec<String>,
        /// Names of the user's permissions in the organization.
        permissions as "permissions": Vec<String>,
        /// External ID of the organization: its ID in your system.
        external_organization_id as "xoid": Option<String>,
        /// External ID of the user: the ID in your system.
        external_user_id as "xuid": Option<String>,
        /// Custom claims that you configured.
        custom_claims as "custom_claims": Option<Json>,
        /// Metadata of the user.
        user_metadata as "user_metadata": Option<Json>,
        /// Metadata of the membership.
        membership_metadata as "membership_metadata": Option<Json>,
        /// Metadata of the organization.
        organization_metadata as "org_metadata": Option<Json>,
    }
    with {
        /// Scopes: the claims `scope` and `scopes` together.
        scopes: Vec<String> = Payload::scopes,
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl AccessTokenClaims {
    /// Whether the token has this scope.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    /// Whether the user has this role in the token's organization.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Whether the user has this permission in the token's organization.
    #[must_use]
    pub fn has_permission(&self, permission: &str) -> bool {
        self.permissions.iter().any(|held| held == permission)
    }

    /// Whether the token belongs to a machine client: its subject is the client that it was issued to.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        self.client_id.as_deref() == Some(self.subject.as_str())
    }
}
