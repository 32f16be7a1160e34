//! Shared work under the model checker: see `core/src/models`.

use std::cell::RefCell;
use std::future::Future;

use shuttle::future::{AbortHandle, spawn};

thread_local! {
    /// The shared work of this run. Shuttle runs its threads on one thread of the system.
    static WORK: RefCell<Vec<AbortHandle>> = const { RefCell::new(Vec::new()) };
}

/// Spawns work that several callers wait for.
pub(crate) fn spawn_shared(_operation: &str, work: impl Future<Output = ()> + Send + 'static) {
    let handle = spawn(work).abort_handle();
    WORK.with_borrow_mut(|all| all.push(handle));
}

/// Aborts all shared work, as the shutdown of its runtime does.
pub(crate) fn abort_all() {
    for handle in WORK.take() {
        handle.abort();
    }
}

/// Forgets the work of an earlier run.
pub(crate) fn reset() {
    WORK.with_borrow_mut(Vec::clear);
}
