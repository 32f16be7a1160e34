//! The beginning of a login, and of a logout: URLs to send a person to. Nothing here goes to the network.

use std::sync::Arc;

use reqwest::Url;

use super::options::{AuthorizationRequest, LoginOptions, LogoutOptions};
use super::place::redirect_uri;
use super::{LoginTransaction, OPERATION_START};
use crate::auth::claims::IdpInitiatedClaims;
use crate::auth::tokens::idp_initiated;
use crate::error::{Result, ScalekitError};
use crate::jwt::{challenge, random};
use crate::types::SecretText;
use crate::wire::Wire;

/// A login that was started.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct StartedLogin {
    /// Where to send the person.
    pub authorization_url: String,
    /// What to keep until they come back.
    pub transaction: Arc<LoginTransaction>,
}

/// A login that an identity provider began, and that is now started on your side.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct IdpInitiatedLogin {
    /// Where to send the person.
    pub authorization_url: String,
    /// What to keep until they come back.
    pub transaction: Arc<LoginTransaction>,
    /// What the provider's token says. Nobody is signed in by it.
    pub claims: IdpInitiatedClaims,
}

/// A pair of values that proves who began a login (RFC 7636).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct Pkce {
    /// What you keep, and send with the code.
    pub code_verifier: Arc<SecretText>,
    /// What you send with the person.
    pub code_challenge: String,
    /// How one follows from the other: `S256`, always.
    pub code_challenge_method: String,
}

const S256: &str = "S256";

/// Makes the two values of PKCE, for a login that you build yourself. `login.start` does it for you.
#[cfg_attr(feature = "ffi", uniffi::export)]
pub fn generate_pkce() -> Result<Pkce, ScalekitError> {
    let verifier = random("generate_pkce")?;
    Ok(Pkce {
        code_challenge: challenge(&verifier),
        code_verifier: Arc::new(SecretText::new(&verifier)),
        code_challenge_method: S256.to_owned(),
    })
}

pub(crate) fn start(wire: &Wire, options: &LoginOptions) -> Result<StartedLogin> {
    options.check()?;
    let transaction = LoginTransaction::new(wire, OPERATION_START, options)?;
    let challenge = challenge(transaction.code_verifier().expose());
    let (state, nonce) = (transaction.state().expose(), Some(transaction.nonce().expose()));
    let authorization_url = url(wire, options, state, nonce, Some(&challenge));
    Ok(StartedLogin { authorization_url, transaction: Arc::new(transaction) })
}

/// `given` is what came to your initiate-login URL: the URL, its query, or the token itself.
pub(crate) async fn start_idp_initiated(
    wire: Arc<Wire>,
    given: String,
    mut options: LoginOptions,
) -> Result<IdpInitiatedLogin> {
    options.check()?;
    let token = token_in(&given)?;
    let claims = idp_initiated(&wire, super::OPERATION_IDP, &token).await?;
    options.organization_id = Some(claims.organization_id.clone());
    options.connection_id = Some(claims.connection_id.clone());
    options.login_hint = claims.login_hint.clone().or(options.login_hint);
    // Both would win over the connection that the provider's token names.
    (options.provider, options.domain) = (None, None);
    let StartedLogin { authorization_url, transaction } = start(&wire, &options)?;
    Ok(IdpInitiatedLogin { authorization_url, transaction, claims })
}

pub(crate) fn token_in(given: &str) -> Result<String> {
    let given = given.trim();
    if !given.contains('=') {
        return Ok(given.to_owned());
    }
    let callback = super::callback::Callback::parse(super::OPERATION_IDP, given)?;
    callback.get("idp_initiated_login").map(str::to_owned).ok_or_else(|| {
        let why = "the callback has no `idp_initiated_login`";
        ScalekitError::login_failed(super::OPERATION_IDP, "malformed_callback", why)
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
                "must be an S256 challenge, of 43 characters",
            ));
        }
        None if wire.client_secret().is_none() => {
            return Err(ScalekitError::argument("code_challenge", "is needed by a client without a secret"));
        }
        _ => {}
    }
    let nonce = request.nonce.as_deref().map(SecretText::expose);
    Ok(url(wire, &request.options, request.state.expose(), nonce, request.code_challenge.as_deref()))
}

fn url(
    wire: &Wire,
    options: &LoginOptions,
    state: &str,
    nonce: Option<&str>,
    challenge: Option<&str>,
) -> String {
    let mut url = at(wire, "/oauth/authorize");
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
    let back = options.post_logout_redirect_uri.as_deref().filter(|uri| !uri.is_empty());
    back.map(|uri| redirect_uri("post_logout_redirect_uri", uri)).transpose()?;
    let mut url = at(wire, "/oidc/logout");
    let hint = options.id_token_hint.as_deref().map(SecretText::expose).filter(|hint| !hint.is_empty());
    let state = options.state.as_deref().filter(|state| !state.is_empty());
    let pairs = [("id_token_hint", hint), ("post_logout_redirect_uri", back), ("state", state)];
    let given: Vec<_> = pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    if !given.is_empty() {
        url.query_pairs_mut().extend_pairs(given);
    }
    Ok(url.into())
}

fn at(wire: &Wire, path: &str) -> Url {
    let mut url = wire.origin().clone();
    url.set_path(path);
    url
}
