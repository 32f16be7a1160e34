//! The state of the emulated service.

use crate::clock::Clock;
use crate::fault::Faults;
use crate::ids::Ids;
use crate::interceptors::Interceptors;
use crate::keys::Keyring;
use crate::login_state::{App, Apps, Login, LoginSettings};
use crate::settings::Settings;
use crate::store::Store;
use crate::token::RevokedTokens;
use crate::webhooks::EventSink;

/// The state of one environment. A reset restores everything except the ID counter, the keys and the tokens.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) keys: Keyring,
    pub(crate) tokens: RevokedTokens,
    pub(crate) store: Store,
    pub(crate) login: Login,
    pub(crate) events: EventSink,
    pub(crate) interceptors: Interceptors,
    pub(crate) faults: Faults,
    pub(crate) token_lifetime_seconds: u32,
    settings: Settings,
}

impl Environment {
    pub(crate) fn new(
        environment_url: String,
        credentials: (String, String),
        settings: Settings,
    ) -> Environment {
        let (ids, clock) = (Ids::default(), Clock::default());
        let own = App::new(credentials.0.clone(), Some(credentials.1.clone()));
        let public = App::new(settings.public_client_id.clone(), None);
        let login =
            Login::new(Apps::new(vec![own, public]), ids.next("conn"), LoginSettings::new(settings.strict));
        Environment {
            client_id: credentials.0,
            client_secret: credentials.1,
            keys: Keyring::new(ids.next("snk")),
            tokens: RevokedTokens::default(),
            store: Store::new(ids.clone(), environment_url, settings.auto_connection),
            login,
            events: EventSink::new(ids.clone(), clock.clone()),
            ids,
            clock,
            interceptors: Interceptors::default(),
            faults: Faults::default(),
            token_lifetime_seconds: settings.token_lifetime_seconds,
            settings,
        }
    }

    /// Resets the state. Keeps keys and tokens, so that authenticated clients stay authenticated, and the ID counter,
    /// so that no ID is reused.
    pub(crate) fn reset(&mut self) {
        self.clock.reset();
        self.store.reset(self.settings.auto_connection);
        self.login.reset();
        self.events.outgoing.reset();
        self.interceptors = Interceptors::default();
        self.faults = Faults::default();
        self.token_lifetime_seconds = self.settings.token_lifetime_seconds;
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
