//! The ledger: the calls and the outcomes reported to the callers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use scalekit::ScalekitError;
use serde_json::Value;

/// The header that identifies the call of a request.
pub const CALL_HEADER: &str = "x-soak-call";

/// The outcome that a call reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Success.
    Done,
    /// The service returned an error: nothing was executed.
    Rejected,
    /// Nothing was sent, so nothing was executed.
    NotSent,
    /// The call may have been executed.
    Unknown,
    /// No outcome, because the caller cancelled the call.
    Cancelled,
    /// An error that no fault explains: a defect of the library or of the soak test.
    Defect,
}

impl Outcome {
    /// All outcomes, in the order of the report.
    pub const ALL: [Self; 6] =
        [Self::Done, Self::Rejected, Self::NotSent, Self::Unknown, Self::Cancelled, Self::Defect];

    /// The name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
            Self::Defect => "defect",
        }
    }

    /// The outcome that an error reports for `operation`.
    #[must_use]
    pub fn of(error: &ScalekitError, operation: &str) -> Self {
        let failure = error.failure();
        match error {
            ScalekitError::Internal { .. }
            | ScalekitError::BlockingInAsync { .. }
            | ScalekitError::InvalidArgument { .. } => Self::Defect,
            ScalekitError::Closed { .. } => Self::NotSent,
            ScalekitError::InvalidToken { .. } | ScalekitError::TokenExpired { .. } => Self::Rejected,
            // The token request failed.
            _ if failure.operation != operation => Self::NotSent,
            ScalekitError::Connection { .. } if failure.retryable => Self::NotSent,
            ScalekitError::Decode { .. } | ScalekitError::Timeout { .. } => Self::Unknown,
            _ if failure.status.is_some() => Self::Rejected,
            _ => Self::Unknown,
        }
    }
}

/// The object that a write creates or deletes, so that it can be checked afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Creates the object of this kind and name.
    Creates(&'static str, String),
    /// Deletes the object of this kind and name.
    Deletes(&'static str, String),
}

/// One call.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The number in the round.
    pub number: u32,
    /// The called method, such as `organizations.create`.
    pub call: &'static str,
    /// Whether it is a write.
    pub write: bool,
    /// Whether it fetches several pages, each with its own deadline.
    pub pages: bool,
    /// The outcome.
    pub outcome: Outcome,
    /// The error, if it is a defect.
    pub error: Option<String>,
    /// The duration.
    pub duration: Duration,
    /// The timeout.
    pub timeout: Duration,
    /// The object that it creates or deletes.
    pub effect: Option<Effect>,
}

/// A request that the emulator received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The round and the number of its call.
    pub call: (u32, u32),
    /// The status code of the response, if there was one.
    pub status: Option<u16>,
    /// Whether the operation itself responded, not a fault.
    pub handled: bool,
}

impl ReceivedRequest {
    /// Reads an entry of the emulator's log. Returns `None` for requests without a call, such as token requests.
    #[must_use]
    pub fn read(request: &Value) -> Option<Self> {
        let call = parse_key(request["headers"][CALL_HEADER].as_str()?)?;
        let status = request["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        Some(Self { call, status, handled: request["handled"].as_bool()? })
    }

    /// Whether the operation was executed.
    #[must_use]
    pub fn was_executed(&self) -> bool {
        self.handled && self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the request may be repeated even if it is a write, because it was rejected before it was processed.
    #[must_use]
    pub fn may_be_repeated(&self) -> bool {
        matches!(self.status, Some(401 | 429))
    }
}

/// The value of the header.
#[must_use]
pub fn key(round: u32, number: u32) -> String {
    format!("{round}-{number}")
}

fn parse_key(key: &str) -> Option<(u32, u32)> {
    let (round, number) = key.split_once('-')?;
    Some((round.parse().ok()?, number.parse().ok()?))
}

/// The calls of a round that have ended.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: Mutex<Vec<Entry>>,
}

impl Ledger {
    /// Records a call.
    pub fn record(&self, entry: Entry) {
        self.lock().push(entry);
    }

    /// Takes all entries, and leaves the ledger empty.
    #[must_use]
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scalekit::{Failure, FailureSource};
    use serde_json::json;

    fn failure(operation: &str, status: Option<i32>, retryable: bool) -> Failure {
        Failure {
            summary: "it failed".into(),
            operation: operation.into(),
            status,
            code: None,
            request_id: None,
            retry_after_seconds: None,
            retryable,
            field_violations: Vec::new(),
            source: FailureSource::Client,
        }
    }

    #[test]
    fn errors_map_to_outcomes() {
        use ScalekitError::{Closed, Conflict, Connection, Decode, Internal, Timeout};
        let outcome_of = |error: &ScalekitError| Outcome::of(error, "users.create");
        let own = |status, retryable| failure("users.create", status, retryable);
        assert_eq!(outcome_of(&Conflict { failure: own(Some(409), false) }), Outcome::Rejected);
        assert_eq!(outcome_of(&Connection { failure: own(None, true) }), Outcome::NotSent);
        assert_eq!(outcome_of(&Connection { failure: own(None, false) }), Outcome::Unknown);
        assert_eq!(outcome_of(&Timeout { failure: own(None, false) }), Outcome::Unknown);
        assert_eq!(outcome_of(&Decode { failure: own(Some(200), false) }), Outcome::Unknown);
        assert_eq!(outcome_of(&Closed { failure: own(None, false) }), Outcome::NotSent);
        assert_eq!(outcome_of(&Timeout { failure: failure("oauth.token", None, true) }), Outcome::NotSent);
        assert_eq!(outcome_of(&Internal { failure: own(None, false) }), Outcome::Defect);
    }

    #[test]
    fn received_request_is_read_from_the_log() {
        let line = json!({"headers": {CALL_HEADER: key(3, 70)}, "status": 201, "handled": true});
        let request = ReceivedRequest::read(&line).unwrap();
        assert_eq!((request.call, request.was_executed(), request.may_be_repeated()), ((3, 70), true, false));
        let dropped = json!({"headers": {CALL_HEADER: "3-70"}, "status": null, "handled": false});
        assert!(!ReceivedRequest::read(&dropped).unwrap().was_executed());
        let limited = json!({"headers": {CALL_HEADER: "3-70"}, "status": 429, "handled": false});
        assert!(ReceivedRequest::read(&limited).unwrap().may_be_repeated());
        assert_eq!(ReceivedRequest::read(&json!({"headers": {}, "status": 200, "handled": true})), None);
    }
}
