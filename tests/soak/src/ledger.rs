//! What callers asked for, and what they were told.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use scalekit::ScalekitError;
use serde_json::Value;

/// The header that names the call which a request belongs to.
pub const CALL_HEADER: &str = "x-soak-call";

/// What a caller was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The service answered with an error: nothing was done.
    Refused,
    /// Nothing can have been done, since nothing was sent.
    NotSent,
    /// It may have been done.
    Unknown,
    /// Nothing, since the caller gave up.
    Cancelled,
    /// Something that no weather explains: a defect of the library, or of the soak.
    Defect,
}

impl Outcome {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 6] =
        [Self::Done, Self::Refused, Self::NotSent, Self::Unknown, Self::Cancelled, Self::Defect];

    /// Its name in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Cancelled => "cancelled",
            Self::Defect => "defect",
        }
    }

    /// What an error tells the caller of `operation`.
    #[must_use]
    pub fn of(error: &ScalekitError, operation: &str) -> Self {
        let failure = error.failure();
        match error {
            ScalekitError::Internal { .. }
            | ScalekitError::BlockingInAsync { .. }
            | ScalekitError::InvalidArgument { .. } => Self::Defect,
            ScalekitError::Closed { .. } => Self::NotSent,
            ScalekitError::InvalidToken { .. } | ScalekitError::TokenExpired { .. } => Self::Refused,
            // The token could not be had.
            _ if failure.operation != operation => Self::NotSent,
            ScalekitError::Connection { .. } if failure.retryable => Self::NotSent,
            ScalekitError::Decode { .. } | ScalekitError::Timeout { .. } => Self::Unknown,
            _ if failure.status.is_some() => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

/// What a write makes or deletes, so that it can be looked for afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Makes the thing of this kind and name.
    Makes(&'static str, String),
    /// Deletes it.
    Deletes(&'static str, String),
}

/// One call.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its number in the round.
    pub number: u32,
    /// What was called, such as `organizations.create`.
    pub call: &'static str,
    /// Whether it changes anything.
    pub write: bool,
    /// Whether it fetches page after page, each with a deadline of its own.
    pub pages: bool,
    /// What came of it.
    pub outcome: Outcome,
    /// What the caller was told, where it is to be looked into.
    pub says: Option<String>,
    /// How long it took.
    pub took: Duration,
    /// How long it was allowed to take.
    pub limit: Duration,
    /// What it makes or deletes.
    pub claim: Option<Claim>,
}

/// A request that the emulator has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The round and the number of its call.
    pub call: (u32, u32),
    /// What it was answered with, if it was.
    pub status: Option<u16>,
    /// Whether the operation itself answered.
    pub handled: bool,
}

impl Arrival {
    /// Reads a line of the emulator's log; there is none for requests that are no call's, such as those for tokens.
    #[must_use]
    pub fn read(request: &Value) -> Option<Self> {
        let call = parse_key(request["headers"][CALL_HEADER].as_str()?)?;
        let status = request["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        Some(Self { call, status, handled: request["handled"].as_bool()? })
    }

    /// Whether the operation was carried out.
    #[must_use]
    pub fn did_it(&self) -> bool {
        self.handled && self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the request may be repeated, even if it is a write: it was refused before anything was looked at.
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
    /// Writes a call down.
    pub fn write(&self, entry: Entry) {
        self.lock().push(entry);
    }

    /// Hands over what was written, and begins anew.
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
    fn an_error_tells_whether_anything_can_have_been_done() {
        use ScalekitError::{Closed, Conflict, Connection, Decode, Internal, Timeout};
        let told = |error: &ScalekitError| Outcome::of(error, "users.create");
        let own = |status, retryable| failure("users.create", status, retryable);
        assert_eq!(told(&Conflict { failure: own(Some(409), false) }), Outcome::Refused);
        assert_eq!(told(&Connection { failure: own(None, true) }), Outcome::NotSent);
        assert_eq!(told(&Connection { failure: own(None, false) }), Outcome::Unknown);
        assert_eq!(told(&Timeout { failure: own(None, false) }), Outcome::Unknown);
        assert_eq!(told(&Decode { failure: own(Some(200), false) }), Outcome::Unknown);
        assert_eq!(told(&Closed { failure: own(None, false) }), Outcome::NotSent);
        assert_eq!(told(&Timeout { failure: failure("oauth.token", None, true) }), Outcome::NotSent);
        assert_eq!(told(&Internal { failure: own(None, false) }), Outcome::Defect);
    }

    #[test]
    fn an_arrival_is_read_from_the_log() {
        let line = json!({"headers": {CALL_HEADER: key(3, 70)}, "status": 201, "handled": true});
        let arrival = Arrival::read(&line).unwrap();
        assert_eq!((arrival.call, arrival.did_it(), arrival.may_be_repeated()), ((3, 70), true, false));
        let dropped = json!({"headers": {CALL_HEADER: "3-70"}, "status": null, "handled": false});
        assert!(!Arrival::read(&dropped).unwrap().did_it());
        let limited = json!({"headers": {CALL_HEADER: "3-70"}, "status": 429, "handled": false});
        assert!(Arrival::read(&limited).unwrap().may_be_repeated());
        assert_eq!(Arrival::read(&json!({"headers": {}, "status": 200, "handled": true})), None);
    }
}
