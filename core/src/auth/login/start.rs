//! Authorization and logout URLs. Only the signing keys for an IdP-initiated login are requested from the service.

use std::sync::Arc;

use reqwest::Url;

use super::options::{AuthorizationRequest, LoginOptions, LogoutOptions};
use super::redirect::parse_redirect_uri;
use super::{LoginTransaction, OPERATION_START};
use crate::auth::claims::IdpInitiatedClaims;
use crate::auth::tokens::idp_initiated;
use crate::error::{Result, ScalekitError};
use crate::jwt::{code_challenge, random};
use crate::types::SecretText;
use crate::wire::Wire;

/// A login that was started: redirect the browser to the URL, and store the transaction.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct StartedLogin {
    /// Authorization URL to redirect the browser to.
    pub authorization_url: String,
    /// Transaction to store until the callback.
    pub transaction: Arc<LoginTransaction>,
}

/// An IdP-initiated login that was continued as a login of your application.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct IdpInitiatedLogin {
    /// Authorization URL to redirect the browser to.
    pub authorization_url: String,
    /// Transaction to store until the callback.
    pub transaction: Arc<LoginTransaction>,
    /// Claims of the identity provider's token. They do not sign the user in.
    pub claims: IdpInitiatedClaims,
}

/// A PKCE code verifier and its code challenge (RFC 7636), which bind an authorization code to the client that
/// requested it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct Pkce {
    /// Code verifier. Store it, and send it with the authorization code.
    pub code_verifier: Arc<SecretText>,
    /// Code challenge, for the authorization URL.
    pub code_challenge: String,
    /// Method of the code challenge. Always `S256`.
    pub code_challenge_method: String,
}

const S256: &str = "S256";

/// Generates a PKCE code verifier and code challenge, for `login.authorization_url`. `login.start` generates its own.
#[cfg_attr(feature = "ffi", uniffi::export)]
pub fn generate_pkce() -> Result<Pkce, ScalekitError> {
    let verifier = random("generate_pkce")?;
    Ok(Pkce {
        code_challenge: code_challenge(&verifier),
        code_verifier: Arc::new(SecretText::new(&verifier)),
        code_challenge_method: S256.to_owned(),
    })
}

pub(crate) fn start(wire: &Wire, options: &LoginOptions) -> Result<StartedLogin> {
    options.check()?;
    let transaction = LoginTransaction::new(wire, OPERATION_START, options)?;
    let challenge = code_challenge(transaction.code_verifier().expose());
    let (state, nonce) = (transaction.state().expose(), Some(transaction.nonce().expose()));
    let authorization_url = build_authorization_url(wire, options, state, nonce, Some(&challenge));
    Ok(StartedLogin { authorization_url, transaction: Arc::new(transaction) })
}

/// `callback` is the requested URL of the initiate-login endpoint, its query, or the token.
pub(crate) async fn start_idp_initiated(
    wire: Arc<Wire>,
    callback: String,
    mut options: LoginOptions,
) -> Result<IdpInitiatedLogin> {
    options.check()?;
    let token = extract_token(&callback)?;
    let claims = idp_initiated(&wire, super::OPERATION_IDP, &token).await?;
    options.organization_id = Some(claims.organization_id.clone());
    options.connection_id = Some(claims.connection_id.clone());
    options.login_hint = claims.login_hint.clone().or(options.login_hint);
    // Both would take precedence over the connection of the token.
    (options.provider, options.domain) = (None, None);
    let StartedLogin { authorization_url, transaction } = start(&wire, &options)?;
    Ok(IdpInitiatedLogin { authorization_url, transaction, claims })
}

pub(crate) fn extract_token(callback: &str) -> Result<String> {
    let callback = callback.trim();
    // A JWT has no padding.
    if !callback.contains('=') {
        return Ok(callback.to_owned());
    }
    let callback = super::callback::Callback::parse(super::OPERATION_IDP, callback)?;
    callback.get("idp_initiated_login").map(str::to_owned).ok_or_else(|| {
        let explanation = "the callback has no `idp_initiated_login`";
        ScalekitError::login_failed(super::OPERATION_IDP, "malformed_callback", explanation)
    })
}

pub(crate) fn authorization_url(wire: &Wire, request: &AuthorizationRequest) -> Result<String> {
    request.options.check()?;
    if request.state.expose().trim().is_empty() {
        return Err(ScalekitError::argument("state", "must not be empty"));
    }
    if request.nonce.as_ref().is_some_and(|nonce| nonce.expose().trim().is_empty()) {
        return Err(ScalekitError::argument("nonce", "must not be empty"));
    }
    match &request.code_challenge {
        Some(challenge) if challenge.len() != 43 => {
            return Err(ScalekitError::argument(
                "code_challenge",
                "must be an S256 code challenge of 43 characters",
            ));
        }
        None if wire.client_secret().is_none() => {
            return Err(ScalekitError::argument("code_challenge", "is needed by a client without a secret"));
        }
        _ => {}
    }
    let nonce = request.nonce.as_deref().map(SecretText::expose);
    let challenge = request.code_challenge.as_deref();
    Ok(build_authorization_url(wire, &request.options, request.state.expose(), nonce, challenge))
}

fn build_authorization_url(
    wire: &Wire,
    options: &LoginOptions,
    state: &str,
    nonce: Option<&str>,
    challenge: Option<&str>,
) -> String {
    let mut url = endpoint(wire, "/oauth/authorize");
    let mut query = url.query_pairs_mut();
    query.append_pair("response_type", "code").append_pair("client_id", wire.client_id());
    query.extend_pairs(options.parameters()).append_pair("state", state);
    query.extend_pairs(nonce.map(|nonce| ("nonce", nonce)));
    query.extend_pairs(challenge.map(|challenge| ("code_challenge", challenge)));
    query.extend_pairs(challenge.map(|_| ("code_challenge_method", S256)));
    drop(query);
    url.into()
}

pub(crate) fn logout_url(wire: &Wire, options: &LogoutOptions) -> Result<String> {
    let redirect = options.post_logout_redirect_uri.as_deref().filter(|uri| !uri.is_empty());
    redirect.map(|uri| parse_redirect_uri("post_logout_redirect_uri", uri)).transpose()?;
    let mut url = endpoint(wire, "/oidc/logout");
    let hint = options.id_token_hint.as_deref().map(SecretText::expose).filter(|hint| !hint.is_empty());
    let state = options.state.as_deref().filter(|state| !state.is_empty());
    let pairs = [("id_token_hint", hint), ("post_logout_redirect_uri", redirect), ("state", state)];
    let pairs: Vec<_> = pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(url.into())
}

fn endpoint(wire: &Wire, path: &str) -> Url {
    let mut url = wire.origin().clone();
    url.set_path(path);
    url
}
