//! The environment's signing keys: fetched once for all waiting callers, and reused until they are stale.
//!
//! Three rules govern it: a key rotation rejects no valid token, tokens with invented key IDs cause only a bounded
//! number of requests, and an unreachable service stops only what needs a new key.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::preloaded::{PreloadedKeys, Provided};
use super::single_flight::{Fetch, Flight, Settled, SingleFlight, Slot, Step, Warning};
use crate::error::{Result, ScalekitError};
use crate::jwt::{Key, KeySet};

/// The time for which keys are fresh. Stale ones are still used while they are refetched in the background.
const FRESH: Duration = Duration::from_secs(3600);

/// Keys of this age that no request has tried to refresh are not used until they are refetched: on a machine that
/// slept, a withdrawn key must not become valid again.
const EXPIRED: Duration = Duration::from_secs(2 * 3600);

/// The shortest time between two requests that an unknown key ID or a failed refresh causes.
const COOLDOWN: Duration = Duration::from_secs(30);

/// The same while there are no keys at all, and every token waits for them.
const COLD_COOLDOWN: Duration = Duration::from_secs(5);

/// The origin of a token whose key is looked up. Requests on behalf of untrusted callers must not use up the request
/// that a login needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// An untrusted caller, who may name a key that does not exist.
    Untrusted,
    /// The service's token endpoint.
    TokenEndpoint,
}

/// A key to look up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookup<'a> {
    pub id: &'a str,
    pub source: Source,
}

#[derive(Default)]
struct State {
    /// The keys, and the time at which they were requested.
    held: Option<(Arc<KeySet>, Instant)>,
    /// The time of the last request, whether it succeeded or not.
    tried_at: Option<Instant>,
    /// The time of the last request for an unknown key ID of an untrusted caller.
    sought_at: Option<Instant>,
    /// The time of the last request for an unknown key ID in a token of the service.
    sought_for_service_at: Option<Instant>,
    /// The error of the last request, if it failed.
    failed: Option<ScalekitError>,
    /// Whether the keys are too old to be used while they are refetched.
    expired: bool,
}

/// The number of failed requests that one lookup waits for: one that was under way, its own, and one more because the
/// failure was forgotten.
const MAX_FAILURES: usize = 3;

type Keys = Arc<KeySet>;
type Found = Result<Option<Arc<Key>>>;
type Locked<'a> = Slot<'a, State, (), Keys>;

/// The keys of one environment, in one process.
#[derive(Default)]
pub(crate) struct KeyCache {
    keys: Arc<SingleFlight<State, (), Keys>>,
}

impl KeyCache {
    /// Returns a key that can be used without waiting. `None` does not mean that the environment has no such key.
    pub(crate) fn ready(&self, id: &str, now: Instant, preloaded: &PreloadedKeys) -> Option<Arc<Key>> {
        self.keys.with(|state| {
            let exclusive = state.take_preloaded(preloaded);
            let (keys, at) = state.held.as_ref()?;
            if exclusive || age(now, *at) < FRESH { keys.find(id) } else { None }
        })
    }

    /// Returns the key with this ID, or `None` if the environment has none. Fails if that cannot be determined.
    pub(crate) async fn find(
        &self,
        lookup: Lookup<'_>,
        now: impl Fn() -> Instant,
        preloaded: &PreloadedKeys,
        fetch: impl Fn() -> Fetch<Keys>,
    ) -> Found {
        let look = |slot: &mut Locked<'_>| look(slot, lookup, now(), preloaded, &fetch);
        // The result is in the state by then, and `look` decides what it means for this key. The state may have been
        // cleared, though, as by a log handler that closes the client because of each failure.
        let failures = Cell::new(0);
        let land = move |result: Result<Keys>| {
            failures.update(|count| count + usize::from(result.is_err()));
            result.err().filter(|_| failures.get() >= MAX_FAILURES).map(Err)
        };
        self.keys.run((), look, land).await
    }

    pub(crate) fn clear(&self) {
        self.keys.with(|state| *state = State::default());
    }
}

fn look(
    slot: &mut Locked<'_>,
    lookup: Lookup<'_>,
    now: Instant,
    preloaded: &PreloadedKeys,
    fetch: &impl Fn() -> Fetch<Keys>,
) -> Step<Found, Keys> {
    let exclusive = slot.state().take_preloaded(preloaded);
    let held = slot.state().held.as_ref().map(|(keys, at)| (keys.find(lookup.id), age(now, *at)));
    match held {
        Some((Some(key), age)) if exclusive || age < FRESH => Step::Return(Ok(Some(key))),
        Some((None, _)) if exclusive => Step::Return(Ok(None)),
        Some((Some(key), _)) => {
            if !within(slot.state().tried_at, now, COOLDOWN) {
                start(slot, lookup, now, fetch);
            }
            match slot.flight() {
                Some(flight) if slot.state().expired => Step::Wait(flight),
                _ => Step::Return(Ok(Some(key))),
            }
        }
        Some((None, _)) => seek(slot, lookup, now, fetch),
        None => look_cold(slot, lookup, now, fetch),
    }
}

