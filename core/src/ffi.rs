//! What only the bindings need.

mod rows;

pub use rows::rows_of;

/// How much to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// What failed for good.
    Error,
    /// And what was tried again.
    Warn,
    /// And what is worth knowing.
    Info,
    /// And every request with its status, time and request id.
    Debug,
    /// And everything else.
    Trace,
}

/// Writes a line to standard error for each event of this level or above, from now on. Lines name operations, statuses
/// and request ids; never credentials, headers or bodies. The first call counts: later ones change nothing and give
/// false.
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

/// Says which language calls, for the `user-agent`. The bindings call it when they are loaded; the first call counts.
#[uniffi::export]
pub fn identify_caller(language: &str, version: &str) {
    crate::wire::identify_caller(language, version);
}

/// Ends the threads of this library and waits until they are gone; the next call starts new ones. The Python package
/// calls it when the interpreter ends: a thread that calls into Python after that would take the process down.
#[uniffi::export]
pub fn stop_threads() {
    crate::runtime::stop();
}
