//! Completions of asynchronous calls, for the Python package.
//!
//! UniFFI calls a continuation when a future must be polled again, often on a thread of this library. A continuation in
//! Python would have to enter the interpreter there: it would wait for the interpreter lock, and crash when the
//! interpreter shuts down. The continuation in this module writes to a pipe instead, which the event loop reads.
//!
//! The data of a continuation is `id << 40 | number`: the ID of the queue, and a number of the poll that Python chose,
//! greater than 0.
//!
//! A poll often completes before it returns. For this case Python stores its number in a cell (`polled`), and after the
//! poll reads another (`result`), which takes no system call. Then it sets both to 0.

mod pipe;
mod queue;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use uniffi::{RustFutureContinuationCallback, RustFuturePoll};

use crate::error::ScalekitError;
use queue::{Queue, find};

/// A queue of completed polls, for the Python package: one for each event loop.
///
/// The queue is a pipe of 16-byte entries in little-endian order: the number of the poll (`u64`) and UniFFI's poll code
/// (`i64`). A read of a multiple of 16 bytes returns whole entries. The object owns both ends of the pipe; the caller
/// makes them non-blocking.
///
/// A forked child ignores the objects that it inherits: it shares their pipes with the parent.
#[derive(Debug, uniffi::Object)]
pub struct Completions(Arc<Queue>);

#[uniffi::export]
impl Completions {
    /// Creates a queue for the current thread, for the Python package.
    ///
    /// # Errors
    ///
    /// - `Internal` if no pipe can be created, which includes all systems but Unix.
    #[uniffi::constructor]
    pub fn new() -> Result<Arc<Self>, ScalekitError> {
        let queue = Queue::new();
        let queue = queue
            .map_err(|e| ScalekitError::internal("completions", format_args!("cannot create a pipe: {e}")))?;
        Ok(Arc::new(Self(queue)))
    }

    /// Returns the file descriptor from which entries are read. For the Python package.
    pub fn read_fd(&self) -> i32 {
        self.0.pipe.read_fd()
    }

    /// Returns the file descriptor to which entries are written. For the Python package.
    pub fn write_fd(&self) -> i32 {
        self.0.pipe.write_fd()
    }

    /// Returns the ID of this queue, less than 2^24. For the Python package.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Returns the address of a `u64`: the number of the poll that the thread of this queue is making, or 0. For the
    /// Python package.
    pub fn polled_address(&self) -> u64 {
        address(&self.0.polled)
    }

    /// Returns the address of a `u64`: the poll code plus 1 if the poll completed before it returned, in which case it
    /// has no entry in the pipe. For the Python package.
    pub fn result_address(&self) -> u64 {
        address(&self.0.result)
    }

    /// Returns the address of a `u64`: the number of bytes that did not fit into the pipe. The caller calls `flush` if
    /// it is not 0 after a read. For the Python package.
    pub fn overflow_address(&self) -> u64 {
        address(&self.0.overflow.length)
    }

    /// Writes the entries that did not fit into the pipe, as far as they fit now. For the Python package.
    pub fn flush(&self) {
        // Not found in a forked child, which must not write to the pipe of its parent.
        if let Some(queue) = find(self.0.id) {
            queue.flush();
        }
    }
}

impl Drop for Completions {
    fn drop(&mut self) {
        queue::remove(self.0.id);
    }
}

/// Returns the address of the continuation to pass to UniFFI's polling functions. For the Python package.
#[uniffi::export]
pub fn completion_callback() -> u64 {
    let callback: RustFutureContinuationCallback = complete;
    callback as usize as u64
}

/// Must not panic: its caller cannot unwind.
extern "C" fn complete(data: u64, code: RustFuturePoll) {
    let (id, number) = (data >> queue::NUMBER_BITS, data & queue::LARGEST_NUMBER);
    if let Some(queue) = find(id) {
        queue.complete(number, code as i8);
    }
}

fn address(cell: &AtomicU64) -> u64 {
    cell.as_ptr().expose_provenance() as u64
}

#[cfg(all(test, unix))]
mod tests;
