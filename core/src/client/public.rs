//! The public clients, for programs that cannot keep a secret: mobile and desktop apps, command-line tools.

use crate::auth::authenticate;
use crate::options::{CallOptions, ClientOptions};
use crate::twins::twins;
use crate::wire::Wire;

twins! {
    /// The public client, for apps and command-line tools.
    ///
    /// It has no client secret, which users could extract from the program. It can sign users in (with PKCE instead of
    /// the secret, RFC 7636), refresh their sessions and validate tokens; the operations of the API require
    /// `ScalekitClient`. A server that only validates tokens can use it as well.
    #[cfg_attr(feature = "ffi", uniffi::export(Display))]
    pub struct PublicScalekitClient / AsyncPublicScalekitClient;
    blocking "Each call blocks its thread until it succeeds, fails or times out.";
    async "Each call is a future that can be cancelled.";
}

twins! { impl PublicScalekitClient / AsyncPublicScalekitClient {
    /// Creates a public client for one environment. Sends nothing.
    ///
    /// `environment_url` is the environment's origin, such as `https://example.scalekit.com`. Plain `http` is accepted
    /// for loopback addresses only.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the URL is not an origin, the client ID is empty, or an option is out of range.
    [constructor(default(options))]
    fn new(environment_url: &str, client_id: &str, options: ClientOptions) -> Result<Self> {
        Wire::public(environment_url, client_id, &options, authenticate).map(Self::from_parts)
    }

    /// Returns a copy of the client with other timeouts, retries or headers. It shares everything else.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if an option is out of range.
    fn with_options(&self, options: CallOptions) -> Result<Self> {
        self.wire.with(&options).map(Self::from_parts)
    }

    /// Closes the client and all its copies: idle connections are closed and access tokens are dropped. Calls in flight
    /// finish; later calls fail with `Closed`. Idempotent, and not required before a program exits.
    fn close(&self) {
        self.wire.close();
    }
} }
