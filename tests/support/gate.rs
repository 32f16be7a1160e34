//! A gate that blocks a server thread until a test opens it.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// The longest a test waits for an expected event.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// Initially closed. Clones share state.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    open: bool,
    waiting: usize,
}

impl Gate {
    /// Opens the gate permanently.
    pub fn open(&self) {
        self.change(|state| state.open = true);
    }

    /// Waits until the gate is open.
    pub fn pass(&self) {
        self.change(|state| state.waiting += 1);
        self.until(|state| state.open, "the gate stayed closed");
        self.change(|state| state.waiting -= 1);
    }

    /// Waits until at least `count` threads wait at the gate.
    pub fn await_waiting(&self, count: usize) {
        self.until(|state| state.waiting >= count, "no thread reached the gate");
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    fn until(&self, reached: impl Fn(&State) -> bool, message: &str) {
        let pending = |state: &mut State| !reached(state);
        let (_state, limit) =
            self.0.1.wait_timeout_while(self.0.0.lock().unwrap(), MAX_WAIT, pending).unwrap();
        assert!(!limit.timed_out(), "{message}");
    }
}
