//! How an emulator is started.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

/// About a day, as the service gives it.
const TOKEN_LIFETIME_SECONDS: u32 = 86_399;

const PUBLIC_CLIENT_ID: &str = "skc_100000000000000002";

/// How an emulator is started. The defaults are right for most tests.
///
/// ```
/// use scalekit_emulator::Settings;
///
/// let settings = Settings { auto_connection: false, ..Settings::default() };
/// assert!(settings.addr.ip().is_loopback());
/// ```
#[derive(Clone)]
pub struct Settings {
    /// Where to listen. Port 0 takes a free one.
    pub addr: SocketAddr,
    /// Accept an address that other machines can reach. The control plane is open to whoever can connect.
    pub allow_remote: bool,
    /// The client's id; made up at each start when absent.
    pub client_id: Option<String>,
    /// The client's secret; random at each start when absent.
    pub client_secret: Option<String>,
    /// The id of a client without a secret, for applications that people hold in their hands.
    pub public_client_id: String,
    /// How long a machine token lives.
    pub token_lifetime_seconds: u32,
    /// Give each new organization one OIDC connection that is set up but not enabled.
    pub auto_connection: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            addr: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_remote: false,
            client_id: None,
            client_secret: None,
            public_client_id: PUBLIC_CLIENT_ID.into(),
            token_lifetime_seconds: TOKEN_LIFETIME_SECONDS,
            auto_connection: true,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("addr", &self.addr)
            .field("allow_remote", &self.allow_remote)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret.as_ref().map(|_| "[redacted]"))
            .field("public_client_id", &self.public_client_id)
            .field("token_lifetime_seconds", &self.token_lifetime_seconds)
            .field("auto_connection", &self.auto_connection)
            .finish()
    }
}
