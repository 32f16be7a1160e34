//! Client options and their validation.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::check::seconds;
use crate::error::{Result, ScalekitError};
use crate::model::{builders, setters};
use crate::retry::{Policy, RetryOptions};
use crate::types::SecretText;

/// Maximum number of headers that are added to a call. Servers accept few more.
const MOST_HEADERS: usize = 100;

/// Headers that the library sets itself.
const OWN_HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "x-sdk-version",
];

/// Options of a client. The defaults are suitable for a server in production.
#[derive(Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct ClientOptions {
    /// Timeout for a call, in seconds, including retries and token requests. Greater than 0, at most 86,400. Default: 20.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub timeout_seconds: Option<f64>,
    /// Timeout for a tool execution, which waits for a provider behind Scalekit, in seconds. Greater than 0, at most
    /// 86,400. Default: 60.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub tool_timeout_seconds: Option<f64>,
    /// Timeout for a single attempt of a read, in seconds, after which it is retried. Greater than 0, at most 86,400.
    /// Default: none.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub attempt_timeout_seconds: Option<f64>,
    /// Retry policy. Default: at most two retries, see `RetryOptions`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub retry: Option<RetryOptions>,
    /// Headers to add to every API call, for example for your own gateway; at most 100. Headers that the library sets
    /// itself, such as `authorization`, are rejected.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub headers: HashMap<String, String>,
    /// Accepted token issuers, for example if the environment has a custom domain. Default: the environment URL.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub issuers: Vec<String>,
    /// Suffix of the `user-agent` header, for example `my-service/1.4`. Printable ASCII.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub user_agent_suffix: Option<String>,
    /// Proxy URL, as `http://host:port`, without user name and password. Default: the value of `HTTPS_PROXY`. Hosts in
    /// `NO_PROXY` bypass either proxy.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub proxy_url: Option<String>,
    /// User name for the proxy.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub proxy_username: Option<String>,
    /// Password for the proxy.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub proxy_password: Option<Arc<SecretText>>,
    /// Certificate authorities to trust. Default: `TrustedRoots::Bundled`.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub trusted_roots: Option<TrustedRoots>,
    /// Certificates of further authorities to trust, in PEM, such as that of a corporate proxy.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub root_certificates_pem: Option<String>,
    /// Client certificate with its chain and private key, in PEM, for servers that require one (mTLS).
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub client_certificate_pem: Option<Arc<SecretText>>,
}

/// Certificate authorities that a client trusts, in addition to `root_certificates_pem`.
///
/// Environment variables are read when a client is created: `SSL_CERT_FILE` (a PEM file), `SSL_CERT_DIR` (directories
/// of PEM files, separated by `:`, on Windows by `;`) and, in Python, `REQUESTS_CA_BUNDLE` (a PEM file or a directory).
/// A variable that names a file or directory that cannot be read, or a file without a usable certificate, is an
/// `InvalidArgument` error. Other files in a directory are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum TrustedRoots {
    /// Mozilla's authorities, which the library contains, and those of the environment variables.
    #[default]
    Bundled,
    /// Mozilla's authorities, which the library contains. Environment variables are ignored.
    BundledOnly,
    /// The operating system's certificate store, and the authorities of the environment variables. On Linux, `SSL_CERT_FILE`
    /// and `SSL_CERT_DIR` replace the system's store, as for OpenSSL. `InvalidArgument` if the store has no
    /// certificates, and on Android.
    System,
}

/// Options of single calls. Absent options are those of the client.
#[derive(Clone, PartialEq, Default)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct CallOptions {
    /// Timeout for a call, in seconds, including retries and token requests. Also applies to tool executions. Greater than
    /// 0, at most 86,400.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub timeout_seconds: Option<f64>,
    /// Timeout for a single attempt of a read, in seconds, after which it is retried. Greater than 0, at most 86,400.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub attempt_timeout_seconds: Option<f64>,
    /// Retry policy.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub retry: Option<RetryOptions>,
    /// Headers to add to those of the client, or to replace them; at most 100 in all. Headers that the library sets itself
    /// are rejected.
    #[cfg_attr(feature = "ffi", uniffi(default))]
    pub headers: HashMap<String, String>,
}

