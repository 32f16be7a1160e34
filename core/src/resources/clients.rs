//! Clients: the programs of an organization that sign in to your API.

use std::sync::Arc;

use crate::check;
use crate::model::{answers, open_enum, requests, write_back};
use crate::op::{pager, resource};
use crate::types::{SecretText, Timestamp};

open_enum! {
    /// Whether a client can sign in with a secret.
    pub enum ClientSecretStatus {
        /// Yes:
        Active = "ACTIVE",
        /// No longer:
        Inactive = "INACTIVE",
    }
}

answers! {
    /// A client of an organization: a program that gets access tokens for your API by OAuth's client credentials,
    /// machine to machine.
    pub struct M2mClient {
        /// The id to sign in with, such as `m2morg_1234`.
        client_id: String,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// The name that people see.
        name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Who its tokens are meant for (the claim `aud`).
        audience: Vec<String>,
        /// The scopes that its tokens may have.
        scopes: Vec<String>,
        /// Claims of your own in its tokens.
        custom_claims: Vec<CustomClaim>,
        /// How long its tokens are good, in seconds.
        expiry: Option<i64>,
        /// Its secrets, without their text.
        secrets: Vec<ClientSecret>,
        /// Where people are sent back to; for clients that registered themselves.
        redirect_uris: Vec<String>,
        /// The resource it was registered for, if any.
        resource_id: Option<String>,
        /// Whether it registered itself (OAuth dynamic client registration).
        is_dcr: bool,
        /// Whether it describes itself at `metadata_uri` (OAuth client id metadata document).
        is_cimd: bool,
        /// Where it describes itself.
        metadata_uri: Option<String>,
        /// When it was created.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
    }

    /// A secret of a client.
    pub struct ClientSecret {
        /// The id, such as `sks_1234`.
        id: String,
        /// The last characters of its text, to tell secrets apart.
        secret_suffix: Option<String>,
        /// Its text; the service leaves it out but where the secret is made.
        plain_secret: Option<Arc<SecretText>>,
        /// Whether it can be used.
        status: Option<ClientSecretStatus>,
        /// Who made it.
        created_by: Option<String>,
        /// When it was made.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
        /// When it ends; absent when it does not.
        expire_time: Option<Timestamp>,
        /// When it was last used; absent when it was not.
        last_used_time: Option<Timestamp>,
    }

    /// A client that was just created, with its first secret.
    pub struct NewM2mClient requires client {
        /// The client.
        client: M2mClient,
        /// The secret to sign in with. It is shown this once: hand it on or store it now.
        plain_secret: Option<Arc<SecretText>>,
    }

    /// A secret that was just made.
    pub struct NewClientSecret requires secret {
        /// What is kept of it.
        secret: ClientSecret,
        /// The secret to sign in with. It is shown this once: hand it on or store it now.
        plain_secret: Option<Arc<SecretText>>,
    }

    /// One page of an organization's clients.
    pub struct M2mClientPage {
        /// The clients of this page.
        clients: Vec<M2mClient>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// A claim of your own in tokens.
    pub struct CustomClaim {
        required {
            /// The claim's name.
            key: String,
            /// Its value.
            value: String,
        }
    }

    /// A new client of an organization.
    pub struct CreateM2mClient {
        optional {
            /// The name that people see, at most 128 characters.
            name: Option<String> => check::length(1..=128),
            /// What it is for, at most 512 characters.
            description: Option<String> => check::length(1..=512),
            /// Who its tokens are meant for (the claim `aud`), such as the address of your API.
            audience: Option<Vec<String>>,
            /// The scopes that its tokens may have, such as `orders:read`.
            scopes: Option<Vec<String>>,
            /// Claims of your own in its tokens.
            custom_claims: Option<Vec<CustomClaim>>,
            /// How long its tokens are good, in seconds. Default 3600.
            expiry: Option<i64> as "crate::model::int64_text",
        }
    }

    /// Changes to a client. What is left out stays as it is. A list takes the place of the old one, so that an empty
    /// one takes all of it away; name and description can be changed, but not taken away.
    pub struct UpdateM2mClient {
        optional {
            /// The name that people see, 1 to 128 characters.
            name: Option<String> => check::length(1..=128),
            /// What it is for, 1 to 512 characters.
            description: Option<String> => check::length(1..=512),
            /// Who its tokens are meant for (the claim `aud`), in place of the old ones.
            audience: Option<Vec<String>>,
            /// The scopes that its tokens may have, in place of the old ones.
            scopes: Option<Vec<String>>,
            /// Claims of your own in its tokens, in place of the old ones.
            custom_claims: Option<Vec<CustomClaim>>,
            /// How long its tokens are good, in seconds. Tokens that are out already keep their time.
            expiry: Option<i64> as "crate::model::int64_text",
        }
    }

    /// Which clients of an organization to list.
    pub struct ListM2mClients {
        optional {
            /// How many on a page, 10 to 100; other numbers are moved into that range. Default 10.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
        }
    }
}

write_back! {
    M2mClient => UpdateM2mClient { name, description, audience, scopes, custom_claims, expiry }
}

resource! {
    /// Clients: the programs of an organization that sign in to your API, machine to machine. They get their access
    /// tokens from `/oauth/token` with their id and secret (OAuth's client credentials); your API checks the tokens.
    clients: Clients / AsyncClients, table CLIENTS;

    /// One page of an organization's clients; `list_all` walks through all of them. Fails with `NotFound` when there
    /// is no such organization.
    "GET /api/v1/organizations/{organization_id}/clients"
    fn list(organization_id: &str, params: ListM2mClients) -> M2mClientPage where optional(params) {
        path(organization_id), page(params, 10, 100),
    }

    /// Creates a client, and gives it back with its first secret, which is shown this once.
    ///
    /// Fails with `NotFound` when there is no such organization.
    "POST /api/v1/organizations/{organization_id}/clients"
    fn create(organization_id: &str, client: CreateM2mClient) -> NewM2mClient {
        path(organization_id), body(client),
    }

    /// One client. Fails with `NotFound` when the organization has none of this id.
    "GET /api/v1/organizations/{organization_id}/clients/{client_id}" in "client"
    fn get(organization_id: &str, client_id: &str) -> M2mClient { path(organization_id, client_id) }

    /// Changes a client, and gives it back as it is then. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when the organization has none of this id.
    "PATCH /api/v1/organizations/{organization_id}/clients/{client_id}" in "client"
    fn update(organization_id: &str, client_id: &str, client: UpdateM2mClient) -> M2mClient {
        path(organization_id, client_id), body(client),
    }

    /// Deletes a client with its secrets: it gets no tokens any more. Tokens that are out already stay good until they
    /// end. There is no way back. Fails with `NotFound` when the organization has none of this id.
    "DELETE /api/v1/organizations/{organization_id}/clients/{client_id}"
    fn delete(organization_id: &str, client_id: &str) -> () { path(organization_id, client_id) }

    /// Makes a further secret for a client, which is shown this once. To change secrets without a gap, make the new
    /// one, put it to use, and delete the old one.
    ///
    /// Fails with `InvalidRequest` when the client has as many secrets as it may, with `NotFound` when there is no
    /// such client.
    "POST /api/v1/organizations/{organization_id}/clients/{client_id}/secrets"
    fn create_secret(organization_id: &str, client_id: &str) -> NewClientSecret { path(organization_id, client_id) }

    /// Deletes a secret of a client: nobody can sign in with it any more.
    ///
    /// Fails with `InvalidRequest` when it is the only one, since a client keeps at least one; with `NotFound` when
    /// the client has none of this id.
    "DELETE /api/v1/organizations/{organization_id}/clients/{client_id}/secrets/{secret_id}"
    fn delete_secret(organization_id: &str, client_id: &str, secret_id: &str) -> () {
        path(organization_id, client_id, secret_id),
    }
}

pager! {
    /// Walks through an organization's clients, page by page.
    M2mClientPager / AsyncM2mClientPager over Clients / AsyncClients.list[organization_id](ListM2mClients)
    as list_all -> clients: M2mClient
}
