//! Another library in Rust, to link beside ours. It panics and catches, so that it needs Rust's runtime.

/// Returns 7 after a panic was caught.
#[unsafe(no_mangle)]
pub extern "C" fn second_library() -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    std::panic::catch_unwind(|| std::panic::panic_any(7))
        .map_or_else(|n| *n.downcast::<i32>().unwrap_or_default(), |_: ()| 0)
}
