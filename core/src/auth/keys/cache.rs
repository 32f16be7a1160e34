//! The environment's keys, fetched once for all who wait and kept while they are good.
//!
//! Three cares: a rotation must refuse no valid token, tokens with invented key ids must not make us flood the service,
//! and a service that cannot be reached must not stop what can go on without it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::preloaded::Brought;
use super::set::Key;
use super::{KeySet, Preloaded};
use crate::error::{Result, ScalekitError};
use crate::flight::{Arrival, arrive, depart};
use crate::sync::{Mutex, MutexGuard};

/// Keys are good for so long. Older ones still serve while new ones are fetched behind the scenes.
const LIFE: Duration = Duration::from_secs(3600);

/// Keys that nobody tried to renew for so long are not used before they are: a withdrawn key must not come back to
/// life on a machine that slept.
const SLEPT: Duration = Duration::from_secs(2 * 3600);

/// A key id that is unknown, or a renewal that failed, leads to no more than one fetch in this time.
const COOLDOWN: Duration = Duration::from_secs(30);

/// The same while there are no keys at all, when every token waits for them.
const COLD_COOLDOWN: Duration = Duration::from_secs(5);

/// Who shows the token whose key is looked for. What strangers ask for must not use up what a login needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Anybody, who may name a key that nobody has.
    Anybody,
    /// The service's token endpoint.
    Service,
}

/// The key that is looked for, and on whose behalf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub id: &'a str,
    pub source: Source,
}

/// A fetch of the keys, ready to be sent.
pub(crate) type Fetch = Pin<Box<dyn Future<Output = Result<Arc<KeySet>>> + Send>>;

#[derive(Default)]
struct State {
    /// The keys, and when they were asked for.
    held: Option<(Arc<KeySet>, Instant)>,
    /// When keys were last asked for, with or without success.
    tried_at: Option<Instant>,
    /// When they were last asked for because a key id was unknown.
    sought_at: Option<Instant>,
    /// The same, where the service's own token named it.
    sought_for_service_at: Option<Instant>,
    /// Why the last try failed, if it did.
    failed: Option<ScalekitError>,
    fetching: Option<Arrival<Arc<KeySet>>>,
    /// Whether the keys are too old to be used while they are fetched.
    slept: bool,
}

/// What a look at the state says.
enum Seen {
    Known(Arc<Key>),
    Unknown,
    Failed(ScalekitError),
    Wait(Arrival<Arc<KeySet>>),
}

/// The keys of one environment, in one process.
#[derive(Default)]
pub(crate) struct KeyCache {
    state: Mutex<State>,
}

impl KeyCache {
    /// A key that can be used at once, without a runtime. `None` says nothing about whether there is one.
    pub(crate) fn ready(&self, id: &str, now: Instant, preloaded: &Preloaded) -> Option<Arc<Key>> {
        let mut state = self.lock();
        let only = state.take_preloaded(preloaded);
        let (keys, at) = state.held.as_ref()?;
        if only || age(now, *at) < LIFE { keys.find(id) } else { None }
    }

    /// The key with this id, or nothing where the environment has none. Fails where that cannot be known.
    pub(crate) async fn find(
        self: &Arc<Self>,
        wanted: Wanted<'_>,
        now: impl Fn() -> Instant,
        preloaded: &Preloaded,
        fetch: impl Fn() -> Fetch,
    ) -> Result<Option<Arc<Key>>> {
        loop {
            let mut arrival = match self.look(wanted, now(), preloaded, &fetch) {
                Seen::Known(key) => return Ok(Some(key)),
                Seen::Unknown => return Ok(None),
                Seen::Failed(error) => return Err(error),
                Seen::Wait(arrival) => arrival,
            };
            if arrive(&mut arrival).await.is_none() {
                // The fetch was ended with its runtime before it was done: start over.
                self.forget(&arrival);
            }
        }
    }

    pub(crate) fn clear(&self) {
        *self.lock() = State::default();
    }

    fn look(
        self: &Arc<Self>,
        wanted: Wanted<'_>,
        now: Instant,
        preloaded: &Preloaded,
        fetch: &impl Fn() -> Fetch,
    ) -> Seen {
        let mut state = self.lock();
        let only = state.take_preloaded(preloaded);
        let held = state.held.as_ref().map(|(keys, at)| (keys.find(wanted.id), age(now, *at)));
        match held {
            Some((Some(key), old)) if only || old < LIFE => Seen::Known(key),
            Some((None, _)) if only => Seen::Unknown,
            Some((Some(key), _)) => {
                if !within(state.tried_at, now, COOLDOWN) {
                    self.begin(&mut state, wanted, now, fetch);
                }
                match &state.fetching {
                    Some(arrival) if state.slept => Seen::Wait(arrival.clone()),
                    _ => Seen::Known(key),
                }
            }
            Some((None, _)) => self.seek(&mut state, wanted, now, fetch),
            None => match (&state.fetching, &state.failed) {
                (Some(arrival), _) => Seen::Wait(arrival.clone()),
                (None, Some(error)) if within(state.tried_at, now, COLD_COOLDOWN) => {
                    Seen::Failed(error.clone())
                }
                _ => Seen::Wait(self.begin(&mut state, wanted, now, fetch)),
            },
        }
    }

