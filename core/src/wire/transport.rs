//! Connections, and a pool of them for each runtime.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Client, NoProxy, Proxy, Url, redirect};
use rustls::ClientConfig;
use tokio::runtime::Id;

use super::identity::{SDK, user_agent};
use super::tls::Trust;
use crate::error::{Result, ScalekitError};
use crate::options::{ClientOptions, is_loopback};
#[cfg(feature = "blocking")]
use crate::runtime::{Numbers, SLOTS};

/// Shorter than the idle timeout of load balancers, so that the client closes an idle connection first.
const IDLE: Duration = Duration::from_secs(55);
const CONNECT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 64;

/// Maximum number of runtimes with a pool. A client is seldom used from more at a time.
const RUNTIMES: usize = 8;

/// The configuration of connections: validated when the client is created, used by the first call.
pub(super) struct Transport {
    trust: Trust,
    user_agent: String,
    proxy: Option<Proxy>,
    loopback: bool,
    /// `NO_PROXY` lists the origin with its port, or `*`.
    is_excluded: bool,
}

impl Transport {
    pub(super) fn new(origin: &Url, options: &ClientOptions) -> Result<Self> {
        Ok(Self {
            // The proxy may use TLS even if the service does not.
            trust: Trust::new(origin.scheme() == "https" || options.proxy_url.is_some(), options)?,
            user_agent: user_agent(options.user_agent_suffix.as_deref())?,
            proxy: proxy(options)?,
            loopback: is_loopback(origin),
            is_excluded: no_proxy().is_some_and(|list| is_excluded(&list, origin)),
        })
    }

    fn connect(&self, tls: ClientConfig) -> Result<Client> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("x-sdk-version", HeaderValue::from_static(SDK));
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
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
            _ if self.is_excluded => builder.no_proxy(),
            Some(proxy) => builder.proxy(proxy.clone()),
            // A proxy cannot reach loopback addresses of this machine.
            None if self.loopback => builder.no_proxy(),
            None => builder,
        };
        builder.build().map_err(|e| ScalekitError::internal("client", e))
    }
}

/// `NO_PROXY`, as reqwest reads it.
fn no_proxy() -> Option<String> {
    std::env::var("NO_PROXY").or_else(|_| std::env::var("no_proxy")).ok()
}

/// Whether the `NO_PROXY` list has the origin as `host:port`, or `*`. reqwest supports the other entries (hosts, domains,
/// addresses and networks), but no ports, and `*` for names only.
fn is_excluded(list: &str, origin: &Url) -> bool {
    let (Some(host), Some(port)) = (origin.host_str(), origin.port_or_known_default()) else { return false };
    list.split(',').map(str::trim).any(|entry| {
        entry == "*" || with_port(entry).is_some_and(|(name, of)| of == port && names(name, host))
    })
}

/// The parts of `host:port`. An IPv6 address has brackets where it has a port.
fn with_port(entry: &str) -> Option<(&str, u16)> {
    let (host, port) = entry.rsplit_once(':')?;
    let is_host =
        if host.contains(':') { host.starts_with('[') && host.ends_with(']') } else { !host.is_empty() };
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
    (is_host && is_port).then(|| port.parse().ok()).flatten().map(|port| (host, port))
}

/// Whether an entry names a host: itself, a domain that it belongs to, with or without a dot in front, or `*`.
fn names(entry: &str, host: &str) -> bool {
    let address = |text: &str| text.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
    if let Some(host) = address(host) {
        return entry == "*" || address(entry) == Some(host);
    }
    let (entry, host) = (entry.trim_start_matches('.').to_ascii_lowercase(), host.to_ascii_lowercase());
    let belongs = || host.strip_suffix(&entry).is_some_and(|rest| rest.ends_with('.'));
    entry == "*" || (!entry.is_empty() && (host == entry || belongs()))
}

