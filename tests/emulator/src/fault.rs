//! Things that go wrong on request.

use std::collections::BTreeMap;

use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ControlError;

/// Stands for every operation.
const ANY: &str = "*";

/// One fault: what goes wrong, in which operation, and how often.
///
/// ```
/// use scalekit_emulator::Fault;
///
/// let fault = Fault::status("organizations.get", 429).header("retry-after", "1").count(2).after(1);
/// # let _ = fault;
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// An operation id such as `organizations.get`, `oauth.token`, `oauth.keys`, `oauth.discovery`, or `*` for any.
    pub operation: String,
    /// How many more requests it hits.
    pub count: u32,
    /// How many requests of the operation it still lets pass first.
    pub after: u32,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FaultKind {
    /// Answers with this status, in the service's error shape unless a body is given, without handling the request.
    Status {
        /// The HTTP status.
        status: u16,
        /// The service's error code, when the usual one of the status is not wanted.
        #[serde(default)]
        error_code: Option<String>,
        /// The message in the error.
        #[serde(default)]
        message: Option<String>,
        /// Added to the answer.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Sent as it is: a string as text, anything else as JSON.
        #[serde(default)]
        body: Option<Value>,
    },
    /// Waits before the request is handled. A reset ends the wait by closing the connection.
    Delay {
        /// For how long, in milliseconds.
        #[serde(default)]
        ms: u64,
        /// Until a reset, or until the client gives up.
        #[serde(default)]
        forever: bool,
    },
    /// Closes the connection without handling the request.
    DropBefore {},
    /// Handles the request, then closes the connection without an answer.
    DropAfter {},
    /// Sends the first half of the answer's body under the full `content-length`, then closes the connection.
    Truncate {},
    /// Answers 200 with a body that is not JSON.
    Malformed {},
    /// Sends the answer's body in eight pieces, with a pause before each.
    SlowBody {
        /// The length of the pause in milliseconds.
        chunk_ms: u64,
    },
    /// Answers with this body instead of the handler's.
    Answer {
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
        /// The JSON body.
        body: Value,
    },
    /// Lays a JSON patch over the handler's answer; `null` in it stays `null`.
    Merge {
        /// The patch.
        patch: Value,
    },
    /// Answers as usual, then closes the connection although the answer promised to keep it.
    CloseIdle {},
    /// Answers with a redirect.
    Redirect {
        /// The value of the `location` header.
        location: String,
        /// The HTTP status.
        #[serde(default = "found")]
        status: u16,
    },
}

fn ok() -> u16 {
    200
}

fn found() -> u16 {
    302
}

impl Fault {
    /// Hits the next request of the operation.
    pub fn new(operation: impl Into<String>, kind: FaultKind) -> Fault {
        Fault { operation: operation.into(), count: 1, after: 0, kind }
    }

    /// An error answer.
    pub fn status(operation: impl Into<String>, status: u16) -> Fault {
        let headers = BTreeMap::new();
        Fault::new(
            operation,
            FaultKind::Status { status, error_code: None, message: None, headers, body: None },
        )
    }

    /// Hits so many requests.
    pub fn count(self, count: u32) -> Fault {
        Fault { count, ..self }
    }

    /// Lets so many requests pass first.
    pub fn after(self, after: u32) -> Fault {
        Fault { after, ..self }
    }

    /// Adds a header to an error answer; other kinds have no headers of their own, and ignore it.
    pub fn header(mut self, name: &str, value: &str) -> Fault {
        if let FaultKind::Status { headers, .. } = &mut self.kind {
            headers.insert(name.into(), value.into());
        }
        self
    }

    /// Sets the error code of an error answer; other kinds have none, and ignore it.
    pub fn error_code(mut self, code: &str) -> Fault {
        if let FaultKind::Status { error_code, .. } = &mut self.kind {
            *error_code = Some(code.into());
        }
        self
    }

    /// Reads a fault as `POST /_emulator/fault` takes it.
    pub fn from_json(json: Value) -> Result<Fault, ControlError> {
        let refuse = |error: serde_json::Error| ControlError::new(format!("fault: {error}"));
        let Value::Object(mut fields) = json else {
            return Err(ControlError::new("fault: must be a JSON object"));
        };
        let mut number = |name, default| match fields.remove(name) {
            Some(value) => serde_json::from_value(value).map_err(refuse),
            None => Ok(default),
        };
        let (count, after) = (number("count", 1)?, number("after", 0)?);
        let Some(Value::String(operation)) = fields.remove("operation") else {
            return Err(ControlError::new("fault: operation must be a string"));
        };
        let kind = serde_json::from_value(Value::Object(fields)).map_err(refuse)?;
        Ok(Fault { operation, count, after, kind })
    }

