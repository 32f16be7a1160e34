//! Shared work in model checking: see `core/src/models`.

use std::cell::RefCell;
use std::future::Future;

use shuttle::future::{AbortHandle, spawn};

thread_local! {
    /// The shared work of this run. Shuttle runs all its threads on one operating system thread.
    static WORK: RefCell<Vec<AbortHandle>> = const { RefCell::new(Vec::new()) };
}

/// Spawns work that several callers wait for.
pub(crate) fn spawn_shared(_operation: &str, work: impl Future<Output = ()> + Send + 'static) {
    let handle = spawn(work).abort_handle();
    WORK.with_borrow_mut(|work| work.push(handle));
}

/// Aborts all shared work, as the shutdown of its runtime does.
pub(crate) fn abort_all() {
    for handle in WORK.take() {
        handle.abort();
    }
}

/// Drops the work of an earlier run.
pub(crate) fn reset() {
    WORK.with_borrow_mut(Vec::clear);
}
