//! `POST /oauth/token` for codes and refresh tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::claims::{Binding, Subject};
use super::forge::Forgery;
use super::grant::Code;
use super::session::{self, Session};
use crate::clock::Instant;
use crate::oauth::{Form, OAuthError, authenticate, refuse};
use crate::reply::Reply;
use crate::world::World;

/// How the tokens differ from what they should be, and what the ID token is bound to.
struct Extras<'a> {
    nonce: Option<&'a str>,
    code: Option<&'a str>,
    id_token: &'a Forgery,
    access_token: &'a Forgery,
}

pub(crate) fn authorization_code(world: &mut World, form: &Form) -> Result<Reply, OAuthError> {
    form.only(&["grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier"])?;
    let app_id = authenticate(world, form)?.id.clone();
    let text = form.need("code")?;
    let redirect_uri = form.need("redirect_uri")?;
    let now = world.clock.now();
    let code = world.login.grants.spend_code(text, &app_id, now).map_err(invalid_grant)?;
    if code.redirect_uri != redirect_uri {
        return Err(invalid_grant("redirect_uri is not the one that the code was made for"));
    }
    check_verifier(&code, form.get("code_verifier"))?;
    let session = live_session(world, &code.session_id)?;
    let subject = Subject { session: &session, app_id: &app_id, scope: &code.scope, now };
    let (nonce, extras) = (code.nonce.as_deref(), (&code.id_token, &code.access_token));
    let extras = Extras { nonce, code: Some(text), id_token: extras.0, access_token: extras.1 };
    let mut answer = tokens(world, &subject, &extras);
    if code.scope.split_whitespace().any(|scope| scope == "offline_access") {
        let expires_at = refresh_end(world, now);
        answer["refresh_token"] = json!(world.login.grants.start_family(text, &code, expires_at));
    }
    Ok(Reply::ok(answer))
}

pub(crate) fn refresh_token(world: &mut World, form: &Form) -> Result<Reply, OAuthError> {
    form.only(&["grant_type", "client_id", "client_secret", "refresh_token", "scope"])?;
    let app_id = authenticate(world, form)?.id.clone();
    let text = form.need("refresh_token")?;
    let now = world.clock.now();
    let family = world.login.grants.family(text, &app_id, now).map_err(invalid_grant)?;
    let session = live_session(world, &family.session_id)?;
    let scope = narrowed(form.get("scope"), &family.scope)?;
    let subject = Subject { session: &session, app_id: &app_id, scope: &scope, now };
    let right = Forgery::default();
    let extras = Extras { nonce: None, code: None, id_token: &right, access_token: &right };
    let mut answer = tokens(world, &subject, &extras);
    let expires_at = refresh_end(world, now);
    answer["refresh_token"] = json!(world.login.grants.rotate(text, expires_at));
    Ok(Reply::ok(answer))
}

fn tokens(world: &mut World, subject: &Subject, extras: &Extras) -> Value {
    session::used(world, subject.session, subject.app_id);
    let mut claims = subject.access(world);
    claims["jti"] = json!(world.ids.next("tkn"));
    let access_token = extras.access_token.sign(claims, &world.keys, subject.now);
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        // The service counts the second that it took.
        "expires_in": world.login.settings.access_token_lifetime_seconds.saturating_sub(1),
        "scope": subject.scope,
    });
    if subject.scope.split_whitespace().any(|scope| scope == "openid") {
        let binding = Binding { nonce: extras.nonce, code: extras.code, access_token: &access_token };
        let claims = subject.id(world, &binding);
        answer["id_token"] = json!(extras.id_token.sign(claims, &world.keys, subject.now));
    }
    answer
}

/// RFC 7636, section 4.6; and RFC 9700, section 2.1.1: a verifier without a challenge is refused as well, since
/// somebody may have taken the challenge out of the request.
fn check_verifier(code: &Code, verifier: Option<&str>) -> Result<(), OAuthError> {
    let (challenge, verifier) = match (&code.challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => (challenge, verifier),
        (Some(_), None) => return Err(invalid_grant("code_verifier is missing")),
        (None, Some(_)) => return Err(invalid_grant("the code was made without a code_challenge")),
    };
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return Err(refuse(400, "invalid_request", "code_verifier must be 43 to 128 unreserved characters"));
    }
    if URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) != *challenge {
        return Err(invalid_grant("code_verifier does not fit the code_challenge"));
    }
    Ok(())
}

fn live_session(world: &mut World, id: &str) -> Result<Session, OAuthError> {
    session::live(world, id).ok_or_else(|| invalid_grant("the session has ended"))
}

/// A refresh may ask for less than the login did, never for more.
fn narrowed(asked: Option<&str>, granted: &str) -> Result<String, OAuthError> {
    let Some(asked) = asked else { return Ok(granted.into()) };
    let has = |scope: &str| granted.split_whitespace().any(|own| own == scope);
    if asked.split_whitespace().all(has) {
        return Ok(asked.into());
    }
    Err(refuse(400, "invalid_scope", "scope goes beyond what the login asked for"))
}

fn refresh_end(world: &World, now: Instant) -> Instant {
    now.plus(TimeDelta::seconds(world.login.settings.refresh_token_lifetime_seconds.into()))
}

fn invalid_grant(why: &str) -> OAuthError {
    refuse(400, "invalid_grant", why)
}
