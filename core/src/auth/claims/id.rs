//! Claims of ID tokens.

use serde_json::Value;

use super::claims;
use super::read::{Claim, objects};
use crate::jwt::Payload;
use crate::types::{Json, Timestamp};

claims! {
    /// Claims of a verified ID token: the identity of the user.
    pub struct IdTokenClaims {
        /// Issuer, usually the environment URL.
        issuer as "iss": String,
        /// Subject: the user ID, such as `usr_123`. With single sign-on alone, a connection and the identity provider's
        /// identifier of the user.
        subject as "sub": String,
        /// Audiences. Your client is one of them.
        audience as "aud": Vec<String>,
        /// Expiration time of the token, which is unrelated to the lifetime of the session.
        expires_at as "exp": Option<Timestamp>,
        /// Issue time.
        issued_at as "iat": Option<Timestamp>,
        /// ID of the organization that the user signed in to.
        organization_id as "oid": Option<String>,
        /// ID of the user's session.
        session_id as "sid": Option<String>,
        /// Authentication methods: IDs of connections, the one that was used first.
        authentication_methods as "amr": Vec<String>,
        /// Email address.
        email as "email": Option<String>,
        /// Whether the email address is verified.
        email_verified as "email_verified": Option<bool>,
        /// Full name.
        name as "name": Option<String>,
        /// Given name.
        given_name as "given_name": Option<String>,
        /// Family name.
        family_name as "family_name": Option<String>,
        /// Preferred user name.
        preferred_username as "preferred_username": Option<String>,
        /// URL of the profile picture.
        picture as "picture": Option<String>,
        /// URL of the profile page.
        profile as "profile": Option<String>,
        /// Locale, such as `en-GB`.
        locale as "locale": Option<String>,
        /// Time zone, such as `Europe/Paris`.
        zoneinfo as "zoneinfo": Option<String>,
        /// Gender, as stated by the user.
        gender as "gender": Option<String>,
        /// Date of birth, in the format of the identity provider.
        birthdate as "birthdate": Option<String>,
        /// Phone number.
        phone_number as "phone_number": Option<String>,
        /// Whether the phone number is verified.
        phone_number_verified as "phone_number_verified": Option<bool>,
        /// Time of the last change to the user's profile.
        updated_at as "updated_at": Option<Timestamp>,
        /// External ID of the organization: its ID in your system.
        external_organization_id as "xoid": Option<String>,
        /// External ID of the user: the ID in your system.
        external_user_id as "xuid": Option<String>,
        /// Metadata of the user.
        metadata as "metadata": Option<Json>,
    }
    with {
        /// Identities at providers with which the user signed in.
        identities: Vec<TokenIdentity> = identities,
    }
}

/// A user's identity at a provider.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct TokenIdentity {
    /// ID of the connection to the provider.
    pub connection_id: Option<String>,
    /// ID of the organization that the connection belongs to.
    pub organization_id: Option<String>,
    /// Connection type, such as `OIDC`.
    pub connection_type: Option<String>,
    /// Provider, such as `OKTA`.
    pub provider_name: Option<String>,
    /// Whether the provider is a social provider, at which any user can have an identity.
    pub social: bool,
    /// The provider's attributes of the user, unchanged.
    pub provider_raw_attributes: Option<Json>,
}

fn identities(payload: &Payload) -> Vec<TokenIdentity> {
    fn claim<T: Claim>(identity: &Value, name: &str) -> T {
        T::read(identity.get(name).filter(|value| !value.is_null()))
    }
    objects(payload.get("identities"), |identity| TokenIdentity {
        connection_id: claim(identity, "connection_id"),
        organization_id: claim(identity, "organization_id"),
        connection_type: claim(identity, "connection_type"),
        provider_name: claim(identity, "provider_name"),
        social: claim(identity, "social"),
        provider_raw_attributes: claim(identity, "provider_raw_attributes"),
    })
}
