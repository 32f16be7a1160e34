//! The state of the emulated service.

use serde::{Deserialize, Serialize};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use crate::access::{self, DefaultRoles};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::fault::Faults;
use crate::ids::Ids;
use crate::interceptors::Interceptors;
use crate::keys::Keyring;
use crate::login::{App, Apps, Login, LoginSettings};
use crate::model::{
    AuthLog, ConnectedAccount, Connection, CustomProvider, Directory, DirectoryGroup, DirectoryUser, Domain,
    M2mClient, MagicLink, McpConfig, Membership, Organization, Passkey, Passwordless, Permission, PortalLink,
    Role, Session, User,
};
use crate::settings::Settings;
use crate::table::{MAX_LEFTOVERS, Table};
use crate::token::RevokedTokens;
use crate::tool_run::Record;
use crate::webhooks::Outgoing;

/// Each emulator is a single environment.
pub(crate) const ENVIRONMENT_ID: &str = "env_100000000000000001";

/// The state of one environment. A reset restores everything except the ID counter, the keys and the tokens.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) environment_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) keys: Keyring,
    pub(crate) tokens: RevokedTokens,
    pub(crate) store: Store,
    pub(crate) login: Login,
    pub(crate) outgoing: Arc<Outgoing>,
    pub(crate) interceptors: Interceptors,
    pub(crate) faults: Faults,
    pub(crate) token_lifetime_seconds: u32,
    pub(crate) auto_connection: bool,
    settings: Settings,
}

/// The objects of the environment.
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
}

impl Environment {
    pub(crate) fn new(
        environment_url: String,
        credentials: (String, String),
        settings: Settings,
    ) -> Environment {
        let mut ids = Ids::default();
        let own = App::new(credentials.0.clone(), Some(credentials.1.clone()));
        let public = App::new(settings.public_client_id.clone(), None);
        let login =
            Login::new(Apps::new(vec![own, public]), ids.next("conn"), LoginSettings::new(settings.strict));
        Environment {
            environment_url,
            client_id: credentials.0,
            client_secret: credentials.1,
            clock: Clock::default(),
            keys: Keyring::new(ids.next("snk")),
            ids,
            tokens: RevokedTokens::default(),
            store: Store::fresh(),
            login,
            outgoing: Arc::default(),
            interceptors: Interceptors::default(),
            faults: Faults::default(),
            token_lifetime_seconds: settings.token_lifetime_seconds,
            auto_connection: settings.auto_connection,
            settings,
        }
    }

    /// Resets the state. Keeps keys and tokens, so that authenticated clients stay authenticated, and the ID counter,
    /// so that no ID is reused.
    pub(crate) fn reset(&mut self) {
        self.clock = Clock::default();
        self.store = Store::fresh();
        self.login.reset();
        self.outgoing.reset();
        self.interceptors = Interceptors::default();
        self.faults = Faults::default();
        self.token_lifetime_seconds = self.settings.token_lifetime_seconds;
        self.auto_connection = self.settings.auto_connection;
    }

    /// Revokes every machine token issued so far.
    pub(crate) fn revoke_tokens(&mut self) {
        self.tokens.revoke_all(self.ids.last());
    }

    pub(crate) fn rotate_keys(&mut self) -> String {
        let kid = self.ids.next("snk");
        self.keys.rotate(kid.clone());
        kid
    }
}

impl Store {
    /// The initial objects of an environment.
    pub(crate) fn fresh() -> Store {
        Store { roles: access::initial_roles(), ..Store::default() }
    }

    /// Adds an email to the outbox. Beyond 10,000 emails, the oldest is removed.
    pub(crate) fn add_mail(&mut self, mail: Value) {
        self.outbox.push_back(mail);
        let surplus = self.outbox.len().saturating_sub(MAX_LEFTOVERS);
        self.outbox.drain(..surplus);
    }

    /// Deletes an organization and everything that belongs to it. Its users are kept, even without another
    /// organization.
    pub(crate) fn delete_organization(&mut self, id: &str) {
        self.organizations.remove(id);
        self.connections.retain(|own| own.organization_id != id);
        self.connected_accounts.retain(|own| own.owner.organization_id != id);
        self.domains.retain(|own| own.organization_id != id);
        self.clients.retain(|own| own.organization_id != id);
        self.portal_links.retain(|own| own.organization_id != id);
        let directories = self.directories.iter().filter(|own| own.organization_id == id);
        let directories: HashSet<String> = directories.map(|own| own.id.clone()).collect();
        self.directories.retain(|own| own.organization_id != id);
        self.directory_users.retain(|own| !directories.contains(&own.directory_id));
        self.directory_groups.retain(|own| !directories.contains(&own.directory_id));
        self.memberships.retain(|own| own.organization_id != id);
        self.roles.retain(|own| own.organization_id != id);
        self.default_roles.member_by_organization.remove(id);
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
}
