//! Takes down whatever is printed or logged, so that a test can look for what must not be there.

use std::fmt::{Debug, Display};
use std::sync::{Mutex, PoisonError};

/// Everything that was logged or printed.
static SEEN: Mutex<String> = Mutex::new(String::new());

/// Takes a text down.
pub fn note(text: impl Display) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    *seen += &format!("{text}\n");
}

/// Prints a value as a program could.
pub fn print(value: &(impl Debug + ?Sized)) {
    note(format_args!("{value:?}\n{value:#?}"));
}

/// Prints an error in every way there is.
pub fn print_error<T: Debug>(result: Result<T, scalekit::ScalekitError>) {
    let error = result.unwrap_err();
    print(&error);
    print(error.failure());
    note(&error);
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        note(format_args!("{inner} {inner:?}"));
        source = inner.source();
    }
}

/// Takes down everything that goes through `tracing`.
struct Tracing;

struct Fields;

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
        note(format_args!("{field}={value:?}"));
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
        note(format_args!("traced by {}", event.metadata().target()));
        event.record(&mut Fields);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Takes down everything that goes through `log`.
struct Logging;

impl log::Log for Logging {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        note(format_args!("logged by {}: {}", record.target(), record.args()));
    }
    fn flush(&self) {}
}

/// Fails if one of these was taken down.
pub fn assert_silent(planted: &[&str]) {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for secret in planted {
        let found = seen.lines().find(|line| line.contains(secret));
        assert!(found.is_none(), "{secret} came out: {}", found.unwrap_or_default());
    }
}

/// Fails unless this was taken down: or else nobody listened.
pub fn assert_seen(text: &str) {
    assert!(SEEN.lock().unwrap_or_else(PoisonError::into_inner).contains(text), "nobody said {text}");
}

/// Listens to everything that this process logs.
pub fn listen() {
    tracing::subscriber::set_global_default(Tracing).unwrap();
    log::set_logger(&Logging).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
}
