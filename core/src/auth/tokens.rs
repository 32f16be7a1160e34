//! `client.tokens()`: checking tokens.

use std::sync::Arc;

use super::claims::{AccessTokenClaims, IdTokenClaims, IdpInitiatedClaims, MachineTokenClaims};
use super::expect::{Checked, IdTokenExpectations, TokenExpectations};
use super::verify::{self, Checks, Login};
use crate::cache::{Provided, Source};
use crate::error::{Result, ScalekitError};
use crate::jwt::{KeySet, Payload, Verdict};
use crate::twins::twins;
use crate::types::{Json, SecretText};
use crate::wire::Wire;
use crate::work::Call;

const VALIDATE: &str = "tokens.validate";
const VALIDATE_MACHINE: &str = "tokens.validate_machine";
const VALIDATE_ID: &str = "tokens.validate_id_token";
const VALIDATE_IDP: &str = "tokens.validate_idp_initiated";

/// What is asked of a token once its signature holds.
type Judge<T> = Box<dyn Fn(&Checks<'_>, Payload) -> Verdict<T> + Send + Sync>;

/// A token with all that it is held against.
struct Check<T> {
    wire: Arc<Wire>,
    operation: &'static str,
    token: String,
    checked: Checked,
    judge: Judge<T>,
}

impl<T: Send + 'static> Check<T> {
    fn judged(&self, payload: Payload) -> Result<T> {
        let checks = Checks::new(&self.wire, &self.checked);
        (self.judge)(&checks, payload).map_err(|refusal| refusal.of(self.operation))
    }

    /// The result, if the key is at hand.
    fn at_once(&self) -> Result<Option<T>> {
        let payload = || verify::at_hand(&self.wire, self.operation, &self.token);
        crate::panic::caught_now(self.operation, || {
            payload()?.map(|payload| self.judged(payload)).transpose()
        })
    }

    async fn later(self) -> Result<T> {
        let payload = verify::payload(&self.wire, self.operation, &self.token, Source::Untrusted).await?;
        self.judged(payload)
    }

    /// For an async caller, who is not sent to a runtime for what takes some microseconds.
    async fn run(self) -> Result<T> {
        match self.at_once()? {
            Some(claims) => Ok(claims),
            None => Call::new(self.operation, self.later()).run().await,
        }
    }

    /// For a blocking caller, who is refused in a runtime whether or not there would be something to wait for.
    #[cfg(feature = "blocking")]
    fn wait(self) -> Result<T> {
        crate::runtime::check_outside(self.operation)?;
        match self.at_once()? {
            Some(claims) => Ok(claims),
            None => Call::new(self.operation, self.later()).wait(),
        }
    }
}

fn access(wire: &Arc<Wire>, token: &str, expected: TokenExpectations) -> Result<Check<AccessTokenClaims>> {
    let (wire, checked) = (Arc::clone(wire), expected.check(wire)?);
    let judge: Judge<_> = Box::new(move |checks, payload| checks.access(payload, &expected));
    Ok(Check { wire, operation: VALIDATE, token: token.to_owned(), checked, judge })
}

fn machine(wire: &Arc<Wire>, token: &str, expected: TokenExpectations) -> Result<Check<MachineTokenClaims>> {
    let (wire, checked) = (Arc::clone(wire), expected.check(wire)?);
    let judge: Judge<_> = Box::new(move |checks, payload| checks.machine(payload, &expected));
    Ok(Check { wire, operation: VALIDATE_MACHINE, token: token.to_owned(), checked, judge })
}

/// An ID token is bound to its login by what was sent and what came along.
fn id(wire: &Arc<Wire>, token: &str, expected: IdTokenExpectations) -> Result<Check<IdTokenClaims>> {
    let (wire, checked) = (Arc::clone(wire), expected.check(wire)?);
    let judge: Judge<_> = Box::new(move |checks, payload| {
        let login = Login {
            nonce: expected.nonce.as_deref().map(SecretText::expose),
            access_token: expected.access_token.as_deref().map(SecretText::expose),
            alone: true,
            ..Login::default()
        };
        checks.id(payload, &login)
    });
    Ok(Check { wire, operation: VALIDATE_ID, token: token.to_owned(), checked, judge })
}

