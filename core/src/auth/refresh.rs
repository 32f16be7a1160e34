//! Session refreshes, shared by callers with the same refresh token.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::expect::CommonExpectations;
use super::grant;
use super::verify::{self, Checks, IdTokenContext};
use crate::cache::{Fetch, Source};
use crate::error::{Failure, Result, ScalekitError};
use crate::jwt::sha256;
use crate::session::{Grant, LoginSession};
use crate::types::SecretText;
use crate::wire::Wire;

const OPERATION: &str = "login.refresh";

/// Returns the session itself while its access token is valid, or the refreshed one.
pub(crate) async fn if_needed(wire: Arc<Wire>, session: Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    let now = wire.wall_now();
    if !session.is_due(now) {
        wire.memory(OPERATION)?;
        return Ok(session);
    }
    match refreshed(&wire, Arc::clone(&session)).await {
        // A valid access token can be used while the service is unreachable.
        Err(error) if error.is_transient() && !session.is_expired(wire.wall_now()) => {
            let operation = &error.failure().operation;
            tracing::warn!(
                operation,
                error = %error,
                "a session could not be refreshed; its access token is still valid"
            );
            Ok(session)
        }
        Err(ScalekitError::LoginRequired { failure })
            if lacks_refresh_token(&failure) && !session.is_expired(now) =>
        {
            Ok(session)
        }
        result => result,
    }
}

const NO_REFRESH_TOKEN: &str = "no_refresh_token";

fn lacks_refresh_token(failure: &Failure) -> bool {
    failure.code.as_deref() == Some(NO_REFRESH_TOKEN)
}

/// Returns the refreshed session.
pub(crate) async fn refreshed(wire: &Arc<Wire>, session: Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    let Some(token) = session.refresh_token() else {
        let why = "the session has no refresh token; request the scope `offline_access` at login";
        return Err(ScalekitError::login_required(OPERATION, NO_REFRESH_TOKEN, why));
    };
    if token.expose().trim().is_empty() {
        return Err(ScalekitError::argument("refresh_token", "must not be empty"));
    }
    let refreshes = Arc::clone(&wire.memory(OPERATION)?.refreshes);
    let clock = {
        let wire = wire.original();
        move || wire.now()
    };
    let fetch = || Fetch::new(OPERATION, refresh(wire.original(), Arc::clone(&session), Arc::clone(&token)));
    let next = refreshes.get(OPERATION, sha256(token.expose()), clock, fetch);
    wire.within(OPERATION, "the service", next)
        .await?
        .for_caller_with(&session)
        .map_err(|rejection| rejection.into_error(OPERATION))
}

/// Returns a session of which only the refresh token is known.
pub(crate) fn session_from_refresh_token(token: Arc<SecretText>) -> LoginSession {
    let grant = Grant {
        access_token: Arc::new(SecretText::new("")),
        id_token: None,
        refresh_token: Some(token),
        scopes: Vec::new(),
        lifetime: Duration::ZERO,
        requested_at: SystemTime::UNIX_EPOCH,
    };
    LoginSession::new(String::new(), grant)
}

async fn refresh(
    wire: Arc<Wire>,
    session: Arc<LoginSession>,
    token: Arc<SecretText>,
) -> Result<Arc<LoginSession>> {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.expose())];
    let response = grant::request(&wire, OPERATION, &form, vec![Arc::clone(&token)]).await;
    let mut grant = response.map_err(ScalekitError::into_session_end)?;
    let mut subject = session.subject();
    if let Some(id_token) = grant.id_token.clone() {
        match check(&wire, &id_token, &grant, &session).await {
            Ok(checked) => subject = checked,
            // The signing keys are unavailable, so the new ID token cannot be verified. The other tokens came from the
            // service, and the refresh token is used up: they are kept, with the earlier ID token.
            Err(error) if error.is_transient() => grant.id_token = None,
            Err(error) => return Err(error),
        }
    }
    Ok(Arc::new(session.followed_by(grant).with_subject(subject)))
}

/// Verifies a new ID token, which must have the same subject (OpenID Connect Core, section 12.2). Its nonce belongs to
/// the login, and the service need not repeat it.
async fn check(
    wire: &Arc<Wire>,
    id_token: &SecretText,
    grant: &Grant,
    session: &LoginSession,
) -> Result<String> {
    let expectations = CommonExpectations::defaults(wire);
    let payload =
        verify::payload(wire, OPERATION, id_token.expose(), Source::TokenEndpoint).await?.without("nonce");
    let subject = session.subject();
    let context = IdTokenContext {
        access_token: Some(grant.access_token.expose()),
        subject: Some(subject.as_str()).filter(|subject| !subject.is_empty()),
        ..IdTokenContext::default()
    };
    let claims = Checks::new(wire, &expectations).id(payload, &context);
    claims.map(|claims| claims.subject).map_err(|rejection| rejection.into_error(OPERATION))
}
