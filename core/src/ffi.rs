//! Functions and types that only the bindings use.

mod completions;
mod pauses;
mod rows;

pub use completions::{Completions, completion_callback};
pub use pauses::{allow_pauses, call_number_address, drop_paused_call};
pub use rows::rows_of;

/// The minimum level of log events to write. Each level includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// Final failures.
    Error,
    /// Retries.
    Warn,
    /// Notable events.
    Info,
    /// Every request with its status code, duration and request ID.
    Debug,
    /// Everything else.
    Trace,
}

/// Starts logging to standard error: one line for each event of this level or above.
///
/// Lines contain operations, status codes and request IDs; never credentials, headers or bodies. Returns whether this
/// call took effect: only the first call does, and later calls return false.
#[uniffi::export]
pub fn log_to_stderr(level: LogLevel) -> bool {
    let level = match level {
        LogLevel::Error => tracing::Level::ERROR,
        LogLevel::Warn => tracing::Level::WARN,
        LogLevel::Info => tracing::Level::INFO,
        LogLevel::Debug => tracing::Level::DEBUG,
        LogLevel::Trace => tracing::Level::TRACE,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false);
    tracing::subscriber::set_global_default(log.finish()).is_ok()
}

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
