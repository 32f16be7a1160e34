//! Connections: how the people of an organization sign in.

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

use crate::op::resource;

resource! {
    /// Connections: how the people of an organization sign in.
    connections: Connections / AsyncConnections, table CONNECTIONS;

    /// The connections of one organization, or those for one e-mail domain; all in one answer. Without
    /// `include = "all"` only those that are set up and enabled.
    "GET /api/v1/connections" in "connections"
    fn list(params: ListConnections) -> Vec<ConnectionSummary> where optional(params) {
        query(params.organization_id, params.domain, params.include),
    }

    /// One connection with its whole configuration. Fails with `NotFound` when the organization has none of this id.
    "GET /api/v1/organizations/{organization_id}/connections/{id}" in "connection"
    fn get(organization_id: &str, connection_id: &str) -> Connection {
        path(organization_id, connection_id as "id"),
    }

    /// Switches a connection on: people can sign in through it from now on.
    ///
    /// Fails with `InvalidRequest` when it is not set up completely, with `NotFound` when there is none.
    "PATCH /api/v1/organizations/{organization_id}/connections/{id}:enable"
    fn enable(organization_id: &str, connection_id: &str) -> ConnectionToggle {
        path(organization_id, connection_id as "id"),
    }

    /// Switches a connection off: nobody can sign in through it until it is enabled again. Its configuration stays.
    "PATCH /api/v1/organizations/{organization_id}/connections/{id}:disable"
    fn disable(organization_id: &str, connection_id: &str) -> ConnectionToggle {
        path(organization_id, connection_id as "id"),
    }

    /// Deletes a connection with its configuration: nobody can sign in through it any more. There is no way back; to
    /// pause one, disable it. Fails with `NotFound` when the organization has none of this id.
    "DELETE /api/v1/organizations/{organization_id}/connections/{id}"
    fn delete(organization_id: &str, connection_id: &str) -> () {
        path(organization_id, connection_id as "id"),
    }
}
