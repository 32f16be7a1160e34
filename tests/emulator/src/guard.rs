//! Protection of the console and the control plane against other web sites.
//!
//! A page of any site can make its browser send requests to this machine, and with DNS rebinding it can also read the
//! responses. Browsers reveal both in `host`, `origin` and `sec-fetch-site`. Programs other than browsers send a `host`
//! of the emulator, and the other two not at all.

use std::net::{IpAddr, SocketAddr};

use hyper::Uri;

use crate::request::Request;

/// The names under which the emulator is reachable.
#[derive(Debug)]
pub(crate) struct Hosts {
    /// Address that the emulator is bound to.
    bound: IpAddr,
    /// Scheme and authority of the environment URL.
    environment: Option<(String, String)>,
}

impl Hosts {
    pub(crate) fn new(addr: SocketAddr, environment_url: &str) -> Hosts {
        let url = environment_url.parse::<Uri>().ok();
        let environment = url.and_then(|url| {
            Some((url.scheme_str()?.to_ascii_lowercase(), url.authority()?.as_str().to_ascii_lowercase()))
        });
        Hosts { bound: addr.ip(), environment }
    }

    /// Whether a `host` header names this emulator. The port is ignored, because it may be forwarded.
    fn names(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let environment = self.environment.as_ref().map(|(_, authority)| without_port(authority));
        if environment == Some(name.as_str()) || name == "localhost" || name.ends_with(".localhost") {
            return true;
        }
        // DNS rebinding needs a name: an IP address is always the address that the browser connected to.
        let ip = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        ip.is_ok_and(|ip| ip.is_loopback() || ip == self.bound || self.bound.is_unspecified())
    }

    /// Whether an `origin` is that of the console at this `host`.
    fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let environment =
            self.environment.as_ref().is_some_and(|(own, name)| own == scheme && name == authority);
        environment || (matches!(scheme, "http" | "https") && authority.eq_ignore_ascii_case(host))
    }
}

/// The host in `host:port`, with the brackets of an IPv6 address.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.ends_with(':') => host,
        _ => authority,
    }
}

/// Rejects a request that another site may have caused. The error is for the developer who caused it by mistake.
/// A link to the page is allowed: it reveals nothing to the other site.
pub(crate) fn check(hosts: &Hosts, request: &Request, is_page: bool) -> Result<(), String> {
    let one = |name: &str| {
        let mut values = request.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().map(Some).map_err(|_| format!("{name}: not visible ASCII")),
            _ => Err(format!("{name}: at most one is allowed")),
        }
    };
    let host = one("host")?;
    if let Some(host) = host.filter(|host| !hosts.names(host)) {
        return Err(format!(
            "host: {host} is not a name of this emulator. Use its address, or start it with --environment-url."
        ));
    }
    let refused = |name: &str, value: &str| {
        format!("{name}: {value} is not allowed. Other web sites cannot use the control plane.")
    };
    if let Some(origin) = one("origin")?.filter(|own| !hosts.is_own_origin(own, host.unwrap_or_default())) {
        return Err(refused("origin", origin));
    }
    let is_link =
        is_page && one("sec-fetch-mode")? == Some("navigate") && one("sec-fetch-dest")? == Some("document");
    match one("sec-fetch-site")? {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) if is_link => Ok(()),
        Some(site) => Err(refused("sec-fetch-site", site)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(addr: &str) -> Hosts {
        Hosts::new(addr.parse().unwrap(), "https://emulator.example:8443")
    }

    #[test]
    fn only_loopback_bound_and_environment_hosts_name_the_emulator() {
        let own = hosts("192.0.2.7:7225");
        for host in
            ["localhost", "app.LOCALHOST:1", "127.0.0.9:7225", "[::1]:7225", "192.0.2.7", "emulator.example"]
        {
            assert!(own.names(host), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "192.0.2.8", "[2001:db8::1]:1", "", "test"] {
            assert!(!own.names(host), "{host}");
        }
        assert!(hosts("0.0.0.0:7225").names("192.0.2.8:7225"));
        assert!(!hosts("0.0.0.0:7225").names("evil.example"));
    }

    #[test]
    fn only_the_origin_of_the_console_is_its_own() {
        let own = hosts("127.0.0.1:7225");
        assert!(own.is_own_origin("http://localhost:7225", "localhost:7225"));
        assert!(own.is_own_origin("https://emulator.example:8443", "127.0.0.1:7225"));
        for origin in ["null", "http://localhost:3000", "http://localhost", "file://localhost:7225", ""] {
            assert!(!own.is_own_origin(origin, "localhost:7225"), "{origin}");
        }
    }
}
