//! Passwordless email: codes and links.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::model::{Attempt, PasswordlessSettings};
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::shape::EMAIL;
use crate::validate::{Field, enumeration, integer, text, text_map, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("passwordless.send", send).body(SEND),
    Entry::new("passwordless.resend", resend).body(RESEND),
    Entry::new("passwordless.verify", verify).body(VERIFY),
];

const SEND: &[Field] = &[
    text_shaped("email", 1, 320, EMAIL).required(),
    enumeration("template", &[("UNSPECIFIED", 0), ("SIGNIN", 1), ("SIGNUP", 2)]),
    text("magiclink_auth_uri", 0, 1000),
    text("state", 0, 1000),
    integer("expires_in", 0, u32::MAX as i64),
    text_map("template_variables", 30, (2, 25), (0, 256)),
];

const RESEND: &[Field] = &[text("auth_request_id", 1, 100).required()];

const VERIFY: &[Field] = &[text("auth_request_id", 0, 100), text("code", 0, 20), text("link_token", 0, 100)];

/// Template variables that the service sets.
const RESERVED: &[&str] = &["otp", "link", "expire_time", "expiry_time", "expiry_time_relative"];

fn send(store: &mut Store, call: &Call) -> Outcome {
    let mut attempt = attempt_from(call, &store.passwordless.settings)?;
    store.passwordless.count_mail(&attempt.email, call.now)?;
    attempt.issue(&store.ids, call.now);
    Ok(deliver(store, call, attempt))
}

fn attempt_from(call: &Call, settings: &PasswordlessSettings) -> Result<Attempt, ApiError> {
    let given = |name: &str| call.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut attempt = Attempt::new(call.text("email").unwrap_or_default(), settings, call.now);
    attempt.template =
        given("template").filter(|template| template != "UNSPECIFIED").unwrap_or(attempt.template);
    attempt.state = given("state").unwrap_or_default();
    attempt.link_uri = given("magiclink_auth_uri").unwrap_or_default();
    attempt.variables = call.field("template_variables")?.unwrap_or_default();
    if let Some(seconds) = call.integer("expires_in").filter(|seconds| *seconds > 0) {
        attempt.lifetime_seconds = seconds;
    }
    if attempt.kind.has_link() && attempt.link_uri.is_empty() {
        let why = "is required because this environment sends links";
        return Err(ApiError::invalid_field("magiclink_auth_uri", "required", why));
    }
    if let Some(name) = RESERVED.iter().find(|name| attempt.variables.contains_key(**name)) {
        let field = format!("template_variables.{name}");
        return Err(ApiError::invalid_field(&field, "reserved", "is set by the service"));
    }
    Ok(attempt)
}

fn resend(store: &mut Store, call: &Call) -> Outcome {
    let mut attempt = find(store, call)?.clone();
    if attempt.is_used() {
        return Err(ApiError::failed_precondition("the code or link was already used"));
    }
    store.passwordless.count_mail(&attempt.email, call.now)?;
    if store.passwordless.settings.regenerate_on_resend {
        store.passwordless.attempts.remove(&attempt.id);
        attempt.issue(&store.ids, call.now);
    } else {
        attempt.restart(call.now);
    }
    Ok(deliver(store, call, attempt))
}

/// Adds the email to the outbox and saves the attempt.
fn deliver(store: &mut Store, call: &Call, attempt: Attempt) -> Reply {
    store.add_mail(attempt.mail(call.now));
    let body = attempt.response();
    store.passwordless.attempts.put_bounded(attempt);
    Reply::ok(body)
}

fn verify(store: &mut Store, call: &Call) -> Outcome {
    let given = |name: &str| call.text(name).filter(|text| !text.is_empty());
    match (given("code"), given("link_token")) {
        (Some(code), None) => verify_code(store, call, code),
        (None, Some(token)) => verify_link(store, call, token),
        _ => Err(ApiError::invalid_field("code", "oneof", "either code or link_token is required")),
    }
}

fn verify_code(store: &mut Store, call: &Call, code: &str) -> Outcome {
    if call.text("auth_request_id").is_none_or(str::is_empty) {
        return Err(ApiError::invalid_field("auth_request_id", "required", "is required with a code"));
    }
    let id = find(store, call)?.id.clone();
    let attempt = store.passwordless.attempts.get_mut(&id);
    let attempt = attempt.ok_or_else(|| ApiError::not_found("auth request", &id))?;
    attempt.count_try(call.now)?;
    if !attempt.kind.has_code() || attempt.code != code {
        return Err(ApiError::new(400, "the code is wrong"));
    }
    attempt.redeem(call.now)?;
    Ok(verified(attempt))
}

fn verify_link(store: &mut Store, call: &Call, token: &str) -> Outcome {
    let id = call.text("auth_request_id").filter(|id| !id.is_empty());
    let strict = store.passwordless.settings.enforce_same_browser_origin;
    if strict && id.is_none() {
        let why = "is required because this environment enforces the same browser for links";
        return Err(ApiError::invalid_field("auth_request_id", "required", why));
    }
    let fits = |own: &&Attempt| own.link_token == token && id.is_none_or(|id| own.id == id);
    let found = store.passwordless.attempts.iter().find(fits).map(|own| own.id.clone());
    let attempt = found.and_then(|id| store.passwordless.attempts.get_mut(&id));
    let attempt = attempt.ok_or_else(|| ApiError::new(400, "the link is wrong"))?;
    attempt.redeem(call.now)?;
    Ok(verified(attempt))
}

fn verified(attempt: &Attempt) -> Reply {
    Reply::ok(json!({
        "email": attempt.email,
        "state": attempt.state,
        "template": attempt.template,
        "passwordless_type": attempt.kind.text(),
    }))
}

fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a Attempt, ApiError> {
    let id = call.text("auth_request_id").unwrap_or_default();
    store.passwordless.attempts.get(id).ok_or_else(|| ApiError::not_found("auth request", id))
}
