//! `client.tokens()`: checking tokens.

use std::sync::Arc;

use super::claims::{AccessTokenClaims, IdTokenClaims, IdpInitiatedClaims, MachineTokenClaims};
use super::expect::{Checked, IdTokenExpectations, TokenExpectations};
use super::keys::{Brought, KeySet};
use super::verify::{self, Checks, Login};
use crate::error::{Result, ScalekitError};
use crate::types::{Json, SecretText};
use crate::wire::Wire;

const VALIDATE: &str = "tokens.validate";
const VALIDATE_MACHINE: &str = "tokens.validate_machine";
const VALIDATE_ID: &str = "tokens.validate_id_token";
const VALIDATE_IDP: &str = "tokens.validate_idp_initiated";

async fn access(wire: Arc<Wire>, token: String, expected: TokenExpectations) -> Result<AccessTokenClaims> {
    let checked = expected.check(&wire)?;
    let payload = verify::payload(&wire, VALIDATE, &token).await?;
    Checks::new(&wire, &checked).access(payload, &expected).map_err(|refusal| refusal.of(VALIDATE))
}

async fn machine(wire: Arc<Wire>, token: String, expected: TokenExpectations) -> Result<MachineTokenClaims> {
    let checked = expected.check(&wire)?;
    let payload = verify::payload(&wire, VALIDATE_MACHINE, &token).await?;
    Checks::new(&wire, &checked).machine(payload, &expected).map_err(|refusal| refusal.of(VALIDATE_MACHINE))
}

async fn id(wire: Arc<Wire>, token: String, expected: IdTokenExpectations) -> Result<IdTokenClaims> {
    let checked = expected.check(&wire)?;
    let payload = verify::payload(&wire, VALIDATE_ID, &token).await?;
    let login = Login {
        nonce: expected.nonce.as_deref().map(SecretText::expose),
        access_token: expected.access_token.as_deref().map(SecretText::expose),
        ..Login::default()
    };
    Checks::new(&wire, &checked).id(payload, &login).map_err(|refusal| refusal.of(VALIDATE_ID))
}

pub(crate) async fn idp_initiated(
    wire: &Arc<Wire>,
    operation: &'static str,
    token: &str,
) -> Result<IdpInitiatedClaims> {
    let checked = Checked::defaults(wire);
    let payload = verify::payload(wire, operation, token).await?;
    Checks::new(wire, &checked).idp_initiated(payload).map_err(|refusal| refusal.of(operation))
}

fn preload(wire: &Wire, keys: &Json, only: bool) -> Result<()> {
    let keys = KeySet::read(keys.to_string().as_bytes());
    let keys = keys.map(Arc::new).map_err(|why| ScalekitError::argument("keys", why))?;
    wire.preloaded().add(Brought { keys, at: wire.now(), only });
    Ok(())
}

/// The methods of both styles; `$call` runs the work as the style does.
macro_rules! tokens {
    ($(#[$meta:meta])* struct $Tokens:ident if $cfg:meta, $call:ident $(, $async:ident, $await:ident)?) => {
        $(#[$meta])*
        ///
        /// Every check wants a token that is signed with RS256 by a key of the environment, says who issued it and when
        /// it ends, says nothing twice, and asks for nothing unusual; keys that a token brings along are never looked
        /// at. Nothing of a token can be read before all checks are passed. What is refused is refused with
        /// `InvalidToken`, `TokenExpired` or `MissingScope`, each with its reason in `failure.code`; where the keys
        /// cannot be fetched, the error is that of the call, and says nothing about the token.
        ///
        /// The keys are fetched with the first check, for all who wait, and kept for an hour; a key that is new is
        /// fetched when the first token names it, at most twice a minute. From then on no check goes to the network.
        #[cfg($cfg)]
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Tokens {
            pub(crate) wire: Arc<Wire>,
        }

        #[cfg($cfg)]
        crate::export::exported! { impl $Tokens {
            [method()] {
                /// Checks an access token, of a person or of a machine, and gives what it says.
                ///
                /// `token` is what stands after `Bearer` in the `authorization` header.
                pub $($async)? fn validate(&self, token: &str, expectations: TokenExpectations) -> Result<AccessTokenClaims, ScalekitError> {
                    crate::runtime::$call(VALIDATE, access(Arc::clone(&self.wire), token.to_owned(), expectations))$(.$await)?
                }
            }
            [method()] {
                /// Checks an access token of a machine; that of a person is refused as `wrong_token_type`.
                pub $($async)? fn validate_machine(&self, token: &str, expectations: TokenExpectations) -> Result<MachineTokenClaims, ScalekitError> {
                    crate::runtime::$call(VALIDATE_MACHINE, machine(Arc::clone(&self.wire), token.to_owned(), expectations))$(.$await)?
                }
            }
            [method(default(expectations))] {
                /// Checks an ID token, which must be meant for this client. A login does this by itself.
                pub $($async)? fn validate_id_token(&self, token: &str, expectations: IdTokenExpectations) -> Result<IdTokenClaims, ScalekitError> {
                    crate::runtime::$call(VALIDATE_ID, id(Arc::clone(&self.wire), token.to_owned(), expectations))$(.$await)?
                }
            }
            [method()] {
                /// Checks the token with which an identity provider starts a login. Nobody is signed in by it:
                /// `login.start_idp_initiated` does this check and begins the login.
                pub $($async)? fn validate_idp_initiated(&self, token: &str) -> Result<IdpInitiatedClaims, ScalekitError> {
                    let (wire, token) = (Arc::clone(&self.wire), token.to_owned());
                    crate::runtime::$call(VALIDATE_IDP, async move { idp_initiated(&wire, VALIDATE_IDP, &token).await })$(.$await)?
                }
            }
            [method(default(only = false))] {
                /// Brings keys along, as `client.jwks()` gives them, so that the first check needs no network. They count
                /// as fetched now. With `only` they are all there are, and none are ever fetched: for a machine without
                /// a way to the service. They hold for all copies of this client, and in forked children. Fails with
                /// `InvalidArgument` where there is no key for RS256 among them.
                pub fn preload_keys(&self, keys: Json, only: bool) -> Result<(), ScalekitError> {
                    preload(&self.wire, &keys, only)
                }
            }
        } }
    };
}

tokens! {
    /// Checks tokens. Each check blocks its thread, if the keys have to be fetched.
    struct Tokens if feature = "blocking", wait
}
tokens! {
    /// Checks tokens. Each check is asynchronous; it waits for something only if the keys have to be fetched.
    struct AsyncTokens if not(any()), run, async, await
}
