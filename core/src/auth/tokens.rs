//! `client.tokens()`: token validation.

use std::sync::Arc;

use super::claims::{AccessTokenClaims, IdTokenClaims, IdpInitiatedClaims, MachineTokenClaims};
use super::expect::{CommonExpectations, IdTokenExpectations, TokenExpectations};
use super::verify::{self, Checks, IdTokenContext};
use crate::cache::{Provided, Source};
use crate::error::{Result, ScalekitError};
use crate::jwt::{KeySet, Payload, TokenResult};
use crate::twins::twins;
use crate::types::{Json, SecretText, Timestamp};
use crate::wire::Wire;
use crate::work::Call;

const VALIDATE: &str = "tokens.validate";
const VALIDATE_MACHINE: &str = "tokens.validate_machine";
const VALIDATE_ID: &str = "tokens.validate_id_token";
const VALIDATE_IDP: &str = "tokens.validate_idp_initiated";

/// The checks of the claims, once the signature is verified.
type ClaimsCheck<T> = Box<dyn Fn(&Checks<'_>, Payload) -> TokenResult<T> + Send + Sync>;

/// A token to validate, with its expectations.
struct Validation<T> {
    wire: Arc<Wire>,
    operation: &'static str,
    token: String,
    expectations: CommonExpectations,
    check: ClaimsCheck<T>,
    /// The time to validate at, if it is not the current time.
    at: Option<Timestamp>,
}

impl<T: Send + 'static> Validation<T> {
    fn at(self, at: Option<Timestamp>) -> Self {
        Self { at, ..self }
    }

    fn claims(&self, payload: Payload) -> Result<T> {
        let checks = Checks::new(&self.wire, &self.expectations).at(self.at);
        (self.check)(&checks, payload).map_err(|rejection| rejection.into_error(self.operation))
    }

    /// Returns the claims, or `None` if the key has to be fetched first.
    fn claims_if_ready(&self) -> Result<Option<T>> {
        let payload = || verify::payload_if_ready(&self.wire, self.operation, &self.token);
        crate::panic::caught_now(self.operation, || {
            payload()?.map(|payload| self.claims(payload)).transpose()
        })
    }

    async fn fetch_key_and_validate(self) -> Result<T> {
        let payload = verify::payload(&self.wire, self.operation, &self.token, Source::Untrusted).await?;
        self.claims(payload)
    }

    /// Validates for an async caller. With a cached key it takes microseconds, so it does not go through the runtime.
    async fn run(self) -> Result<T> {
        match self.claims_if_ready()? {
            Some(claims) => Ok(claims),
            None => Call::new(self.operation, self.fetch_key_and_validate()).run().await,
        }
    }

    /// Validates for a blocking caller. Fails inside an async runtime even if the key is cached, so that the misuse
    /// does not depend on the state of the cache.
    #[cfg(feature = "blocking")]
    fn wait(self) -> Result<T> {
        crate::runtime::check_outside(self.operation)?;
        match self.claims_if_ready()? {
            Some(claims) => Ok(claims),
            None => Call::new(self.operation, self.fetch_key_and_validate()).wait(),
        }
    }
}

fn access(
    wire: &Arc<Wire>,
    token: &str,
    expected: TokenExpectations,
) -> Result<Validation<AccessTokenClaims>> {
    let (wire, expectations) = (Arc::clone(wire), expected.resolve(wire)?);
    let check: ClaimsCheck<_> = Box::new(move |checks, payload| checks.access(payload, &expected));
    Ok(Validation { wire, operation: VALIDATE, token: token.to_owned(), expectations, check, at: None })
}

fn machine(
    wire: &Arc<Wire>,
    token: &str,
    expected: TokenExpectations,
) -> Result<Validation<MachineTokenClaims>> {
    let (wire, expectations) = (Arc::clone(wire), expected.resolve(wire)?);
    let check: ClaimsCheck<_> = Box::new(move |checks, payload| checks.machine(payload, &expected));
    Ok(Validation {
        wire,
        operation: VALIDATE_MACHINE,
        token: token.to_owned(),
        expectations,
        check,
        at: None,
    })
}

fn id(wire: &Arc<Wire>, token: &str, expected: IdTokenExpectations) -> Result<Validation<IdTokenClaims>> {
    let (wire, expectations) = (Arc::clone(wire), expected.resolve(wire)?);
    let check: ClaimsCheck<_> = Box::new(move |checks, payload| {
        let context = IdTokenContext {
            nonce: expected.nonce.as_deref().map(SecretText::expose),
            access_token: expected.access_token.as_deref().map(SecretText::expose),
            standalone: true,
            ..IdTokenContext::default()
        };
        checks.id(payload, &context)
    });
    Ok(Validation { wire, operation: VALIDATE_ID, token: token.to_owned(), expectations, check, at: None })
}

fn idp(wire: &Arc<Wire>, token: &str) -> Validation<IdpInitiatedClaims> {
    let check: ClaimsCheck<_> = Box::new(|checks, payload| checks.idp_initiated(payload));
    let expectations = CommonExpectations::defaults(wire);
    Validation {
        wire: Arc::clone(wire),
        operation: VALIDATE_IDP,
        token: token.to_owned(),
        expectations,
        check,
        at: None,
    }
}

