//! Everything the emulated service remembers.

use std::sync::Arc;

use crate::clock::Clock;
use crate::error::ApiError;
use crate::fault::Faults;
use crate::ids::Ids;
use crate::keys::Keyring;
use crate::login::{App, Apps, Login};
use crate::model::{Connection, Organization};
use crate::settings::Settings;
use crate::table::Table;
use crate::token::Issued;
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
            store: Store::default(),
            login,
            outgoing: Arc::default(),
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
        self.store = Store::default();
        self.login.reset();
        self.outgoing.reset();
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
