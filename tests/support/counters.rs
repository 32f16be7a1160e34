//! Resource counters of this process, from Linux's `/proc`.

use std::fs;
use std::thread;
use std::time::Instant;

use super::gate::MAX_WAIT;

/// The number of threads.
pub fn threads() -> usize {
    entries("/proc/self/task")
}

/// The number of open file descriptors.
pub fn descriptors() -> usize {
    entries("/proc/self/fd")
}

/// The resident memory, in kilobytes.
pub fn memory() -> usize {
    status("VmRSS:")
}

/// The peak resident memory so far, in kilobytes.
pub fn peak_memory() -> usize {
    status("VmHWM:")
}

fn entries(path: &str) -> usize {
    fs::read_dir(path).unwrap().count()
}

fn status(line: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let value = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
    value.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Polls until a background condition is reached; panics with `message` after `MAX_WAIT`.
pub fn eventually(message: &str, reached: impl Fn() -> bool) {
    let started = Instant::now();
    while !reached() {
        assert!(started.elapsed() < MAX_WAIT, "{message}");
        thread::yield_now();
    }
}
