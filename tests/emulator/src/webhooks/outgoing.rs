//! The endpoints, and the deliveries that are made or still to come.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::delivery::{Attempt, DeliveryState, Parcel, WebhookDelivery};
use super::endpoint::Endpoint;
use super::event::Event;
use crate::clock::Instant;

/// Older deliveries are forgotten.
const CAPACITY: usize = 10_000;

/// How many deliveries there were, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct WebhookProgress {
    /// Those that the endpoint took.
    pub delivered: usize,
    /// Those that were given up.
    pub failed: usize,
    /// The attempts for all deliveries together.
    pub attempts: usize,
}

impl WebhookProgress {
    fn reaches(self, wanted: WebhookProgress) -> bool {
        self.delivered >= wanted.delivered && self.failed >= wanted.failed && self.attempts >= wanted.attempts
    }
}

#[derive(Debug, Default)]
struct State {
    endpoints: Vec<Endpoint>,
    parcels: VecDeque<Parcel>,
    last: u64,
}

/// Shared by the handlers, the worker, and the control plane.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    state: Mutex<State>,
    /// Wakes blocking waiters.
    changed: Condvar,
    /// Wakes async waiters, and the worker.
    version: watch::Sender<u64>,
}

/// One attempt that is to be made now.
#[derive(Debug)]
pub(super) struct Errand {
    pub(super) number: u64,
    pub(super) event_id: String,
    pub(super) text: String,
    pub(super) endpoint: Endpoint,
}

impl Outgoing {
    pub(crate) fn register(&self, endpoint: Endpoint) {
        self.change(|state| state.endpoints.push(endpoint));
    }

    pub(super) fn endpoints(&self) -> Vec<Endpoint> {
        self.lock().endpoints.clone()
    }

    pub(crate) fn send(&self, event: &Event, now: Instant) {
        self.change(|state| {
            let State { endpoints, parcels, last } = state;
            for endpoint in endpoints.iter().filter(|endpoint| endpoint.wants(&event.event_type)) {
                *last += 1;
                parcels.push_back(Parcel::new(*last, event, endpoint, now));
            }
            let surplus = parcels.len().saturating_sub(CAPACITY);
            parcels.drain(..surplus);
        });
    }

    /// Forgets endpoints and deliveries. An attempt under way comes to its end, and nobody hears of it.
    pub(crate) fn reset(&self) {
        self.change(|state| *state = State { last: state.last, ..State::default() });
    }

    /// Lets the worker look again: somebody moved the clock.
    pub(crate) fn look_again(&self) {
        self.change(|_| ());
    }

    pub(crate) fn deliveries(&self) -> Vec<WebhookDelivery> {
        self.lock().parcels.iter().map(|parcel| parcel.delivery.clone()).collect()
    }

    /// The attempts that are due, and when the next one will be.
    pub(super) fn due(&self, now: Instant) -> (Vec<Errand>, Option<Instant>) {
        let mut state = self.lock();
        let mut errands = Vec::new();
        let mut next = None;
        for parcel in
            state.parcels.iter_mut().filter(|parcel| parcel.delivery.state == DeliveryState::Pending)
        {
            if parcel.due > now {
                next = Some(next.map_or(parcel.due, |next: Instant| next.min(parcel.due)));
                continue;
            }
            parcel.delivery.state = DeliveryState::Sending;
            errands.push(Errand {
                number: parcel.number,
                event_id: parcel.delivery.event_id.clone(),
                text: parcel.text.clone(),
                endpoint: parcel.endpoint.clone(),
            });
        }
        (errands, next)
    }

    pub(super) fn record(&self, number: u64, attempt: Attempt, now: Instant) {
        self.change(|state| {
            if let Some(parcel) = state.parcels.iter_mut().find(|parcel| parcel.number == number) {
                parcel.record(attempt, now);
            }
        });
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    fn progress(state: &State) -> WebhookProgress {
        let count = |wanted| state.parcels.iter().filter(|parcel| parcel.delivery.state == wanted).count();
        WebhookProgress {
            delivered: count(DeliveryState::Delivered),
            failed: count(DeliveryState::Failed),
            attempts: state.parcels.iter().map(|parcel| parcel.delivery.attempts.len()).sum(),
        }
    }

    /// Waits until the numbers are reached; gives the numbers as they are when the time is over.
    pub(crate) async fn wait(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        let mut version = self.version.subscribe();
        let reached = async {
            loop {
                let now = Outgoing::progress(&self.lock());
                if now.reaches(wanted) || version.changed().await.is_err() {
                    return now;
                }
            }
        };
        tokio::time::timeout(limit, reached).await.map_err(|_| Outgoing::progress(&self.lock()))
    }

    /// The same, for threads without a runtime.
    pub(crate) fn wait_blocking(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        let missing = |state: &mut State| !Outgoing::progress(state).reaches(wanted);
        let waited = self.changed.wait_timeout_while(self.lock(), limit, missing);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        let now = Outgoing::progress(&state);
        if timeout.timed_out() { Err(now) } else { Ok(now) }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        self.version.send_modify(|version| *version += 1);
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
