//! Everything the emulated service remembers.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::access::{self, DefaultRoles};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::fault::Faults;
use crate::ids::Ids;
use crate::interceptors::Interceptors;
use crate::keys::Keyring;
use crate::login::{App, Apps, Login};
use crate::model::{
    AuthLog, ConnectedAccount, Connection, CustomProvider, Directory, DirectoryGroup, DirectoryUser, Domain,
    M2mClient, MagicLink, McpConfig, Membership, Organization, Passkey, Passwordless, Permission, PortalLink,
    Role, Session, User,
};
use crate::settings::Settings;
use crate::table::Table;
use crate::token::Issued;
use crate::tool_run::Record;
use crate::webhooks::Outgoing;

/// Every emulator is one environment.
pub(crate) const ENVIRONMENT_ID: &str = "env_100000000000000001";

/// The state behind the operations. A reset brings back all but the ids, the keys and the tokens.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) environment_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) keys: Keyring,
    pub(crate) tokens: Issued,
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
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    pub(crate) organizations: Table<Organization>,
    pub(crate) connections: Table<Connection>,
    pub(crate) connected_accounts: Table<ConnectedAccount>,
    pub(crate) magic_links: Table<MagicLink>,
    pub(crate) custom_providers: Table<CustomProvider>,
    /// What tools have made at providers.
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
    /// The mails that were sent, each with a `kind` and a `to`.
    pub(crate) outbox: Vec<Value>,
}

impl World {
    pub(crate) fn new(environment_url: String, credentials: (String, String), settings: Settings) -> World {
        let mut ids = Ids::default();
        let own = App::new(credentials.0.clone(), Some(credentials.1.clone()));
        let public = App::new(settings.public_client_id.clone(), None);
        let login = Login::new(Apps::new(vec![own, public]), ids.next("conn"));
        World {
            environment_url,
            client_id: credentials.0,
            client_secret: credentials.1,
            clock: Clock::default(),
            keys: Keyring::new(ids.next("snk")),
            ids,
            tokens: Issued::default(),
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

    /// Keys and tokens stay, so that a client that is already logged in need not notice; ids stay, so that none is
    /// used twice.
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

    pub(crate) fn rotate_keys(&mut self) -> String {
        let kid = self.ids.next("snk");
        self.keys.rotate(kid.clone());
        kid
    }
}

impl Store {
    /// What every environment begins with.
    pub(crate) fn fresh() -> Store {
        Store { roles: access::first_roles(), ..Store::default() }
    }

    /// Deletes an organization with all that is its own. Its users stay, in whatever other organization they are.
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
        self.default_roles.member_of.remove(id);
    }

    /// One organization signs in through a domain; people may join any number of organizations from it.
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

    /// External ids and slugs are unique among organizations.
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
