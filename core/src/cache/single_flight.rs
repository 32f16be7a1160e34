//! Requests that many callers share: one of them starts the request, all of them wait for its result, and it goes on
//! when the caller that started it gives up.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};

use tokio::sync::watch;

use crate::error::{Result, ScalekitError};
use crate::sync::{Mutex, MutexGuard};

/// A request that has not been started, with the operation that its errors name. Boxed, because a request for a token
/// is sent by the code that waits for tokens.
pub(crate) struct Fetch<T> {
    operation: &'static str,
    request: Pin<Box<dyn Future<Output = Result<T>> + Send>>,
}

impl<T> Fetch<T> {
    pub(crate) fn new(
        operation: &'static str,
        request: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Self {
        Self { operation, request: Box::pin(request) }
    }
}

/// A request in flight. All clones wait for the same result.
pub(crate) struct Flight<T>(watch::Receiver<Option<Result<T>>>);

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Clone> Flight<T> {
    fn is_same(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }

    /// Waits for the result; `None` if the runtime that ran the request was shut down first.
    async fn landed(&mut self) -> Option<Result<T>> {
        self.0.wait_for(Option::is_some).await.ok().and_then(|result| result.clone())
    }
}

/// A result that has updated the state, and a failure to log. It is logged after the lock is released: a log handler of
/// the caller may use the client.
pub(crate) struct Settled<T> {
    pub result: Result<T>,
    pub warning: Option<Warning>,
}

impl<T> From<Result<T>> for Settled<T> {
    fn from(result: Result<T>) -> Self {
        Self { result, warning: None }
    }
}

/// A failure to log.
pub(crate) struct Warning {
    pub message: &'static str,
    pub error: ScalekitError,
}

impl Warning {
    fn log(&self) {
        let operation = &self.error.failure().operation;
        tracing::warn!(operation, error = %self.error, "{}", self.message);
    }
}

/// What a caller does after a look at the shared state.
pub(crate) enum Step<R, T> {
    /// Returns at once.
    Return(R),
    /// Waits for a flight.
    Wait(Flight<T>),
}

/// State `S` that callers share, and at most one flight a key `K`, whose result `T` changes that state.
pub(crate) struct SingleFlight<S, K, T> {
    shared: Mutex<Shared<S, K, T>>,
}

struct Shared<S, K, T> {
    state: S,
    flights: HashMap<K, Flight<T>>,
}

impl<S: Default, K, T> Default for SingleFlight<S, K, T> {
    fn default() -> Self {
        Self { shared: Mutex::new(Shared { state: S::default(), flights: HashMap::new() }) }
    }
}

impl<S, K, T> SingleFlight<S, K, T>
where
    S: Send + 'static,
    K: Copy + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Looks at the state, and waits for a flight where `look` says so. `land` turns a flight's result into the value
    /// to return, or into `None` to look again. A flight that was lost with its runtime is forgotten, and `look` may
    /// start another.
    pub(crate) async fn run<R>(
        self: &Arc<Self>,
        key: K,
        mut look: impl FnMut(&mut Slot<'_, S, K, T>) -> Step<R, T>,
        land: impl Fn(Result<T>) -> Option<R>,
    ) -> R {
        loop {
            let step = look(&mut Slot { owner: self, key, shared: self.lock() });
            let mut flight = match step {
                Step::Return(value) => return value,
                Step::Wait(flight) => flight,
            };
            match flight.landed().await {
                Some(result) => {
                    if let Some(value) = land(result) {
                        return value;
                    }
                }
                None => self.lock().forget(&key, &flight),
            }
        }
    }

    /// Reads or changes the state without a request.
    pub(crate) fn with<R>(&self, change: impl FnOnce(&mut S) -> R) -> R {
        change(&mut self.lock().state)
    }

    fn lock(&self) -> MutexGuard<'_, Shared<S, K, T>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S, K: Eq + Hash, T: Clone> Shared<S, K, T> {
    fn forget(&mut self, key: &K, flight: &Flight<T>) {
        if self.flights.get(key).is_some_and(|current| current.is_same(flight)) {
            self.flights.remove(key);
        }
    }
}

/// The locked state, and the flight of one key.
pub(crate) struct Slot<'a, S, K, T> {
    owner: &'a Arc<SingleFlight<S, K, T>>,
    key: K,
    shared: MutexGuard<'a, Shared<S, K, T>>,
}

impl<S, K, T> Slot<'_, S, K, T>
where
    S: Send + 'static,
    K: Copy + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    pub(crate) fn state(&mut self) -> &mut S {
        &mut self.shared.state
    }

    /// The flight that is under way for this key.
    pub(crate) fn flight(&self) -> Option<Flight<T>> {
        self.shared.flights.get(&self.key).cloned()
    }

    /// Starts a request. `settle` sees its result before any waiting caller, updates the state, and may replace the
    /// result.
    pub(crate) fn start(
        &mut self,
        fetch: Fetch<T>,
        settle: impl FnOnce(&mut S, Result<T>) -> Settled<T> + Send + 'static,
    ) -> Flight<T> {
        let (announce, receiver) = watch::channel(None);
        let flight = Flight(receiver);
        self.shared.flights.insert(self.key, flight.clone());
        let (owner, key, landing) = (Arc::clone(self.owner), self.key, flight.clone());
        crate::runtime::spawn_shared(fetch.operation, async move {
            let result = crate::panic::caught(fetch.operation, fetch.request).await;
            let mut shared = owner.lock();
            shared.forget(&key, &landing);
            let settled = settle(&mut shared.state, result);
            drop(shared);
            if let Some(warning) = settled.warning {
                warning.log();
            }
            announce.send_replace(Some(settled.result));
        });
        flight
    }
}
