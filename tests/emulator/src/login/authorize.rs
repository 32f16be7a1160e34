//! `GET /oauth/authorize`

use super::grant::respond_with_code;
use super::parameters::{self, AuthorizeError};
use super::sign_in::approve;
use super::{html, page, selector, session};
use crate::environment::Environment;
use crate::login_state::{
    Approval, AuthorizationParameters, BrowserSession, Decision, Mode, Prompt, Selection, denial,
};
use crate::reply::Reply;
use crate::request::Request;

pub(crate) fn authorize(env: &mut Environment, request: &Request) -> Reply {
    let parameters = match parameters::read(env, request) {
        Ok(parameters) => parameters,
        Err(AuthorizeError::Page(denial)) => return html::error(400, &denial),
        Err(AuthorizeError::Callback(callback, denial)) => return callback.error(&denial),
    };
    match selector::select(env, &parameters) {
        Ok(selection) => decide(env, request, parameters, selection),
        Err(denial) => parameters.callback.error(&denial),
    }
}

/// Decides the login, in this order: the next scripted decision, the browser session, the login page or the default
/// person.
fn decide(
    env: &mut Environment,
    request: &Request,
    parameters: AuthorizationParameters,
    selection: Selection,
) -> Reply {
    match env.login.script.next() {
        Some(Decision::Approve(approval)) => return approve(env, parameters, selection, *approval),
        Some(Decision::Deny(denial)) => return parameters.callback.error(&denial),
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
            parameters.callback.error(&denial("user_login_required", "the browser has no session"))
        }
        _ if env.login.settings.mode == Mode::Page => page::redirect_to(env, parameters, selection),
        _ => {
            let person = env.login.settings.person.clone();
            approve(env, parameters, selection, Approval { person, ..Approval::default() })
        }
    }
}

/// The browser session, if it can be used: it must be recent enough for `max_age`, and come from the selected
/// connection. A request that switches the organization can use a session from any connection.
fn usable_session(
    env: &mut Environment,
    request: &Request,
    parameters: &AuthorizationParameters,
    selection: &Selection,
) -> Option<BrowserSession> {
    let id = session::of_request(env, request)?.id.clone();
    let session = session::get_active(env, &id)?;
    let no_selector =
        selection.connection_id == env.login.hosted_connection && selection.organization_id.is_none();
    let fits = no_selector || session.connection_id == selection.connection_id;
    let switches = parameters.prompt == Some(Prompt::SelectAccount);
    let age = env.clock.now().unix_seconds() - session.auth_time.unix_seconds();
    let is_recent = parameters.max_age.is_none_or(|max_age| age <= max_age);
    (is_recent && (fits || switches)).then_some(session)
}

fn resume(env: &mut Environment, parameters: AuthorizationParameters, session: BrowserSession) -> Reply {
    respond_with_code(env, parameters, &session, Approval::default())
}
