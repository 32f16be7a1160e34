//! The runtimes on which calls run.
//!
//! Inside a Tokio runtime an asynchronous call runs on that runtime. Elsewhere (another executor, Python's event loop, a
//! coroutine, a plain thread) it runs on the library's own runtime, and the caller's future only waits for the result: it
//! needs no reactor, and dropping it cancels the call. A blocking call runs on the caller's thread, in a slot. The
//! library's runtime starts with the first call that needs it, not with a client.

#[cfg(all(test, shuttle))]
pub(crate) mod model_checker;
#[cfg(feature = "blocking")]
mod place;
#[cfg(feature = "blocking")]
mod slots;

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Handle, Id, Runtime, RuntimeFlavor};
use tokio::task::JoinHandle;

use crate::error::{Result, ScalekitError};
use crate::panic::caught;
use crate::process::PerProcess;

#[cfg(feature = "blocking")]
pub(crate) use place::Place;
#[cfg(feature = "blocking")]
pub(crate) use slots::{CAPACITY as SLOTS, Numbers, current as slot, poll_connections_of};

static OWN: PerProcess<Own> = PerProcess::new();

/// Enough to drive one connection while another response is decoded: calls mostly wait.
const WORKERS: usize = 2;

/// The library's runtime; empty before the first call and after `stop`.
#[derive(Default)]
struct Own(Mutex<Option<Runtime>>);

impl Own {
    fn lock(&self) -> MutexGuard<'_, Option<Runtime>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn own(operation: &str) -> Result<Handle> {
    let Ok(own) = OWN.get_or_try_init(|| Ok::<_, std::convert::Infallible>(Own::default()));
    let mut runtime = own.lock();
    if let Some(runtime) = &*runtime {
        return Ok(runtime.handle().clone());
    }
    let new =
        Builder::new_multi_thread().worker_threads(WORKERS).thread_name("scalekit").enable_all().build();
    let new =
        new.map_err(|e| ScalekitError::internal(operation, format_args!("cannot start a runtime: {e}")))?;
    Ok(runtime.insert(new).handle().clone())
}

/// Stops the threads of the library's runtime and waits for them, so that none calls into a language runtime that shuts
/// down. Calls in flight fail; the next call starts new threads.
#[cfg(feature = "ffi")]
pub(crate) fn stop() {
    const GRACE: std::time::Duration = std::time::Duration::from_secs(1);
    slots::stop(GRACE);
    let runtime = OWN.get().and_then(|own| own.lock().take());
    if let Some(runtime) = runtime {
        runtime.shutdown_timeout(GRACE);
    }
}

/// The ID of the current runtime. A connection belongs to its runtime, so connection pools are kept by this ID.
pub(crate) fn current() -> Id {
    Handle::current().id()
}

/// Cancels the work when the future that waits for it is dropped.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs work for an asynchronous caller.
pub(crate) async fn run<T: Send + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    if Handle::try_current().is_ok() {
        return caught(operation, on_current_runtime(work)).await;
    }
    let mut task = AbortOnDrop(own(operation)?.spawn(caught(operation, work)));
    (&mut task.0).await.unwrap_or_else(|_| Err(ScalekitError::internal(operation, "the runtime stopped")))
}

/// Runs work on the library's runtime and passes its result to `done` there, once; `None` if it was cancelled. The
/// work is dropped first, so that a cancelled request is closed when the caller learns of it.
#[cfg(feature = "dispatch")]
pub(crate) fn detach<T: Send + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
    done: impl FnOnce(Option<Result<T>>) + Send + 'static,
) -> Result<tokio::sync::oneshot::Sender<()>> {
    let (cancel, cancelled) = tokio::sync::oneshot::channel();
    own(operation)?.spawn(async move {
        let result = unless_cancelled(caught(operation, work), cancelled).await;
        done(result);
    });
    Ok(cancel)
}

/// Returns the output of `work`, or `None` once a message arrives. A channel that is closed cancels nothing.
#[cfg(feature = "dispatch")]
async fn unless_cancelled<T>(
    work: impl Future<Output = T>,
    cancelled: tokio::sync::oneshot::Receiver<()>,
) -> Option<T> {
    use std::task::Poll;
    let (mut work, mut cancelled) = (std::pin::pin!(work), Some(cancelled));
    std::future::poll_fn(|context| {
        if let Poll::Ready(output) = work.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        let message = cancelled.as_mut().map(|cancelled| std::pin::Pin::new(cancelled).poll(context));
        match message {
            Some(Poll::Ready(Ok(()))) => return Poll::Ready(None),
            Some(Poll::Ready(Err(_))) => cancelled = None,
            Some(Poll::Pending) | None => {}
        }
        Poll::Pending
    })
    .await
}

