//! `POST /oauth/token` with the grants `authorization_code` and `refresh_token`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::{Form, OAuthError, authenticate, invalid_target, refuse};
use crate::clock::Instant;
use crate::environment::Environment;
use crate::login::{self, Binding, TokenContext};
use crate::login_state::{BrowserSession, Code, CodeError, Forgery, Grant};
use crate::reply::Reply;
use crate::request::Request;
use crate::resource;

/// What the ID token is bound to, and the requested changes to both tokens.
struct Extras<'a> {
    nonce: Option<&'a str>,
    code: Option<&'a str>,
    id_token: &'a Forgery,
    access_token: &'a Forgery,
}

pub(super) fn authorization_code(
    env: &mut Environment,
    request: &Request,
    form: &Form,
) -> Result<Reply, OAuthError> {
    form.only(request, &["grant_type", "code", "redirect_uri", "code_verifier", "resource"])?;
    let app_id = authenticate(env, form)?.id.clone();
    let text = form.need("code")?;
    let redirect_uri = form.need("redirect_uri")?;
    let now = env.clock.now();
    let code = redeem(env, text, &app_id, now)?;
    if code.redirect_uri != redirect_uri {
        return Err(invalid_grant("redirect_uri differs from the one in the authorization request"));
    }
    check_verifier(&code, form.get("code_verifier"))?;
    let grant = &code.grant;
    let session = active_session(env, &grant.session_id)?;
    let audience = audience(env, form, grant)?;
    let context = token_context(&session, grant, &grant.scope, &audience, now);
    let extras = Extras {
        nonce: code.nonce.as_deref(),
        code: Some(text),
        id_token: &code.id_token,
        access_token: &code.access_token,
    };
    let mut response = issue_tokens(env, &context, &extras);
    if has_scope(&grant.scope, "offline_access") {
        let expires_at = refresh_token_expiry(env, now);
        let (token, family) = env.login.refresh_tokens.start(code.grant, expires_at);
        env.login.codes.set_family(text, family);
        response["refresh_token"] = json!(token);
    }
    Ok(Reply::ok(response))
}

/// Redeems a code. A second use revokes the refresh tokens of the first.
fn redeem(env: &mut Environment, text: &str, app_id: &str, now: Instant) -> Result<Code, OAuthError> {
    env.login.codes.redeem(text, app_id, now).map_err(|error| match error {
        CodeError::Invalid(why) => invalid_grant(why),
        CodeError::Reused { family } => {
            family.into_iter().for_each(|family| env.login.refresh_tokens.revoke_family(family));
            invalid_grant("the code was already used")
        }
    })
}

pub(super) fn refresh_token(
    env: &mut Environment,
    request: &Request,
    form: &Form,
) -> Result<Reply, OAuthError> {
    form.only(request, &["grant_type", "refresh_token", "scope", "resource"])?;
    let app_id = authenticate(env, form)?.id.clone();
    let text = form.need("refresh_token")?;
    let now = env.clock.now();
    let grace = TimeDelta::seconds(env.login.settings.refresh_token_grace_seconds.into());
    let used = env.login.refresh_tokens.check(text, &app_id, now, grace).map_err(invalid_grant)?;
    let session = active_session(env, &used.grant.session_id)?;
    let scope = narrow_scope(form.get("scope"), &used.grant.scope)?;
    let audience = audience(env, form, &used.grant)?;
    let context = token_context(&session, &used.grant, &scope, &audience, now);
    let unchanged = Forgery::default();
    let extras = Extras { nonce: None, code: None, id_token: &unchanged, access_token: &unchanged };
    let mut response = issue_tokens(env, &context, &extras);
    let expires_at = refresh_token_expiry(env, now);
    response["refresh_token"] = json!(env.login.refresh_tokens.rotate(&used, now, grace, expires_at));
    Ok(Reply::ok(response))
}

fn token_context<'a>(
    session: &'a BrowserSession,
    grant: &'a Grant,
    scope: &'a str,
    audience: &'a [String],
    now: Instant,
) -> TokenContext<'a> {
    TokenContext { session, app_id: &grant.app_id, scope, audience, auth_time: grant.auth_time, now }
}

/// Returns the resources in the request, or all that were granted, and the resource of the client.
fn audience(env: &Environment, form: &Form, grant: &Grant) -> Result<Vec<String>, OAuthError> {
    let requested = resource::read(form.all("resource")).map_err(invalid_target)?;
    let mut audience = resource::narrow(requested, &grant.resources).map_err(invalid_target)?;
    let client = env.login.apps.get(&grant.app_id);
    audience.extend(client.and_then(|client| client.resource_id.clone()));
    Ok(audience)
}

fn has_scope(scope: &str, name: &str) -> bool {
    scope.split_whitespace().any(|own| own == name)
}

fn issue_tokens(env: &mut Environment, context: &TokenContext, extras: &Extras) -> Value {
    login::record_use(env, context.session, context.app_id);
    let mut claims = context.access_claims(env);
    claims["jti"] = json!(env.ids.next("tkn"));
    let access_token = extras.access_token.sign(claims, &env.keys, context.now);
    let mut response = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        // The service subtracts the second that the request took.
        "expires_in": env.login.settings.access_token_lifetime_seconds.saturating_sub(1),
        "scope": context.scope,
    });
    let is_refresh = extras.code.is_none();
    if has_scope(context.scope, "openid") && (!is_refresh || env.login.settings.id_token_on_refresh) {
        let binding = Binding { nonce: extras.nonce, code: extras.code, access_token: &access_token };
        let claims = context.id_claims(env, &binding);
        response["id_token"] = json!(extras.id_token.sign(claims, &env.keys, context.now));
    }
    response
}

/// Checks `code_verifier` against the challenge (RFC 7636, section 4.6). A verifier without a challenge is rejected too
/// (RFC 9700, section 2.1.1): an attacker may have removed the challenge from the authorization request.
fn check_verifier(code: &Code, verifier: Option<&str>) -> Result<(), OAuthError> {
    let (challenge, verifier) = match (&code.challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => (challenge, verifier),
        (Some(_), None) => return Err(invalid_grant("code_verifier is missing")),
        (None, Some(_)) => return Err(invalid_grant("the authorization request had no code_challenge")),
    };
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(refuse(400, "invalid_request", "code_verifier must be 43 to 128 unreserved characters"));
    }
    if URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != *challenge {
        return Err(invalid_grant("code_verifier does not match the code_challenge"));
    }
    Ok(())
}

fn active_session(env: &mut Environment, id: &str) -> Result<BrowserSession, OAuthError> {
    login::get_active(env, id).ok_or_else(|| invalid_grant("the session has ended"))
}

/// Returns the scope of refreshed tokens: the requested scope if all of it was granted, or the granted scope if the
/// request has none.
fn narrow_scope(requested: Option<&str>, granted: &str) -> Result<String, OAuthError> {
    let Some(requested) = requested else { return Ok(granted.into()) };
    let is_granted = |scope: &str| granted.split_whitespace().any(|own| own == scope);
    if requested.split_whitespace().all(is_granted) {
        return Ok(requested.into());
    }
    Err(refuse(400, "invalid_scope", "scope exceeds the scope of the login"))
}

fn refresh_token_expiry(env: &Environment, now: Instant) -> Instant {
    now.plus(TimeDelta::seconds(env.login.settings.refresh_token_lifetime_seconds.into()))
}

fn invalid_grant(why: &str) -> OAuthError {
    refuse(400, "invalid_grant", why)
}
