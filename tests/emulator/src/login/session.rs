//! Browser sessions and their records in the session API.

use crate::environment::Environment;
use crate::login_state::BrowserSession;
use crate::model::Session;
use crate::percent;
use crate::request::Request;
use crate::rules;

const COOKIE: &str = "scalekit_emulator_session";

/// Returns the session of the request's cookie.
pub(super) fn of_request<'a>(env: &'a Environment, request: &Request) -> Option<&'a BrowserSession> {
    let cookies = request.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == COOKIE)?;
    env.login.sessions.with_cookie(&percent::decode(value)?)
}

/// Returns the session with this ID if it has neither expired nor been revoked.
pub(crate) fn get_active(env: &mut Environment, id: &str) -> Option<BrowserSession> {
    let now = env.clock.now();
    let record = env.store.sessions.get_mut(id)?;
    record.settle(now);
    let is_active = record.is_active();
    env.login.sessions.get(id).filter(|_| is_active).cloned()
}

pub(crate) fn has_active_session(env: &mut Environment, id: &str) -> bool {
    get_active(env, id).is_some()
}

/// Records in the session API that a client uses the session.
pub(crate) fn record_use(env: &mut Environment, session: &BrowserSession, app_id: &str) {
    let now = env.clock.now();
    let record = env.store.sessions.get(&session.id).cloned();
    let mut record = record.unwrap_or_else(|| {
        let mut new = Session::default();
        new.user_id.clone_from(&session.subject);
        new.complete(session.id.clone(), now)
    });
    record.enter(app_id, session.organization_id.as_deref().unwrap_or_default(), now);
    env.store.sessions.put(record);
}

/// Ends the session, and with it its codes and refresh tokens.
pub(crate) fn end(env: &mut Environment, id: &str) {
    let now = env.clock.now();
    if env.login.sessions.get(id).is_none() {
        return;
    }
    let ended = env.store.sessions.get_mut(id).is_some_and(|record| {
        record.settle(now);
        record.log_out(now)
    });
    if ended {
        rules::emit_session_event(&env.store, &env.events, &env.login.sessions, "logout", id);
    }
    env.login.sessions.end(id);
}

/// Returns the `set-cookie` value that removes the session from the browser.
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Returns the `set-cookie` value that stores the session in the browser.
pub(super) fn set_cookie(session: &BrowserSession) -> String {
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", session.cookie)
}
