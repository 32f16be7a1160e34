//! ID tokens: who the person is.

use serde_json::Value;

use super::claims;
use super::read::{Claim, each};
use crate::jwt::Payload;
use crate::types::{Json, Timestamp};

claims! {
    /// Who the person is, as a verified ID token says.
    pub struct IdTokenClaims {
        /// Who issued it: the environment, as a rule.
        issuer as "iss": String,
        /// The person: a user, such as `usr_123`. Where single sign-on is used alone, a connection and the identity
        /// provider's own name for the person.
        subject as "sub": String,
        /// Who it is meant for: your client.
        audience as "aud": Vec<String>,
        /// When it ends. It says nothing about how long the person stays signed in.
        expires_at as "exp": Option<Timestamp>,
        /// When it was issued.
        issued_at as "iat": Option<Timestamp>,
        /// The organization that the person signed in to.
        organization_id as "oid": Option<String>,
        /// The person's session.
        session_id as "sid": Option<String>,
        /// How the person signed in: ids of connections, the one that was used first.
        authentication_methods as "amr": Vec<String>,
        /// The e-mail address.
        email as "email": Option<String>,
        /// Whether the address is known to be the person's.
        email_verified as "email_verified": Option<bool>,
        /// The whole name.
        name as "name": Option<String>,
        /// The given name.
        given_name as "given_name": Option<String>,
        /// The family name.
        family_name as "family_name": Option<String>,
        /// The name that the person goes by.
        preferred_username as "preferred_username": Option<String>,
        /// The URL of a picture.
        picture as "picture": Option<String>,
        /// The URL of a profile page.
        profile as "profile": Option<String>,
        /// The language, such as `en-GB`.
        locale as "locale": Option<String>,
        /// The time zone, such as `Europe/Paris`.
        zoneinfo as "zoneinfo": Option<String>,
        /// The gender, as the person states it.
        gender as "gender": Option<String>,
        /// The day of birth, as the provider writes it.
        birthdate as "birthdate": Option<String>,
        /// The telephone number.
        phone_number as "phone_number": Option<String>,
        /// Whether the number is known to be the person's.
        phone_number_verified as "phone_number_verified": Option<bool>,
        /// When what is said about the person changed last.
        updated_at as "updated_at": Option<Timestamp>,
        /// Your own id of the organization.
        external_organization_id as "xoid": Option<String>,
        /// Your own id of the person.
        external_user_id as "xuid": Option<String>,
        /// The metadata of the user.
        metadata as "metadata": Option<Json>,
    }
    with {
        /// The identities at providers that the person signed in with.
        identities: Vec<TokenIdentity> = identities,
    }
}

/// A person's identity at a provider.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct TokenIdentity {
    /// The connection to the provider.
    pub connection_id: Option<String>,
    /// The organization that the connection belongs to.
    pub organization_id: Option<String>,
    /// The kind of connection, such as `OIDC`.
    pub connection_type: Option<String>,
    /// The provider, such as `OKTA`.
    pub provider_name: Option<String>,
    /// Whether the provider is a social one, which anybody can have an identity at.
    pub social: bool,
    /// What the provider says about the person, unchanged.
    pub provider_raw_attributes: Option<Json>,
}

fn identities(payload: &Payload) -> Vec<TokenIdentity> {
    fn claim<T: Claim>(identity: &Value, name: &str) -> T {
        T::read(identity.get(name).filter(|value| !value.is_null()))
    }
    each(payload.get("identities"), |identity| TokenIdentity {
        connection_id: claim(identity, "connection_id"),
        organization_id: claim(identity, "organization_id"),
        connection_type: claim(identity, "connection_type"),
        provider_name: claim(identity, "provider_name"),
        social: claim(identity, "social"),
        provider_raw_attributes: claim(identity, "provider_raw_attributes"),
    })
}
