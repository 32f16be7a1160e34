//! `GET /oauth/authorize`

use super::page;
use super::parameters::{AuthorizeError, Parameters, Prompt, denial};
use super::script::{Approval, Decision, Denial};
use super::selector::{self, Selection};
use super::session::{self, Session};
use super::settings::Mode;
use super::sign_in::approve;
use crate::environment::Environment;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;

pub(crate) fn authorize(env: &mut Environment, request: &Request) -> Reply {
    let parameters = match Parameters::read(env, request) {
        Ok(parameters) => parameters,
        Err(AuthorizeError::Page(denial)) => return page::error(400, &denial),
        Err(AuthorizeError::Redirect { redirect_uri, state, denial }) => {
            return redirect_with_error(&redirect_uri, state.as_deref(), &denial);
        }
    };
    match selector::select(env, &parameters) {
        Ok(selection) => decide(env, request, parameters, selection),
        Err(denial) => deny(&parameters, &denial),
    }
}

/// Decides the login, in this order: the next scripted decision, the browser session, the login page or the default
/// person.
fn decide(env: &mut Environment, request: &Request, parameters: Parameters, selection: Selection) -> Reply {
    match env.login.script.next() {
        Some(Decision::Approve(approval)) => return approve(env, parameters, selection, *approval),
        Some(Decision::Deny(denial)) => return deny(&parameters, &denial),
        None => {}
    }
    let session = usable_session(env, request, &parameters, &selection);
    match (parameters.prompt, session) {
        (None | Some(Prompt::None), Some(session)) => resume(env, parameters, session),
        (Some(Prompt::SelectAccount), Some(session)) if parameters.organization_id.is_some() => {
            let switched = env.login.sessions.switch(&session.id, selection.organization_id);
            resume(env, parameters, switched.unwrap_or(session))
        }
        (Some(Prompt::None), None) => {
            deny(&parameters, &denial("user_login_required", "the browser has no session"))
        }
        _ if env.login.settings.mode == Mode::Page => page::redirect_to(env, parameters, selection),
        _ => {
            let person = env.login.settings.person.clone();
            approve(env, parameters, selection, Approval { person, ..Approval::default() })
        }
    }
}

/// The browser session, if it can be used: it must come from the selected connection. A request that switches the
/// organization can use a session from any connection.
fn usable_session(
    env: &mut Environment,
    request: &Request,
    parameters: &Parameters,
    selection: &Selection,
) -> Option<Session> {
    let id = env.login.sessions.for_request(request)?.id.clone();
    let session = session::get_active(env, &id)?;
    let no_selector =
        selection.connection_id == env.login.hosted_connection && selection.organization_id.is_none();
    let fits = no_selector || session.connection_id == selection.connection_id;
    let switches = parameters.prompt == Some(Prompt::SelectAccount);
    (fits || switches).then_some(session)
}

fn resume(env: &mut Environment, parameters: Parameters, session: Session) -> Reply {
    redirect_with_code(env, parameters, &session, Approval::default())
}

/// Issues a code and redirects the browser to the application with it.
pub(super) fn redirect_with_code(
    env: &mut Environment,
    parameters: Parameters,
    session: &Session,
    approval: Approval,
) -> Reply {
    let (redirect_uri, state) = (parameters.redirect_uri.clone(), parameters.state.clone());
    session::record_use(env, session, &parameters.app_id);
    let now = env.clock.now();
    let code = env.login.grants.add_code(parameters, session.id.clone(), approval, now);
    let location = with_query(&redirect_uri, &[("code", Some(&code)), ("state", state.as_deref())]);
    redirect(&location).header("set-cookie", &session.set_cookie())
}

/// Redirects the browser to the application with an error.
pub(crate) fn deny(parameters: &Parameters, denial: &Denial) -> Reply {
    redirect_with_error(&parameters.redirect_uri, parameters.state.as_deref(), denial)
}

fn redirect_with_error(redirect_uri: &str, state: Option<&str>, denial: &Denial) -> Reply {
    let description = Some(denial.error_description.as_str());
    let pairs =
        [("error", Some(denial.error.as_str())), ("error_description", description), ("state", state)];
    redirect(&with_query(redirect_uri, &pairs))
}

/// Appends parameters to the query of a URI. Skips parameters without a value.
pub(crate) fn with_query(uri: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut uri = uri.to_owned();
    for (name, value) in pairs {
        if let Some(value) = value {
            uri.push(if uri.contains('?') { '&' } else { '?' });
            uri.push_str(&format!("{name}={}", percent::encode(value)));
        }
    }
    uri
}

/// Redirects with 303, so that the browser sends a GET whatever the method of its request was.
pub(crate) fn redirect(location: &str) -> Reply {
    Reply::empty(303).header("location", location).header("cache-control", "no-store")
}
