//! Clients without a secret, for programs that cannot keep one: apps, command-line tools.

use crate::auth::authenticate;
use crate::options::{CallOptions, ClientOptions};
use crate::twins::twins;
use crate::wire::Wire;

twins! {
    /// The client for an app or a command-line tool.
    ///
    /// It has no secret, since whoever has the program could read it there: it logs people in (with PKCE, which
    /// stands in for the secret) and checks tokens, and that is all the service lets it do. A server that does no
    /// more than check tokens is well served by it too.
    pub struct PublicScalekitClient / AsyncPublicScalekitClient;
    blocking "Each call blocks its thread.";
    async "Each call is asynchronous.";
}

twins! { impl PublicScalekitClient / AsyncPublicScalekitClient {
    /// A client without a secret for one environment.
    ///
    /// `environment_url` is the environment's origin, such as `https://example.scalekit.com`. Sends nothing,
    /// and fails with `InvalidArgument` like the client with a secret.
    [constructor(default(options))]
    fn new(environment_url: &str, client_id: &str, options: ClientOptions) -> Result<Self> {
        Wire::public(environment_url, client_id, &options, authenticate).map(Self::from_parts)
    }

    /// A copy that makes its calls with other timeouts, retries or headers, and shares everything else.
    fn with_options(&self, options: CallOptions) -> Result<Self> {
        self.wire.with(&options).map(Self::from_parts)
    }

    /// Lets go of connections and access tokens, for this client and all its copies. Later calls fail with
    /// `Closed`. Closing twice does no harm, and neither does never closing.
    fn close(&self) {
        self.wire.close();
    }
} }
