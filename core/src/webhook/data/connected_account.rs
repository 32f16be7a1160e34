//! Connected accounts in events.

use crate::types::{Timestamp, answers, open_enum};

open_enum! {
    /// Whether a connected account can be used.
    pub enum ConnectedAccountStatus {
        /// It works:
        Active = "ACTIVE",
        /// Its credentials have run out, and its owner must connect it again:
        Expired = "EXPIRED",
        /// Its owner has yet to connect it:
        PendingAuth = "PENDING_AUTH",
        /// Its owner came back, and has yet to be verified:
        PendingVerification = "PENDING_VERIFICATION",
        /// Its owner or the provider took the access away:
        Disconnected = "DISCONNECTED",
    }

    /// How a connected account authenticates at the provider.
    pub enum ConnectedAccountType {
        /// OAuth 2.0:
        OAuth = "OAUTH",
        /// An API key:
        ApiKey = "API_KEY",
        /// HTTP Basic:
        BasicAuth = "BASIC_AUTH",
        /// A bearer token:
        BearerToken = "BEARER_TOKEN",
        /// The provider's own way:
        Custom = "CUSTOM",
        /// HTTP Basic, in its newer spelling:
        Basic = "BASIC",
        /// OAuth 2.0 between machines:
        OAuthM2m = "OAUTH_M2M",
        /// Trello's OAuth 1:
        TrelloOAuth1 = "TRELLO_OAUTH1",
        /// Google's domain-wide delegation:
        GoogleDwd = "GOOGLE_DWD",
        /// Trust in another identity provider:
        TrustedIdp = "TRUSTED_IDP",
        /// SMART on FHIR:
        SmartFhir = "SMART_FHIR",
        /// Not at all:
        NoAuth = "NO_AUTH",
    }
}

answers! {
    /// A connected account, at the time of an event. Its credentials are never in an event.
    pub struct ConnectedAccountEventData {
        /// The id, such as `ca_1234`.
        id: String,
        /// Your own name for its owner.
        identifier: String,
        /// The connection that it belongs to.
        connection_id: Option<String>,
        /// The name of that connection.
        connection_name: Option<String>,
        /// The provider it is an account at, such as `GMAIL`.
        provider: Option<String>,
        /// How it authenticates at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// Whether it can be used.
        status: Option<ConnectedAccountStatus>,
        /// When its access token runs out.
        token_expires_at: Option<Timestamp>,
        /// When it was last used.
        last_used_at: Option<Timestamp>,
    }

    /// A connected account that works again, or no longer.
    pub struct ConnectedAccountStatusUpdatedEventData {
        /// The id, such as `ca_1234`.
        id: String,
        /// Your own name for its owner.
        identifier: String,
        /// The connection that it belongs to.
        connection_id: Option<String>,
        /// The name of that connection.
        connection_name: Option<String>,
        /// The provider it is an account at, such as `GMAIL`.
        provider: Option<String>,
        /// How it authenticates at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// Whether it can be used now.
        status: Option<ConnectedAccountStatus>,
        /// Whether it could be used before.
        old_status: Option<ConnectedAccountStatus>,
    }
}
