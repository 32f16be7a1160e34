//! Pagers.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;

use scalekit_core::Result;
use scalekit_core::dispatch::{Pager, invalid_argument};

use crate::input::{free, handle, json, make, result, text};
use crate::pending::Callback;
use crate::{scalekit_callback, scalekit_client, scalekit_pending, scalekit_result};

/// A pager over a list. Thread-safe: one request at a time is made. Owned by the caller, who frees it with
/// `scalekit_pager_free`. A forked child cannot use the pagers of its parent.
pub struct scalekit_pager {
    pager: Pager,
    name: String,
    process: u32,
}

/// # Safety
///
/// As `handle`.
unsafe fn usable<'a>(pager: *const scalekit_pager) -> Result<&'a scalekit_pager> {
    let pager = unsafe { handle("pager", pager) }?;
    if pager.process == std::process::id() {
        return Ok(pager);
    }
    Err(invalid_argument("pager", "was created before the process was forked"))
}

/// Creates a pager over a whole list. Sends nothing.
///
/// `operation` is the name of a list with `_all`, such as "organizations.list_all" or "users.search_all". `arguments`
/// are those of the list, such as {"params": {"page_size": 50}}, or NULL. Errors as for `scalekit_client_new`.
///
/// # Safety
///
/// `client` is NULL, or has not been freed; strings are NULL or NUL-terminated; `error` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_pager_new(
    client: *const scalekit_client,
    operation: *const c_char,
    arguments: *const c_char,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_pager {
    unsafe {
        make(error, || {
            let client = handle("client", client)?;
            let (name, arguments) = (text("operation", operation)?, json("arguments", arguments)?);
            let pager = client.0.pager(name, arguments)?;
            Ok(scalekit_pager { pager, name: name.to_owned(), process: std::process::id() })
        })
    }
}

/// Requests the next page and blocks. Returns a result, whose JSON is the array of the page's items, or NULL at the end
/// of the list. An empty page is not the end. After an error, the same page is requested again. The caller frees the
/// result.
///
/// # Safety
///
/// `pager` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_pager_next(pager: *const scalekit_pager) -> *mut scalekit_result {
    let mut is_end = false;
    let page = result(|| {
        let page = unsafe { usable(pager) }?.pager.next()?;
        is_end = page.is_none();
        Ok(page.unwrap_or_default())
    });
    if !is_end {
        return page;
    }
    unsafe { free(page) };
    null_mut()
}

/// Starts to request the next page, which is passed to `callback`; NULL at the end of the list. Returns and errors as
/// `scalekit_call_async`.
///
/// # Safety
///
/// `pager` is NULL, or has not been freed; `user_data` is valid until the callback; `error` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_pager_next_async(
    pager: *const scalekit_pager,
    callback: scalekit_callback,
    user_data: *mut c_void,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_pending {
    unsafe {
        make(error, || {
            let pager = usable(pager)?;
            let (callback, name) = (Callback::new(callback, user_data)?, pager.name.clone());
            let done = move |page: Option<Result<Option<String>>>| {
                callback.call(match page {
                    None => Some(scalekit_result::cancelled(&name)),
                    Some(page) => page.transpose().map(scalekit_result::from),
                });
            };
            pager.pager.start_next(done).map(scalekit_pending)
        })
    }
}

/// Frees a pager. A request in progress continues. NULL is ignored.
///
/// # Safety
///
/// `pager` is NULL, or has not been freed, and no other thread uses this pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_pager_free(pager: *mut scalekit_pager) {
    unsafe { free(pager) }
}
