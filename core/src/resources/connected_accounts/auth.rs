//! The credentials of connected accounts: as they are read, and as they are sent.

use std::sync::Arc;

use crate::check;
use crate::model::{answers, requests};
use crate::types::{SecretJson, SecretText, Timestamp};

answers! {
    /// The live credentials of a connected account. The one field for its way to authenticate is there.
    pub struct AuthorizationDetails {
        /// For OAuth.
        oauth_token: Option<OAuthToken>,
        /// For an API key, a password and the like.
        static_auth: Option<StaticAuth>,
        /// For Google's domain-wide delegation.
        google_dwd: Option<GoogleDwdAuth>,
        /// For trust in another identity provider.
        trusted_idp: Option<TrustedIdpAuth>,
    }

    /// Tokens by OAuth.
    pub struct OAuthToken {
        /// The access token.
        access_token: Option<Arc<SecretText>>,
        /// The refresh token.
        refresh_token: Option<Arc<SecretText>>,
        /// The scopes that the owner has granted.
        scopes: Vec<String>,
        /// The account's own domain at the provider, where it has one.
        domain: Option<String>,
    }

    /// Fixed credentials.
    pub struct StaticAuth {
        /// The credentials, in a shape that depends on the provider.
        details: Option<Arc<SecretJson>>,
    }

    /// A token by Google's domain-wide delegation.
    pub struct GoogleDwdAuth {
        /// The address of the person in whose name it acts.
        subject: Option<String>,
        /// The scopes that it has.
        scopes: Vec<String>,
        /// The access token.
        access_token: Option<Arc<SecretText>>,
        /// When the access token runs out.
        token_expires_at: Option<Timestamp>,
    }

    /// Short-lived keys by trust in another identity provider.
    pub struct TrustedIdpAuth {
        /// The user of the database that it is for.
        db_user: Option<String>,
        /// The id of the key.
        access_key_id: Option<Arc<SecretText>>,
        /// The key.
        secret_access_key: Option<Arc<SecretText>>,
        /// The token of the session that the key belongs to.
        session_token: Option<Arc<SecretText>>,
        /// When they run out.
        expiry: Option<Timestamp>,
    }
}

requests! {
    /// The credentials of a connected account. Fill in the one field for its way to authenticate.
    pub struct AuthorizationDetailsInput {
        optional {
            /// For OAuth.
            oauth_token: Option<OAuthTokenInput>,
            /// For an API key, a password and the like.
            static_auth: Option<StaticAuthInput>,
            /// For Google's domain-wide delegation.
            google_dwd: Option<GoogleDwdAuthInput> => check::inner,
            /// For trust in another identity provider.
            trusted_idp: Option<TrustedIdpAuthInput> => check::inner,
        }
    }

    /// Tokens by OAuth that you have got yourself.
    pub struct OAuthTokenInput {
        optional {
            /// The access token.
            access_token: Option<Arc<SecretText>>,
            /// The refresh token.
            refresh_token: Option<Arc<SecretText>>,
            /// The scopes that the owner has granted.
            scopes: Option<Vec<String>>,
            /// The account's own domain at the provider, where it has one.
            domain: Option<String>,
        }
    }

    /// Fixed credentials.
    pub struct StaticAuthInput {
        optional {
            /// The credentials, in a shape that depends on the provider.
            details: Option<Arc<SecretJson>>,
        }
    }

    /// Google's domain-wide delegation.
    pub struct GoogleDwdAuthInput {
        optional {
            /// The address of the person in whose name it acts.
            subject: Option<String> => check::length(1..=320),
        }
    }

    /// Trust in another identity provider.
    pub struct TrustedIdpAuthInput {
        optional {
            /// The user of the database that it is for.
            db_user: Option<String>,
        }
    }
}
