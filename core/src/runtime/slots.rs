//! Where blocking calls run: a few single-threaded runtimes, each run by the thread whose call it is, so that no other
//! thread has to be woken to send a request and again to hand over its answer.
//!
//! Between calls a slot is parked, and its idle connections with it. The last one parked is the first one taken, so
//! that as few are in use as there are calls at a time; one that was not taken for long is dropped.

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

/// So many blocking calls at a time have a slot; further ones share the runtime that has threads of its own.
pub(crate) const MOST: usize = 16;

/// A slot that nobody took for so long has only connections that are too old to be used.
const LONG: Duration = Duration::from_secs(55);

static SLOTS: PerProcess<Slots> = PerProcess::new();

thread_local! {
    /// The slot that this thread runs.
    static HERE: Cell<Option<usize>> = const { Cell::new(None) };
    /// What was begun in it on behalf of others too.
    static BEGUN: RefCell<Vec<JoinHandle<()>>> = const { RefCell::new(Vec::new()) };
}

#[derive(Default)]
struct Slots(Mutex<State>);

#[derive(Default)]
struct State {
    /// The one taken next is the last.
    idle: Vec<Slot>,
    /// The numbers that are in use.
    made: Numbers,
    /// Slots that need their turns before they are parked again: a client of theirs is gone.
    untidy: Numbers,
    lingering: Vec<Lingering>,
}

