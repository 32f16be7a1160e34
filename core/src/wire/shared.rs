//! The state that all copies of a client share: environment, credentials, connections, access token.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(any(test, feature = "test-hooks"))]
use std::time::Duration;
use std::time::{Instant, SystemTime};

use reqwest::{Client, Url};

use super::clock::Clock;
use super::transport::{Pools, Transport};
use super::{Authenticate, Wire};
use crate::cache::{AccessTokenCache, Memory, PreloadedKeys, Token};
use crate::error::{Result, ScalekitError};
use crate::options::{CallSettings, ClientOptions, origin};
use crate::process::PerProcess;
use crate::types::SecretText;

pub(super) struct Shared {
    origin: Url,
    client_id: String,
    /// `None` for a public client.
    client_secret: Option<SecretText>,
    issuers: Vec<String>,
    transport: Transport,
    /// The original call settings, for token requests on behalf of all copies.
    call: CallSettings,
    authenticate: Authenticate,
    state: PerProcess<State>,
    preloaded: PreloadedKeys,
    closed: AtomicBool,
    clock: Clock,
}

#[derive(Default)]
struct State {
    pools: Pools,
    token: AccessTokenCache,
    memory: Memory,
}

impl Shared {
    pub(super) fn new(
        environment_url: &str,
        client_id: &str,
        client_secret: Option<&str>,
        options: &ClientOptions,
        call: CallSettings,
        authenticate: Authenticate,
    ) -> Result<Self> {
        let origin = origin(environment_url)?;
        for (name, value) in [("client_id", Some(client_id)), ("client_secret", client_secret)] {
            if value.is_some_and(|value| value.trim().is_empty()) {
                return Err(ScalekitError::argument(name, "must not be empty"));
            }
        }
        Ok(Self {
            transport: Transport::new(&origin, options)?,
            issuers: crate::options::issuers(options, &origin)?,
            origin,
            client_id: client_id.trim().to_owned(),
            client_secret: client_secret.map(|secret| SecretText::new(secret.trim())),
            call,
            authenticate,
            state: PerProcess::new(),
            preloaded: PreloadedKeys::default(),
            closed: AtomicBool::new(false),
            clock: Clock::new(),
        })
    }

    pub(super) fn origin(&self) -> &Url {
        &self.origin
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn client_secret(&self) -> Option<&str> {
        self.client_secret.as_ref().map(SecretText::expose)
    }

    pub(super) fn issuers(&self) -> &[String] {
        &self.issuers
    }

    pub(super) fn call(&self) -> &CallSettings {
        &self.call
    }

    pub(super) fn preloaded(&self) -> &PreloadedKeys {
        &self.preloaded
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.state().memory
    }

    pub(super) fn http(&self, operation: &str) -> Result<Client> {
        self.check_open(operation)?;
        self.state().pools.get(&self.transport)
    }

    pub(super) async fn token(this: &Arc<Self>) -> Result<Token> {
        let fetch = || (this.authenticate)(Wire { call: this.call.clone(), shared: Arc::clone(this) });
        this.state().token.get(this.now(), fetch).await
    }

    pub(super) fn invalidate(&self, token: &Token) {
        self.state().token.invalidate(token);
    }

    pub(super) fn check_open(&self, operation: &str) -> Result<()> {
        if self.closed.load(Ordering::Acquire) { Err(ScalekitError::closed(operation)) } else { Ok(()) }
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(state) = self.state.get() {
            state.pools.clear();
            state.token.close();
            state.memory.close();
        }
    }

    #[cfg(any(test, feature = "test-hooks"))]
    pub(super) fn advance_clock(&self, by: Duration) {
        self.clock.advance(by);
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(super) fn wall_now(&self) -> SystemTime {
        self.clock.wall_now()
    }

    fn state(&self) -> &State {
        let Ok(state) = self.state.get_or_try_init(|| Ok::<_, Infallible>(State::default()));
        state
    }
}
