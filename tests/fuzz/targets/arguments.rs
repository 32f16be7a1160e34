//! Names and arguments of calls, as the C library passes them.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::arguments(data));