fn start(wire: &Arc<Wire>, token: &str) -> Check<IdpInitiatedClaims> {
    let judge: Judge<_> = Box::new(|checks, payload| checks.idp_initiated(payload));
    let checked = Checked::defaults(wire);
    Check { wire: Arc::clone(wire), operation: VALIDATE_IDP, token: token.to_owned(), checked, judge }
}

pub(crate) async fn idp_initiated(
    wire: &Arc<Wire>,
    operation: &'static str,
    token: &str,
) -> Result<IdpInitiatedClaims> {
    let checked = Checked::defaults(wire);
    let payload = verify::payload(wire, operation, token, Source::Untrusted).await?;
    Checks::new(wire, &checked).idp_initiated(payload).map_err(|refusal| refusal.of(operation))
}

fn preload(wire: &Wire, keys: &Json, only: bool) -> Result<()> {
    let keys = KeySet::read(keys.to_string().as_bytes());
    let keys = keys.map(Arc::new).map_err(|why| ScalekitError::argument("keys", why))?;
    wire.preloaded().add(Provided { keys, at: wire.now(), exclusive: only });
    Ok(())
}

twins! {
    /// Checks tokens.
    ///
    /// Every check wants a token that is signed with RS256 by a key of the environment, says who issued it and when
    /// it ends, says nothing twice, and asks for nothing unusual; keys that a token brings along are never looked
    /// at. Nothing of a token can be read before all checks are passed. What is refused is refused with
    /// `InvalidToken`, `TokenExpired` or `MissingScope`, each with its reason in `failure.code`; where the keys
    /// cannot be fetched, the error is that of the call, and says nothing about the token.
    ///
    /// The keys are fetched with the first check, for all who wait, and kept for an hour; a key that is new is
    /// fetched when the first token names it, at most twice a minute. From then on no check goes to the network.
    pub struct Tokens / AsyncTokens;
    blocking "Each check blocks its thread, if the keys have to be fetched.";
    async "Each check is asynchronous; it waits for something only if the keys have to be fetched.";
}

twins! { impl Tokens / AsyncTokens {
    /// Checks an access token, of a person or of a machine, and gives what it says.
    ///
    /// `token` is what stands after `Bearer` in the `authorization` header.
    async fn validate(&self, token: &str, expectations: TokenExpectations) -> Result<AccessTokenClaims> {
        access(&self.wire, token, expectations)?
    }

    /// Checks an access token of a machine; that of a person is refused as `wrong_token_type`.
    async fn validate_machine(&self, token: &str, expectations: TokenExpectations) -> Result<MachineTokenClaims> {
        machine(&self.wire, token, expectations)?
    }

    /// Checks an ID token, which must be meant for this client. A login does this by itself.
    [method(default(expectations))]
    async fn validate_id_token(&self, token: &str, expectations: IdTokenExpectations) -> Result<IdTokenClaims> {
        id(&self.wire, token, expectations)?
    }

    /// Checks the token with which an identity provider starts a login. Nobody is signed in by it:
    /// `login.start_idp_initiated` does this check and begins the login.
    async fn validate_idp_initiated(&self, token: &str) -> Result<IdpInitiatedClaims> {
        start(&self.wire, token)
    }

    /// Brings keys along, as `client.jwks()` gives them, so that the first check needs no network. They count
    /// as fetched now. With `only` they are all there are, and none are ever fetched: for a machine without
    /// a way to the service. They hold for all copies of this client, and in forked children. Fails with
    /// `InvalidArgument` where there is no key for RS256 among them.
    [method(default(only = false))]
    fn preload_keys(&self, keys: Json, only: bool) -> Result<()> {
        preload(&self.wire, &keys, only)
    }
} }
