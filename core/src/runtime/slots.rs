//! Slots for blocking calls: single-threaded runtimes that the calling thread drives, so that no other thread has to be
//! woken to send a request and to return its response.
//!
//! Between calls a slot is parked, together with its idle connections. Slots are a stack, so that no more are in use than
//! there are concurrent calls; a slot that was not used for some time is dropped.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{AbortHandle, JoinHandle};

use crate::process::PerProcess;

/// Maximum number of slots. Further concurrent calls share the multi-threaded runtime.
pub(crate) const CAPACITY: usize = 16;

/// A slot that was unused for this time is dropped: its connections are too old to be used.
const IDLE_LIMIT: Duration = Duration::from_secs(55);

static SLOTS: PerProcess<Slots> = PerProcess::new();

thread_local! {
    /// The number of the slot that this thread drives.
    static CURRENT: Cell<Option<usize>> = const { Cell::new(None) };
    /// Work in the slot that this thread drives that other calls wait for too.
    static SHARED: RefCell<Vec<JoinHandle<()>>> = const { RefCell::new(Vec::new()) };
}

#[derive(Default)]
struct Slots(Mutex<State>);

#[derive(Default)]
struct State {
    /// Parked slots; the last one is taken next.
    idle: Vec<Slot>,
    /// Numbers of existing slots.
    existing: Numbers,
    /// Slots whose connections must be polled before they are parked: a client of theirs was closed.
    unpolled: Numbers,
    lingering: Vec<Lingering>,
}

/// A slot that runs without its caller, for work that other calls wait for.
struct Lingering {
    thread: thread::JoinHandle<()>,
    #[cfg_attr(not(feature = "ffi"), allow(dead_code, reason = "only the bindings stop threads"))]
    work: Vec<AbortHandle>,
}

/// A set of slot numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Numbers(u32);

impl Numbers {
    fn has(self, number: usize) -> bool {
        self.0 & (1 << number) != 0
    }

    pub(crate) fn add(&mut self, number: usize) {
        self.0 |= 1 << number;
    }

    /// Removes a number and returns whether it was in the set.
    fn remove(&mut self, number: usize) -> bool {
        let was = self.has(number);
        self.0 &= !(1 << number);
        was
    }

    fn iter(self) -> impl Iterator<Item = usize> {
        (0..CAPACITY).filter(move |number| self.has(*number))
    }
}

struct Slot {
    number: usize,
    runtime: Runtime,
    /// Time of the last use.
    used_at: Instant,
}

impl Slot {
    fn run<T>(&self, work: impl Future<Output = T>) -> T {
        /// Leaves the slot, also when the work panics.
        struct Leave;
        impl Drop for Leave {
            fn drop(&mut self) {
                CURRENT.set(None);
            }
        }
        CURRENT.set(Some(self.number));
        let _leave = Leave;
        self.runtime.block_on(work)
    }
}

impl Slots {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Parks a slot after its connections were polled if required.
    fn park(&self, slot: Slot, at: impl Fn(&[Slot]) -> usize) {
        loop {
            let mut state = self.lock();
            if !state.unpolled.remove(slot.number) {
                let at = at(&state.idle);
                state.idle.insert(at, slot);
                let old = state.take_unused(Instant::now());
                drop(state);
                if let Some(old) = old {
                    old.runtime.shutdown_background();
                }
                return;
            }
            drop(state);
            slot.run(super::poll_connections());
        }
    }

    /// Parks a slot after use, to be taken next.
    fn release(&self, mut slot: Slot) {
        slot.used_at = Instant::now();
        self.park(slot, <[Slot]>::len);
    }

    /// Polls the connections of parked slots. For a slot in use this happens when it is parked.
    fn poll_parked(&self, parked: Numbers) {
        for number in parked.iter() {
            let mut state = self.lock();
            let Some(at) = state.idle.iter().position(|slot| slot.number == number) else { continue };
            let slot = state.idle.remove(at);
            drop(state);
            self.park(slot, |idle| at.min(idle.len()));
        }
    }

    /// Drives a slot until its shared work is done, then parks it. If no thread can be started, the slot is dropped, and
    /// the calls that wait for the work start it again.
    fn linger(&'static self, slot: Slot, mut shared: Vec<JoinHandle<()>>) {
        let (number, work) = (slot.number, shared.iter().map(JoinHandle::abort_handle).collect());
        let thread = thread::Builder::new().name("scalekit".into()).spawn(move || {
            while !shared.is_empty() {
                let completed = slot.run(complete(shared));
                shared = unfinished();
                if !completed {
                    shared.iter().for_each(JoinHandle::abort);
                }
            }
            self.release(slot);
        });
        let mut state = self.lock();
        state.lingering.retain(|lingering| !lingering.thread.is_finished());
        match thread {
            Ok(thread) => state.lingering.push(Lingering { thread, work }),
            Err(_) => _ = state.existing.remove(number),
        }
    }
}

