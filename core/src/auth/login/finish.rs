//! The end of a login: the code exchange and the verification of the ID token.

use std::sync::Arc;

use super::callback::Callback;
use super::options::CodeExchange;
use super::redirect::parse_redirect_uri;
use super::{LoginTransaction, OPERATION_EXCHANGE, OPERATION_FINISH};
use crate::auth::claims::IdTokenClaims;
use crate::auth::expect::CommonExpectations;
use crate::auth::grant;
use crate::auth::verify::{self, Checks, IdTokenContext};
use crate::cache::Source;
use crate::error::{Result, ScalekitError};
use crate::session::{Grant, LoginSession};
use crate::types::SecretText;
use crate::wire::Wire;

/// The outcome of a successful login.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct LoginOutcome {
    /// Claims of the verified ID token.
    pub claims: IdTokenClaims,
    /// Session: the tokens, with their expiration time.
    pub session: Arc<LoginSession>,
    /// Path on your own site to redirect to, from the options of the login.
    pub return_to: Option<String>,
}

/// Verifies the callback, exchanges its code and verifies the ID token.
pub(crate) async fn finish(
    wire: Arc<Wire>,
    callback: String,
    transaction: Arc<LoginTransaction>,
) -> Result<LoginOutcome> {
    transaction.check(&wire)?;
    let callback = Callback::parse(OPERATION_FINISH, &callback)?;
    let code = Arc::new(callback.code(&wire, &transaction)?);
    let claim = transaction.claim(&wire)?;
    let verifier = Some(transaction.code_verifier());
    let response = exchange_code(&wire, OPERATION_FINISH, &code, transaction.redirect_uri(), verifier).await;
    // After a transient error, the code may still be valid, so the same callback can be retried.
    if !response.as_ref().is_err_and(ScalekitError::is_transient) {
        claim.keep();
    }
    let grant = response?;
    let nonce = Some(transaction.nonce());
    let (claims, session) = verify_grant(&wire, OPERATION_FINISH, grant, &code, nonce).await?;
    Ok(LoginOutcome { claims, session, return_to: transaction.return_to() })
}

/// Exchanges a code without a transaction, for callers that manage state and nonce themselves.
pub(crate) async fn exchange(wire: Arc<Wire>, exchange: CodeExchange) -> Result<LoginOutcome> {
    parse_redirect_uri("redirect_uri", &exchange.redirect_uri)?;
    if exchange.code.expose().trim().is_empty() {
        return Err(ScalekitError::argument("code", "must not be empty"));
    }
    if wire.client_secret().is_none() && exchange.code_verifier.is_none() {
        return Err(ScalekitError::argument("code_verifier", "is needed by a client without a secret"));
    }
    let verifier = exchange.code_verifier.as_deref();
    if verifier.is_some_and(|verifier| !is_verifier(verifier.expose())) {
        let rule = "must have 43 to 128 characters: letters, digits and `-._~`";
        return Err(ScalekitError::argument("code_verifier", rule));
    }
    let grant =
        exchange_code(&wire, OPERATION_EXCHANGE, &exchange.code, &exchange.redirect_uri, verifier).await?;
    let nonce = exchange.nonce.as_deref();
    let (claims, session) = verify_grant(&wire, OPERATION_EXCHANGE, grant, &exchange.code, nonce).await?;
    Ok(LoginOutcome { claims, session, return_to: None })
}

/// The format of code verifiers: RFC 7636, section 4.1.
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

async fn exchange_code(
    wire: &Wire,
    operation: &'static str,
    code: &Arc<SecretText>,
    redirect_uri: &str,
    verifier: Option<&SecretText>,
) -> Result<Grant> {
    let mut form =
        vec![("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", redirect_uri)];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier.expose())));
    let mut secrets = vec![Arc::clone(code)];
    secrets.extend(verifier.cloned().map(Arc::new));
    grant::request(wire, operation, &form, secrets).await.map_err(ScalekitError::into_login_failure)
}

/// Verifies the ID token. Only then is a session created.
async fn verify_grant(
    wire: &Arc<Wire>,
    operation: &'static str,
    grant: Grant,
    code: &SecretText,
    nonce: Option<&SecretText>,
) -> Result<(IdTokenClaims, Arc<LoginSession>)> {
    let Some(id_token) = &grant.id_token else {
        return Err(ScalekitError::decode(operation, "of the token endpoint holds no ID token"));
    };
    let expectations = CommonExpectations::defaults(wire);
    let payload = verify::payload(wire, operation, id_token.expose(), Source::TokenEndpoint).await?;
    let context = IdTokenContext {
        nonce: nonce.map(SecretText::expose),
        access_token: Some(grant.access_token.expose()),
        code: Some(code.expose()),
        ..IdTokenContext::default()
    };
    let claims = Checks::new(wire, &expectations).id(payload, &context);
    let claims = claims.map_err(|rejection| rejection.into_error(operation))?;
    let session = LoginSession::new(claims.subject.clone(), grant);
    Ok((claims, Arc::new(session)))
}
