//! Parsing and validating tokens.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scalekit::fuzz::tokens(data));
