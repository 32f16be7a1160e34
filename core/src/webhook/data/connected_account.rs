//! Connected accounts in events.

use crate::model::responses;
use crate::resources::connected_accounts::{ConnectedAccountStatus, ConnectedAccountType};
use crate::types::Timestamp;

responses! {
    /// A connected account, as of the event. Events never contain credentials.
    pub struct ConnectedAccountEventData {
        /// Connected account ID, such as `ca_1234`.
        id: String,
        /// Your own identifier for the owner.
        identifier: String,
        /// Connection ID.
        connection_id: Option<String>,
        /// Name of the connection.
        connection_name: Option<String>,
        /// Provider of the account, such as `GMAIL`.
        provider: Option<String>,
        /// Authentication method at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// Status.
        status: Option<ConnectedAccountStatus>,
        /// Expiration time of the access token.
        token_expires_at: Option<Timestamp>,
        /// Time of the last use.
        last_used_at: Option<Timestamp>,
    }

    /// A connected account whose status changed.
    pub struct ConnectedAccountStatusUpdatedEventData {
        /// Connected account ID, such as `ca_1234`.
        id: String,
        /// Your own identifier for the owner.
        identifier: String,
        /// Connection ID.
        connection_id: Option<String>,
        /// Name of the connection.
        connection_name: Option<String>,
        /// Provider of the account, such as `GMAIL`.
        provider: Option<String>,
        /// Authentication method at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// New status.
        status: Option<ConnectedAccountStatus>,
        /// Previous status.
        old_status: Option<ConnectedAccountStatus>,
    }
}