/// Runs work on the current runtime, after its idle connections were polled. On a single-threaded runtime they were not
/// polled since the last call, and one that the server has closed since would be used.
///
/// A multi-threaded runtime polls them itself, and yielding would wake another thread each time, which costs more than
/// the rest of a call.
async fn on_current_runtime<T>(work: impl Future<Output = T>) -> T {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        poll_connections().await;
    }
    work.await
}

/// Yields twice: the first turn delivers I/O events to the scheduler, the second to the connections.
async fn poll_connections() {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

/// Spawns work that several callers wait for. A single-threaded runtime stops running when its own calls are done, and
/// the work with it: there it runs on the library's runtime. A slot is not parked before the work is done.
#[cfg(not(all(test, shuttle)))]
pub(crate) fn spawn_shared(operation: &str, work: impl Future<Output = ()> + Send + 'static) {
    #[cfg(feature = "blocking")]
    if slots::current().is_some() {
        return slots::spawn(work);
    }
    let current = Handle::current();
    let parks = current.runtime_flavor() == RuntimeFlavor::CurrentThread;
    match parks.then(|| own(operation)) {
        Some(Ok(own)) => own.spawn(work),
        _ => current.spawn(work),
    };
}

/// Under the model checker, which schedules the work and may abort it.
#[cfg(all(test, shuttle))]
pub(crate) use model_checker::spawn_shared;

#[cfg(feature = "ffi")]
thread_local! {
    /// Whether this thread runs a handler of the caller.
    static IS_IN_HANDLER: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs a handler of the caller, in which blocking calls are rejected: they would hang on a thread of the library, and
/// the call that waits for the handler would not end in time.
#[cfg(feature = "ffi")]
pub(crate) fn run_handler(handler: impl FnOnce()) {
    /// Leaves the handler, also when it panics.
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            IS_IN_HANDLER.set(false);
        }
    }
    IS_IN_HANDLER.set(true);
    let _leave = Leave;
    handler();
}

#[cfg(feature = "ffi")]
pub(crate) fn is_in_handler() -> bool {
    IS_IN_HANDLER.get()
}

/// Rejects a blocking call inside a runtime, where it would hang, and inside a handler.
#[cfg(feature = "blocking")]
pub(crate) fn check_outside(operation: &str) -> Result<()> {
    #[cfg(feature = "ffi")]
    if is_in_handler() {
        return Err(ScalekitError::blocking_in_handler(operation));
    }
    if Handle::try_current().is_ok() {
        return Err(ScalekitError::blocking_in_async(operation));
    }
    Ok(())
}

/// Runs work for a blocking caller, on the caller's thread.
#[cfg(feature = "blocking")]
pub(crate) fn wait<T>(operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
    check_outside(operation)?;
    Place::take(operation)?.run(operation, work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::task::{Context, Waker};

    fn poll<T>(future: &mut std::pin::Pin<Box<impl Future<Output = T>>>) -> Option<T> {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        }
    }

    #[test]
    fn async_call_needs_no_reactor_of_the_caller() {
        let (report, reported) = mpsc::channel();
        let work = async move {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            report.send(current()).unwrap();
            Ok(7)
        };
        let mut future = Box::pin(run("things.do", work));
        let mut result = poll(&mut future);
        assert!(reported.recv().is_ok());
        while result.is_none() {
            std::thread::yield_now();
            result = poll(&mut future);
        }
        assert_eq!(result, Some(Ok(7)));
    }

    #[test]
    fn dropping_the_future_cancels_the_call() {
        struct NotifyOnDrop(mpsc::Sender<()>);
        impl Drop for NotifyOnDrop {
            fn drop(&mut self) {
                let _ = self.0.send(());
            }
        }
        let (dropped, was_dropped) = mpsc::channel();
        let (start, started) = mpsc::channel();
        let guard = NotifyOnDrop(dropped);
        let work = async move {
            let _guard = guard;
            start.send(()).unwrap();
            std::future::pending::<Result<()>>().await
        };
        let mut future = Box::pin(run("things.do", work));
        assert!(poll(&mut future).is_none());
        started.recv().unwrap();
        drop(future);
        assert!(was_dropped.recv().is_ok(), "the work was not cancelled");
    }

    #[cfg(feature = "blocking")]
    #[tokio::test]
    async fn blocking_call_inside_a_runtime_is_rejected() {
        let error = wait("things.do", async { Ok(()) }).unwrap_err();
        assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
    }
}
