//! Verifying webhooks and interceptors, and reading events.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::webhooks(data));
