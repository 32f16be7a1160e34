//! The memory of a process, from Linux's `/proc`. Returns `None` on other systems.

use std::fs;

/// The peak resident memory in kilobytes since `reset_peak`.
pub fn peak(process: u32) -> Option<u64> {
    status(process, "VmHWM:")
}

/// The resident memory in kilobytes.
pub fn used(process: u32) -> Option<u64> {
    status(process, "VmRSS:")
}

/// Resets the peak. Where that fails, `peak` may be too high, but never too low.
pub fn reset_peak(process: u32) {
    let _ = fs::write(format!("/proc/{process}/clear_refs"), "5");
}

fn status(process: u32, line: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|text| text.strip_prefix(line))?;
    value.trim().trim_end_matches(" kB").parse().ok()
}
