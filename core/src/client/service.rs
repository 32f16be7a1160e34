//! The clients with a secret.

use std::sync::Arc;

use crate::auth::authenticate;
use crate::environment;
use crate::error::Result;
use crate::jwt::KeySet;
use crate::options::{CallOptions, ClientOptions};
use crate::twins::{secret_constructor, twins};
#[cfg(feature = "ffi")]
use crate::types::SecretInput;
use crate::types::{Json, SecretText};
use crate::wire::{HttpMethod, Wire};
use crate::work::Call;

const KEYS: &str = "oauth.keys";

pub(crate) fn wire_from_env(options: &ClientOptions) -> Result<Arc<Wire>> {
    let (credentials, options) = environment::read(options)?;
    let (url, id, secret) = (&credentials.url, &credentials.client_id, credentials.client_secret.expose());
    Wire::new(url, id, secret, &options, authenticate)
}

pub(crate) async fn keys(wire: Arc<Wire>) -> Result<Json> {
    let request = wire.request(KEYS, HttpMethod::Get, "/keys", &[], None)?.unsigned();
    let response = wire.execute(request.at_most(KeySet::LONGEST)).await?;
    crate::decode::response(KEYS, None, &response.body).map_err(|error| response.undecodable(error))
}

twins! {
    /// The client with a secret, for servers.
    ///
    /// Creating one starts no thread and sends nothing: the first call connects and requests the access token, and all
    /// calls share both. A client is thread-safe and fork-safe. Create one for the lifetime of a program.
    #[cfg_attr(feature = "ffi", uniffi::export(Display))]
    pub struct ScalekitClient / AsyncScalekitClient;
    blocking "Each call blocks its thread until it succeeds, fails or times out. In async code use `AsyncScalekitClient`.";
    async "Each call is a future that can be cancelled. The client is bound to no event loop or runtime, and several can use it at the same time.";
}

secret_constructor! { impl ScalekitClient / AsyncScalekitClient {
    /// Creates a client for one environment. Sends nothing.
    ///
    /// `environment_url` is the environment's origin, such as `https://example.scalekit.com`. Plain `http` is accepted
    /// for loopback addresses only. `client_id` and `client_secret` are the environment's API credentials. The secret
    /// is text or a `SecretText`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the URL is not an origin, the client ID or secret is empty, or an option is out of range.
    rust fn new(
        environment_url: &str,
        client_id: &str,
        client_secret: impl Into<SecretText>,
        options: ClientOptions,
    );
    foreign(default(options)) fn new(
        environment_url: &str,
        client_id: &str,
        client_secret: SecretInput,
        options: ClientOptions,
    );
    {
        let secret: SecretText = client_secret.into();
        Wire::new(environment_url, client_id, secret.expose(), &options, authenticate).map(Self::from_parts)
    }
} }

twins! { impl ScalekitClient / AsyncScalekitClient {
    /// Creates a client from the environment variables `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and
    /// `SCALEKIT_CLIENT_SECRET`. Sends nothing.
    ///
    /// `SCALEKIT_TIMEOUT_SECONDS`, `SCALEKIT_CA_FILE` (a PEM file) and `SCALEKIT_PROXY_URL` (which may contain a user
    /// name and password) set `timeout_seconds`, `root_certificates_pem` and `proxy_url` if `options` does not. Except in
    /// Rust, `SCALEKIT_LOG` (`error`, `warn`, `info`, `debug` or `trace`) logs to standard error, as `log_to_stderr`
    /// does.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if one of the first three variables is missing or empty, or if a variable or an option has an
    /// invalid value. The error names it.
    [constructor(default(options))]
    fn from_env(options: ClientOptions) -> Result<Self> {
        wire_from_env(&options).map(Self::from_parts)
    }

    /// Returns a copy of the client with other timeouts, retries or headers. The copy is cheap: it shares connections
    /// and access token with this client.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if an option is out of range.
    fn with_options(&self, options: CallOptions) -> Result<Self> {
        self.wire.with(&options).map(Self::from_parts)
    }

    /// Closes the client and all its copies: idle connections are closed and the access token is dropped. Calls in
    /// flight finish; later calls fail with `Closed`. Idempotent, and not required before a program exits.
    fn close(&self) {
        self.wire.close();
    }

    /// Returns the environment's public signing keys as a JSON Web Key Set (RFC 7517). Keys are rotated from time to
    /// time; `tokens` fetches and caches them itself.
    ///
    /// Calls GET /keys, which requires no access token.
    async fn jwks(&self) -> Result<Json> {
        Call::new(KEYS, keys(Arc::clone(&self.wire)))
    }
} }
