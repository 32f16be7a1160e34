//! The pages that a person sees: a login with two buttons, and words where the browser cannot be sent on.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::arrive::approve;
use super::authorize::deny;
use super::parameters::{Parameters, denial};
use super::person::Person;
use super::script::{Approval, Denial};
use super::selector::Way;
use crate::clock::Instant;
use crate::ids::random_hex;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;

const PATH: &str = "/idp/login";
const LIFE: TimeDelta = TimeDelta::minutes(10);
/// Nothing but what stands in the page; a form of it may lead anywhere, since the answer is the application's callback.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// A login that waits for its person.
#[derive(Debug)]
struct Waiting {
    parameters: Parameters,
    way: Way,
    expires_at: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct Pages {
    waiting: HashMap<String, Waiting>,
}

/// Sends the browser to the page.
pub(crate) fn ask(world: &mut World, parameters: Parameters, way: Way) -> Reply {
    let id = format!("lri_{}", random_hex::<16>());
    let waiting = Waiting { parameters, way, expires_at: world.clock.now().plus(LIFE) };
    world.login.pages.waiting.insert(id.clone(), waiting);
    super::authorize::redirect(&format!("{}{PATH}?request={id}", world.environment_url))
}

/// `GET /idp/login`
pub(crate) fn show(world: &mut World, request: &Request) -> Reply {
    let pairs = percent::pairs(&request.query).unwrap_or_default();
    let id = value(&pairs, "request");
    match world.login.pages.waiting.get(id).filter(|waiting| waiting.expires_at > world.clock.now()) {
        Some(waiting) => html(200, "Log in", &form(world, id, waiting)),
        None => refusal(400, &over()),
    }
}

/// `POST /idp/login`
pub(crate) fn decide(world: &mut World, request: &Request) -> Reply {
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let pairs = percent::pairs(text).unwrap_or_default();
    let now = world.clock.now();
    let waiting = world.login.pages.waiting.remove(value(&pairs, "request"));
    let Some(waiting) = waiting.filter(|waiting| waiting.expires_at > now) else {
        return refusal(400, &over());
    };
    if value(&pairs, "decision") != "approve" {
        return deny(&waiting.parameters, &Denial::by_the_person());
    }
    let mut person = match value(&pairs, "email") {
        email if email == world.login.settings.person.email() => world.login.settings.person.clone(),
        "" => world.login.settings.person.clone(),
        email => Person::with_email(email),
    };
    let organization = Some(value(&pairs, "organization_id")).filter(|id| !id.is_empty());
    person.organization_id = organization.map(Into::into).or(person.organization_id);
    approve(world, waiting.parameters, waiting.way, Approval { person, ..Approval::default() })
}

/// Says why it ends here.
pub(crate) fn refusal(status: u16, denial: &Denial) -> Reply {
    let words = format!(
        "<p id=\"error\">{}</p><p id=\"error_description\">{}</p>",
        escape(&denial.error),
        escape(&denial.error_description)
    );
    html(status, "This does not work", &words)
}

/// A page with one sentence.
pub(crate) fn sentence(status: u16, title: &str, words: &str) -> Reply {
    html(status, title, &format!("<p>{}</p>", escape(words)))
}

fn over() -> Denial {
    denial(
        "invalid_request",
        "this login is over or was never begun; go back to the application and begin again",
    )
}

fn form(world: &World, id: &str, waiting: &Waiting) -> String {
    let hint = waiting.parameters.login_hint.as_deref();
    let person = world.login.settings.person.clone().hinted(hint);
    let organization = waiting.way.organization_id.as_deref().unwrap_or_default();
    format!(
        "<form method=\"post\" action=\"{PATH}\">\
         <input type=\"hidden\" name=\"request\" value=\"{}\">\
         <label>E-mail <input id=\"email\" name=\"email\" value=\"{}\"></label>\
         <label>Organization <input id=\"organization_id\" name=\"organization_id\" value=\"{}\"></label>\
         <button id=\"approve\" name=\"decision\" value=\"approve\">Log in</button>\
         <button id=\"deny\" name=\"decision\" value=\"deny\">Refuse</button>\
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
        .header("content-security-policy", POLICY)
        .header("referrer-policy", "no-referrer")
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
}

fn escape(text: &str) -> String {
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
