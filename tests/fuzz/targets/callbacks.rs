//! Login callbacks, and stored login transactions and sessions.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::callbacks(data));
