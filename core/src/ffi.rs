//! Functions and types that only the bindings use.

mod completions;
mod events;
mod logs;
mod pauses;
mod rows;

pub use completions::{Completions, completion_callback};
pub use events::webhook_event_rows;
pub use logs::{
    LogEvent, LogHandler, LogLevel, clear_log_handler, log_counter_address, log_to_stderr, set_log_handler,
    set_log_level, take_log_events,
};
pub use pauses::{allow_pauses, call_number_address, drop_paused_call};
pub use rows::rows_of;

/// Sets the language and its version in the `user-agent` header. The bindings call this when they are loaded; only the
/// first call takes effect.
#[uniffi::export]
pub fn identify_caller(language: &str, version: &str) {
    crate::wire::identify_caller(language, version);
}

/// Stops the threads of this library and waits until they have ended. The next call starts new ones.
///
/// The Python package calls this when the interpreter shuts down: a thread that called into Python after that would
/// crash the process.
#[uniffi::export]
pub fn stop_threads() {
    crate::work::pauses::drop_all();
    crate::runtime::stop();
}
