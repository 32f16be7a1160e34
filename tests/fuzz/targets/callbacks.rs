//! Callbacks, and what was kept until they come.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::callbacks(data));
