//! Authorization URLs, logout URLs and paths.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::urls(data));