/// Prints only the names of headers: their values may be secrets, such as API keys of a gateway.
struct Names<'a>(&'a HashMap<String, String>);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("timeout_seconds", &self.timeout_seconds)
            .field("tool_timeout_seconds", &self.tool_timeout_seconds)
            .field("attempt_timeout_seconds", &self.attempt_timeout_seconds)
            .field("retry", &self.retry)
            .field("headers", &Names(&self.headers))
            .field("issuers", &self.issuers)
            .field("user_agent_suffix", &self.user_agent_suffix)
            .field("proxy_url", &self.proxy_url)
            .field("proxy_username", &self.proxy_username)
            .field("proxy_password", &self.proxy_password)
            .field("trusted_roots", &self.trusted_roots)
            .field("root_certificates_pem", &self.root_certificates_pem)
            .field("client_certificate_pem", &self.client_certificate_pem)
            .finish()
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout_seconds", &self.timeout_seconds)
            .field("attempt_timeout_seconds", &self.attempt_timeout_seconds)
            .field("retry", &self.retry)
            .field("headers", &Names(&self.headers))
            .finish()
    }
}

/// The settings of a call, which can differ between copies of a client.
#[derive(Debug, Clone)]
pub(crate) struct CallSettings {
    pub timeout: Duration,
    pub tool_timeout: Duration,
    pub attempt_timeout: Option<Duration>,
    pub policy: Policy,
    pub headers: HeaderMap,
}

impl CallSettings {
    pub(crate) fn new(options: &ClientOptions) -> Result<Self> {
        let time = |name, value: Option<f64>, default| {
            value.map_or(Ok(Duration::from_secs(default)), |v| seconds(name, v))
        };
        Ok(Self {
            timeout: time("timeout_seconds", options.timeout_seconds, 20)?,
            tool_timeout: time("tool_timeout_seconds", options.tool_timeout_seconds, 60)?,
            attempt_timeout: optional_seconds("attempt_timeout_seconds", options.attempt_timeout_seconds)?,
            policy: Policy::new(options.retry.as_ref().unwrap_or(&RetryOptions::default()))?,
            headers: headers(&options.headers)?,
        })
    }

    pub(crate) fn with(&self, options: &CallOptions) -> Result<Self> {
        let timeout = optional_seconds("timeout_seconds", options.timeout_seconds)?;
        let attempt_timeout = optional_seconds("attempt_timeout_seconds", options.attempt_timeout_seconds)?;
        let mut all = self.headers.clone();
        all.extend(headers(&options.headers)?);
        check_number(all.len())?;
        Ok(Self {
            timeout: timeout.unwrap_or(self.timeout),
            tool_timeout: timeout.unwrap_or(self.tool_timeout),
            attempt_timeout: attempt_timeout.or(self.attempt_timeout),
            policy: options.retry.as_ref().map_or(Ok(self.policy), Policy::new)?,
            headers: all,
        })
    }
}

fn optional_seconds(name: &str, value: Option<f64>) -> Result<Option<Duration>> {
    value.map(|value| seconds(name, value)).transpose()
}

fn check_number(headers: usize) -> Result<()> {
    match headers {
        0..=MOST_HEADERS => Ok(()),
        _ => Err(ScalekitError::argument("headers", format_args!("has more than {MOST_HEADERS} entries"))),
    }
}

