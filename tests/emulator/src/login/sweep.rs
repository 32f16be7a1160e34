//! Removes what logins leave behind: ended sessions, expired codes and refresh tokens.

use std::collections::HashSet;

use crate::environment::Environment;

/// Ended sessions that the session API still returns.
const ENDED_SESSIONS: usize = 1000;

/// Number of entries below which nothing is removed.
const MIN_ENTRIES: usize = 1000;

/// Sweeps if the number of entries has doubled since the last time, so that the cost per login is constant.
pub(super) fn sweep_if_due(env: &mut Environment) {
    if entries(env) >= env.login.sweep_at {
        sweep(env);
    }
}

fn entries(env: &Environment) -> usize {
    let login = &env.login;
    let codes = login.codes.len() + login.refresh_tokens.len();
    codes + login.sessions.len() + login.pages.len() + env.store.sessions.len()
}

/// Removes ended sessions with their codes and refresh tokens, and whatever has expired.
pub(crate) fn sweep(env: &mut Environment) {
    let now = env.clock.now();
    for record in env.store.sessions.iter_mut() {
        record.settle(now);
    }
    forget_ended_sessions(env);
    let records = &env.store.sessions;
    let is_active = |id: &str| records.get(id).is_some_and(|record| record.is_active());
    env.login.sessions.sweep(is_active);
    env.login.codes.sweep(now, is_active);
    env.login.refresh_tokens.sweep(now, is_active);
    env.login.pages.sweep(now);
    env.login.sweep_at = MIN_ENTRIES + 2 * entries(env);
}

/// Removes all but the latest ended sessions.
fn forget_ended_sessions(env: &mut Environment) {
    let records = &mut env.store.sessions;
    let ended = records.iter().filter(|record| !record.is_active());
    let surplus = ended.clone().count().saturating_sub(ENDED_SESSIONS);
    let oldest: HashSet<_> = ended.take(surplus).map(|record| record.session_id.clone()).collect();
    if !oldest.is_empty() {
        records.retain(|record| !oldest.contains(&record.session_id));
    }
}
