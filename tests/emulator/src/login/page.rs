//! The HTML pages: a login form with two buttons, errors, and messages.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::callback::redirect;
use super::parameters::{Parameters, denial};
use super::person::Person;
use super::script::{Approval, Denial};
use super::selector::Selection;
use super::sign_in::approve;
use super::sweep;
use crate::clock::Instant;
use crate::environment::Environment;
use crate::ids::random_hex;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;

const PATH: &str = "/idp/login";
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Forbids all content except inline styles. There is no `form-action`, because submitting the form redirects to the application's
/// callback.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// A login that waits for the decision on its page.
#[derive(Debug)]
struct PendingLogin {
    parameters: Parameters,
    selection: Selection,
    expires_at: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct Pages {
    pending: HashMap<String, PendingLogin>,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Removes expired logins.
    pub(crate) fn sweep(&mut self, now: Instant) {
        self.pending.retain(|_, pending| pending.expires_at > now);
        self.pending.shrink_to_fit();
    }
}

/// Redirects the browser to the login page.
pub(crate) fn redirect_to(env: &mut Environment, parameters: Parameters, selection: Selection) -> Reply {
    let id = format!("lri_{}", random_hex::<16>());
    let pending = PendingLogin { parameters, selection, expires_at: env.clock.now().plus(LIFETIME) };
    env.login.pages.pending.insert(id.clone(), pending);
    sweep::sweep_if_due(env);
    redirect(&format!("{}{PATH}?request={id}", env.environment_url))
}

/// `GET /idp/login`
pub(crate) fn show(env: &mut Environment, request: &Request) -> Reply {
    let pairs = percent::pairs(&request.query).unwrap_or_default();
    let id = value(&pairs, "request");
    match env.login.pages.pending.get(id).filter(|pending| pending.expires_at > env.clock.now()) {
        Some(pending) => html(200, "Sign in", &form(env, id, pending)),
        None => error(400, &expired()),
    }
}

/// `POST /idp/login`
pub(crate) fn decide(env: &mut Environment, request: &Request) -> Reply {
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let pairs = percent::pairs(text).unwrap_or_default();
    let now = env.clock.now();
    let pending = env.login.pages.pending.remove(value(&pairs, "request"));
    let Some(pending) = pending.filter(|pending| pending.expires_at > now) else {
        return error(400, &expired());
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

/// Shows an error on a page, for requests that cannot be redirected to the application.
pub(crate) fn error(status: u16, denial: &Denial) -> Reply {
    let body = format!(
        "<p id=\"error\">{}</p><p id=\"error_description\">{}</p>",
        escape(&denial.error),
        escape(&denial.error_description)
    );
    html(status, "Request failed", &body)
}

/// Shows one sentence on a page.
pub(crate) fn message(status: u16, title: &str, text: &str) -> Reply {
    html(status, title, &format!("<p>{}</p>", escape(text)))
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

fn html(status: u16, title: &str, body: &str) -> Reply {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>body{{font:16px sans-serif;max-width:24em;margin:4em auto}}\
         label,button{{display:block;margin:1em 0}}</style></head>\
         <body><h1>{title}</h1>{body}<p>This is the Scalekit emulator.</p></body></html>"
    );
    Reply::raw(status, "text/html; charset=utf-8", text)
        .header("cache-control", "no-store")
        .header("content-security-policy", CONTENT_SECURITY_POLICY)
        .header("referrer-policy", "no-referrer")
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