pub(crate) async fn idp_initiated(
    wire: &Arc<Wire>,
    operation: &'static str,
    token: &str,
) -> Result<IdpInitiatedClaims> {
    let expectations = CommonExpectations::defaults(wire);
    let payload = verify::payload(wire, operation, token, Source::Untrusted).await?;
    Checks::new(wire, &expectations)
        .idp_initiated(payload)
        .map_err(|rejection| rejection.into_error(operation))
}

fn preload(wire: &Wire, keys: &Json, only: bool) -> Result<()> {
    let keys = KeySet::read(keys.to_string().as_bytes());
    let keys = keys.map(Arc::new).map_err(|error| ScalekitError::argument("keys", error))?;
    wire.preloaded().add(Provided { keys, at: wire.now(), exclusive: only });
    Ok(())
}

twins! {
    /// Token validation.
    ///
    /// Every check requires a token that is signed with RS256 by a key of the environment, has an accepted issuer and
    /// an expiration time, has no duplicate names, and uses no unsupported extensions. Keys that a token embeds or
    /// references are never used. No claim can be read before all checks have passed.
    ///
    /// The signing keys are fetched by the first check, once for all concurrent callers, and cached for one hour. A new
    /// key is fetched when the first token names it, at most twice a minute. Keys older than one hour are refreshed in
    /// the background while they are used, for up to two hours. All other checks send no requests.
    ///
    /// A rejected token fails with `InvalidToken`, `TokenExpired` or `MissingScope`, with the reason in `failure.code`.
    /// If the signing keys cannot be fetched, the error is that of the request, such as `Connection`: the token may be
    /// valid.
    pub struct Tokens / AsyncTokens;
    blocking "A check blocks its thread if it has to fetch the keys.";
    async "Checks are asynchronous. A check waits only if it has to fetch the keys.";
}

twins! { impl Tokens / AsyncTokens {
    /// Validates an access token of a user or a machine client and returns its claims.
    ///
    /// `token` is the part after `Bearer` in the `authorization` header. `at` is the time to check the claims at, for tests
    /// with a fixed clock. Default: the current time.
    ///
    /// # Errors
    ///
    /// `InvalidToken` if the token is invalid. `failure.code` is the reason. Respond with status code 401.
    /// `TokenExpired` if the token has expired and is valid otherwise. Respond with status code 401.
    /// `MissingScope` if the token lacks a required scope and is valid otherwise. Respond with status code 403.
    /// `InvalidArgument` if an expectation is invalid.
    [method(default(at))]
    async fn validate(
        &self,
        token: &str,
        expectations: TokenExpectations,
        at: Option<Timestamp>,
    ) -> Result<AccessTokenClaims> {
        access(&self.wire, token, expectations)?.at(at)
    }

    /// Validates an access token of a machine client and returns its claims. `at` is the same as for `validate`.
    ///
    /// # Errors
    ///
    /// The same as for `validate`. `InvalidToken` with the code `wrong_token_type` if the token belongs to a user.
    [method(default(at))]
    async fn validate_machine(
        &self,
        token: &str,
        expectations: TokenExpectations,
        at: Option<Timestamp>,
    ) -> Result<MachineTokenClaims> {
        machine(&self.wire, token, expectations)?.at(at)
    }

    /// Validates an ID token, whose audience must be this client, and returns its claims. `login.finish` does this
    /// itself. `at` is the same as for `validate`.
    ///
    /// # Errors
    ///
    /// `InvalidToken` if the token is invalid. `failure.code` is the reason.
    /// `TokenExpired` if the token has expired and is valid otherwise.
    /// `InvalidArgument` if an expectation is invalid.
    [method(default(expectations), default(at))]
    async fn validate_id_token(
        &self,
        token: &str,
        expectations: IdTokenExpectations,
        at: Option<Timestamp>,
    ) -> Result<IdTokenClaims> {
        id(&self.wire, token, expectations)?.at(at)
    }

    /// Validates the token of an IdP-initiated login and returns its claims. The token does not sign the user in:
    /// `login.start_idp_initiated` validates it and starts the login. `at` is the same as for `validate`.
    ///
    /// # Errors
    ///
    /// `InvalidToken` if the token is invalid. `failure.code` is the reason.
    /// `TokenExpired` if the token has expired and is valid otherwise.
    [method(default(at))]
    async fn validate_idp_initiated(&self, token: &str, at: Option<Timestamp>) -> Result<IdpInitiatedClaims> {
        idp(&self.wire, token).at(at)
    }

    /// Provides signing keys, as returned by `client.jwks()`, so that the first check sends no request.
    ///
    /// The keys are cached as if they had just been fetched. With `only`, they are the only keys and none are ever
    /// fetched, for machines that cannot reach the service. The keys apply to all copies of this client, and in forked
    /// child processes. Default of `only`: false.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if `keys` contains no usable RS256 key.
    [method(default(only = false))]
    fn preload_keys(&self, keys: Json, only: bool) -> Result<()> {
        preload(&self.wire, &keys, only)
    }
} }
