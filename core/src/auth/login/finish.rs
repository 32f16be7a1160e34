//! The end of a login: the code, the tokens, and who the person is.

use std::sync::Arc;

use super::callback::Callback;
use super::options::CodeExchange;
use super::place::redirect_uri;
use super::{LoginTransaction, OPERATION_EXCHANGE, OPERATION_FINISH};
use crate::auth::claims::IdTokenClaims;
use crate::auth::expect::Checked;
use crate::auth::grant;
use crate::auth::verify::{self, Checks, Login as Bound};
use crate::cache::Source;
use crate::error::{Result, ScalekitError};
use crate::session::{Grant, LoginSession};
use crate::types::SecretText;
use crate::wire::Wire;

/// A login that went well.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct LoginOutcome {
    /// Who the person is, as the verified ID token says.
    pub claims: IdTokenClaims,
    /// The tokens, and when they end.
    pub session: Arc<LoginSession>,
    /// Where your own site goes on, as the login's options said.
    pub return_to: Option<String>,
}

/// Checks the callback, exchanges its code, and verifies what comes back.
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
    // After what may pass the code may not have been used up: the person need not start again.
    if !response.as_ref().is_err_and(ScalekitError::is_transient) {
        claim.keep();
    }
    let grant = response?;
    let nonce = Some(transaction.nonce());
    let (claims, session) = settle(&wire, OPERATION_FINISH, grant, &code, nonce).await?;
    Ok(LoginOutcome { claims, session, return_to: transaction.return_to() })
}

/// The exchange on its own, for those who keep state and nonce themselves.
pub(crate) async fn exchange(wire: Arc<Wire>, exchange: CodeExchange) -> Result<LoginOutcome> {
    redirect_uri("redirect_uri", &exchange.redirect_uri)?;
    if exchange.code.expose().trim().is_empty() {
        return Err(ScalekitError::argument("code", "must not be empty"));
    }
    if wire.client_secret().is_none() && exchange.code_verifier.is_none() {
        return Err(ScalekitError::argument("code_verifier", "is needed by a client without a secret"));
    }
    let verifier = exchange.code_verifier.as_deref();
    if verifier.is_some_and(|verifier| !is_verifier(verifier.expose())) {
        let why = "must have 43 to 128 letters, digits, or any of `-._~`";
        return Err(ScalekitError::argument("code_verifier", why));
    }
    let grant =
        exchange_code(&wire, OPERATION_EXCHANGE, &exchange.code, &exchange.redirect_uri, verifier).await?;
    let nonce = exchange.nonce.as_deref();
    let (claims, session) = settle(&wire, OPERATION_EXCHANGE, grant, &exchange.code, nonce).await?;
    Ok(LoginOutcome { claims, session, return_to: None })
}

/// RFC 7636, section 4.1.
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

/// Nobody is signed in before the ID token is verified.
async fn settle(
    wire: &Arc<Wire>,
    operation: &'static str,
    grant: Grant,
    code: &SecretText,
    nonce: Option<&SecretText>,
) -> Result<(IdTokenClaims, Arc<LoginSession>)> {
    let Some(id_token) = &grant.id_token else {
        return Err(ScalekitError::decode(operation, "of the token endpoint holds no ID token"));
    };
    let checked = Checked::defaults(wire);
    let payload = verify::payload(wire, operation, id_token.expose(), Source::TokenEndpoint).await?;
    let bound = Bound {
        nonce: nonce.map(SecretText::expose),
        access_token: Some(grant.access_token.expose()),
        code: Some(code.expose()),
        ..Bound::default()
    };
    let claims = Checks::new(wire, &checked).id(payload, &bound).map_err(|refusal| refusal.of(operation))?;
    let session = LoginSession::new(claims.subject.clone(), grant);
    Ok((claims, Arc::new(session)))
}
