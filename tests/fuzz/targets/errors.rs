//! The bodies of errors.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::errors(data));
