//! Where blocking calls run: a few single-threaded runtimes, each run by the thread whose call it is, so that no other
//! thread has to be woken to send a request and again to hand over its answer.
//!
//! Between calls a slot is parked, and its idle connections with it. The last one parked is the first one taken, so
//! that as few are in use as there are calls at a time; one that was not taken for long is dropped.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::process::PerProcess;

/// So many blocking calls at a time have a slot; further ones share the runtime that has threads of its own.
pub(crate) const MOST: usize = 16;

/// A slot that nobody took for so long has only connections that are too old to be used.
const LONG: Duration = Duration::from_secs(55);

static SLOTS: PerProcess<Slots> = PerProcess::new();

thread_local! {
    /// The slot that this thread runs.
    static HERE: Cell<Option<usize>> = const { Cell::new(None) };
}

#[derive(Default)]
struct Slots(Mutex<State>);

#[derive(Default)]
struct State {
    /// The one taken next is the last.
    idle: Vec<Slot>,
    /// The numbers that are in use.
    made: Numbers,
    /// Slots that are taken, and need a turn before they are parked: a client of theirs is gone.
    untidy: Numbers,
}

/// A set of slots, by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Numbers(u32);

impl Numbers {
    fn has(self, number: usize) -> bool {
        self.0 & (1 << number) != 0
    }

    pub(crate) fn add(&mut self, number: usize) {
        self.0 |= 1 << number;
    }

    /// Whether it was there.
    fn remove(&mut self, number: usize) -> bool {
        let was = self.has(number);
        self.0 &= !(1 << number);
        was
    }

    fn iter(self) -> impl Iterator<Item = usize> {
        (0..MOST).filter(move |number| self.has(*number))
    }
}

struct Slot {
    number: usize,
    runtime: Runtime,
    /// When it was parked.
    since: Instant,
}

impl Slot {
    fn run<T>(&self, work: impl Future<Output = T>) -> T {
        /// Leaves the slot, come what may.
        struct Here;
        impl Drop for Here {
            fn drop(&mut self) {
                HERE.set(None);
            }
        }
        HERE.set(Some(self.number));
        let _here = Here;
        self.runtime.block_on(work)
    }
}

impl Slots {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Parks a slot, once it is tidy.
    fn park(&self, mut slot: Slot, at: impl Fn(&[Slot]) -> usize) {
        loop {
            let mut state = self.lock();
            if !state.untidy.remove(slot.number) {
                slot.since = Instant::now();
                let at = at(&state.idle);
                state.idle.insert(at, slot);
                let old = state.forsaken(Instant::now());
                drop(state);
                if let Some(old) = old {
                    old.runtime.shutdown_background();
                }
                return;
            }
            drop(state);
            slot.run(super::turns());
        }
    }
}

impl State {
    fn take(&mut self) -> Option<Slot> {
        if let Some(slot) = self.idle.pop() {
            return Some(slot);
        }
        let number = (0..MOST).find(|number| !self.made.has(*number))?;
        // Where there are no descriptors left for one more, the shared runtime may still have what it needs.
        let runtime = Builder::new_current_thread().thread_name("scalekit").enable_all().build().ok()?;
        self.made.add(number);
        self.untidy.remove(number);
        Some(Slot { number, runtime, since: Instant::now() })
    }

    /// The slot at the bottom, if nobody has come so far down for long.
    fn forsaken(&mut self, now: Instant) -> Option<Slot> {
        let bottom = self.idle.first()?;
        if now.saturating_duration_since(bottom.since) < LONG {
            return None;
        }
        let slot = self.idle.remove(0);
        self.made.remove(slot.number);
        Some(slot)
    }
}

/// A slot in use. It is parked again when this is dropped.
struct Taken(Option<Slot>);

impl Drop for Taken {
    fn drop(&mut self) {
        if let (Some(slot), Some(slots)) = (self.0.take(), SLOTS.get()) {
            slots.park(slot, <[Slot]>::len);
        }
    }
}

fn slots() -> &'static Slots {
    let Ok(slots) = SLOTS.get_or_try_init(|| Ok::<_, Infallible>(Slots::default()));
    slots
}

/// Runs the work on this thread, if there is a slot for it; the work says whether it went well. False where there is
/// none: then nothing has been begun.
pub(super) fn run(work: Pin<&mut (dyn Future<Output = bool> + '_)>) -> bool {
    let Some(slot) = slots().lock().take() else { return false };
    let taken = Taken(Some(slot));
    if let Some(slot) = &taken.0 {
        slot.run(async {
            // What happened to the connections since they were parked is noticed now.
            super::turns().await;
            if !work.await {
                // A request that was given up closes its connection, for the service to see.
                super::turns().await;
            }
        });
    }
    true
}

/// The slot that this code runs in.
pub(crate) fn here() -> Option<usize> {
    HERE.get()
}

/// Closes what a client that is gone had open in these slots: a parked slot does nothing by itself.
pub(crate) fn tidy(numbers: Numbers) {
    if numbers == Numbers::default() {
        return;
    }
    match Handle::try_current() {
        // A runtime must not be run inside another.
        Ok(_) => {
            let elsewhere = thread::Builder::new().name("scalekit".into()).spawn(move || turn(numbers));
            let _ = elsewhere.map(thread::JoinHandle::join);
        }
        Err(error) if error.is_missing_context() => turn(numbers),
        // This thread is about to end, and runs nothing any more: it is done when the slot is taken.
        Err(_) => {}
    }
}

fn turn(numbers: Numbers) {
    let Some(slots) = SLOTS.get() else { return };
    for number in numbers.iter() {
        let mut state = slots.lock();
        match state.idle.iter().position(|slot| slot.number == number) {
            Some(at) => {
                let slot = state.idle.remove(at);
                drop(state);
                slot.run(super::turns());
                slots.park(slot, |idle| at.min(idle.len()));
            }
            None => state.untidy.add(number),
        }
    }
}

/// Drops all parked slots. Those in use are parked when their calls are done.
#[cfg(feature = "ffi")]
pub(super) fn stop(within: Duration) {
    let Some(slots) = SLOTS.get() else { return };
    let mut state = slots.lock();
    let idle = std::mem::take(&mut state.idle);
    idle.iter().for_each(|slot| _ = state.made.remove(slot.number));
    drop(state);
    let until = Instant::now() + within;
    for slot in idle {
        slot.runtime.shutdown_timeout(until.saturating_duration_since(Instant::now()));
    }
}
