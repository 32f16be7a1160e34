//! Writes log events as lines.

use std::fmt::{self, Debug, Write as _};
use std::io::Write as _;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use tracing::Event;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;

use super::subscriber::Sink;

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
    let mut line = Line { message: String::new(), fields: String::new() };
    event.record(&mut line);
    format!("{time} {:>5} {}: {}{}\n", metadata.level(), metadata.target(), line.message, line.fields)
}

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
