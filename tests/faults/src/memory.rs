//! What a process has in memory, as Linux counts it. Elsewhere nothing is known.

use std::fs;

/// The most that a process has had in use, in kilobytes, since `forget_peak`.
pub fn peak(process: u32) -> Option<u64> {
    status(process, "VmHWM:")
}

/// What a process has in use, in kilobytes.
pub fn used(process: u32) -> Option<u64> {
    status(process, "VmRSS:")
}

/// Makes the system forget the most that a process has had in use. Where it does not, `peak` says too much, never too
/// little.
pub fn forget_peak(process: u32) {
    let _ = fs::write(format!("/proc/{process}/clear_refs"), "5");
}

fn status(process: u32, line: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|text| text.strip_prefix(line))?;
    value.trim().trim_end_matches(" kB").parse().ok()
}
