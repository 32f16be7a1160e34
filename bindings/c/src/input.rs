//! What C passes: strings, bytes and handles, and the results that it gets.

use std::any::Any;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;

use scalekit_core::dispatch::{internal_error, invalid_argument};
use scalekit_core::{Result, ScalekitError};

use crate::scalekit_result;

/// Reads a NUL-terminated string.
///
/// # Safety
///
/// `text` is NULL or NUL-terminated, and valid while the result is used.
pub(crate) unsafe fn text<'a>(name: &str, text: *const c_char) -> Result<&'a str> {
    unsafe { optional_text(name, text) }?.ok_or_else(|| invalid_argument(name, "must not be NULL"))
}

/// Reads a NUL-terminated string that may be NULL.
///
/// # Safety
///
/// As `text`.
pub(crate) unsafe fn optional_text<'a>(name: &str, text: *const c_char) -> Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    let bytes = unsafe { CStr::from_ptr(text) };
    bytes.to_str().map(Some).map_err(|_| invalid_argument(name, "must be UTF-8"))
}

/// Reads a JSON object that may be NULL, which is an empty one.
///
/// # Safety
///
/// As `text`.
pub(crate) unsafe fn json<'a>(name: &str, json: *const c_char) -> Result<&'a str> {
    Ok(unsafe { optional_text(name, json) }?.unwrap_or("{}"))
}

/// Reads bytes. NULL is accepted if there are none.
///
/// # Safety
///
/// `bytes` is NULL, or valid for `length` bytes while the result is used.
pub(crate) unsafe fn bytes<'a>(name: &str, bytes: *const u8, length: usize) -> Result<&'a [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    if bytes.is_null() {
        return Err(invalid_argument(name, "must not be NULL"));
    }
    if isize::try_from(length).is_err() {
        return Err(invalid_argument(name, "is longer than an object can be"));
    }
    Ok(unsafe { std::slice::from_raw_parts(bytes, length) })
}

/// Reads a handle.
///
/// # Safety
///
/// `handle` is NULL, or was returned by this library and has not been freed.
pub(crate) unsafe fn handle<'a, T>(name: &str, handle: *const T) -> Result<&'a T> {
    unsafe { handle.as_ref() }.ok_or_else(|| invalid_argument(name, "must not be NULL"))
}

/// Makes a result; a panic becomes `Internal`.
pub(crate) fn result(work: impl FnOnce() -> Result<String>) -> *mut scalekit_result {
    Box::into_raw(Box::new(scalekit_result::from(caught(work))))
}

/// Makes a handle, or NULL and the error, if the caller wants it.
///
/// # Safety
///
/// `error` is NULL or can be written.
pub(crate) unsafe fn make<T>(error: *mut *mut scalekit_result, work: impl FnOnce() -> Result<T>) -> *mut T {
    let (made, failure) = match caught(work) {
        Ok(value) => (Box::into_raw(Box::new(value)), None),
        Err(failure) => (null_mut(), Some(failure)),
    };
    if !error.is_null() {
        let failure = failure.map(|failure| Box::into_raw(Box::new(scalekit_result::from(Err(failure)))));
        unsafe { *error = failure.unwrap_or(null_mut()) };
    }
    made
}

/// Frees a handle. NULL is ignored.
///
/// # Safety
///
/// `handle` is NULL, or was returned by this library and has not been freed.
pub(crate) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        let handle = unsafe { Box::from_raw(handle) };
        quietly(|| drop(handle));
    }
}

/// Runs something that has no result. A panic must not reach C.
pub(crate) fn quietly(work: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(work));
}

fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
}

fn panicked(panic: &(dyn Any + Send)) -> ScalekitError {
    let text = panic.downcast_ref::<&str>().copied();
    internal_error(
        "scalekit",
        text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic"),
    )
}
