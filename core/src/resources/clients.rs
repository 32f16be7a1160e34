//! Machine clients (M2M): programs of an organization that authenticate to your API.

use std::sync::Arc;

use crate::check;
use crate::model::{open_enum, requests, responses, updates};
use crate::op::{pagers, resource};
use crate::types::{SecretText, Timestamp};

open_enum! {
    /// Status of a client secret.
    pub enum ClientSecretStatus {
        /// The secret can be used.
        Active = "ACTIVE",
        /// The secret can no longer be used.
        Inactive = "INACTIVE",
    }
}

responses! {
    /// A machine client of an organization: a program that requests access tokens for your API with the
    /// OAuth client credentials grant.
    pub struct M2mClient {
        /// Client ID to authenticate with, such as `m2morg_1234`.
        client_id: String,
        /// ID of the organization that the client belongs to.
        organization_id: Option<String>,
        /// Display name.
        name: Option<String>,
        /// Description.
        description: Option<String>,
        /// Audiences of the client's access tokens (the `aud` claim).
        audience: Vec<String>,
        /// Scopes allowed in the client's access tokens.
        scopes: Vec<String>,
        /// Custom claims in the client's access tokens.
        custom_claims: Vec<CustomClaim>,
        /// Access token lifetime, in seconds.
        expiry: Option<i64>,
        /// Secrets, without their values.
        secrets: Vec<ClientSecret>,
        /// Redirect URIs. Only for clients that registered themselves.
        redirect_uris: Vec<String>,
        /// ID of the resource that the client was registered for, if any.
        resource_id: Option<String>,
        /// Whether the client registered itself (OAuth dynamic client registration).
        is_dcr: bool,
        /// Whether the client is described by the document at `metadata_uri` (OAuth client ID metadata document).
        is_cimd: bool,
        /// URL of the client ID metadata document.
        metadata_uri: Option<String>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
    }

    /// A secret of a client.
    pub struct ClientSecret {
        /// Secret ID, such as `sks_1234`.
        id: String,
        /// Last characters of the secret, to identify it.
        secret_suffix: Option<String>,
        /// Secret value. The service returns it only on creation.
        plain_secret: Option<Arc<SecretText>>,
        /// Status.
        status: Option<ClientSecretStatus>,
        /// Creator of the secret.
        created_by: Option<String>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
        /// Expiration time. Absent if the secret does not expire.
        expire_time: Option<Timestamp>,
        /// Time of the last use. Absent if the secret was never used.
        last_used_time: Option<Timestamp>,
    }

    /// A created client and its first secret.
    pub struct NewM2mClient requires client {
        /// The client.
        client: M2mClient,
        /// Secret value. Returned only once: store it or pass it on now.
        plain_secret: Option<Arc<SecretText>>,
    }

    /// A created client secret.
    pub struct NewClientSecret requires secret {
        /// The secret, as it is listed later.
        secret: ClientSecret,
        /// Secret value. Returned only once: store it or pass it on now.
        plain_secret: Option<Arc<SecretText>>,
    }

    /// One page of an organization's clients.
    pub struct M2mClientPage {
        /// Clients on this page.
        clients: Vec<M2mClient>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// A custom claim in access tokens.
    pub struct CustomClaim {
        required {
            /// Name of the claim.
            key: String,
            /// Value of the claim.
            value: String,
        }
    }

    /// A new client of an organization.
    pub struct CreateM2mClient {
        optional {
            /// Display name. 1–128 characters.
            name: Option<String> => check::length(1..=128),
            /// Description. 1–512 characters.
            description: Option<String> => check::length(1..=512),
            /// Audiences of the client's access tokens (the `aud` claim), such as the URL of your API.
            audience: Option<Vec<String>>,
            /// Scopes allowed in the client's access tokens, such as `orders:read`.
            scopes: Option<Vec<String>>,
            /// Custom claims in the client's access tokens.
            custom_claims: Option<Vec<CustomClaim>>,
            /// Access token lifetime, in seconds. Default: 3600.
            expiry: Option<i64> as "crate::model::int64_text",
        }
    }

    /// Changes to a client. Omitted fields are unchanged.
    ///
    /// A list replaces the existing list; an empty list clears it. The name and description can be changed but not
    /// cleared.
    pub struct UpdateM2mClient {
        optional {
            /// Display name. 1–128 characters.
            name: Option<String> => check::length(1..=128),
            /// Description. 1–512 characters.
            description: Option<String> => check::length(1..=512),
            /// Audiences of the client's access tokens (the `aud` claim). Replaces the existing audiences.
            audience: Option<Vec<String>>,
            /// Scopes allowed in the client's access tokens. Replaces the existing scopes.
            scopes: Option<Vec<String>>,
            /// Custom claims in the client's access tokens. Replaces the existing claims.
            custom_claims: Option<Vec<CustomClaim>>,
            /// Access token lifetime, in seconds. Issued tokens keep their expiration time.
            expiry: Option<i64> as "crate::model::int64_text",
        }
    }

    /// Parameters for listing an organization's clients.
    pub struct ListM2mClients {
        optional {
            /// Page size, 10–100. Values outside this range are clamped. Default: 10.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
        }
    }
}

updates! {
    M2mClient => UpdateM2mClient { name, description, audience, scopes, custom_claims, expiry }
}

resource! {
    /// Machine clients (M2M): programs of an organization that authenticate to your API.
    ///
    /// A client requests access tokens from `/oauth/token` with its ID and secret (OAuth client credentials grant).
    /// Your API validates the tokens.
    clients: Clients / AsyncClients, table CLIENTS;

    /// Lists one page of an organization's clients; `list_all` returns a pager over all pages.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{organization_id}/clients"
    fn list(organization_id: &str, params: ListM2mClients) -> M2mClientPage where optional(params) {
        path(organization_id), page(params, 10, 100),
    }

    /// Creates a client and returns it with its first secret.
    ///
    /// The secret value is returned only by this call.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "POST /api/v1/organizations/{organization_id}/clients"
    fn create(organization_id: &str, client: CreateM2mClient) -> NewM2mClient {
        path(organization_id), body(client),
    }

    /// Returns a client.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no client with this ID.
    "GET /api/v1/organizations/{organization_id}/clients/{client_id}" in "client"
    fn get(organization_id: &str, client_id: &str) -> M2mClient { path(organization_id, client_id) }

    /// Updates a client and returns it. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no client with this ID.
    "PATCH /api/v1/organizations/{organization_id}/clients/{client_id}" in "client"
    fn update(organization_id: &str, client_id: &str, client: UpdateM2mClient) -> M2mClient {
        path(organization_id, client_id), body(client),
    }

    /// Deletes a client and its secrets.
    ///
    /// The client can no longer request access tokens. Issued tokens remain valid until they expire. Deletion is
    /// permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no client with this ID.
    "DELETE /api/v1/organizations/{organization_id}/clients/{client_id}"
    fn delete(organization_id: &str, client_id: &str) -> () { path(organization_id, client_id) }

    /// Creates an additional secret for a client and returns it.
    ///
    /// The secret value is returned only by this call. To rotate secrets without downtime, create a secret, deploy it,
    /// and delete the old one.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the client already has the maximum number of secrets.
    /// `NotFound` if the organization has no client with this ID.
    "POST /api/v1/organizations/{organization_id}/clients/{client_id}/secrets"
    fn create_secret(organization_id: &str, client_id: &str) -> NewClientSecret { path(organization_id, client_id) }

    /// Deletes a secret of a client.
    ///
    /// The secret can no longer be used to authenticate.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if this is the client's only secret. A client has at least one.
    /// `NotFound` if the client has no secret with this ID.
    "DELETE /api/v1/organizations/{organization_id}/clients/{client_id}/secrets/{secret_id}"
    fn delete_secret(organization_id: &str, client_id: &str, secret_id: &str) -> () {
        path(organization_id, client_id, secret_id),
    }
}

pagers! {
    /// Pages through an organization's clients.
    M2mClientPager / AsyncM2mClientPager over Clients / AsyncClients.list[organization_id](ListM2mClients)
    as list_all -> clients: M2mClient;
}
