//! Organizations, their domains and their connections in events.

use crate::model::responses;
use crate::resources::connections::{ConnectionProvider, ConnectionStatus, ConnectionType};
use crate::resources::domains::{DomainType, DomainVerificationMethod, DomainVerificationStatus};
use crate::resources::organizations::{OrganizationSettings, RegionCode};
use crate::types::{Json, Timestamp};

responses! {
    /// An organization, as of the event.
    pub struct OrganizationEventData {
        /// Organization ID, such as `org_1234`.
        id: String,
        /// Display name.
        display_name: String,
        /// Your own ID for the organization, if you set one.
        external_id: Option<String>,
        /// Region in which the organization's data is stored.
        region_code: Option<RegionCode>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
        /// Deletion time.
        deleted_at: Option<Timestamp>,
        /// Custom key-value pairs.
        metadata: Option<Json>,
        /// Enabled and disabled features.
        settings: Option<OrganizationSettings>,
    }

    /// An email domain of an organization, as of the event.
    pub struct OrganizationDomainEventData {
        /// Domain ID, such as `dom_1234`.
        id: String,
        /// Domain name, such as `example.com`.
        domain: String,
        /// Purpose.
        domain_type: Option<DomainType>,
        /// Organization ID.
        organization_id: Option<String>,
        /// Environment ID.
        environment_id: Option<String>,
        /// Name of the DNS TXT record that proves ownership.
        txt_record_key: Option<String>,
        /// Content of the DNS TXT record, which the organization publishes.
        txt_record_secret: Option<String>,
        /// Status of the ownership verification.
        verification_status: Option<DomainVerificationStatus>,
        /// Method of the ownership verification.
        verification_method: Option<DomainVerificationMethod>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
    }

    /// A connection of an organization, as of the event.
    pub struct ConnectionEventData {
        /// Connection ID, such as `conn_1234`.
        id: String,
        /// Organization ID.
        organization_id: String,
        /// Authentication method.
        connection_type: Option<ConnectionType>,
        /// Identity provider.
        provider: Option<ConnectionProvider>,
        /// Whether users can sign in through the connection. Absent if the event does not contain it.
        enabled: Option<bool>,
        /// Configuration status.
        status: Option<ConnectionStatus>,
    }
}
