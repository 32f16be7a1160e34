//! Pauses of blocking calls, so that a thread can do something else while it waits: Python runs its signal handlers.
//!
//! A call that has not finished after some time returns to the caller, which makes the same call again to continue it.
//! Meanwhile the call keeps its work and its slot, and makes no progress. A call that finishes earlier costs nothing
//! more than a timer.

use std::cell::{Cell, RefCell};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{Erased, Work};
use crate::error::{Result, ScalekitError};
use crate::runtime::{Place, check_outside};

/// The longest time that a call runs before it is paused.
const TURN: Duration = Duration::from_millis(50);

thread_local! {
    static ALLOWED: Cell<bool> = const { Cell::new(false) };
    /// The number of the call that this thread makes.
    static NUMBER: AtomicU64 = const { AtomicU64::new(0) };
    static PAUSED: RefCell<Calls> = const { RefCell::new(Calls(Vec::new())) };
}

/// The paused calls of a thread, in the order of their numbers: a call that was made while another was paused has a
/// greater one.
struct Calls(Vec<Paused>);

impl Drop for Calls {
    /// Runs when the thread ends, too late to run a slot on it.
    fn drop(&mut self) {
        let calls = std::mem::take(&mut self.0);
        if calls.is_empty() {
            return;
        }
        let (send, receive) = mpsc::channel::<Vec<Paused>>();
        match thread::Builder::new().name("scalekit".into()).spawn(move || drop(receive.recv())) {
            Ok(_) => _ = send.send(calls),
            Err(_) => std::mem::forget(calls),
        }
    }
}

/// A call in progress.
struct Running {
    operation: &'static str,
    work: Work,
    place: Place,
}

impl Running {
    fn start(operation: &'static str, work: Work) -> Result<Self> {
        Ok(Self { operation, work, place: Place::take(operation)? })
    }

    /// Runs the call for one turn. Returns `None` if it has not finished.
    fn run(&mut self) -> Result<Option<Erased>> {
        let turn = async {
            match tokio::time::timeout(TURN, &mut self.work).await {
                Ok(result) => result.map(Some),
                Err(_) => Ok(None),
            }
        };
        self.place.run(self.operation, turn)
    }

    /// Drops the work in its runtime, which then closes the connection of its request.
    fn cancel(self) {
        let Self { operation, work, mut place } = self;
        let cancelled = async {
            drop(work);
            Err::<(), _>(ScalekitError::paused(operation))
        };
        let _ = place.run(operation, cancelled);
    }
}

/// A paused call. Dropping it cancels it.
struct Paused {
    number: u64,
    process: u32,
    running: Option<Running>,
}

impl Paused {
    fn is_inherited(&self) -> bool {
        self.process != process::id()
    }

    fn is(&self, number: u64, operation: &str) -> bool {
        self.number == number && self.running.as_ref().is_some_and(|running| running.operation == operation)
    }

    /// A forked child cannot continue a call of its parent, and must not repeat it.
    fn resume(mut self, operation: &str) -> Result<Running> {
        match self.running.take_if(|_| self.process == process::id()) {
            Some(running) => Ok(running),
            None => {
                Err(ScalekitError::connection(operation, "the process was forked during the call", false))
            }
        }
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        match self.running.take() {
            // Dropping it would close connections that the parent process uses.
            Some(running) if self.is_inherited() => std::mem::forget(running),
            Some(running) => running.cancel(),
            None => {}
        }
    }
}

/// Sets whether blocking calls on this thread are paused.
pub(crate) fn allow(allowed: bool) {
    ALLOWED.set(allowed);
}

pub(crate) fn are_allowed() -> bool {
    ALLOWED.get()
}

/// The address of the number of the call that this thread makes.
pub(crate) fn number_address() -> u64 {
    NUMBER.with(|number| number.as_ptr().expose_provenance() as u64)
}

fn number() -> u64 {
    NUMBER.with(|number| number.load(Ordering::Relaxed))
}

/// Cancels the paused call with the current number, and those that were made while it was paused.
pub(crate) fn drop_paused() {
    drop(remove_from(number()));
}

/// Cancels all paused calls of this thread.
pub(crate) fn drop_all() {
    drop(remove_from(0));
}

/// Runs a call until it finishes or is paused. Continues the paused call with the current number if there is one; the
/// new work is dropped in this case.
pub(super) fn wait(operation: &'static str, work: Work) -> Result<Erased> {
    check_outside(operation)?;
    let number = number();
    let mut running = match take(number, operation) {
        Some(paused) => paused.resume(operation)?,
        None => Running::start(operation, work)?,
    };
    if let Some(result) = running.run()? {
        return Ok(result);
    }
    let paused = Paused { number, process: process::id(), running: Some(running) };
    PAUSED.with_borrow_mut(|calls| calls.0.push(paused));
    Err(ScalekitError::paused(operation))
}

/// Takes the paused call to continue. Others with this number or a greater one were abandoned by the caller and are
/// cancelled.
fn take(number: u64, operation: &str) -> Option<Paused> {
    if PAUSED.with_borrow(|calls| calls.0.is_empty()) {
        return None;
    }
    let mut calls = remove_from(number);
    let continued = calls.first().is_some_and(|call| call.is(number, operation)).then(|| calls.remove(0));
    drop(calls);
    if continued.is_none() {
        complete_shared();
    }
    continued
}

/// Removes the paused calls from this number on.
fn remove_from(number: u64) -> Vec<Paused> {
    PAUSED.with_borrow_mut(|calls| {
        let start = calls.0.partition_point(|call| call.number < number);
        calls.0.split_off(start)
    })
}

/// Completes work in the slots of paused calls that the next call may wait for, such as a token request.
fn complete_shared() {
    let mut calls = PAUSED.with_borrow_mut(|calls| std::mem::take(&mut calls.0));
    let own = calls.iter_mut().filter(|call| !call.is_inherited());
    own.filter_map(|call| call.running.as_mut()).for_each(|running| running.place.complete_shared());
    PAUSED.with_borrow_mut(|paused| paused.0 = calls);
}

#[cfg(test)]
mod tests;
