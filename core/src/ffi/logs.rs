//! Log events: written to standard error, collected for the Python package, or passed to a handler of the Swift package.

mod collector;
mod fields;
mod handler;
mod lines;

use tracing::Level;
use tracing::level_filters::LevelFilter;

use crate::log_events::{OwnEvents, Sink};
use collector::Events;
pub use handler::{LogHandler, clear_log_handler, set_log_handler};
use lines::Lines;

static EVENTS: Events = Events::new();

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

impl From<LogLevel> for Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::ERROR => Self::Error,
            Level::WARN => Self::Warn,
            Level::INFO => Self::Info,
            Level::DEBUG => Self::Debug,
            Level::TRACE => Self::Trace,
        }
    }
}

/// Starts logging to standard error: one line for each event of this level or above.
///
/// Lines contain operations, status codes and request IDs; never credentials, headers or bodies. Events of other
/// libraries are not written. Returns whether this call took effect: only the first call does, and later calls return
/// false.
#[uniffi::export]
pub fn log_to_stderr(level: LogLevel) -> bool {
    let level = LevelFilter::from_level(level.into());
    tracing::subscriber::set_global_default(OwnEvents(Lines(level))).is_ok()
}

/// A log event. For the Python and the Swift package.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct LogEvent {
    /// Level.
    pub level: LogLevel,
    /// Message, followed by the fields without a name below, as `name=value`. Never contains credentials, headers or
    /// bodies.
    pub message: String,
    /// Operation, such as `organizations.get`.
    pub operation: Option<String>,
    /// HTTP status code.
    pub status: Option<i32>,
    /// Request ID.
    pub request_id: Option<String>,
    /// Duration of the request, in seconds.
    pub duration_seconds: Option<f64>,
    /// Number of collected events that were dropped just before this one, because more than 1,024 were waiting.
    pub dropped: i64,
}

/// Starts to collect log events of this level or above, or none. Returns false if the process logs elsewhere already,
/// such as to standard error. Once it collects events, it cannot log elsewhere. For the Python package.
#[uniffi::export]
pub fn set_log_level(level: Option<LogLevel>) -> bool {
    let installed = install(&EVENTS);
    if installed {
        EVENTS.set_level(level.map(Level::from));
    }
    installed
}

/// Passes the events of the process to a sink, of which there is one of each type. Returns false if the process logs
/// elsewhere already.
fn install<S: Sink>(sink: S) -> bool {
    let is_installed = tracing::dispatcher::get_default(|dispatch| dispatch.is::<OwnEvents<S>>());
    is_installed || tracing::subscriber::set_global_default(OwnEvents(sink)).is_ok()
}

/// Returns the address of a `u64`: the number of events that were collected so far. For the Python package.
#[uniffi::export]
pub fn log_counter_address() -> u64 {
    EVENTS.collected.as_ptr().expose_provenance() as u64
}

/// Returns the collected events of this process, and removes them. For the Python package.
#[uniffi::export]
pub fn take_log_events() -> Vec<LogEvent> {
    EVENTS.take()
}

#[cfg(test)]
mod tests;
