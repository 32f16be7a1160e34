//! Clients for programs that cannot keep a secret: apps, command-line tools; and the ways from a client to its logins
//! and tokens.

use std::sync::Arc;

use super::login::AsyncLogin;
use super::machine::AsyncMachineTokens;
use super::tokens::AsyncTokens;
#[cfg(feature = "blocking")]
use super::{Login, MachineTokens, Tokens};
use crate::client::AsyncScalekitClient;
#[cfg(feature = "blocking")]
use crate::client::ScalekitClient;
use crate::error::{Result, ScalekitError};
use crate::options::{CallOptions, ClientOptions};
use crate::wire::Wire;

/// What every client has, with or without a secret.
macro_rules! accessors {
    (struct $Client:ident if $cfg:meta, $Login:ident, $Tokens:ident, $MachineTokens:ident) => {
        #[cfg($cfg)]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Client {
            /// Logins: sending people to log in, and taking them back.
            #[must_use]
            pub fn login(&self) -> $Login {
                $Login { wire: Arc::clone(&self.wire) }
            }

            /// Tokens: whether to believe them, and what they say.
            #[must_use]
            pub fn tokens(&self) -> $Tokens {
                $Tokens { wire: Arc::clone(&self.wire) }
            }

            /// Access tokens for machines' clients, to call other services with.
            #[must_use]
            pub fn machine_tokens(&self) -> $MachineTokens {
                $MachineTokens { wire: Arc::clone(&self.wire) }
            }
        }
    };
}

accessors! { struct ScalekitClient if feature = "blocking", Login, Tokens, MachineTokens }
accessors! { struct AsyncScalekitClient if not(any()), AsyncLogin, AsyncTokens, AsyncMachineTokens }
accessors! { struct PublicScalekitClient if feature = "blocking", Login, Tokens, MachineTokens }
accessors! { struct AsyncPublicScalekitClient if not(any()), AsyncLogin, AsyncTokens, AsyncMachineTokens }

macro_rules! public_client {
    ($(#[$meta:meta])* struct $Client:ident if $cfg:meta) => {
        $(#[$meta])*
        ///
        /// It has no secret, since whoever has the program could read it there: it logs people in (with PKCE, which
        /// stands in for the secret) and checks tokens, and that is all the service lets it do. A server that does no
        /// more than check tokens is well served by it too.
        #[cfg($cfg)]
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Client {
            pub(crate) wire: Arc<Wire>,
        }

        #[cfg($cfg)]
        crate::export::exported! { impl $Client {
            [constructor(default(options))] {
                /// A client without a secret for one environment.
                ///
                /// `environment_url` is the environment's origin, such as `https://example.scalekit.com`. Sends nothing,
                /// and fails with `InvalidArgument` like the client with a secret.
                pub fn new(environment_url: &str, client_id: &str, options: ClientOptions) -> Result<Self, ScalekitError> {
                    Ok(Self { wire: Wire::public(environment_url, client_id, &options)? })
                }
            }
        } }

        #[cfg($cfg)]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Client {
            /// A copy that makes its calls with other timeouts, retries or headers, and shares everything else.
            pub fn with_options(&self, options: CallOptions) -> Result<Self, ScalekitError> {
                Ok(Self { wire: self.wire.with(&options)? })
            }

            /// Lets go of connections and access tokens, for this client and all its copies. Later calls fail with
            /// `Closed`. Closing twice does no harm, and neither does never closing.
            pub fn close(&self) {
                self.wire.close();
            }
        }

        /// For tests of this library only.
        #[cfg($cfg)]
        #[doc(hidden)]
        impl $Client {
            /// Moves the client's idea of time.
            pub fn advance_clock_for_test(&self, by: std::time::Duration) {
                self.wire.advance_clock(by);
            }
        }
    };
}

public_client! {
    /// The client for an app or a command-line tool, blocking.
    struct PublicScalekitClient if feature = "blocking"
}
public_client! {
    /// The client for an app or a command-line tool, async.
    struct AsyncPublicScalekitClient if not(any())
}
