//! What all copies of a client have in common: where the service is, who we are, connections and token.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use reqwest::{Client, Url};

use super::clock::Clock;
use super::transport::{Pools, Transport};
use super::{Body, LONGEST_GRANT, Wire};
use crate::auth::{Memory, Preloaded};
use crate::error::{Result, ScalekitError};
use crate::op::HttpMethod;
use crate::options::{CallSettings, ClientOptions, origin};
use crate::process::PerProcess;
use crate::token::{Fetch, Token, TokenCache, lifetime};
use crate::types::SecretText;

pub(super) struct Shared {
    origin: Url,
    client_id: String,
    /// Absent in a program that cannot keep one.
    client_secret: Option<SecretText>,
    issuers: Vec<String>,
    transport: Transport,
    /// How the token is fetched: on behalf of all copies, so with the settings that the client was built with.
    call: CallSettings,
    state: PerProcess<State>,
    preloaded: Preloaded,
    closed: AtomicBool,
    clock: Clock,
}

#[derive(Default)]
struct State {
    pools: Pools,
    token: Arc<TokenCache>,
    memory: Memory,
}

impl Shared {
    pub(super) fn new(
        environment_url: &str,
        client_id: &str,
        client_secret: Option<&str>,
        options: &ClientOptions,
        call: CallSettings,
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
            state: PerProcess::new(),
            preloaded: Preloaded::default(),
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

    pub(super) fn preloaded(&self) -> &Preloaded {
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
        let cache = Arc::clone(&this.state().token);
        cache.get(this.now(), || Self::fetch(Arc::clone(this))).await
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

    /// Names the type, which `token` cannot infer: fetching a token goes through the road that asks for tokens.
    fn fetch(this: Arc<Self>) -> Fetch {
        Box::pin(this.fetch_token())
    }

    async fn fetch_token(self: Arc<Self>) -> Result<Token> {
        let operation = "oauth.token";
        let secret = self.client_secret().ok_or_else(|| {
            ScalekitError::argument("client_secret", "is needed for this call, and this client has none")
        })?;
        let form = Body::form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret", secret),
        ]);
        let asked_at = self.now();
        let wire = Wire { call: self.call.clone(), shared: self };
        let request = wire.request(operation, HttpMethod::Post, "/oauth/token", &[], Some(form))?;
        let answer = wire.execute(request.unsigned().idempotent().at_most(LONGEST_GRANT)).await?;
        let bad = || ScalekitError::decode(operation, "holds no access token");
        let grant: serde_json::Value = serde_json::from_slice(&answer.body).map_err(|_| bad())?;
        let text =
            grant.get("access_token").and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
        let text = text.ok_or_else(bad)?;
        Ok(Token::new(text, lifetime(grant.get("expires_in"), text), asked_at))
    }
}