/// Waits for work; returns whether none of it was aborted.
async fn complete(shared: Vec<JoinHandle<()>>) -> bool {
    let mut completed = true;
    for work in shared {
        completed &= work.await.is_ok();
    }
    completed
}

/// The shared work of this thread's slot that is not done.
fn unfinished() -> Vec<JoinHandle<()>> {
    let mut shared = SHARED.take();
    shared.retain(|work| !work.is_finished());
    shared
}

impl State {
    fn take(&mut self) -> Option<Slot> {
        if let Some(slot) = self.idle.pop() {
            return Some(slot);
        }
        let number = (0..CAPACITY).find(|number| !self.existing.has(*number))?;
        // Without file descriptors for another slot, the shared runtime may still be able to run the call.
        let runtime = Builder::new_current_thread().thread_name("scalekit").enable_all().build().ok()?;
        self.existing.add(number);
        self.unpolled.remove(number);
        Some(Slot { number, runtime, used_at: Instant::now() })
    }

    /// Returns the numbers that are parked now, whose connections the caller must poll.
    fn mark_unpolled(&mut self, numbers: Numbers) -> Numbers {
        self.unpolled.0 |= numbers.0;
        Numbers(self.idle.iter().map(|slot| 1 << slot.number).sum::<u32>() & numbers.0)
    }

    /// Takes the slot at the bottom of the stack if it was unused for `IDLE_LIMIT`.
    fn take_unused(&mut self, now: Instant) -> Option<Slot> {
        let bottom = self.idle.first()?;
        if now.saturating_duration_since(bottom.used_at) < IDLE_LIMIT {
            return None;
        }
        let slot = self.idle.remove(0);
        self.existing.remove(slot.number);
        Some(slot)
    }
}

/// A slot in use. Dropping it parks the slot.
pub(crate) struct Taken {
    slot: Option<Slot>,
    /// Work in this slot that other calls wait for too, while the slot is not run.
    shared: Vec<JoinHandle<()>>,
}

impl Taken {
    /// Runs work on this thread; its output says whether the call succeeded.
    pub(super) fn run(&mut self, work: Pin<&mut (dyn Future<Output = bool> + '_)>) {
        let Some(slot) = &self.slot else { return };
        SHARED.set(std::mem::take(&mut self.shared));
        slot.run(async {
            // Connections that the server closed since the slot was last run are noticed now.
            super::poll_connections().await;
            if !work.await {
                // The connection of a cancelled request is closed, so that the service notices.
                super::poll_connections().await;
            }
        });
        self.shared = SHARED.take();
    }

    /// Completes the work that other calls wait for too.
    #[cfg(feature = "ffi")]
    pub(super) fn complete_shared(&mut self) {
        while let (Some(slot), false) = (&self.slot, self.shared.is_empty()) {
            slot.run(complete(std::mem::take(&mut self.shared)));
            self.shared = unfinished();
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let (Some(slot), Some(slots)) = (self.slot.take(), SLOTS.get()) else { return };
        // After a panic, the work is still in the thread's list.
        SHARED.with_borrow_mut(|shared| shared.append(&mut self.shared));
        match unfinished() {
            shared if shared.is_empty() => slots.release(slot),
            shared => slots.linger(slot, shared),
        }
    }
}

fn slots() -> &'static Slots {
    let Ok(slots) = SLOTS.get_or_try_init(|| Ok::<_, Infallible>(Slots::default()));
    slots
}

/// Takes a free slot, if there is one.
pub(super) fn take() -> Option<Taken> {
    let slot = slots().lock().take()?;
    Some(Taken { slot: Some(slot), shared: Vec::new() })
}

/// Spawns work in this slot that other calls wait for too. It continues after the call.
#[cfg_attr(all(test, shuttle), allow(dead_code, reason = "the model checker spawns it elsewhere"))]
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    let work = Handle::current().spawn(work);
    SHARED.with_borrow_mut(|shared| shared.push(work));
}

/// The number of the slot that this code runs in.
pub(crate) fn current() -> Option<usize> {
    CURRENT.get()
}

/// Closes the connections of a closed client in these slots: a parked slot does not poll them itself.
pub(crate) fn poll_connections_of(numbers: Numbers) {
    let Some(slots) = SLOTS.get() else { return };
    let parked = slots.lock().mark_unpolled(numbers);
    if parked == Numbers::default() {
        return;
    }
    match Handle::try_current() {
        // A runtime cannot run inside another one.
        Ok(_) => {
            let thread = thread::Builder::new().name("scalekit".into());
            let _ = thread.spawn(move || slots.poll_parked(parked)).map(thread::JoinHandle::join);
        }
        Err(error) if error.is_missing_context() => slots.poll_parked(parked),
        // This thread is terminating and cannot run a slot: the connections are closed when the slot is used.
        Err(_) => {}
    }
}

