//! Startup settings.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

/// About one day, as in the samples of the service's documentation.
const TOKEN_LIFETIME_SECONDS: u32 = 86_399;

const READ_TIMEOUT: Duration = Duration::from_secs(60);

const PUBLIC_CLIENT_ID: &str = "skc_100000000000000002";

/// Startup settings. The defaults suit most tests.
///
/// ```
/// use scalekit_emulator::Settings;
///
/// let settings = Settings { auto_connection: false, ..Settings::default() };
/// assert!(settings.addr.ip().is_loopback());
/// ```
#[derive(Clone)]
pub struct Settings {
    /// Address to listen on. Port 0 selects a free port. Default: `127.0.0.1:0`.
    pub addr: SocketAddr,
    /// Whether an address that other machines can reach is allowed. Every machine that can connect can use the
    /// control plane.
    pub allow_remote: bool,
    /// URL at which clients reach the emulator, without a trailing slash. It is the issuer of tokens. Default: the
    /// address, as in `http://127.0.0.1:41234`; with an unspecified address such as `0.0.0.0`, `localhost`.
    pub environment_url: Option<String>,
    /// Whether to serve HTTPS, with a certificate that is made at the start: see
    /// [`Emulator::certificate_pem`](crate::Emulator::certificate_pem). Default: false.
    pub tls: bool,
    /// ID of the client. Default: `skc_100000000000000001`.
    pub client_id: Option<String>,
    /// Secret of the client. Default: random at each start.
    pub client_secret: Option<String>,
    /// ID of the public client, which has no secret: for native and single-page applications. Default:
    /// `skc_100000000000000002`.
    pub public_client_id: String,
    /// Lifetime of a machine token, in seconds. Default: 86,399.
    pub token_lifetime_seconds: u32,
    /// Whether each new organization gets one OIDC connection that is configured but not enabled. Default: true.
    pub auto_connection: bool,
    /// Whether requests are rejected that the service accepts although they contain a mistake, such as an unknown query
    /// parameter. For tests of SDKs. Default: false, which ignores these mistakes and adds a warning to the request log.
    pub strict: bool,
    /// Time in which the head and then the body of a request must arrive, and after which an idle connection is closed.
    /// Greater than 0. Default: 60 seconds.
    pub read_timeout: Duration,
    /// The objects that exist at the start and after each reset: the body of `POST /_emulator/seed`. Default: none.
    pub seed: Option<Value>,
    /// File that keeps the state between two runs. It is read at the start if it exists, instead of the seed, and written
    /// within a second of a change and at the end. Default: none.
    pub state_file: Option<PathBuf>,
}

impl Settings {
    /// Returns the defaults in strict mode, for tests of SDKs.
    ///
    /// ```
    /// assert!(scalekit_emulator::Settings::strict().strict);
    /// ```
    pub fn strict() -> Settings {
        Settings { strict: true, ..Settings::default() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            addr: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_remote: false,
            environment_url: None,
            tls: false,
            client_id: None,
            client_secret: None,
            public_client_id: PUBLIC_CLIENT_ID.into(),
            token_lifetime_seconds: TOKEN_LIFETIME_SECONDS,
            auto_connection: true,
            strict: false,
            read_timeout: READ_TIMEOUT,
            seed: None,
            state_file: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("addr", &self.addr)
            .field("allow_remote", &self.allow_remote)
            .field("environment_url", &self.environment_url)
            .field("tls", &self.tls)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret.as_ref().map(|_| "[redacted]"))
            .field("public_client_id", &self.public_client_id)
            .field("token_lifetime_seconds", &self.token_lifetime_seconds)
            .field("auto_connection", &self.auto_connection)
            .field("strict", &self.strict)
            .field("read_timeout", &self.read_timeout)
            .field("seed", &self.seed.as_ref().map(|_| "[redacted]"))
            .field("state_file", &self.state_file)
            .finish()
    }
}
