//! Writes log events as lines.

use std::io::Write;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use tracing::Event;
use tracing::level_filters::LevelFilter;

use crate::log_events::{Sink, text};

/// Writes each event to standard error, as one line.
pub(super) struct Lines(pub LevelFilter);

impl Sink for Lines {
    fn level(&self) -> LevelFilter {
        self.0
    }

    fn accept(&self, event: &Event<'_>) {
        // One write, so that lines of several threads do not mix. A log that cannot be written is not worth a failure.
        let _ = std::io::stderr().write_all(line(event, SystemTime::now()).as_bytes());
    }
}

/// Formats an event: time, level, module, message, and its other fields as `name=value`.
pub(super) fn line(event: &Event<'_>, now: SystemTime) -> String {
    let time = DateTime::<Utc>::from(now).to_rfc3339_opts(SecondsFormat::Micros, true);
    let metadata = event.metadata();
    format!("{time} {:>5} {}: {}\n", metadata.level(), metadata.target(), text(event))
}
