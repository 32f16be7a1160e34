//! Connections: authentication methods for the users of an organization.

mod enums;
mod models;
mod oauth;
mod oidc;
mod passkey;
mod saml;

pub use enums::*;
pub use models::*;
pub use oauth::*;
pub use oidc::*;
pub use passkey::*;
pub use saml::*;

use crate::op::{pagers, resource};

resource! {
    /// Connections: authentication methods for the users of an organization.
    connections: Connections / AsyncConnections, table CONNECTIONS;

    /// Lists the connections of an organization or an email domain, without pagination.
    ///
    /// Only configured and enabled connections are listed, unless `include = "all"`.
    "GET /api/v1/connections" in "connections"
    fn list(params: ListConnections) -> Vec<ConnectionSummary> where optional(params) {
        query(params.organization_id, params.domain, params.include),
    }

    /// Returns a connection with its complete configuration.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no connection with this ID.
    "GET /api/v1/organizations/{organization_id}/connections/{id}" in "connection"
    fn get(organization_id: &str, connection_id: &str) -> Connection {
        path(organization_id, connection_id as "id"),
    }

    /// Enables a connection, so that users can sign in through it.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the configuration is incomplete.
    /// `NotFound` if the organization has no connection with this ID.
    "PATCH /api/v1/organizations/{organization_id}/connections/{id}:enable"
    fn enable(organization_id: &str, connection_id: &str) -> ConnectionToggle {
        path(organization_id, connection_id as "id"),
    }

    /// Disables a connection.
    ///
    /// Users cannot sign in through it until it is enabled again. Its configuration is unchanged.
    "PATCH /api/v1/organizations/{organization_id}/connections/{id}:disable"
    fn disable(organization_id: &str, connection_id: &str) -> ConnectionToggle {
        path(organization_id, connection_id as "id"),
    }

    /// Deletes a connection and its configuration.
    ///
    /// Users can no longer sign in through it. Deletion is permanent; to pause a connection, disable it.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no connection with this ID.
    "DELETE /api/v1/organizations/{organization_id}/connections/{id}"
    fn delete(organization_id: &str, connection_id: &str) -> () {
        path(organization_id, connection_id as "id"),
    }
}

pagers! {}