fn headers(given: &HashMap<String, String>) -> Result<HeaderMap> {
    check_number(given.len())?;
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let invalid =
            |why: &str| ScalekitError::argument("headers", format_args!("cannot hold `{name}`: {why}"));
        let header = HeaderName::try_from(name.as_str()).map_err(|_| invalid("not the name of a header"))?;
        if OWN_HEADERS.contains(&header.as_str()) {
            return Err(invalid("the library sets this header itself"));
        }
        let mut value =
            HeaderValue::try_from(value.as_str()).map_err(|_| invalid("its value has control characters"))?;
        // The value may be a secret, such as an API key of a gateway.
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

/// The accepted token issuers.
pub(crate) fn issuers(options: &ClientOptions, origin: &Url) -> Result<Vec<String>> {
    if options.issuers.iter().any(|issuer| issuer.trim().is_empty()) {
        return Err(ScalekitError::argument("issuers", "must not contain an empty string"));
    }
    if options.issuers.is_empty() {
        return Ok(vec![origin.as_str().trim_end_matches('/').to_owned()]);
    }
    Ok(options.issuers.clone())
}

/// Parses an environment URL: scheme, host and port.
pub(crate) fn origin(environment_url: &str) -> Result<Url> {
    named_origin("environment_url", environment_url)
}

/// The same for an environment URL that has another name in errors.
pub(crate) fn named_origin(name: &str, environment_url: &str) -> Result<Url> {
    let invalid = |why: &str| ScalekitError::argument(name, why);
    let mut url = Url::parse(environment_url.trim())
        .map_err(|_| invalid("must be a URL such as https://example.scalekit.com"))?;
    let loopback = is_loopback(&url);
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(invalid("must start with https://; plain http is for a loopback address only")),
        _ => return Err(invalid("must start with https://")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(
            "must not contain a user name or password; pass the client ID and secret separately",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("must not have a query or fragment"));
    }
    if !url.path().trim_end_matches('/').is_empty() {
        return Err(invalid(
            "must not have a path; give scheme and host only, such as https://example.scalekit.com",
        ));
    }
    url.set_path("");
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

builders!(ClientOptions {} {
    timeout_seconds: f64,
    tool_timeout_seconds: f64,
    attempt_timeout_seconds: f64,
    retry: RetryOptions,
    trusted_roots: TrustedRoots,
    user_agent_suffix: String,
    proxy_url: String,
    proxy_username: String,
    proxy_password: Arc<SecretText>,
    root_certificates_pem: String,
    client_certificate_pem: Arc<SecretText>,
});
setters!(@values ClientOptions { headers: HashMap<String, String>, issuers: Vec<String> });

builders!(CallOptions {} { timeout_seconds: f64, attempt_timeout_seconds: f64, retry: RetryOptions });
setters!(@values CallOptions { headers: HashMap<String, String> });

#[cfg(test)]
mod tests {
    use super::*;

    fn why(result: Result<impl Sized>) -> String {
        result.err().expect("must be rejected").failure().summary.clone()
    }

    #[test]
    fn environment_urls_are_checked() {
        for (given, taken) in [
            ("https://a.scalekit.com", "https://a.scalekit.com/"),
            ("https://a.scalekit.com/", "https://a.scalekit.com/"),
            (" https://a.scalekit.com// ", "https://a.scalekit.com/"),
            ("https://auth.example.com:8443/", "https://auth.example.com:8443/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://localhost:8080/", "http://localhost:8080/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ] {
            assert_eq!(origin(given).unwrap().as_str(), taken, "{given}");
        }
        for (given, says) in [
            ("", "must be a URL such as"),
            ("a.scalekit.com", "must be a URL such as"),
            ("ftp://a.scalekit.com", "must start with https://"),
            ("http://a.scalekit.com", "loopback"),
            ("http://127.0.0.1.example.com", "loopback"),
            ("https://user:pw@a.scalekit.com", "user name or password"),
            ("https://user@a.scalekit.com", "user name or password"),
            ("https://a.scalekit.com/api", "must not have a path"),
            ("https://a.scalekit.com/?x=1", "query or fragment"),
            ("https://a.scalekit.com/#x", "query or fragment"),
        ] {
            let summary = why(origin(given));
            assert!(
                summary.starts_with("`environment_url` ") && summary.contains(says),
                "{given}: {summary}"
            );
            assert!(!summary.contains("pw"), "{summary}");
        }
    }

    #[test]
    fn more_headers_than_servers_accept_are_rejected() {
        let some = |from: usize, to: usize| (from..to).map(|n| (format!("x-{n}"), "a".to_owned())).collect();
        assert_eq!(headers(&some(0, 100)).unwrap().len(), 100);
        assert_eq!(why(headers(&some(0, 101))), "`headers` has more than 100 entries");
        let full = ClientOptions { headers: some(0, 100), ..ClientOptions::default() };
        let settings = CallSettings::new(&full).unwrap();
        let more =
            |from, to| settings.with(&CallOptions { headers: some(from, to), ..CallOptions::default() });
        assert_eq!(more(0, 100).unwrap().headers.len(), 100);
        assert_eq!(why(more(100, 101)), "`headers` has more than 100 entries");
    }

    #[test]
    fn headers_of_the_library_are_rejected() {
        let with = |name: &str, value: &str| headers(&HashMap::from([(name.to_owned(), value.to_owned())]));
        assert_eq!(with("X-Team", "a").unwrap()["x-team"], "a");
        for (name, value) in [("Authorization", "x"), ("host", "x"), ("a b", "x"), ("", "x"), ("x", "a\r\nb")]
        {
            assert!(why(with(name, value)).starts_with("`headers` cannot hold"), "{name}");
        }
        assert!(!why(with("authorization", "hunter2")).contains("hunter2"));
        assert!(!format!("{:?}", with("x-key", "hunter2").unwrap()).contains("hunter2"));
    }
}
