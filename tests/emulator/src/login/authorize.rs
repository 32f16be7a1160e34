//! `GET /oauth/authorize`

use super::arrive::approve;
use super::page;
use super::parameters::{Parameters, Prompt, Refused, denial};
use super::script::{Approval, Decision, Denial};
use super::selector::{self, Way};
use super::session::{self, Session};
use super::settings::Mode;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;

pub(crate) fn authorize(world: &mut World, request: &Request) -> Reply {
    let parameters = match Parameters::read(world, request) {
        Ok(parameters) => parameters,
        Err(Refused::Here(denial)) => return page::refusal(400, &denial),
        Err(Refused::There { redirect_uri, state, denial }) => {
            return back(&redirect_uri, state.as_deref(), &denial);
        }
    };
    match selector::way(world, &parameters) {
        Ok(way) => proceed(world, request, parameters, way),
        Err(denial) => deny(&parameters, &denial),
    }
}

/// What the script says happens; else the session of the browser counts; else the person is asked, or is not.
fn proceed(world: &mut World, request: &Request, parameters: Parameters, way: Way) -> Reply {
    match world.login.script.next() {
        Some(Decision::Approve(approval)) => return approve(world, parameters, way, *approval),
        Some(Decision::Deny(denial)) => return deny(&parameters, &denial),
        None => {}
    }
    let session = usable_session(world, request, &parameters, &way);
    match (parameters.prompt, session) {
        (None | Some(Prompt::None), Some(session)) => resume(world, parameters, session),
        (Some(Prompt::SelectAccount), Some(session)) if parameters.organization_id.is_some() => {
            let switched = world.login.sessions.switch(&session.id, way.organization_id);
            resume(world, parameters, switched.unwrap_or(session))
        }
        (Some(Prompt::None), None) => {
            deny(&parameters, &denial("user_login_required", "nobody is logged in"))
        }
        _ if world.login.settings.mode == Mode::Page => page::ask(world, parameters, way),
        _ => {
            let person = world.login.settings.person.clone();
            approve(world, parameters, way, Approval { person, ..Approval::default() })
        }
    }
}

/// A session counts for the connection that it came from. Who switches the organization may come from anywhere.
fn usable_session(
    world: &mut World,
    request: &Request,
    parameters: &Parameters,
    way: &Way,
) -> Option<Session> {
    let id = world.login.sessions.of(request)?.id.clone();
    let session = session::live(world, &id)?;
    let unselected = way.connection_id == world.login.hosted_connection && way.organization_id.is_none();
    let fits = unselected || session.connection_id == way.connection_id;
    let switches = parameters.prompt == Some(Prompt::SelectAccount);
    (fits || switches).then_some(session)
}

fn resume(world: &mut World, parameters: Parameters, session: Session) -> Reply {
    with_code(world, parameters, &session, Approval::default())
}

pub(super) fn with_code(
    world: &mut World,
    parameters: Parameters,
    session: &Session,
    approval: Approval,
) -> Reply {
    let (redirect_uri, state) = (parameters.redirect_uri.clone(), parameters.state.clone());
    session::used(world, session, &parameters.app_id);
    let now = world.clock.now();
    let code = world.login.grants.add_code(parameters, session.id.clone(), approval, now);
    let location = callback(&redirect_uri, &[("code", Some(&code)), ("state", state.as_deref())]);
    redirect(&location).header("set-cookie", &session.set_cookie())
}

/// Sends the browser back with an error.
pub(crate) fn deny(parameters: &Parameters, denial: &Denial) -> Reply {
    back(&parameters.redirect_uri, parameters.state.as_deref(), denial)
}

fn back(redirect_uri: &str, state: Option<&str>, denial: &Denial) -> Reply {
    let description = Some(denial.error_description.as_str());
    let pairs =
        [("error", Some(denial.error.as_str())), ("error_description", description), ("state", state)];
    redirect(&callback(redirect_uri, &pairs))
}

/// An address with parameters added to its query.
pub(crate) fn callback(redirect_uri: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut uri = redirect_uri.to_owned();
    for (name, value) in pairs {
        if let Some(value) = value {
            uri.push(if uri.contains('?') { '&' } else { '?' });
            uri.push_str(&format!("{name}={}", percent::encode(value)));
        }
    }
    uri
}

/// 303: whatever the browser sent, it fetches what comes next.
pub(crate) fn redirect(location: &str) -> Reply {
    Reply::empty(303).header("location", location).header("cache-control", "no-store")
}
