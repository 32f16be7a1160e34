//! The stored objects: their tables, and the rules that one object alone cannot check.

mod connections;
mod directories;
mod mcp_configs;
mod roles;
mod users;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use roles::IncludedPermissions;
pub(crate) use users::role_summary;

use crate::catalog;
use crate::error::ApiError;
use crate::ids::Ids;
use crate::model::{
    AuthLog, ConnectedAccount, Connection, Connector, CustomProvider, Directory, DirectoryGroup,
    DirectoryUser, Domain, M2mClient, MagicLink, McpConfig, Membership, Organization, Passkey, Passwordless,
    Permission, PortalLink, Role, Session, User,
};
use crate::table::{MAX_BOUNDED, Table};
use crate::tool_run::Record;
use roles::DefaultRoles;

/// The objects of the environment, and what new objects need.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Store {
    pub(crate) organizations: Table<Organization>,
    pub(crate) connections: Table<Connection>,
    pub(crate) connected_accounts: Table<ConnectedAccount>,
    pub(crate) magic_links: Table<MagicLink>,
    pub(crate) custom_providers: Table<CustomProvider>,
    /// The entries that tools have created at providers.
    pub(crate) tool_records: Vec<Record>,
    pub(crate) mcp_configs: Table<McpConfig>,
    pub(crate) sessions: Table<Session>,
    pub(crate) passkeys: Table<Passkey>,
    pub(crate) auth_logs: Table<AuthLog>,
    pub(crate) directories: Table<Directory>,
    pub(crate) directory_users: Table<DirectoryUser>,
    pub(crate) directory_groups: Table<DirectoryGroup>,
    pub(crate) domains: Table<Domain>,
    pub(crate) clients: Table<M2mClient>,
    pub(crate) portal_links: Table<PortalLink>,
    pub(crate) passwordless: Passwordless,
    pub(crate) users: Table<User>,
    pub(crate) memberships: Table<Membership>,
    pub(crate) roles: Table<Role>,
    pub(crate) permissions: Table<Permission>,
    pub(crate) default_roles: DefaultRoles,
    /// The last sent emails, each with a `kind` and a `to`.
    pub(crate) outbox: VecDeque<Value>,
    #[serde(skip)]
    pub(crate) ids: Ids,
    #[serde(skip)]
    pub(crate) environment_url: String,
    /// Whether each new organization gets a connection.
    #[serde(skip)]
    pub(crate) auto_connection: bool,
}

impl Store {
    /// The initial objects of an environment.
    pub(crate) fn new(ids: Ids, environment_url: String, auto_connection: bool) -> Store {
        Store { roles: roles::initial(), ids, environment_url, auto_connection, ..Store::default() }
    }

    /// Replaces the objects with the initial ones. No ID is reused.
    pub(crate) fn reset(&mut self, auto_connection: bool) {
        *self = Store::new(self.ids.clone(), std::mem::take(&mut self.environment_url), auto_connection);
    }

    /// Replaces the objects with those of a state file.
    pub(crate) fn restore(&mut self, stored: Store, auto_connection: bool) {
        *self = Store {
            ids: self.ids.clone(),
            environment_url: std::mem::take(&mut self.environment_url),
            auto_connection,
            ..stored
        };
    }

    /// Adds an email to the outbox. Beyond 10,000 emails, the oldest is removed.
    pub(crate) fn add_mail(&mut self, mail: Value) {
        self.outbox.push_back(mail);
        let surplus = self.outbox.len().saturating_sub(MAX_BOUNDED);
        self.outbox.drain(..surplus);
    }

    /// Rejects a domain that is taken: a sign-in domain belongs to one organization, an allowed email domain to any
    /// number of them.
    pub(crate) fn check_domain_is_free(&self, candidate: &Domain) -> Result<(), ApiError> {
        let clash = |own: &Domain| {
            own.domain == candidate.domain
                && own.domain_type == candidate.domain_type
                && (own.is_for_sign_in() || own.organization_id == candidate.organization_id)
        };
        if self.domains.iter().any(clash) {
            return Err(ApiError::already_exists("domain", "domain", &candidate.domain));
        }
        Ok(())
    }

    /// External IDs and slugs are unique among organizations.
    pub(crate) fn check_unique(&self, candidate: &Organization) -> Result<(), ApiError> {
        let others = || self.organizations.iter().filter(|own| own.id != candidate.id);
        let taken = |value: &str, field: fn(&Organization) -> &str| {
            !value.is_empty() && others().any(|own| field(own) == value)
        };
        if taken(&candidate.external_id, |own| &own.external_id) {
            return Err(ApiError::already_exists("organization", "external_id", &candidate.external_id));
        }
        if taken(&candidate.slug, |own| &own.slug) {
            return Err(ApiError::already_exists("organization", "slug", &candidate.slug));
        }
        Ok(())
    }

    /// Finds the connection of a provider. Each built-in or custom provider has one, with the provider's name.
    pub(crate) fn connector(&self, name: &str) -> Option<Connector> {
        let own = || self.custom_providers.get(name).map(Connector::from);
        catalog::provider(name).map(Connector::from).or_else(own)
    }
}
