//! The login page: a form with two buttons.

use chrono::TimeDelta;

use super::callback::redirect;
use super::html::{self, escape};
use super::sign_in::approve;
use super::sweep;
use crate::environment::Environment;
use crate::ids::random_hex;
use crate::login_state::{
    Approval, AuthorizationParameters, Denial, PendingLogin, Person, Selection, denial,
};
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;

const PATH: &str = "/idp/login";
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Redirects the browser to the login page.
pub(crate) fn redirect_to(
    env: &mut Environment,
    parameters: AuthorizationParameters,
    selection: Selection,
) -> Reply {
    let id = format!("lri_{}", random_hex::<16>());
    let pending = PendingLogin { parameters, selection, expires_at: env.clock.now().plus(LIFETIME) };
    env.login.pages.pending.insert(id.clone(), pending);
    sweep::sweep_if_due(env);
    redirect(&format!("{}{PATH}?request={id}", env.store.environment_url))
}

/// `GET /idp/login`
pub(crate) fn show(env: &mut Environment, request: &Request) -> Reply {
    let pairs = percent::pairs(&request.query).unwrap_or_default();
    let id = value(&pairs, "request");
    match env.login.pages.pending.get(id).filter(|pending| pending.expires_at > env.clock.now()) {
        Some(pending) => html::page(200, "Sign in", &form(env, id, pending)),
        None => html::error(400, &expired()),
    }
}

/// `POST /idp/login`
pub(crate) fn decide(env: &mut Environment, request: &Request) -> Reply {
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let pairs = percent::pairs(text).unwrap_or_default();
    let now = env.clock.now();
    let pending = env.login.pages.pending.remove(value(&pairs, "request"));
    let Some(pending) = pending.filter(|pending| pending.expires_at > now) else {
        return html::error(400, &expired());
    };
    if value(&pairs, "decision") != "approve" {
        return pending.parameters.callback.error(&Denial::by_user());
    }
    let mut person = match value(&pairs, "email") {
        email if email == env.login.settings.person.email() => env.login.settings.person.clone(),
        "" => env.login.settings.person.clone(),
        email => Person::with_email(email),
    };
    let organization = Some(value(&pairs, "organization_id")).filter(|id| !id.is_empty());
    person.organization_id = organization.map(Into::into).or(person.organization_id);
    approve(env, pending.parameters, pending.selection, Approval { person, ..Approval::default() })
}

fn expired() -> Denial {
    denial(
        "invalid_request",
        "the login has ended, expired or never started; start again from the application",
    )
}

fn form(env: &Environment, id: &str, pending: &PendingLogin) -> String {
    let hint = pending.parameters.login_hint.as_deref();
    let person = env.login.settings.person.clone().with_login_hint(hint);
    let organization = pending.selection.organization_id.as_deref().unwrap_or_default();
    format!(
        "<form method=\"post\" action=\"{PATH}\">\
         <input type=\"hidden\" name=\"request\" value=\"{}\">\
         <label>Email <input id=\"email\" name=\"email\" value=\"{}\"></label>\
         <label>Organization <input id=\"organization_id\" name=\"organization_id\" value=\"{}\"></label>\
         <button id=\"approve\" name=\"decision\" value=\"approve\">Sign in</button>\
         <button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button>\
         </form>",
        escape(id),
        escape(person.email()),
        escape(organization)
    )
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
}
