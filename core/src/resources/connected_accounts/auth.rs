//! Credentials of connected accounts, in responses and in requests.

use std::sync::Arc;

use crate::check;
use crate::model::{requests, responses};
use crate::types::{SecretJson, SecretText, Timestamp};

responses! {
    /// The current credentials of a connected account. Only the field of its authentication method is present.
    pub struct AuthorizationDetails {
        /// OAuth tokens.
        oauth_token: Option<OAuthToken>,
        /// Static credentials, such as an API key or a password.
        static_auth: Option<StaticAuth>,
        /// Google domain-wide delegation.
        google_dwd: Option<GoogleDwdAuth>,
        /// Trusted identity provider.
        trusted_idp: Option<TrustedIdpAuth>,
    }

    /// OAuth tokens.
    pub struct OAuthToken {
        /// Access token.
        access_token: Option<Arc<SecretText>>,
        /// Refresh token.
        refresh_token: Option<Arc<SecretText>>,
        /// Scopes granted by the owner.
        scopes: Vec<String>,
        /// The account's own domain at the provider, if any.
        domain: Option<String>,
    }

    /// Static credentials.
    pub struct StaticAuth {
        /// Credentials. The structure depends on the provider.
        details: Option<Arc<SecretJson>>,
    }

    /// A token for Google domain-wide delegation.
    pub struct GoogleDwdAuth {
        /// Email address of the user to impersonate.
        subject: Option<String>,
        /// Scopes.
        scopes: Vec<String>,
        /// Access token.
        access_token: Option<Arc<SecretText>>,
        /// Expiration time of the access token.
        token_expires_at: Option<Timestamp>,
    }

    /// Temporary credentials, issued through a trusted identity provider.
    pub struct TrustedIdpAuth {
        /// Database user.
        db_user: Option<String>,
        /// Access key ID.
        access_key_id: Option<Arc<SecretText>>,
        /// Secret access key.
        secret_access_key: Option<Arc<SecretText>>,
        /// Session token.
        session_token: Option<Arc<SecretText>>,
        /// Expiration time.
        expiry: Option<Timestamp>,
    }
}

requests! {
    /// The credentials of a connected account. Set only the field of its authentication method.
    pub struct AuthorizationDetailsInput {
        optional {
            /// OAuth tokens.
            oauth_token: Option<OAuthTokenInput>,
            /// Static credentials, such as an API key or a password.
            static_auth: Option<StaticAuthInput>,
            /// Google domain-wide delegation.
            google_dwd: Option<GoogleDwdAuthInput> => check::inner,
            /// Trusted identity provider.
            trusted_idp: Option<TrustedIdpAuthInput> => check::inner,
        }
    }

    /// OAuth tokens that you obtained yourself.
    pub struct OAuthTokenInput {
        optional {
            /// Access token.
            access_token: Option<Arc<SecretText>>,
            /// Refresh token.
            refresh_token: Option<Arc<SecretText>>,
            /// Scopes granted by the owner.
            scopes: Option<Vec<String>>,
            /// The account's own domain at the provider, if any.
            domain: Option<String>,
        }
    }

    /// Static credentials.
    pub struct StaticAuthInput {
        optional {
            /// Credentials. The structure depends on the provider.
            details: Option<Arc<SecretJson>>,
        }
    }

    /// Google domain-wide delegation.
    pub struct GoogleDwdAuthInput {
        optional {
            /// Email address of the user to impersonate. 1–320 characters.
            subject: Option<String> => check::length(1..=320),
        }
    }

    /// A trusted identity provider.
    pub struct TrustedIdpAuthInput {
        optional {
            /// Database user.
            db_user: Option<String>,
        }
    }
}
