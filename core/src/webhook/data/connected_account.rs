//! Connected accounts in events.

use crate::model::answers;
use crate::resources::connected_accounts::{ConnectedAccountStatus, ConnectedAccountType};
use crate::types::Timestamp;

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
