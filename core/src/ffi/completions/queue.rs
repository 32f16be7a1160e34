//! A queue of completed polls, and the queues of this process by ID.

use std::cell::Cell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{ErrorKind, Result};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::pipe::Pipe;
use crate::process::PerProcess;

pub(super) const NUMBER_BITS: u32 = 40;
pub(super) const LARGEST_NUMBER: u64 = (1 << NUMBER_BITS) - 1;
const LARGEST_ID: u64 = (1 << (u64::BITS - NUMBER_BITS)) - 1;

/// The least that POSIX guarantees to be written as a whole or not at all. A multiple of the size of an entry.
const ATOMIC_WRITE: usize = 512;

static QUEUES: PerProcess<Mutex<HashMap<u64, Weak<Queue>>>> = PerProcess::new();

/// Inherited by a forked child, so that it does not reuse the IDs of its parent.
static NEXT_ID: AtomicU64 = AtomicU64::new(0);

static THREADS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The number of this thread if it created a queue, or 0. Unlike `std::thread::current`, it is available until the
    /// thread has ended.
    static THREAD: Cell<u64> = const { Cell::new(0) };
}

#[derive(Debug)]
pub(super) struct Queue {
    pub id: u64,
    /// The thread that created the queue.
    thread: u64,
    pub pipe: Pipe,
    pub polled: AtomicU64,
    pub result: AtomicU64,
    pub overflow: Overflow,
}

/// Entries that did not fit into the pipe. Its lock keeps the entries in order.
#[derive(Debug, Default)]
pub(super) struct Overflow {
    bytes: Mutex<Vec<u8>>,
    /// Read without the lock.
    pub length: AtomicU64,
}

impl Queue {
    pub(super) fn new() -> Result<Arc<Self>> {
        Ok(Self::on(Pipe::new()?))
    }

    pub(super) fn on(pipe: Pipe) -> Arc<Self> {
        let mut queues = queues();
        let id = unused_id(&queues);
        let queue = Arc::new(Self {
            id,
            thread: number_this_thread(),
            pipe,
            polled: AtomicU64::new(0),
            result: AtomicU64::new(0),
            overflow: Overflow::default(),
        });
        queues.insert(id, Arc::downgrade(&queue));
        queue
    }

    pub(super) fn complete(&self, number: u64, code: i8) {
        if THREAD.get() == self.thread && self.polled.load(Ordering::Relaxed) == number {
            self.result.store(u64::from(code.unsigned_abs()) + 1, Ordering::Relaxed);
            return;
        }
        let mut bytes = self.overflow.lock();
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&i64::from(code).to_le_bytes());
        self.write(&mut bytes);
    }

    pub(super) fn flush(&self) {
        self.write(&mut self.overflow.lock());
    }

    /// Writes as many of these entries as fit into the pipe.
    fn write(&self, bytes: &mut Vec<u8>) {
        self.write_while_possible(bytes);
        let shown = self.overflow.length.swap(bytes.len() as u64, Ordering::SeqCst);
        if shown == 0 && !bytes.is_empty() {
            // The reader may have emptied the pipe just before it could see that there is an overflow.
            self.write_while_possible(bytes);
            self.overflow.length.store(bytes.len() as u64, Ordering::SeqCst);
        }
    }

    fn write_while_possible(&self, bytes: &mut Vec<u8>) {
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            match self.pipe.write(&rest[..rest.len().min(ATOMIC_WRITE)]) {
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // The pipe is closed: there is no reader.
                Err(_) => written = bytes.len(),
            }
        }
        bytes.drain(..written);
    }
}

impl Overflow {
    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a queue of this process. A queue that was inherited from the parent process is not found.
pub(super) fn find(id: u64) -> Option<Arc<Queue>> {
    let queues = QUEUES.get()?.lock().unwrap_or_else(PoisonError::into_inner);
    queues.get(&id)?.upgrade()
}

pub(super) fn remove(id: u64) {
    if let Some(queues) = QUEUES.get() {
        queues.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

pub(super) fn queues() -> MutexGuard<'static, HashMap<u64, Weak<Queue>>> {
    let Ok(queues) = QUEUES.get_or_try_init(|| Ok::<_, Infallible>(Mutex::default()));
    queues.lock().unwrap_or_else(PoisonError::into_inner)
}

/// IDs are reused only after all others, so that a late completion does not reach another queue.
fn unused_id(queues: &HashMap<u64, Weak<Queue>>) -> u64 {
    loop {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed) & LARGEST_ID;
        if !queues.contains_key(&id) {
            return id;
        }
    }
}

fn number_this_thread() -> u64 {
    if THREAD.get() == 0 {
        THREAD.set(THREADS.fetch_add(1, Ordering::Relaxed) + 1);
    }
    THREAD.get()
}