    /// Refuses what could never fire or could not be sent.
    fn check(&self, operations: &[&str]) -> Result<(), ControlError> {
        if self.operation != ANY && !operations.contains(&self.operation.as_str()) {
            return Err(ControlError::new(format!("fault: there is no operation {}", self.operation)));
        }
        if self.count == 0 {
            return Err(ControlError::new("fault: count must be at least 1"));
        }
        match &self.kind {
            FaultKind::Status { status, headers, .. } => {
                check_status(*status)?;
                headers.iter().try_for_each(|(name, value)| check_header(name, value))
            }
            FaultKind::Answer { status, .. } => check_status(*status),
            FaultKind::Redirect { status, location } => {
                check_status(*status)?;
                check_header("location", location)
            }
            _ => Ok(()),
        }
    }
}

fn check_status(status: u16) -> Result<(), ControlError> {
    if (200..=599).contains(&status) {
        return Ok(());
    }
    Err(ControlError::new("fault: status must be between 200 and 599"))
}

fn check_header(name: &str, value: &str) -> Result<(), ControlError> {
    let framing = [CONTENT_LENGTH, TRANSFER_ENCODING];
    match (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        (Ok(name), Ok(_)) if !framing.contains(&name) => Ok(()),
        _ => Err(ControlError::new(format!("fault: the header {name} cannot be sent"))),
    }
}

/// The faults that are still to come, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, operations: &[&str]) -> Result<(), ControlError> {
        fault.check(operations)?;
        self.list.push(fault);
        Ok(())
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.list
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// The fault that this request meets, if any. A fault that still lets requests pass counts this one and leaves it
    /// to those behind it; the first that is ready takes it, and those behind it never see it.
    pub(crate) fn take(&mut self, operation: &str) -> Option<FaultKind> {
        for index in 0..self.list.len() {
            let fault = &mut self.list[index];
            if fault.operation != ANY && fault.operation != operation {
                continue;
            }
            if fault.after > 0 {
                fault.after -= 1;
                continue;
            }
            fault.count -= 1;
            let kind = fault.kind.clone();
            if fault.count == 0 {
                self.list.remove(index);
            }
            return Some(kind);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const OPERATIONS: &[&str] = &["a.get", "a.list"];

    #[test]
    fn faults_fire_in_order_and_as_often_as_asked() {
        let mut faults = Faults::default();
        for fault in [
            Fault::status("a.get", 503).count(2),
            Fault::status("a.get", 429).after(1),
            Fault::status("*", 500).after(1),
        ] {
            faults.add(fault, OPERATIONS).unwrap();
        }
        let mut status = |operation: &str| match faults.take(operation) {
            Some(FaultKind::Status { status, .. }) => status,
            None => 0,
            other => panic!("{other:?}"),
        };
        let got: Vec<_> = ["a.list", "a.get", "a.get", "a.get", "a.get"].map(&mut status).into();
        // The first request uses up the head start of `*`; the 429 lets the third `a.get` pass, which `*` then takes.
        assert_eq!(got, [0, 503, 503, 500, 429]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn refuses_faults_that_make_no_sense() {
        for bad in [
            json!({"operation": "a.put", "kind": "drop_before"}),
            json!({"operation": "a.get", "kind": "nonsense"}),
            json!({"operation": "a.get", "kind": "drop_before", "ms": 1}),
            json!({"operation": "a.get", "kind": "status"}),
            json!({"operation": "a.get", "kind": "status", "status": 99}),
            json!({"operation": "a.get", "kind": "status", "status": 500, "headers": {"content-length": "1"}}),
            json!({"operation": "a.get", "kind": "status", "status": 500, "headers": {"a b": "1"}}),
            json!({"operation": "a.get", "kind": "drop_before", "count": 0}),
            json!({"operation": "a.get", "kind": "drop_before", "count": "2"}),
            json!({"kind": "drop_before"}),
            json!([]),
        ] {
            let result = Fault::from_json(bad.clone()).and_then(|fault| fault.check(OPERATIONS));
            assert!(result.is_err(), "{bad}");
        }
    }
}
