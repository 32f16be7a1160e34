//! A gate that holds up a server until a test opens it.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// No test waits longer than this for something that has to happen.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Closed at first. Clones are the same gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    open: bool,
    waiting: usize,
}

impl Gate {
    /// Lets all through, now and later.
    pub fn open(&self) {
        self.change(|state| state.open = true);
    }

    /// Waits until the gate is open.
    pub fn pass(&self) {
        self.change(|state| state.waiting += 1);
        self.until(|state| state.open, "the gate stayed closed");
        self.change(|state| state.waiting -= 1);
    }

    /// Waits until so many stand before the gate.
    pub fn await_waiting(&self, count: usize) {
        self.until(|state| state.waiting >= count, "nobody came to the gate");
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    fn until(&self, reached: impl Fn(&State) -> bool, complaint: &str) {
        let missing = |state: &mut State| !reached(state);
        let (_state, limit) =
            self.0.1.wait_timeout_while(self.0.0.lock().unwrap(), PATIENCE, missing).unwrap();
        assert!(!limit.timed_out(), "{complaint}");
    }
}
