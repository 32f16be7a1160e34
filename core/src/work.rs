//! Calls of any result type, run as work of one type.
//!
//! A runtime instantiates its part of a call for each type of future that it runs, and there are hundreds. It is
//! therefore handed the same type each time, whose result is `Any`, and the caller downcasts it.

#[cfg(feature = "ffi")]
pub(crate) mod pauses;

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::{Result, ScalekitError};

/// A value whose type the caller knows.
pub(crate) type Erased = Box<dyn Any + Send>;

/// Work whose result is `Any`.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Erased>> + Send>>;

/// A call that has not begun: `wait` blocks for its result, `run` returns a future.
pub(crate) struct Call<T> {
    operation: &'static str,
    work: Result<Work>,
    typed: fn(&'static str, Result<Erased>) -> Result<T>,
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn new(
        operation: &'static str,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Self {
        Self::erased(operation, Ok(Box::pin(erase(work))))
    }
}

impl<T: 'static> Call<T> {
    /// A call whose work is erased already and results in a `T`, or the error that prevents it.
    pub(crate) fn erased(operation: &'static str, work: Result<Work>) -> Self {
        Self { operation, work, typed }
    }

    /// Runs the call for an asynchronous caller (see `runtime`).
    pub(crate) fn run(self) -> Running<T> {
        Running { operation: self.operation, work: start(self.operation, self.work), typed: self.typed }
    }

    /// Runs the call on the thread of a blocking caller.
    #[cfg(feature = "blocking")]
    pub(crate) fn wait(self) -> Result<T> {
        (self.typed)(self.operation, wait(self.operation, self.work))
    }
}

/// The result of a call in progress.
pub(crate) struct Running<T> {
    operation: &'static str,
    work: Work,
    typed: fn(&'static str, Result<Erased>) -> Result<T>,
}

impl<T> Future for Running<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        self.work.as_mut().poll(context).map(|result| (self.typed)(self.operation, result))
    }
}

/// Runs work for an asynchronous caller (see `runtime`).
pub(crate) fn start(operation: &'static str, work: Result<Work>) -> Work {
    match work {
        Ok(work) => Box::pin(crate::runtime::run(operation, work)),
        Err(error) => Box::pin(std::future::ready(Err(error))),
    }
}

#[cfg(feature = "blocking")]
pub(crate) fn wait(operation: &'static str, work: Result<Work>) -> Result<Erased> {
    #[cfg(feature = "ffi")]
    if pauses::are_allowed() {
        return pauses::wait(operation, work?);
    }
    crate::runtime::wait(operation, work?)
}

async fn erase<T: Send + 'static>(work: impl Future<Output = Result<T>>) -> Result<Erased> {
    work.await.map(|value| Box::new(value) as Erased)
}

/// Downcasts a result.
pub(crate) fn typed<T: 'static>(operation: &'static str, result: Result<Erased>) -> Result<T> {
    match result?.downcast() {
        Ok(value) => Ok(*value),
        Err(_) => Err(ScalekitError::internal(operation, "a result of another type")),
    }
}