/// Aborts shared work that runs without its caller and drops all parked slots. Slots in use are parked when their calls
/// are done.
#[cfg(feature = "ffi")]
pub(super) fn stop(within: Duration) {
    let Some(slots) = SLOTS.get() else { return };
    let lingering = std::mem::take(&mut slots.lock().lingering);
    lingering.iter().flat_map(|lingering| &lingering.work).for_each(AbortHandle::abort);
    lingering.into_iter().for_each(|lingering| _ = lingering.thread.join());
    let mut state = slots.lock();
    let idle = std::mem::take(&mut state.idle);
    idle.iter().for_each(|slot| _ = state.existing.remove(slot.number));
    drop(state);
    let until = Instant::now() + within;
    for slot in idle {
        slot.runtime.shutdown_timeout(until.saturating_duration_since(Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(slots: &Slots) -> Option<Slot> {
        slots.lock().take()
    }

    fn idle(slots: &Slots) -> Vec<usize> {
        slots.lock().idle.iter().map(|slot| slot.number).collect()
    }

    #[test]
    fn last_parked_slot_is_taken_first() {
        let slots = Slots::default();
        let (first, second) = (take(&slots).unwrap(), take(&slots).unwrap());
        slots.release(first);
        slots.release(second);
        for _ in 0..3 {
            let slot = take(&slots).unwrap();
            assert_eq!(slot.number, 1);
            slots.release(slot);
        }
        assert_eq!(idle(&slots), [0, 1]);
    }

    #[test]
    fn number_of_slots_is_bounded() {
        let slots = Slots::default();
        let mut taken: Vec<Slot> = std::iter::from_fn(|| take(&slots)).collect();
        assert_eq!(taken.iter().map(|slot| slot.number).collect::<Vec<_>>(), Vec::from_iter(0..CAPACITY));
        slots.release(taken.remove(3));
        assert_eq!(take(&slots).unwrap().number, 3);
        assert!(take(&slots).is_none());
    }

    #[test]
    fn unused_slot_is_dropped() {
        let slots = Slots::default();
        let (first, second) = (take(&slots).unwrap(), take(&slots).unwrap());
        let dropped = first.runtime.spawn(std::future::pending::<()>());
        slots.release(first);
        assert!(slots.lock().take_unused(Instant::now()).is_none());
        slots.lock().idle[0].used_at -= IDLE_LIMIT;
        slots.release(second);
        assert_eq!(idle(&slots), [1]);
        assert!(dropped.is_finished(), "its tasks are dropped");
        assert_eq!(take(&slots).unwrap().number, 1);
        assert_eq!(take(&slots).unwrap().number, 0, "its number is free");
    }

    #[test]
    fn unpolled_slot_is_polled_before_it_is_parked() {
        let slots = Slots::default();
        let slot = take(&slots).unwrap();
        slots.lock().unpolled.add(slot.number);
        let left = slot.runtime.spawn(async { current() });
        slots.release(slot);
        assert!(left.is_finished());
        let Some(slot) = take(&slots) else { panic!("the slot is parked") };
        assert_eq!(slot.run(left).unwrap(), Some(0), "its tasks know their slot");
        assert_eq!((current(), slots.lock().unpolled), (None, Numbers::default()));
    }

    /// A slot without a caller, whose work is done when the sender sends.
    fn lingering(slots: &'static Slots) -> (tokio::sync::oneshot::Sender<()>, Lingering) {
        let (finish, finished) = tokio::sync::oneshot::channel();
        let slot = take(slots).unwrap();
        let work = slot.runtime.spawn(async { drop(finished.await) });
        slots.linger(slot, vec![work]);
        assert!(idle(slots).is_empty(), "it is not parked yet");
        let lingering = slots.lock().lingering.pop().unwrap();
        (finish, lingering)
    }

    #[test]
    fn lingering_slot_is_parked_when_its_work_is_done() {
        let slots = Box::leak(Box::default());
        let (finish, lingering) = lingering(slots);
        finish.send(()).unwrap();
        lingering.thread.join().unwrap();
        assert_eq!(idle(slots), [0]);
    }

    #[test]
    fn lingering_slot_is_parked_when_its_work_is_aborted() {
        let slots = Box::leak(Box::default());
        let (_finish, lingering) = lingering(slots);
        lingering.work.iter().for_each(AbortHandle::abort);
        lingering.thread.join().unwrap();
        assert_eq!(idle(slots), [0]);
    }
}
