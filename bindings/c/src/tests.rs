//! Panics do not reach C.

use std::ffi::CStr;
use std::panic::panic_any;
use std::ptr::null_mut;

use crate::input::{make, quietly, result};
use crate::scalekit_kind::{SCALEKIT_INTERNAL, SCALEKIT_OK};
use crate::{scalekit_result, scalekit_result_free, scalekit_result_kind, scalekit_result_summary};

/// Checks that a result is `Internal` with this text in its summary, and frees it.
fn assert_internal(result: *mut scalekit_result, text: &str) {
    assert!(!result.is_null());
    // SAFETY: the result was just returned, and is freed once.
    unsafe {
        assert_eq!(scalekit_result_kind(result), SCALEKIT_INTERNAL);
        let summary = CStr::from_ptr(scalekit_result_summary(result, null_mut())).to_str().unwrap();
        assert!(summary.contains(text), "{summary}");
        scalekit_result_free(result);
    }
}

#[test]
fn panic_in_a_call_becomes_an_internal_error() {
    assert_internal(result(|| panic!("a literal")), "a literal");
    assert_internal(result(|| panic!("formatted: {}", 7)), "formatted: 7");
    assert_internal(result(|| panic_any(7)), "panic");
}

#[test]
fn panic_in_a_constructor_returns_null_and_an_internal_error() {
    let mut error = null_mut();
    // SAFETY: `error` can be written.
    let handle = unsafe { make::<u8>(&mut error, || panic!("no handle")) };
    assert!(handle.is_null());
    assert_internal(error, "no handle");
    // SAFETY: the error may be NULL.
    assert!(unsafe { make::<u8>(null_mut(), || panic!("no handle")) }.is_null());
}

#[test]
fn panic_in_a_function_without_a_result_is_caught() {
    let mut is_called = false;
    quietly(|| {
        is_called = true;
        panic!("caught");
    });
    assert!(is_called);
}

#[test]
fn success_is_no_error() {
    let made = result(|| Ok("{}".to_owned()));
    // SAFETY: the result was just returned, and is freed once.
    unsafe {
        assert_eq!(scalekit_result_kind(made), SCALEKIT_OK);
        scalekit_result_free(made);
    }
    let mut error = std::ptr::dangling_mut();
    // SAFETY: `error` can be written. The handle was made by `Box`.
    let handle = unsafe { Box::from_raw(make(&mut error, || Ok(7_u8))) };
    assert_eq!(*handle, 7);
    assert!(error.is_null(), "the error of a success is NULL");
}
