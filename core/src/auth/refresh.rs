//! Refreshing a session. A refresh token is good once, and servers that use one twice lose the session: so two callers
//! with one token share one refresh, and a late twin gets what the first one got.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::crypto::sha256;
use super::expect::Checked;
use super::grant::{self, Grant};
use super::keys::Source;
use super::session::LoginSession;
use super::verify::{self, Checks, Login};
use crate::error::{Result, ScalekitError};
use crate::flight::{Arrival, arrive, depart};
use crate::sync::{Mutex, MutexGuard};
use crate::types::SecretText;
use crate::wire::Wire;

const OPERATION: &str = "login.refresh";

/// A twin may come so late: a request that waited in a queue, a tab that was asleep.
const KEPT: Duration = Duration::from_secs(60);

/// Tokens are kept as hashes: nothing needs the used ones any more.
type Key = [u8; 32];

/// A refresh under way or done, and when it was begun. What is done is dropped a while after.
struct Entry {
    arrival: Arrival<Arc<LoginSession>>,
    done_at: Option<Instant>,
}

/// The refreshes of one client, in one process.
#[derive(Default)]
pub(crate) struct Refreshes {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: HashMap<Key, Entry>,
    closed: bool,
}

impl Refreshes {
    /// Forgets what is done, and begins nothing more. What is under way is still waited for.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.entries.retain(|_, entry| entry.done_at.is_none());
    }

    /// The result of `work` for this key, of which one is under way at a time.
    pub(crate) async fn once<W>(
        self: &Arc<Self>,
        key: Key,
        clock: impl Fn() -> Instant + Clone + Send + 'static,
        work: impl Fn() -> W,
    ) -> Result<Arc<LoginSession>>
    where
        W: Future<Output = Result<Arc<LoginSession>>> + Send + 'static,
    {
        loop {
            let mut arrival = self.join(key, clock.clone(), &work)?;
            match arrive(&mut arrival).await {
                Some(result) => return result,
                None => self.forget(&key, &arrival),
            }
        }
    }

    fn join<W>(
        self: &Arc<Self>,
        key: Key,
        clock: impl Fn() -> Instant + Send + 'static,
        work: impl FnOnce() -> W,
    ) -> Result<Arrival<Arc<LoginSession>>>
    where
        W: Future<Output = Result<Arc<LoginSession>>> + Send + 'static,
    {
        let now = clock();
        let mut state = self.lock();
        state.entries.retain(|_, entry| {
            entry.done_at.is_none_or(|done_at| now.saturating_duration_since(done_at) < KEPT)
        });
        if let Some(entry) = state.entries.get(&key) {
            return Ok(entry.arrival.clone());
        }
        if state.closed {
            // The client was closed while this call began. Its token may just have been used up by a twin.
            return Err(ScalekitError::closed(OPERATION));
        }
        let refreshes = Arc::clone(self);
        let arrival = depart(OPERATION, work(), move |result| {
            refreshes.settle(&key, clock(), result.is_ok());
            result
        });
        state.entries.insert(key, Entry { arrival: arrival.clone(), done_at: None });
        Ok(arrival)
    }

    /// Keeps a success for twins. A failure is for those who wait for it now: the next call tries again.
    fn settle(&self, key: &Key, now: Instant, succeeded: bool) {
        let mut state = self.lock();
        let keep = succeeded && !state.closed;
        match state.entries.get_mut(key) {
            Some(entry) if keep => entry.done_at = Some(now),
            _ => drop(state.entries.remove(key)),
        }
    }

    fn forget(&self, key: &Key, arrival: &Arrival<Arc<LoginSession>>) {
        let entries = &mut self.lock().entries;
        if entries.get(key).is_some_and(|entry| entry.arrival.same_channel(arrival)) {
            entries.remove(key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The session itself where it is good for a while, or else the next one.
pub(crate) async fn if_needed(wire: Arc<Wire>, session: Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    let now = wire.wall_now();
    if !session.is_due(now) {
        wire.memory(OPERATION)?;
        return Ok(session);
    }
    match now_or_later(&wire, Arc::clone(&session)).await {
        // What is still good may be used while the service cannot be reached.
        Err(error) if error.may_pass() && !session.is_over(wire.wall_now()) => {
            tracing::warn!(error = %error, "a session could not be refreshed; its access token is still good");
            Ok(session)
        }
        Err(ScalekitError::LoginRequired { failure }) if no_token(&failure) && !session.is_over(now) => {
            Ok(session)
        }
        result => result,
    }
}

fn no_token(failure: &crate::error::Failure) -> bool {
    failure.code.as_deref() == Some(NO_TOKEN)
}

const NO_TOKEN: &str = "no_refresh_token";

/// The next session.
pub(crate) async fn now_or_later(wire: &Arc<Wire>, session: Arc<LoginSession>) -> Result<Arc<LoginSession>> {
    let Some(token) = session.refresh_token() else {
        let why = "the session has no refresh token; ask for the scope `offline_access` at login to get one";
        return Err(ScalekitError::login_required(OPERATION, NO_TOKEN, why));
    };
    if token.expose().trim().is_empty() {
        return Err(ScalekitError::argument("refresh_token", "must not be empty"));
    }
    let refreshes = Arc::clone(&wire.memory(OPERATION)?.refreshes);
    let clock = {
        let wire = wire.original();
        move || wire.now()
    };
    let work = || refresh(wire.original(), Arc::clone(&session), Arc::clone(&token));
    let next = refreshes.once(sha256(token.expose()), clock, work);
    wire.within(OPERATION, "the service", next)
        .await?
        .seen_from(&session)
        .map_err(|refusal| refusal.of(OPERATION))
}

/// A session of which no more than the refresh token is known.
pub(crate) fn known_by(token: Arc<SecretText>) -> LoginSession {
    let grant = Grant {
        access_token: Arc::new(SecretText::new("")),
        id_token: None,
        refresh_token: Some(token),
        scopes: Vec::new(),
        lifetime: Duration::ZERO,
        asked_at: SystemTime::UNIX_EPOCH,
    };
    LoginSession::new(String::new(), grant)
}

async fn refresh(
    wire: Arc<Wire>,
    session: Arc<LoginSession>,
    token: Arc<SecretText>,
) -> Result<Arc<LoginSession>> {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.expose())];
    let asked = grant::ask(&wire, OPERATION, &form, vec![Arc::clone(&token)]).await;
    let mut grant = asked.map_err(ScalekitError::into_session_end)?;
    let mut subject = session.subject();
    if let Some(id_token) = grant.id_token.clone() {
        match check(&wire, &id_token, &grant, &session).await {
            Ok(checked) => subject = checked,
            // Without the keys nobody can say who it is about. The tokens came from the service, and the one that
            // brought them is used up: they are kept, and the earlier ID token with them.
            Err(error) if error.may_pass() => grant.id_token = None,
            Err(error) => return Err(error),
        }
    }
    Ok(Arc::new(session.followed_by(grant).of(subject)))
}

/// A new ID token must be about the same person (OpenID Connect Core, section 12.2). Its nonce, which the service need
/// not repeat, was that of the login.
async fn check(
    wire: &Arc<Wire>,
    id_token: &SecretText,
    grant: &Grant,
    session: &LoginSession,
) -> Result<String> {
    let checked = Checked::defaults(wire);
    let payload =
        verify::payload(wire, OPERATION, id_token.expose(), Source::Service).await?.without("nonce");
    let subject = session.subject();
    let login = Login {
        access_token: Some(grant.access_token.expose()),
        subject: Some(subject.as_str()).filter(|subject| !subject.is_empty()),
        ..Login::default()
    };
    let claims = Checks::new(wire, &checked).id(payload, &login);
    claims.map(|claims| claims.subject).map_err(|refusal| refusal.of(OPERATION))
}
