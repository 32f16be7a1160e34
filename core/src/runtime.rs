//! Where work runs.
//!
//! Inside a Tokio runtime an async call runs right there. Anywhere else (another executor, Python's event loop, a
//! coroutine, a plain thread) it runs on a runtime of our own, and the future that the caller holds only waits: it
//! needs no reactor, and dropping it ends the work. A blocking call runs on its caller's own thread, in a slot. Our
//! runtime starts with the first call that needs it, never with a client.

#[cfg(all(test, shuttle))]
pub(crate) mod model_checker;
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
pub(crate) use slots::{MOST as SLOTS, Numbers, here as slot, tidy};

static OWN: PerProcess<Own> = PerProcess::new();

/// Enough to keep one connection busy while another is decoded; the work is waiting, not computing.
const WORKERS: usize = 2;

/// Empty before the first call, and after `stop`.
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

/// Ends the threads of our runtime and waits for them, so that none is left that may call back into a language which
/// is about to end. Calls under way in them fail; the next call starts new threads.
#[cfg(feature = "ffi")]
pub(crate) fn stop() {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);
    slots::stop(PATIENCE);
    let runtime = OWN.get().and_then(|own| own.lock().take());
    if let Some(runtime) = runtime {
        runtime.shutdown_timeout(PATIENCE);
    }
}

/// The runtime that the caller is in. A connection lives and dies with its runtime, so pools are kept by this.
pub(crate) fn current() -> Id {
    Handle::current().id()
}

/// Ends the work when the future that waits for it is dropped.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs async work for an async caller.
pub(crate) async fn run<T: Send + 'static>(
    operation: &'static str,
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    if Handle::try_current().is_ok() {
        return caught(operation, here(work)).await;
    }
    let mut task = AbortOnDrop(own(operation)?.spawn(caught(operation, work)));
    (&mut task.0).await.unwrap_or_else(|_| Err(ScalekitError::internal(operation, "the runtime stopped")))
}

/// On a single-threaded runtime nobody has polled the idle connections since the last call, so one that the server
/// closed meanwhile would be taken for a live one.
///
/// A runtime with several threads is never parked as a whole, and there each turn would wake another thread to look for
/// work: that costs more than all else that we do for a call.
async fn here<T>(work: impl Future<Output = T>) -> T {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        turns().await;
    }
    work.await
}

/// Two turns of the scheduler: in the first it hears what happened, in the second the connections do.
async fn turns() {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
}

/// Starts work that others wait for too. A single-threaded runtime is parked when its own calls are done, perhaps for
/// good, and the work with it: there it runs on our own runtime. A slot is not parked before the work is done.
#[cfg(not(all(test, shuttle)))]
pub(crate) fn spawn_shared(operation: &str, work: impl Future<Output = ()> + Send + 'static) {
    #[cfg(feature = "blocking")]
    if slots::here().is_some() {
        return slots::begin(work);
    }
    let here = Handle::current();
    let parks = here.runtime_flavor() == RuntimeFlavor::CurrentThread;
    match parks.then(|| own(operation)) {
        Some(Ok(own)) => own.spawn(work),
        _ => here.spawn(work),
    };
}

/// Under the model checker, which schedules the work and may abort it.
#[cfg(all(test, shuttle))]
pub(crate) use model_checker::spawn_shared;

/// Refuses a blocking call inside a runtime, where it would hang.
#[cfg(feature = "blocking")]
pub(crate) fn check_outside(operation: &str) -> Result<()> {
    if Handle::try_current().is_ok() {
        return Err(ScalekitError::blocking_in_async(operation));
    }
    Ok(())
}

/// Runs async work for a blocking caller, on the caller's thread.
#[cfg(feature = "blocking")]
pub(crate) fn wait<T>(operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
    check_outside(operation)?;
    let mut result = None;
    {
        let work = std::pin::pin!(async {
            let done = caught(operation, work).await;
            result.insert(done).is_ok()
        });
        block_on(operation, work)?;
    }
    result.unwrap_or_else(|| Err(ScalekitError::internal(operation, "the runtime stopped")))
}

/// Of one type for all calls, so that the library has it once.
#[cfg(feature = "blocking")]
fn block_on(operation: &str, mut work: std::pin::Pin<&mut (dyn Future<Output = bool> + '_)>) -> Result<()> {
    if !slots::run(work.as_mut()) {
        own(operation)?.block_on(work);
    }
    Ok(())
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
    fn async_work_needs_no_reactor_of_the_caller() {
        let (tell, told) = mpsc::channel();
        let work = async move {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            tell.send(current()).unwrap();
            Ok(7)
        };
        let mut future = Box::pin(run("things.do", work));
        let mut result = poll(&mut future);
        assert!(told.recv().is_ok());
        while result.is_none() {
            std::thread::yield_now();
            result = poll(&mut future);
        }
        assert_eq!(result, Some(Ok(7)));
    }

    #[test]
    fn dropping_the_future_ends_the_work() {
        struct Tell(mpsc::Sender<()>);
        impl Drop for Tell {
            fn drop(&mut self) {
                let _ = self.0.send(());
            }
        }
        let (tell, told) = mpsc::channel();
        let (begin, begun) = mpsc::channel();
        let guard = Tell(tell);
        let work = async move {
            let _guard = guard;
            begin.send(()).unwrap();
            std::future::pending::<Result<()>>().await
        };
        let mut future = Box::pin(run("things.do", work));
        assert!(poll(&mut future).is_none());
        begun.recv().unwrap();
        drop(future);
        assert!(told.recv().is_ok(), "the work goes on");
    }

    #[cfg(feature = "blocking")]
    #[tokio::test]
    async fn a_blocking_call_in_a_runtime_is_refused() {
        let error = wait("things.do", async { Ok(()) }).unwrap_err();
        assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
    }
}