    /// For an id that is not among the keys: they may have been rotated since, so they are asked for again, but not
    /// for every invented id.
    fn seek(
        self: &Arc<Self>,
        state: &mut State,
        wanted: Wanted<'_>,
        now: Instant,
        fetch: &impl Fn() -> Fetch,
    ) -> Seen {
        if let Some(arrival) = &state.fetching {
            return Seen::Wait(arrival.clone());
        }
        let sought_at = state.sought_at(wanted.source);
        if !within(*sought_at, now, COOLDOWN) {
            *sought_at = Some(now);
            return Seen::Wait(self.begin(state, wanted, now, fetch));
        }
        // While the service cannot be asked, nobody can say that there is no such key.
        state.failed.clone().map_or(Seen::Unknown, Seen::Failed)
    }

    fn begin(
        self: &Arc<Self>,
        state: &mut State,
        wanted: Wanted<'_>,
        now: Instant,
        fetch: &impl Fn() -> Fetch,
    ) -> Arrival<Arc<KeySet>> {
        if let Some(arrival) = &state.fetching {
            return arrival.clone();
        }
        let old = state.held.as_ref().is_some_and(|(_, at)| age(now, *at) >= SLEPT);
        state.slept = old && !within(state.tried_at, now, SLEPT);
        state.tried_at = Some(now);
        state.failed = None;
        let (cache, began) = (Arc::clone(self), Instant::now());
        let (id, source) = (wanted.id.to_owned(), wanted.source);
        let settle =
            move |result| cache.settle(result, Wanted { id: &id, source }, now, now + began.elapsed());
        let arrival = depart("oauth.keys", fetch(), settle);
        state.fetching = Some(arrival.clone());
        arrival
    }

    /// Keeps what was fetched; the old keys where nothing was.
    fn settle(
        &self,
        result: Result<Arc<KeySet>>,
        wanted: Wanted<'_>,
        asked_at: Instant,
        now: Instant,
    ) -> Result<Arc<KeySet>> {
        let mut state = self.lock();
        (state.fetching, state.slept) = (None, false);
        match &result {
            Ok(keys) => {
                if keys.find(wanted.id).is_none() {
                    // Whatever the reason of this fetch was, the id has been looked for.
                    *state.sought_at(wanted.source) = Some(now);
                }
                state.held = Some((Arc::clone(keys), asked_at));
                state.failed = None;
            }
            Err(error) => {
                tracing::warn!(error = %error, "the keys could not be fetched");
                // The time that the failed try took is over too.
                (state.failed, state.tried_at) = (Some(error.clone()), Some(now));
                state.sought_at = state.sought_at.map(|_| now);
                state.sought_for_service_at = state.sought_for_service_at.map(|_| now);
            }
        }
        result
    }

    fn forget(&self, arrival: &Arrival<Arc<KeySet>>) {
        let mut state = self.lock();
        if state.fetching.as_ref().is_some_and(|current| current.same_channel(arrival)) {
            state.fetching = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn sought_at(&mut self, source: Source) -> &mut Option<Instant> {
        match source {
            Source::Anybody => &mut self.sought_at,
            Source::Service => &mut self.sought_for_service_at,
        }
    }

    /// Takes over keys that the caller brought along after the last fetch; says whether they are all there are.
    fn take_preloaded(&mut self, preloaded: &Preloaded) -> bool {
        let Some(Brought { keys, at, only }) = preloaded.last() else { return false };
        if *only || self.held.as_ref().is_none_or(|(_, held_at)| held_at < at) {
            let taken = self.held.as_ref().is_some_and(|(_, held_at)| held_at == at);
            if !taken {
                self.held = Some((Arc::clone(keys), *at));
            }
        }
        *only
    }
}

fn age(now: Instant, at: Instant) -> Duration {
    now.saturating_duration_since(at)
}

fn within(at: Option<Instant>, now: Instant, time: Duration) -> bool {
    at.is_some_and(|at| age(now, at) < time)
}
