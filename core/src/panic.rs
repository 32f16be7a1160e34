//! Panics: they become `Internal` errors, and the client stays usable.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use crate::error::{Result, ScalekitError};

/// Polls the work and turns a panic into an error.
pub(crate) async fn caught<T>(operation: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    location::record();
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        // State behind a panic is not reused: the work is dropped, and shared state recovers poisoned locks.
        catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)))
            .unwrap_or_else(|payload| std::task::Poll::Ready(Err(internal(operation, payload.as_ref()))))
    })
    .await
}

/// The same for synchronous work.
pub(crate) fn caught_now<T>(operation: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    location::record();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(internal(operation, payload.as_ref())))
}

fn internal(operation: &str, payload: &(dyn Any + Send)) -> ScalekitError {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic");
    ScalekitError::internal(operation, format_args!("{text}{}", location::last()))
}

/// Only a panic hook sees file and line. In the bindings this library is the whole Rust side of the process and sets one
/// (the previous hook still runs); in a Rust program the hook belongs to the program.
#[cfg(any(feature = "ffi", feature = "dispatch"))]
mod location {
    use std::cell::RefCell;
    use std::sync::Once;

    thread_local! {
        static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    }

    pub(super) fn record() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let previous = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                LAST.with_borrow_mut(|last| {
                    *last = info.location().map(|at| format!(" (at {}:{})", at.file(), at.line()))
                });
                previous(info);
            }));
        });
    }

    pub(super) fn last() -> String {
        LAST.take().unwrap_or_default()
    }
}

#[cfg(not(any(feature = "ffi", feature = "dispatch")))]
mod location {
    pub(super) fn record() {}

    pub(super) fn last() -> &'static str {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unlucky() -> Result<()> {
        panic!("no {}", "luck")
    }

    #[tokio::test]
    async fn panic_in_async_work_becomes_internal() {
        let error = caught("things.do", async { unlucky() }).await.unwrap_err();
        assert!(matches!(error, ScalekitError::Internal { .. }));
        assert!(error.to_string().starts_with("things.do: internal error: no luck"), "{error}");
        #[cfg(any(feature = "ffi", feature = "dispatch"))]
        assert!(error.to_string().contains("core/src/panic.rs:"), "{error}");
    }

    #[test]
    fn panic_in_synchronous_work_becomes_internal() {
        let error = caught_now("things.do", || -> Result<()> { panic!("no luck") }).unwrap_err();
        assert!(error.to_string().starts_with("things.do: internal error: no luck"), "{error}");
        assert_eq!(caught_now("things.do", || Ok(7)), Ok(7));
    }

    #[tokio::test]
    async fn result_passes_through() {
        assert_eq!(caught("things.do", async { Ok(7) }).await, Ok(7));
    }
}
