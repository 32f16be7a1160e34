//! The result of a login for the application: a code.

use super::{session, sweep};
use crate::environment::Environment;
use crate::login_state::{Approval, AuthorizationParameters, BrowserSession};
use crate::reply::Reply;

/// Issues a code and returns it to the application.
pub(super) fn respond_with_code(
    env: &mut Environment,
    parameters: AuthorizationParameters,
    session: &BrowserSession,
    approval: Approval,
) -> Reply {
    let callback = parameters.callback.clone();
    session::record_use(env, session, &parameters.app_id);
    let now = env.clock.now();
    let code = env.login.codes.add(parameters, session, approval, now);
    sweep::sweep_if_due(env);
    callback.code(&code).header("set-cookie", &session::set_cookie(session))
}
