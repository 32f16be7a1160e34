//! Pauses of blocking calls, for the Python package.
//!
//! Python runs signal handlers on its main thread, between two instructions. A call of this library is one instruction,
//! so Ctrl-C would have no effect until it returns.

use crate::work::pauses;

/// Sets whether blocking calls on this thread are paused. Default: false. For the Python package.
///
/// A call that has not finished after 50 ms is paused: it fails with `Internal` and `failure.code` `paused`. The caller
/// then runs its signal handlers and makes the same call with the same arguments again, which continues the paused call
/// (for 50 ms at most). The timeout of the paused call remains. If the caller does not want to continue, it calls
/// `drop_paused_call`.
#[uniffi::export]
pub fn allow_pauses(allowed: bool) {
    pauses::allow(allowed);
}

/// Cancels the paused call of this thread, if there is one, and closes the connection of its request. For the Python
/// package.
///
/// Called after each call that was paused, whichever way it ended: it may have been answered without being continued.
#[uniffi::export]
pub fn drop_paused_call() {
    pauses::drop_paused();
}

/// Returns the address of a `u64`: the number of the call that this thread makes, 0 at first. The address is valid while
/// the thread exists. For the Python package.
///
/// A paused call is only continued under its number, and dropped when a call with a lower one is made. So a signal
/// handler can make calls if the caller gives each call a greater number, and restores the previous one afterwards.
#[uniffi::export]
pub fn call_number_address() -> u64 {
    pauses::number_address()
}
