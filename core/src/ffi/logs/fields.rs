//! The fields of a log event.

use std::fmt::{Debug, Write};

use tracing::Level;
use tracing::field::{Field, Visit};

use super::LogEvent;

#[derive(Default)]
pub(super) struct Fields {
    message: String,
    /// Fields that a `LogEvent` does not have, as text.
    others: String,
    operation: Option<String>,
    status: Option<i32>,
    request_id: Option<String>,
    duration_seconds: Option<f64>,
}

impl Fields {
    pub(super) fn into_event(self, level: Level) -> LogEvent {
        LogEvent {
            level: level.into(),
            message: self.message + &self.others,
            operation: self.operation,
            status: self.status,
            request_id: self.request_id,
            duration_seconds: self.duration_seconds,
            dropped: 0,
        }
    }

    fn other(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a `String` does not fail.
        let _ = write!(self.others, " {}={value:?}", field.name());
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "operation" => self.operation = Some(value.to_owned()),
            "request_id" => self.request_id = Some(value.to_owned()),
            "message" => value.clone_into(&mut self.message),
            _ => self.other(field, &format_args!("{value}")),
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        match field.name() {
            "duration_seconds" => self.duration_seconds = Some(value),
            _ => self.other(field, &value),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        match (field.name(), i32::try_from(value)) {
            ("status", Ok(status)) => self.status = Some(status),
            _ => self.other(field, &value),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.record_i64(field, value),
            Err(_) => self.other(field, &value),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            _ => self.other(field, value),
        }
    }
}
