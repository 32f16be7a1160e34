//! Connections: how they are made, and one pool for each runtime that uses them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Client, NoProxy, Proxy, Url, redirect};
use tokio::runtime::Id;

use super::identity::{SDK, user_agent};
use super::tls::Trust;
use crate::error::{Result, ScalekitError};
use crate::options::{ClientOptions, is_loopback};

/// Shorter than load balancers keep an idle connection, so that we are the ones who close it.
const IDLE: Duration = Duration::from_secs(55);
const CONNECT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 64;

/// A client is seldom used from more runtimes than this at a time.
const RUNTIMES: usize = 8;

/// How connections are made. Parsed and checked when the client is built; used when the first call is made.
pub(super) struct Transport {
    trust: Trust,
    user_agent: String,
    proxy: Option<Proxy>,
    loopback: bool,
}

impl Transport {
    pub(super) fn new(origin: &Url, options: &ClientOptions) -> Result<Self> {
        Ok(Self {
            trust: Trust::new(options)?,
            user_agent: user_agent(options.user_agent_suffix.as_deref())?,
            proxy: proxy(options)?,
            loopback: is_loopback(origin),
        })
    }

    fn connect(&self) -> Result<Client> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("x-sdk-version", HeaderValue::from_static(SDK));
        let mut builder = Client::builder()
            .tls_backend_preconfigured(self.trust.config()?)
            .user_agent(&self.user_agent)
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .https_only(!self.loopback)
            .connect_timeout(CONNECT)
            .tcp_keepalive(KEEPALIVE)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS);
        builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            // A proxy in the environment cannot know what runs on this machine.
            None if self.loopback => builder.no_proxy(),
            None => builder,
        };
        builder.build().map_err(|e| ScalekitError::internal("client", e))
    }
}

fn proxy(options: &ClientOptions) -> Result<Option<Proxy>> {
    let Some(text) = &options.proxy_url else { return Ok(None) };
    let bad = |why: &str| ScalekitError::argument("proxy_url", why);
    let url = Url::parse(text).map_err(|_| bad("must be a URL such as http://proxy.example.com:3128"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(bad("must begin with http:// or https:// and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("must not hold credentials; pass proxy_username and proxy_password"));
    }
    let mut proxy = Proxy::all(url).map_err(|_| bad("cannot be used"))?.no_proxy(NoProxy::from_env());
    if let Some(name) = &options.proxy_username {
        proxy =
            proxy.basic_auth(name, options.proxy_password.as_ref().map_or("", |password| password.expose()));
    }
    Ok(Some(proxy))
}

/// A connection is driven by the runtime that opened it; used from another one it may never answer. So each runtime
/// has connections of its own.
#[derive(Default)]
pub(super) struct Pools {
    clients: Mutex<Vec<(Id, Client)>>,
}

impl Pools {
    pub(super) fn get(&self, transport: &Transport) -> Result<Client> {
        let here = crate::runtime::current();
        let mut clients = self.lock();
        if let Some((_, client)) = clients.iter().find(|(id, _)| *id == here) {
            return Ok(client.clone());
        }
        if clients.len() >= RUNTIMES {
            // The oldest is the likeliest to have ended.
            clients.remove(0);
        }
        let client = transport.connect()?;
        clients.push((here, client.clone()));
        Ok(client)
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Id, Client)>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
