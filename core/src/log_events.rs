//! The log events of this crate, for the libraries of other languages.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Takes log events.
pub trait Sink: Send + Sync + 'static {
    /// Minimum level. It may change: call `tracing::callsite::rebuild_interest_cache` after that.
    fn level(&self) -> LevelFilter;

    /// Takes an event of this level or above.
    fn accept(&self, event: &Event<'_>);
}

/// Passes the events of this crate to a sink, and ignores events of other crates and spans.
#[derive(Debug)]
pub struct OwnEvents<S>(pub S);

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

/// The text of an event on one line: its message, then the fields as `name=value`.
pub fn text(event: &Event<'_>) -> String {
    let mut line = Line::default();
    event.record(&mut line);
    line.message + &line.fields
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a `String` does not fail.
        let _ = match field.name() {
            "message" => write!(OneLine(&mut self.message), "{value:?}"),
            name => write!(OneLine(&mut self.fields), " {name}={value:?}"),
        };
    }
}

/// Escapes control characters: text of the service must not begin a line that looks like another event.
struct OneLine<'a>(&'a mut String);

impl fmt::Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character.is_control() {
                true => self.0.extend(character.escape_default()),
                false => self.0.push(character),
            }
        }
        Ok(())
    }
}
