//! Asynchronous calls.

use std::ffi::{c_char, c_void};

use scalekit_core::Result;
use scalekit_core::dispatch::{Pending, invalid_argument};

use crate::input::{free, handle, json, make, quietly, text};
use crate::{scalekit_client, scalekit_result};

/// Receives the result of an asynchronous call, exactly once, on a thread of the library, possibly before the function
/// that started the call returns. Owns `result` and frees it. It must return soon, must not throw or longjmp, and may
/// start calls but not make blocking ones.
pub type scalekit_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, result: *mut scalekit_result)>;

/// An asynchronous call in progress. Thread-safe. Owned by the caller, who frees it with `scalekit_pending_free`, at any
/// time: freeing it does not cancel the call.
pub struct scalekit_pending(pub(crate) Pending);

/// A callback with its data, for another thread.
pub(crate) struct Callback {
    function: unsafe extern "C" fn(*mut c_void, *mut scalekit_result),
    user_data: *mut c_void,
}

// SAFETY: the caller hands the data to the thread that makes the callback.
unsafe impl Send for Callback {}

impl Callback {
    pub(crate) fn new(function: scalekit_callback, user_data: *mut c_void) -> Result<Self> {
        let function = function.ok_or_else(|| invalid_argument("callback", "must not be NULL"))?;
        Ok(Self { function, user_data })
    }

    /// Passes on a result, or NULL at the end of a list.
    pub(crate) fn call(self, result: Option<scalekit_result>) {
        let result = result.map_or(std::ptr::null_mut(), |result| Box::into_raw(Box::new(result)));
        // SAFETY: the caller keeps the function and its data valid until it is called.
        unsafe { (self.function)(self.user_data, result) }
    }
}

/// Starts a call, whose result is passed to `callback`. `user_data` is passed on unchanged. Otherwise as
/// `scalekit_call`.
///
/// Returns NULL if an argument is invalid: `callback` is not called then, and `*error`, unless `error` is NULL, is a
/// result to free, and NULL otherwise.
///
/// # Safety
///
/// `client` is NULL, or has not been freed; strings are NULL or NUL-terminated; `user_data` is valid until the
/// callback; `error` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_call_async(
    client: *const scalekit_client,
    operation: *const c_char,
    arguments: *const c_char,
    callback: scalekit_callback,
    user_data: *mut c_void,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_pending {
    unsafe {
        make(error, || {
            let client = handle("client", client)?;
            let (operation, arguments) = (text("operation", operation)?, json("arguments", arguments)?);
            let (callback, name) = (Callback::new(callback, user_data)?, operation.to_owned());
            let done = move |result: Option<Result<String>>| {
                let cancelled = || scalekit_result::cancelled(&name);
                callback.call(Some(result.map_or_else(cancelled, scalekit_result::from)));
            };
            client.0.start(operation, arguments, done).map(scalekit_pending)
        })
    }
}

/// Cancels a call: its request is closed, and its callback receives `SCALEKIT_CANCELLED`. A call that has finished is
/// unchanged. Returns at once. NULL is ignored.
///
/// # Safety
///
/// `pending` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_pending_cancel(pending: *const scalekit_pending) {
    quietly(|| {
        if let Some(pending) = unsafe { pending.as_ref() } {
            pending.0.cancel();
        }
    });
}

/// Frees the handle of a call. The call continues. NULL is ignored.
///
/// # Safety
///
/// `pending` is NULL, or has not been freed, and no other thread uses this pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_pending_free(pending: *mut scalekit_pending) {
    unsafe { free(pending) }
}
