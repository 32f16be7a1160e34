//! Captures printed and logged text, so that a test can search it for secrets.

use std::fmt::{Debug, Display};
use std::sync::{Mutex, PoisonError};

/// All captured text.
static CAPTURED: Mutex<String> = Mutex::new(String::new());

/// Captures a text.
pub fn record(text: impl Display) {
    let mut captured = CAPTURED.lock().unwrap_or_else(PoisonError::into_inner);
    *captured += &format!("{text}\n");
}

/// Captures both debug formats of a value.
pub fn print(value: &(impl Debug + ?Sized)) {
    record(format_args!("{value:?}\n{value:#?}"));
}

/// Captures every format of an error, its failure and its source chain.
pub fn print_error<T: Debug>(result: Result<T, scalekit::ScalekitError>) {
    let error = result.unwrap_err();
    print(&error);
    print(error.failure());
    record(&error);
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        record(format_args!("{inner} {inner:?}"));
        source = inner.source();
    }
}

/// Captures all `tracing` spans and events.
struct Tracing;

struct Fields;

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
        record(format_args!("{field}={value:?}"));
    }
}

impl tracing::Subscriber for Tracing {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut Fields);
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut Fields);
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        record(format_args!("traced by {}", event.metadata().target()));
        event.record(&mut Fields);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Captures all `log` records.
struct Logging;

impl log::Log for Logging {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, entry: &log::Record<'_>) {
        record(format_args!("logged by {}: {}", entry.target(), entry.args()));
    }
    fn flush(&self) {}
}

/// Asserts that no captured line contains one of these secrets.
pub fn assert_not_captured(secrets: &[&str]) {
    let captured = CAPTURED.lock().unwrap_or_else(PoisonError::into_inner);
    for secret in secrets {
        let found = captured.lines().find(|line| line.contains(secret));
        assert!(found.is_none(), "{secret} was printed or logged: {}", found.unwrap_or_default());
    }
}

/// Asserts that a text was captured, which also proves that capturing works.
pub fn assert_captured(text: &str) {
    assert!(
        CAPTURED.lock().unwrap_or_else(PoisonError::into_inner).contains(text),
        "{text} was not captured"
    );
}

/// Installs the capturing subscriber and logger for this process.
pub fn capture_logs() {
    tracing::subscriber::set_global_default(Tracing).unwrap();
    log::set_logger(&Logging).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
}