/// A slot that goes on without its caller: others wait for what was begun in it.
struct Lingering {
    thread: thread::JoinHandle<()>,
    #[cfg_attr(not(feature = "ffi"), allow(dead_code, reason = "only the bindings stop threads"))]
    work: Vec<AbortHandle>,
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
    /// When it was used last.
    used: Instant,
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
    fn park(&self, slot: Slot, at: impl Fn(&[Slot]) -> usize) {
        loop {
            let mut state = self.lock();
            if !state.untidy.remove(slot.number) {
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

    /// Parks a slot after it was used, to be the next one taken.
    fn release(&self, mut slot: Slot) {
        slot.used = Instant::now();
        self.park(slot, <[Slot]>::len);
    }

    /// Gives parked slots their turns. One that was taken meanwhile gets them when it is parked again.
    fn tidy(&self, parked: Numbers) {
        for number in parked.iter() {
            let mut state = self.lock();
            let Some(at) = state.idle.iter().position(|slot| slot.number == number) else { continue };
            let slot = state.idle.remove(at);
            drop(state);
            self.park(slot, |idle| at.min(idle.len()));
        }
    }

    /// Parks a slot when all is done that others wait for. Without a thread to do it on it is dropped, and they begin
    /// again.
    fn linger(&'static self, slot: Slot, mut begun: Vec<JoinHandle<()>>) {
        let (number, work) = (slot.number, begun.iter().map(JoinHandle::abort_handle).collect());
        let thread = thread::Builder::new().name("scalekit".into()).spawn(move || {
            while !begun.is_empty() {
                let ended = slot.run(end(begun));
                begun = unfinished();
                if !ended {
                    begun.iter().for_each(JoinHandle::abort);
                }
            }
            self.release(slot);
        });
        let mut state = self.lock();
        state.lingering.retain(|lingering| !lingering.thread.is_finished());
        match thread {
            Ok(thread) => state.lingering.push(Lingering { thread, work }),
            Err(_) => _ = state.made.remove(number),
        }
    }
}

/// False where something was ended before it was done.
async fn end(begun: Vec<JoinHandle<()>>) -> bool {
    let mut ended = true;
    for work in begun {
        ended &= work.await.is_ok();
    }
    ended
}

/// What was begun in this thread's slot and is not done.
fn unfinished() -> Vec<JoinHandle<()>> {
    let mut begun = BEGUN.take();
    begun.retain(|work| !work.is_finished());
    begun
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
        Some(Slot { number, runtime, used: Instant::now() })
    }

    /// Gives those that are parked at present, which will not be tidied by themselves.
    fn mark_untidy(&mut self, numbers: Numbers) -> Numbers {
        self.untidy.0 |= numbers.0;
        Numbers(self.idle.iter().map(|slot| 1 << slot.number).sum::<u32>() & numbers.0)
    }

    /// The slot at the bottom, if nobody has come so far down for long.
    fn forsaken(&mut self, now: Instant) -> Option<Slot> {
        let bottom = self.idle.first()?;
        if now.saturating_duration_since(bottom.used) < LONG {
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
        let (Some(slot), Some(slots)) = (self.0.take(), SLOTS.get()) else { return };
        match unfinished() {
            begun if begun.is_empty() => slots.release(slot),
            begun => slots.linger(slot, begun),
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

/// Starts work in this slot that others wait for too. It goes on when the call is done.
#[cfg_attr(all(test, shuttle), allow(dead_code, reason = "the model checker begins it elsewhere"))]
pub(super) fn begin(work: impl Future<Output = ()> + Send + 'static) {
    let work = Handle::current().spawn(work);
    BEGUN.with_borrow_mut(|begun| begun.push(work));
}

/// The slot that this code runs in.
pub(crate) fn here() -> Option<usize> {
    HERE.get()
}

/// Closes what a client that is gone had open in these slots: a parked slot does nothing by itself.
pub(crate) fn tidy(numbers: Numbers) {
    let Some(slots) = SLOTS.get() else { return };
    let parked = slots.lock().mark_untidy(numbers);
    if parked == Numbers::default() {
        return;
    }
    match Handle::try_current() {
        // A runtime must not be run inside another.
        Ok(_) => {
            let elsewhere = thread::Builder::new().name("scalekit".into());
            let _ = elsewhere.spawn(move || slots.tidy(parked)).map(thread::JoinHandle::join);
        }
        Err(error) if error.is_missing_context() => slots.tidy(parked),
        // This thread is about to end, and runs nothing any more: it is done when the slot is used.
        Err(_) => {}
    }
}

/// Ends what goes on without a caller, and drops all parked slots. Those in use are parked when their calls are done.
#[cfg(feature = "ffi")]
pub(super) fn stop(within: Duration) {
    let Some(slots) = SLOTS.get() else { return };
    let lingering = std::mem::take(&mut slots.lock().lingering);
    lingering.iter().flat_map(|lingering| &lingering.work).for_each(AbortHandle::abort);
    lingering.into_iter().for_each(|lingering| _ = lingering.thread.join());
    let mut state = slots.lock();
    let idle = std::mem::take(&mut state.idle);
    idle.iter().for_each(|slot| _ = state.made.remove(slot.number));
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
    fn the_last_one_parked_is_taken_first() {
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
    fn there_are_only_so_many() {
        let slots = Slots::default();
        let mut taken: Vec<Slot> = std::iter::from_fn(|| take(&slots)).collect();
        assert_eq!(taken.iter().map(|slot| slot.number).collect::<Vec<_>>(), Vec::from_iter(0..MOST));
        slots.release(taken.remove(3));
        assert_eq!(take(&slots).unwrap().number, 3);
        assert!(take(&slots).is_none());
    }

    #[test]
    fn one_that_nobody_needs_any_more_is_dropped() {
        let slots = Slots::default();
        let (first, second) = (take(&slots).unwrap(), take(&slots).unwrap());
        let dropped = first.runtime.spawn(std::future::pending::<()>());
        slots.release(first);
        assert!(slots.lock().forsaken(Instant::now()).is_none());
        slots.lock().idle[0].used -= LONG;
        slots.release(second);
        assert_eq!(idle(&slots), [1]);
        assert!(dropped.is_finished(), "what it held is gone");
        assert_eq!(take(&slots).unwrap().number, 1);
        assert_eq!(take(&slots).unwrap().number, 0, "its number is free");
    }

    #[test]
    fn an_untidy_one_gets_its_turns_before_it_is_parked() {
        let slots = Slots::default();
        let slot = take(&slots).unwrap();
        slots.lock().untidy.add(slot.number);
        let left = slot.runtime.spawn(async { here() });
        slots.release(slot);
        assert!(left.is_finished());
        let Some(slot) = take(&slots) else { panic!("it is parked") };
        assert_eq!(slot.run(left).unwrap(), Some(0), "its tasks know where they are");
        assert_eq!((here(), slots.lock().untidy), (None, Numbers::default()));
    }

    /// A slot without a caller, whose work is done when the sender says so.
    fn lingering(slots: &'static Slots) -> (tokio::sync::oneshot::Sender<()>, Lingering) {
        let (tell, told) = tokio::sync::oneshot::channel();
        let slot = take(slots).unwrap();
        let begun = slot.runtime.spawn(async { drop(told.await) });
        slots.linger(slot, vec![begun]);
        assert!(idle(slots).is_empty(), "it is not parked yet");
        let lingering = slots.lock().lingering.pop().unwrap();
        (tell, lingering)
    }

    #[test]
    fn one_that_others_wait_for_is_parked_when_they_have_what_they_want() {
        let slots = Box::leak(Box::default());
        let (tell, lingering) = lingering(slots);
        tell.send(()).unwrap();
        lingering.thread.join().unwrap();
        assert_eq!(idle(slots), [0]);
    }

    #[test]
    fn or_when_it_is_told_to_end() {
        let slots = Box::leak(Box::default());
        let (_tell, lingering) = lingering(slots);
        lingering.work.iter().for_each(AbortHandle::abort);
        lingering.thread.join().unwrap();
        assert_eq!(idle(slots), [0]);
    }
}
