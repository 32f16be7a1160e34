//! Organizations, their domains and their connections in events.

use crate::model::answers;
use crate::resources::connections::{ConnectionProvider, ConnectionStatus, ConnectionType};
use crate::resources::domains::{DomainType, DomainVerificationMethod, DomainVerificationStatus};
use crate::resources::organizations::{OrganizationSettings, RegionCode};
use crate::types::{Json, Timestamp};

answers! {
    /// An organization, at the time of an event.
    pub struct OrganizationEventData {
        /// The id, such as `org_1234`.
        id: String,
        /// The name that people see.
        display_name: String,
        /// Your own id for it, if you gave one.
        external_id: Option<String>,
        /// Where its data is kept.
        region_code: Option<RegionCode>,
        /// When it was created.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
        /// When it was deleted.
        deleted_at: Option<Timestamp>,
        /// Your own key-value pairs.
        metadata: Option<Json>,
        /// Its features, on and off.
        settings: Option<OrganizationSettings>,
    }

    /// An e-mail domain of an organization, at the time of an event.
    pub struct OrganizationDomainEventData {
        /// The id, such as `dom_1234`.
        id: String,
        /// The domain's name, such as `example.com`.
        domain: String,
        /// What it is for.
        domain_type: Option<DomainType>,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// The environment it is in.
        environment_id: Option<String>,
        /// The name of the DNS record that shows whose it is.
        txt_record_key: Option<String>,
        /// The content of that record, which the organization makes public.
        txt_record_secret: Option<String>,
        /// Whether the organization has shown that it is its own.
        verification_status: Option<DomainVerificationStatus>,
        /// How the organization shows that it is its own.
        verification_method: Option<DomainVerificationMethod>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
    }

    /// A connection of an organization, at the time of an event.
    pub struct ConnectionEventData {
        /// The id, such as `conn_1234`.
        id: String,
        /// The organization it belongs to.
        organization_id: String,
        /// How it authenticates.
        connection_type: Option<ConnectionType>,
        /// The identity provider behind it.
        provider: Option<ConnectionProvider>,
        /// Whether people can sign in with it; absent where the event does not say.
        enabled: Option<bool>,
        /// How far it is set up.
        status: Option<ConnectionStatus>,
    }
}