/// The lookup while there are no keys.
fn look_cold(
    slot: &mut Locked<'_>,
    lookup: Lookup<'_>,
    now: Instant,
    fetch: &impl Fn() -> Fetch<Keys>,
) -> Step<Found, Keys> {
    if let Some(flight) = slot.flight() {
        return Step::Wait(flight);
    }
    let state = slot.state();
    match &state.failed {
        Some(error) if within(state.tried_at, now, COLD_COOLDOWN) => Step::Return(Err(error.clone())),
        _ => Step::Wait(start(slot, lookup, now, fetch)),
    }
}

/// The lookup of an ID that is not among the keys: they may have been rotated since, so they are requested again, but
/// not for each invented ID.
fn seek(
    slot: &mut Locked<'_>,
    lookup: Lookup<'_>,
    now: Instant,
    fetch: &impl Fn() -> Fetch<Keys>,
) -> Step<Found, Keys> {
    if let Some(flight) = slot.flight() {
        return Step::Wait(flight);
    }
    let sought_at = slot.state().sought_at(lookup.source);
    if !within(*sought_at, now, COOLDOWN) {
        *sought_at = Some(now);
        return Step::Wait(start(slot, lookup, now, fetch));
    }
    // While the service is unreachable, it is unknown whether there is such a key.
    Step::Return(slot.state().failed.clone().map_or(Ok(None), Err))
}

/// Starts a request, unless one is in flight.
fn start(
    slot: &mut Locked<'_>,
    lookup: Lookup<'_>,
    now: Instant,
    fetch: &impl Fn() -> Fetch<Keys>,
) -> Flight<Keys> {
    if let Some(flight) = slot.flight() {
        return flight;
    }
    let state = slot.state();
    let old = state.held.as_ref().is_some_and(|(_, at)| age(now, *at) >= EXPIRED);
    state.expired = old && !within(state.tried_at, now, EXPIRED);
    state.tried_at = Some(now);
    state.failed = None;
    let started = Instant::now();
    let (id, source) = (lookup.id.to_owned(), lookup.source);
    slot.start(fetch(), move |state, result| {
        state.settle(result, Lookup { id: &id, source }, now, now + started.elapsed())
    })
}

impl State {
    /// Keeps new keys; a failure leaves the old ones.
    fn settle(
        &mut self,
        result: Result<Keys>,
        lookup: Lookup<'_>,
        requested_at: Instant,
        now: Instant,
    ) -> Settled<Keys> {
        self.expired = false;
        let mut warning = None;
        match &result {
            Ok(keys) => {
                if keys.find(lookup.id).is_none() {
                    // Whatever caused this request, the ID has been looked up.
                    *self.sought_at(lookup.source) = Some(now);
                }
                self.held = Some((Arc::clone(keys), requested_at));
                self.failed = None;
            }
            Err(error) => {
                let message = "signing keys could not be fetched";
                warning = Some(Warning { message, error: error.clone() });
                // Cooldowns begin when the failed request ended, not when it was sent.
                (self.failed, self.tried_at) = (Some(error.clone()), Some(now));
                self.sought_at = self.sought_at.map(|_| now);
                self.sought_for_service_at = self.sought_for_service_at.map(|_| now);
            }
        }
        Settled { result, warning }
    }

    fn sought_at(&mut self, source: Source) -> &mut Option<Instant> {
        match source {
            Source::Untrusted => &mut self.sought_at,
            Source::TokenEndpoint => &mut self.sought_for_service_at,
        }
    }

    /// Adopts keys that the caller provided after the last request. Returns whether no others are ever requested.
    fn take_preloaded(&mut self, preloaded: &PreloadedKeys) -> bool {
        let Some(Provided { keys, at, exclusive }) = preloaded.last() else { return false };
        let adopted = self.held.as_ref().is_some_and(|(_, held_at)| held_at == at);
        let newer = self.held.as_ref().is_none_or(|(_, held_at)| held_at < at);
        if !adopted && (*exclusive || newer) {
            self.held = Some((Arc::clone(keys), *at));
        }
        *exclusive
    }
}

fn age(now: Instant, at: Instant) -> Duration {
    now.saturating_duration_since(at)
}

fn within(at: Option<Instant>, now: Instant, time: Duration) -> bool {
    at.is_some_and(|at| age(now, at) < time)
}
