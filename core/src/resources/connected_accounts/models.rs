//! Data models and request parameters of connected accounts.

use super::*;
use crate::check::{self, Verdict};
use crate::model::{open_enum, requests, responses};
use crate::types::{Json, Timestamp};

open_enum! {
    /// Status of a connected account.
    pub enum ConnectedAccountStatus {
        /// Unknown to the service.
        Unspecified = "CONNECTION_STATUS_UNSPECIFIED",
        /// The account can be used.
        Active = "ACTIVE",
        /// The credentials have expired. The owner must reconnect the account.
        Expired = "EXPIRED",
        /// The owner has not connected the account yet.
        PendingAuth = "PENDING_AUTH",
        /// The owner has completed the magic link and awaits verification with `verify_user`.
        PendingVerification = "PENDING_VERIFICATION",
        /// The owner or the provider revoked access.
        Disconnected = "DISCONNECTED",
    }

    /// Authentication method of a connected account at its provider.
    pub enum ConnectedAccountType {
        /// OAuth 2.0.
        OAuth = "OAUTH",
        /// API key.
        ApiKey = "API_KEY",
        /// HTTP Basic authentication.
        BasicAuth = "BASIC_AUTH",
        /// Bearer token.
        BearerToken = "BEARER_TOKEN",
        /// Provider-specific authentication.
        Custom = "CUSTOM",
        /// HTTP Basic authentication, in its newer spelling.
        Basic = "BASIC",
        /// Machine-to-machine OAuth 2.0.
        OAuthM2m = "OAUTH_M2M",
        /// OAuth 1, as used by Trello.
        TrelloOAuth1 = "TRELLO_OAUTH1",
        /// Google domain-wide delegation.
        GoogleDwd = "GOOGLE_DWD",
        /// Trusted identity provider.
        TrustedIdp = "TRUSTED_IDP",
        /// SMART on FHIR.
        SmartFhir = "SMART_FHIR",
        /// No authentication.
        NoAuth = "NO_AUTH",
    }
}

