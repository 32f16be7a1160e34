//! Work of any type, as work of one type.
//!
//! A runtime compiles its part of a call anew for each type of future that it runs, and there are hundreds: what is
//! handed to it is therefore always the same type, whose result is `Any`, and the caller gets the type back.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::{Result, ScalekitError};

/// A value whose type the caller knows.
pub(crate) type Anything = Box<dyn Any + Send>;

/// Work whose result is `Any`.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Anything>> + Send>>;

/// A result to come.
pub(crate) struct Running<T> {
    operation: &'static str,
    work: Work,
    typed: fn(&'static str, Result<Anything>) -> Result<T>,
}

impl<T> Future for Running<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        self.work.as_mut().poll(context).map(|result| (self.typed)(self.operation, result))
    }
}

/// Runs async work for an async caller (see `runtime`).
pub(crate) fn run<T: Send + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Running<T> {
    run_any(operation, Ok(Box::pin(anything(work))))
}

/// The same for work whose result is `Any` already and holds a `T`; or the reason why there is none.
pub(crate) fn run_any<T: 'static>(operation: &'static str, work: Result<Work>) -> Running<T> {
    Running { operation, work: begun(operation, work), typed }
}

fn begun(operation: &'static str, work: Result<Work>) -> Work {
    match work {
        Ok(work) => Box::pin(crate::runtime::run(operation, work)),
        Err(error) => Box::pin(std::future::ready(Err(error))),
    }
}

/// Runs async work for a blocking caller, on the caller's thread.
#[cfg(feature = "blocking")]
pub(crate) fn wait<T: Send + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    wait_any(operation, Ok(Box::pin(anything(work))))
}

/// The same for work whose result is `Any` already and holds a `T`; or the reason why there is none.
#[cfg(feature = "blocking")]
pub(crate) fn wait_any<T: 'static>(operation: &'static str, work: Result<Work>) -> Result<T> {
    typed(operation, waited(operation, work))
}

#[cfg(feature = "blocking")]
fn waited(operation: &'static str, work: Result<Work>) -> Result<Anything> {
    crate::runtime::wait(operation, work?)
}

async fn anything<T: Send + 'static>(work: impl Future<Output = Result<T>>) -> Result<Anything> {
    work.await.map(|value| Box::new(value) as Anything)
}

/// Gives a result its type back.
pub(crate) fn typed<T: 'static>(operation: &'static str, result: Result<Anything>) -> Result<T> {
    match result?.downcast() {
        Ok(value) => Ok(*value),
        Err(_) => Err(ScalekitError::internal(operation, "a result of another type")),
    }
}
