//! What this process holds, as Linux counts it.

use std::fs;
use std::thread;
use std::time::Instant;

use super::gate::PATIENCE;

/// The threads of this process.
pub fn threads() -> usize {
    entries("/proc/self/task")
}

/// The open descriptors of this process.
pub fn descriptors() -> usize {
    entries("/proc/self/fd")
}

/// The memory that this process has in use, in kilobytes.
pub fn memory() -> usize {
    status("VmRSS:")
}

/// The most memory that this process has had in use so far, in kilobytes.
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

/// Waits for something that happens in the background without telling anybody.
pub fn eventually(what: &str, reached: impl Fn() -> bool) {
    let began = Instant::now();
    while !reached() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::yield_now();
    }
}