responses! {
    /// A connected account.
    pub struct ConnectedAccount {
        /// Connected account ID, such as `ca_1234`.
        id: String,
        /// Your own identifier for the owner, such as a user ID or an email address.
        identifier: Option<String>,
        /// Name of the connection that the account belongs to.
        connector: Option<String>,
        /// ID of the connection.
        connection_id: Option<String>,
        /// Provider of the account, such as `GMAIL`.
        provider: Option<String>,
        /// Status.
        status: Option<ConnectedAccountStatus>,
        /// Authentication method at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// Current credentials. Returned only by `get_auth`.
        authorization_details: Option<AuthorizationDetails>,
        /// Settings of the provider's API for this account. The structure depends on the provider.
        api_config: Option<Json>,
        /// Expiration time of the access token.
        token_expires_at: Option<Timestamp>,
        /// Time of the last use.
        last_used_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
    }

    /// A connected account in a list.
    pub struct ConnectedAccountSummary {
        /// Connected account ID, such as `ca_1234`.
        id: String,
        /// Your own identifier for the owner, such as a user ID or an email address.
        identifier: Option<String>,
        /// Name of the connection that the account belongs to.
        connector: Option<String>,
        /// ID of the connection.
        connection_id: Option<String>,
        /// Provider of the account, such as `GMAIL`.
        provider: Option<String>,
        /// Status.
        status: Option<ConnectedAccountStatus>,
        /// Authentication method at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// Expiration time of the access token.
        token_expires_at: Option<Timestamp>,
        /// Time of the last use.
        last_used_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
    }

    /// One page of connected accounts.
    pub struct ConnectedAccountPage {
        /// Connected accounts on this page.
        connected_accounts: Vec<ConnectedAccountSummary>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// A link with which the owner of a connected account connects it.
    pub struct MagicLink {
        /// URL to send the owner to. It must be opened before `expiry`.
        link: String,
        /// Expiration time, about one minute after creation.
        expiry: Option<Timestamp>,
    }

    /// Result of verifying the user who connected an account.
    pub struct ConnectedAccountVerification {
        /// URL to redirect the user to.
        post_user_verify_redirect_url: Option<String>,
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl ConnectedAccount {
    /// Returns an update that changes nothing. Modify it and pass it to `update`.
    ///
    /// The update references the account by ID and contains no credentials, so that tokens renewed in the meantime are
    /// not overwritten.
    #[must_use]
    pub fn to_update(&self) -> UpdateConnectedAccount {
        let input =
            ConnectedAccountInput { api_config: self.api_config.clone(), authorization_details: None };
        UpdateConnectedAccount {
            id: Some(self.id.clone()),
            connected_account: Some(input),
            ..UpdateConnectedAccount::default()
        }
    }
}

requests! {
    /// A reference to a connected account: its `id`, or its `connector` and owner.
    ///
    /// The owner is an `identifier`, an organization or a user.
    pub struct ConnectedAccountSelector {
        optional {
            /// Connected account ID, such as `ca_1234`. 1–32 characters.
            id: Option<String> => check::length(1..=32),
            /// Name of the connection.
            connector: Option<String> => connector,
            /// Your own identifier for the owner. 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// ID of the organization that owns the account. 1–32 characters.
            organization_id: Option<String> => check::length(1..=32),
            /// ID of the user who owns the account. 1–32 characters.
            user_id: Option<String> => check::length(1..=32),
        }
    }

    /// A new connected account.
    ///
    /// In addition to the connector, set the owner: an `identifier`, an organization or a user.
    pub struct CreateConnectedAccount {
        required {
            /// Name of the connection that the account belongs to: letters, digits, spaces, `_`, `:` and `-`. 1–400
            /// characters.
            connector: String => connector,
        }
        optional {
            /// Your own identifier for the owner, such as a user ID or an email address. 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// ID of the organization that owns the account. 1–32 characters.
            organization_id: Option<String> => check::length(1..=32),
            /// ID of the user who owns the account. 1–32 characters.
            user_id: Option<String> => check::length(1..=32),
            /// Credentials and settings, if you already have them.
            connected_account: Option<ConnectedAccountInput> => check::inner,
        }
    }

    /// Changes to a connected account, referenced as in `ConnectedAccountSelector`. Omitted fields are unchanged.
    pub struct UpdateConnectedAccount {
        optional {
            /// Connected account ID, such as `ca_1234`. 1–32 characters.
            id: Option<String> => check::length(1..=32),
            /// Name of the connection.
            connector: Option<String> => connector,
            /// Your own identifier for the owner. 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// ID of the organization that owns the account. 1–32 characters.
            organization_id: Option<String> => check::length(1..=32),
            /// ID of the user who owns the account. 1–32 characters.
            user_id: Option<String> => check::length(1..=32),
            /// New credentials and settings.
            connected_account: Option<ConnectedAccountInput> => check::inner,
        }
    }

    /// Credentials and settings of a connected account.
    pub struct ConnectedAccountInput {
        optional {
            /// Credentials.
            authorization_details: Option<AuthorizationDetailsInput> => check::inner,
            /// Settings of the provider's API for this account. The structure depends on the provider.
            api_config: Option<Json>,
        }
    }

    /// Parameters for generating a magic link.
    ///
    /// The connected account is referenced as in `ConnectedAccountSelector`.
    pub struct GenerateMagicLink {
        optional {
            /// Connected account ID, such as `ca_1234`. 1–32 characters.
            id: Option<String> => check::length(1..=32),
            /// Name of the connection.
            connector: Option<String> => connector,
            /// Your own identifier for the owner. 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// ID of the organization that owns the account. 1–32 characters.
            organization_id: Option<String> => check::length(1..=32),
            /// ID of the user who owns the account. 1–32 characters.
            user_id: Option<String> => check::length(1..=32),
            /// Opaque value that is passed to `user_verify_url`. At most 512 characters.
            state: Option<String> => check::length(0..=512),
            /// URL of your page at which the provider's flow ends, and which calls `verify_user`. Begins with
            /// `https://` or `http://`. At most 2048 characters. Default: the user is not verified.
            user_verify_url: Option<String> => web_address,
        }
    }

    /// The user who completed a magic link.
    pub struct VerifyConnectedAccountUser {
        required {
            /// The `auth_request_id` from the query of your page. 1–100 characters.
            auth_request_id: String => check::length(1..=100),
            /// Your own identifier for the user who is signed in to your application. 1–100 characters.
            identifier: String => check::length(1..=100),
        }
    }

    /// Parameters for listing connected accounts.
    pub struct ListConnectedAccounts {
        optional {
            /// Page size, 1–99. Values outside this range are clamped. Default: 10.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Organization ID to filter by.
            organization_id: Option<String>,
            /// User ID to filter by.
            user_id: Option<String>,
            /// Name of the connection to filter by.
            connector: Option<String> => connector,
            /// Your own identifier for the owner to filter by. 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// Provider to filter by.
            provider: Option<String>,
            /// Text that the accounts must contain.
            query: Option<String>,
            /// Names of the connections to filter by. At most 20.
            connection_names: Option<Vec<String>> => check::at_most(20),
        }
    }

    /// Parameters for searching connected accounts.
    pub struct SearchConnectedAccounts {
        required {
            /// Text to search for. 3–200 characters.
            query: String => check::length(3..=200),
        }
        optional {
            /// Page size, 1–30. Values outside this range are clamped.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// ID of the connection to filter by.
            connection_id: Option<String>,
        }
    }
}

/// Checks the name of a connection.
pub(in crate::resources) fn connector<T: check::Text>(value: &T) -> Verdict {
    check::length(1..=400)(value)?;
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | ' ' | '-');
    let good = value.text().is_none_or(|text| text.chars().all(good));
    if good { Ok(()) } else { Err("may hold letters, digits, spaces, `_`, `:` and `-` only".into()) }
}

fn web_address(value: &Option<String>) -> Verdict {
    check::length(1..=2048)(value)?;
    let url = |text: &String| reqwest::Url::parse(text).ok().filter(reqwest::Url::has_host);
    let good = value
        .as_ref()
        .is_none_or(|text| url(text).is_some_and(|url| matches!(url.scheme(), "https" | "http")));
    if good { Ok(()) } else { Err("must be a URL that starts with https:// or http://".into()) }
}
