//! Clients and their calls.

use std::ffi::c_char;

use scalekit_core::dispatch::{Client, request_arguments};

use crate::input::{free, handle, json, make, optional_text, quietly, result, text};
use crate::scalekit_result;

/// A client for one environment. Thread-safe and fork-safe: create one for the lifetime of the program. Owned by the
/// caller, who frees it with `scalekit_client_free`.
pub struct scalekit_client(pub(crate) Client);

/// Creates a client with a secret, for servers. Starts no thread and sends nothing.
///
/// `environment_url` is the environment's origin, such as "https://example.scalekit.com". `options` is a JSON object of
/// client options, such as {"timeout_seconds": 5}, or NULL. The strings are copied.
///
/// Returns NULL if an argument is invalid; `*error`, unless `error` is NULL, is then a result to free, and NULL
/// otherwise.
///
/// # Safety
///
/// Strings are NULL or NUL-terminated; `error` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_client_new(
    environment_url: *const c_char,
    client_id: *const c_char,
    client_secret: *const c_char,
    options: *const c_char,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_client {
    unsafe {
        make(error, || {
            let secret = text("client_secret", client_secret)?;
            let (url, id) = (text("environment_url", environment_url)?, text("client_id", client_id)?);
            Client::new(url, id, Some(secret), json("options", options)?).map(scalekit_client)
        })
    }
}

/// Creates a client without a secret, for programs that cannot keep one and servers that only validate tokens. It can
/// only make the calls of `login`, `tokens` and `machine_tokens`. Otherwise as `scalekit_client_new`.
///
/// # Safety
///
/// As `scalekit_client_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_client_new_public(
    environment_url: *const c_char,
    client_id: *const c_char,
    options: *const c_char,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_client {
    unsafe {
        make(error, || {
            let (url, id) = (text("environment_url", environment_url)?, text("client_id", client_id)?);
            Client::new(url, id, None, json("options", options)?).map(scalekit_client)
        })
    }
}

/// Creates a client from the environment variables `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and
/// `SCALEKIT_CLIENT_SECRET`. Reads them with getenv: no other thread may change the environment meanwhile. Otherwise as
/// `scalekit_client_new`.
///
/// # Safety
///
/// As `scalekit_client_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_client_from_env(
    options: *const c_char,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_client {
    unsafe { make(error, || Client::from_env(json("options", options)?).map(scalekit_client)) }
}

/// Returns a copy of a client with other timeouts, retries or headers: a JSON object such as {"timeout_seconds": 60}.
/// It shares everything else with `client` and is freed like it, in any order. Errors as for `scalekit_client_new`.
///
/// # Safety
///
/// `client` is NULL, or has not been freed; otherwise as `scalekit_client_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_client_with_options(
    client: *const scalekit_client,
    options: *const c_char,
    error: *mut *mut scalekit_result,
) -> *mut scalekit_client {
    unsafe {
        make(error, || {
            handle("client", client)?.0.with_options(json("options", options)?).map(scalekit_client)
        })
    }
}

/// Closes a client and its copies: idle connections are closed and the access token is dropped. Calls in progress
/// complete; later calls fail with `SCALEKIT_CLOSED`, and so do asynchronous calls that a thread of the library has not
/// begun yet. Optional. NULL is ignored.
///
/// # Safety
///
/// `client` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_client_close(client: *const scalekit_client) {
    quietly(|| {
        if let Some(client) = unsafe { client.as_ref() } {
            client.0.close();
        }
    });
}

/// Frees a client. Calls and pagers that it started keep what they need. NULL is ignored.
///
/// # Safety
///
/// `client` is NULL, or has not been freed, and no other thread uses this pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_client_free(client: *mut scalekit_client) {
    unsafe { free(client) }
}

/// Makes a call and blocks until it succeeds, fails or times out.
///
/// `operation` is its name, such as "organizations.create". `arguments` is a JSON object of its arguments by name, such
/// as {"organization": {"display_name": "Acme"}}, or NULL if it has none. Unknown names are errors. Never returns NULL;
/// the caller frees the result.
///
/// Must not be called inside a callback of this library: fails with `SCALEKIT_BLOCKING_IN_CALLBACK` there.
///
/// # Safety
///
/// `client` is NULL, or has not been freed; strings are NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_call(
    client: *const scalekit_client,
    operation: *const c_char,
    arguments: *const c_char,
) -> *mut scalekit_result {
    result(|| unsafe {
        let client = handle("client", client)?;
        client.0.call(text("operation", operation)?, json("arguments", arguments)?)
    })
}

/// Calls any path of the service, for operations that this version does not support, and blocks.
///
/// `method` is "GET", "POST", "PUT", "PATCH" or "DELETE". `path` starts with a slash and is percent-encoded. `query` is
/// a JSON object of lists of strings, such as {"page_size": ["10"]}, and `body` is JSON; both may be NULL. The JSON of
/// the result is an object of `status`, `request_id`, `headers` and `body`. Never returns NULL; the caller frees the
/// result.
///
/// # Safety
///
/// As `scalekit_call`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_request(
    client: *const scalekit_client,
    method: *const c_char,
    path: *const c_char,
    query: *const c_char,
    body: *const c_char,
) -> *mut scalekit_result {
    result(|| unsafe {
        let client = handle("client", client)?;
        let (method, path) = (text("method", method)?, text("path", path)?);
        let (query, body) = (optional_text("query", query)?, optional_text("body", body)?);
        client.0.call("client.request", &request_arguments(method, path, query, body)?)
    })
}

/// Returns the operations that this version supports, as a JSON array of objects with `id`, `method` and `path`. Never
/// returns NULL; the caller frees the result.
#[unsafe(no_mangle)]
pub extern "C" fn scalekit_operations() -> *mut scalekit_result {
    result(scalekit_core::dispatch::operations_json)
}
