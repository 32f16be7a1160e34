//! The registered endpoints and their deliveries, both finished and pending.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use super::delivery::{Attempt, DeliveryState, QueuedDelivery, WebhookDelivery};
use super::endpoint::Endpoint;
use crate::clock::Instant;
use crate::event::Event;

/// Maximum number of stored deliveries. The oldest are dropped.
const CAPACITY: usize = 10_000;

/// Counts of deliveries and attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct WebhookProgress {
    /// Successful deliveries.
    pub delivered: usize,
    /// Deliveries whose last attempt failed.
    pub failed: usize,
    /// Attempts of all deliveries.
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
    deliveries: VecDeque<QueuedDelivery>,
    last_number: u64,
}

/// The delivery queue, shared by the handlers, the worker and the control plane.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    state: Mutex<State>,
    /// Notifies blocking waiters.
    changed: Condvar,
    /// Notifies async waiters and the worker.
    version: watch::Sender<u64>,
}

/// An attempt that is due.
#[derive(Debug)]
pub(super) struct DueAttempt {
    pub(super) number: u64,
    pub(super) event_id: String,
    pub(super) body: String,
    pub(super) endpoint: Endpoint,
}

impl Outgoing {
    pub(crate) fn register(&self, endpoint: Endpoint) {
        self.change(|state| state.endpoints.push(endpoint));
    }

    pub(super) fn endpoints(&self) -> Vec<Endpoint> {
        self.lock().endpoints.clone()
    }

    /// Queues the event for the endpoints that accept its type.
    pub(crate) fn enqueue(&self, event: &Event, now: Instant) {
        self.change(|state| {
            let State { endpoints, deliveries, last_number } = state;
            for endpoint in endpoints.iter().filter(|endpoint| endpoint.accepts(&event.event_type)) {
                *last_number += 1;
                deliveries.push_back(QueuedDelivery::new(*last_number, event, endpoint, now));
            }
            let surplus = deliveries.len().saturating_sub(CAPACITY);
            deliveries.drain(..surplus);
        });
    }

    /// Removes endpoints and deliveries. An attempt in progress finishes, but its result is not recorded.
    pub(crate) fn reset(&self) {
        self.change(|state| *state = State { last_number: state.last_number, ..State::default() });
    }

    /// Makes the worker check for due deliveries, after a change of the clock.
    pub(crate) fn wake(&self) {
        self.change(|_| ());
    }

    pub(crate) fn deliveries(&self) -> Vec<WebhookDelivery> {
        self.lock().deliveries.iter().map(|queued| queued.delivery.clone()).collect()
    }

    /// Reads the deliveries, newest first, without a copy of all of them.
    pub(crate) fn select<T>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &WebhookDelivery>) -> T) -> T {
        read(&mut self.lock().deliveries.iter().rev().map(|queued| &queued.delivery))
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().deliveries.len()
    }

    pub(crate) fn version(&self) -> u64 {
        *self.version.borrow()
    }

    /// Makes a finished delivery due again, for one more attempt. Returns whether there is such a delivery.
    pub(super) fn resend(&self, event_id: &str, endpoint_id: &str, now: Instant) -> bool {
        self.change(|state| {
            let found = state.deliveries.iter_mut().find(|queued| {
                queued.delivery.event_id == event_id && queued.delivery.endpoint_id == endpoint_id
            });
            found.is_some_and(|queued| queued.resend(now))
        })
    }

    /// Marks the due attempts as `Sending` and returns them, with the time of the next pending attempt.
    pub(super) fn take_due(&self, now: Instant) -> (Vec<DueAttempt>, Option<Instant>) {
        let mut state = self.lock();
        let mut due = Vec::new();
        let mut next = None;
        let pending =
            state.deliveries.iter_mut().filter(|queued| queued.delivery.state == DeliveryState::Pending);
        for queued in pending {
            if queued.due > now {
                next = Some(next.map_or(queued.due, |next: Instant| next.min(queued.due)));
                continue;
            }
            queued.delivery.state = DeliveryState::Sending;
            due.push(DueAttempt {
                number: queued.number,
                event_id: queued.delivery.event_id.clone(),
                body: queued.body.clone(),
                endpoint: queued.endpoint.clone(),
            });
        }
        (due, next)
    }

    pub(super) fn record(&self, number: u64, attempt: Attempt, now: Instant) {
        self.change(|state| {
            if let Some(queued) = state.deliveries.iter_mut().find(|queued| queued.number == number) {
                queued.record(attempt, now);
            }
        });
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    fn progress(state: &State) -> WebhookProgress {
        let count = |wanted| state.deliveries.iter().filter(|queued| queued.delivery.state == wanted).count();
        WebhookProgress {
            delivered: count(DeliveryState::Delivered),
            failed: count(DeliveryState::Failed),
            attempts: state.deliveries.iter().map(|queued| queued.delivery.attempts.len()).sum(),
        }
    }

    /// Waits until the counts reach `wanted`. Returns the current counts, as an error if the timeout expires first.
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

    /// Like [`wait`](Self::wait), for threads outside an async runtime.
    pub(crate) fn wait_blocking(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        let is_missing = |state: &mut State| !Outgoing::progress(state).reaches(wanted);
        let result = self.changed.wait_timeout_while(self.lock(), limit, is_missing);
        let (state, timeout) = result.unwrap_or_else(PoisonError::into_inner);
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
