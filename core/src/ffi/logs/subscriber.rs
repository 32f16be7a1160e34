//! Passes the log events of this crate to a sink.

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Takes log events.
pub(super) trait Sink: Send + Sync + 'static {
    /// Minimum level. It may change: call `tracing::callsite::rebuild_interest_cache` after that.
    fn level(&self) -> LevelFilter;

    /// Takes an event of this level or above.
    fn accept(&self, event: &Event<'_>);
}

/// Passes the events of this crate to a sink, and ignores events of other crates and spans.
pub(super) struct OwnEvents<S>(pub S);

impl<S: Sink> Subscriber for OwnEvents<S> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && is_own(metadata.target()) && *metadata.level() <= self.0.level()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.0.level())
    }

    fn event(&self, event: &Event<'_>) {
        self.0.accept(event);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Whether events of this target are from this crate.
fn is_own(target: &str) -> bool {
    let path = target.strip_prefix("scalekit");
    path.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
