//! The clients with a secret.

use std::sync::Arc;

use crate::auth::authenticate;
use crate::error::Result;
use crate::jwt::KeySet;
use crate::options::{CallOptions, ClientOptions, Environment};
use crate::twins::twins;
use crate::types::Json;
use crate::wire::{HttpMethod, Wire};
use crate::work::Call;

const KEYS: &str = "oauth.keys";

fn wire_from_env(options: &ClientOptions) -> Result<Arc<Wire>> {
    let env = Environment::read(|name| std::env::var(name).ok())?;
    Wire::new(&env.url, &env.client_id, env.client_secret.expose(), options, authenticate)
}

async fn keys(wire: Arc<Wire>) -> Result<Json> {
    let request = wire.request(KEYS, HttpMethod::Get, "/keys", &[], None)?.unsigned();
    let response = wire.execute(request.at_most(KeySet::LONGEST)).await?;
    crate::decode::answer(KEYS, None, &response.body)
}

twins! {
    /// The client with a secret, for servers.
    ///
    /// Creating one starts no thread and sends nothing: the first call connects and requests the access token, and all
    /// calls share both. A client is thread-safe and fork-safe. Create one for the lifetime of a program.
    pub struct ScalekitClient / AsyncScalekitClient;
    blocking "Each call blocks its thread until it succeeds, fails or times out. In async code use `AsyncScalekitClient`.";
    async "Each call is a future that can be cancelled. The client is bound to no event loop or runtime, and several can use it at the same time.";
}

twins! { impl ScalekitClient / AsyncScalekitClient {
    /// A client for one environment.
    ///
    /// `environment_url` is the environment's origin, such as `https://example.scalekit.com`; client id
    /// and secret are those of the environment. Fails with `InvalidArgument`, naming what is wrong, when
    /// the URL is not an `https` origin (plain `http` is taken for a loopback address only), an id or
    /// secret is empty, or an option is out of range.
    [constructor(default(options))]
    fn new(environment_url: &str, client_id: &str, client_secret: &str, options: ClientOptions) -> Result<Self> {
        Wire::new(environment_url, client_id, client_secret, &options, authenticate).map(Self::from_parts)
    }

    /// A client for the environment that `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and
    /// `SCALEKIT_CLIENT_SECRET` name. Fails with `InvalidArgument` when one is missing, and names it.
    [constructor(default(options))]
    fn from_env(options: ClientOptions) -> Result<Self> {
        wire_from_env(&options).map(Self::from_parts)
    }

    /// A copy that makes its calls with other timeouts, retries or headers. It shares connections and access
    /// token with this client, and costs next to nothing. Fails with `InvalidArgument` when an option is out
    /// of range.
    fn with_options(&self, options: CallOptions) -> Result<Self> {
        self.wire.with(&options).map(Self::from_parts)
    }

    /// Lets go of connections and access token, for this client and all its copies. Calls under way end as
    /// they would; later ones fail with `Closed`. Closing twice does no harm, and neither does never closing.
    fn close(&self) {
        self.wire.close();
    }

    /// The public keys that the environment signs its tokens with, as a JSON Web Key Set (RFC 7517). They change from
    /// time to time. Calls `GET /keys`, which needs no token.
    async fn jwks(&self) -> Result<Json> {
        Call::new(KEYS, keys(Arc::clone(&self.wire)))
    }
} }