fn proxy(options: &ClientOptions) -> Result<Option<Proxy>> {
    let Some(text) = &options.proxy_url else { return Ok(None) };
    let bad = |why: &str| ScalekitError::argument("proxy_url", why);
    let url = Url::parse(text).map_err(|_| bad("must be a URL such as http://proxy.example.com:3128"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(bad("must start with http:// or https:// and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("must not contain credentials; pass proxy_username and proxy_password"));
    }
    let mut proxy = Proxy::all(url).map_err(|_| bad("cannot be used"))?.no_proxy(NoProxy::from_env());
    if let Some(name) = &options.proxy_username {
        proxy =
            proxy.basic_auth(name, options.proxy_password.as_ref().map_or("", |password| password.expose()));
    }
    Ok(Some(proxy))
}

/// A connection is driven by the runtime that opened it, and may hang when another one uses it. Each runtime therefore has
/// its own connections.
#[derive(Default)]
pub(super) struct Pools {
    all: Mutex<All>,
}

#[derive(Default)]
struct All {
    /// Created once: all pools have the same certificates and share TLS sessions.
    tls: Option<ClientConfig>,
    /// Pools of the slots for blocking calls, by slot number. The successor of a dropped slot has another runtime ID.
    #[cfg(feature = "blocking")]
    slots: [Option<Pool>; SLOTS],
    /// Pools of other runtimes.
    others: Vec<Pool>,
}

struct Pool {
    runtime: Id,
    client: Client,
}

impl All {
    fn find(&self, runtime: Id) -> Option<&Pool> {
        #[cfg(feature = "blocking")]
        if let Some(number) = crate::runtime::slot() {
            return self.slots[number].as_ref().filter(|pool| pool.runtime == runtime);
        }
        self.others.iter().find(|pool| pool.runtime == runtime)
    }

    /// The slots that have a pool.
    #[cfg(feature = "blocking")]
    fn used(&self) -> Numbers {
        let mut used = Numbers::default();
        let pools = self.slots.iter().enumerate();
        pools.filter(|(_, pool)| pool.is_some()).for_each(|(number, _)| used.add(number));
        used
    }

    fn add(&mut self, pool: Pool) {
        #[cfg(feature = "blocking")]
        if let Some(number) = crate::runtime::slot() {
            self.slots[number] = Some(pool);
            return;
        }
        if self.others.len() >= RUNTIMES {
            // The oldest runtime is the likeliest to have been shut down.
            self.others.remove(0);
        }
        self.others.push(pool);
    }
}

impl Pools {
    pub(super) fn get(&self, transport: &Transport) -> Result<Client> {
        let runtime = crate::runtime::current();
        let mut all = self.lock();
        if let Some(pool) = all.find(runtime) {
            return Ok(pool.client.clone());
        }
        let tls = match &all.tls {
            Some(tls) => tls.clone(),
            None => all.tls.insert(transport.trust.config()?).clone(),
        };
        let client = transport.connect(tls)?;
        all.add(Pool { runtime, client: client.clone() });
        Ok(client)
    }

    pub(super) fn clear(&self) {
        let all = std::mem::take(&mut *self.lock());
        #[cfg(feature = "blocking")]
        let used = all.used();
        drop(all);
        // A parked slot does not close connections itself.
        #[cfg(feature = "blocking")]
        crate::runtime::poll_connections_of(used);
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pools {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_entry_with_a_port_excludes_exactly_that_port() {
        for (list, url, excluded) in [
            ("a.example:443", "https://a.example", true),
            ("a.example:443", "https://A.example:443", true),
            ("a.example:8443", "https://a.example:8443", true),
            ("a.example:8443", "https://a.example", false),
            ("a.example:443", "https://a.example:8443", false),
            ("x, a.example:443 ,y", "https://a.example", true),
            ("A.Example:443", "https://a.example", true),
            ("example:443", "https://a.example", true),
            (".example:443", "https://a.example", true),
            (".a.example:443", "https://a.example", true),
            ("ample:443", "https://a.example", false),
            ("a.example:443", "https://b.a.example", true),
            ("b.a.example:443", "https://a.example", false),
            ("*:443", "https://a.example", true),
            ("*:80", "https://a.example", false),
            ("*:443", "https://10.0.0.1", true),
            ("10.0.0.1:443", "https://10.0.0.1", true),
            ("10.0.0.1:443", "https://110.0.0.1", false),
            ("0.0.1:443", "https://10.0.0.1", false),
            ("[::1]:8080", "http://[::1]:8080", true),
            ("[0:0::1]:8080", "http://[::1]:8080", true),
            ("[::1]:8081", "http://[::1]:8080", false),
            ("::1", "http://[::1]:80", false),
            ("127.0.0.1:80", "http://127.0.0.1", true),
            // reqwest decides.
            ("a.example", "https://a.example", false),
            ("*", "https://a.example", true),
            ("x, *", "https://10.0.0.1", true),
            ("10.0.0.0/8", "https://10.0.0.1", false),
            // No ports.
            ("a.example:", "https://a.example", false),
            ("a.example:x", "https://a.example", false),
            ("a.example:65979", "https://a.example", false),
            ("a.example:+443", "https://a.example", false),
            (":443", "https://a.example", false),
            (".:443", "https://a.example", false),
            ("", "https://a.example", false),
        ] {
            assert_eq!(is_excluded(list, &Url::parse(url).unwrap()), excluded, "{list} {url}");
        }
    }
}
