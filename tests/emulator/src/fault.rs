//! Fault injection.

use std::collections::BTreeMap;

use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ControlError;

/// Matches every operation.
const ANY: &str = "*";

/// A fault: its kind, the operation it affects, and how often.
///
/// ```
/// use scalekit_emulator::Fault;
///
/// let fault = Fault::status("organizations.get", 429).header("retry-after", "1").count(2).after(1);
/// # let _ = fault;
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// An operation ID such as `organizations.get`, `oauth.token`, `oauth.keys`, `oauth.discovery`, or `*` for any.
    pub operation: String,
    /// Number of requests the fault still affects. At least 1.
    pub count: u32,
    /// Number of requests of the operation that still pass before the fault takes effect.
    pub after: u32,
    /// The kind of fault.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// The kind of a fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FaultKind {
    /// Responds with this status, without handling the request. The body has the service's error format unless `body`
    /// is set.
    Status {
        /// The HTTP status: 200–599.
        status: u16,
        /// The service's error code. Default: the usual one for the status.
        #[serde(default)]
        error_code: Option<String>,
        /// The error message.
        #[serde(default)]
        message: Option<String>,
        /// Additional response headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The literal body: a string is sent as text, any other value as JSON.
        #[serde(default)]
        body: Option<Value>,
    },
    /// Delays the handling of the request. A reset during the delay closes the connection.
    Delay {
        /// Length of the delay, in milliseconds.
        #[serde(default)]
        ms: u64,
        /// Whether to delay until a reset or until the client disconnects.
        #[serde(default)]
        forever: bool,
    },
    /// Closes the connection without handling the request.
    DropBefore {},
    /// Handles the request, then closes the connection without a response.
    DropAfter {},
    /// Sends the full `content-length` and the first half of the response body, then closes the connection.
    Truncate {},
    /// Responds with 200 and a body that is not valid JSON.
    Malformed {},
    /// Sends the response body in eight chunks, with a pause before each.
    SlowBody {
        /// Length of the pause, in milliseconds.
        chunk_ms: u64,
    },
    /// Responds with this body, without handling the request.
    Answer {
        /// The HTTP status: 200–599. Default: 200.
        #[serde(default = "ok")]
        status: u16,
        /// The JSON body.
        body: Value,
    },
    /// Merges JSON into the handler's response. `null` sets a field to `null`.
    Merge {
        /// The JSON to merge.
        patch: Value,
    },
    /// Responds as usual, then closes the connection although the response announced keep-alive.
    CloseIdle {},
    /// Responds with a redirect.
    Redirect {
        /// The value of the `location` header.
        location: String,
        /// The HTTP status: 200–599. Default: 302.
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
    /// Creates a fault that affects the next request of the operation.
    pub fn new(operation: impl Into<String>, kind: FaultKind) -> Fault {
        Fault { operation: operation.into(), count: 1, after: 0, kind }
    }

    /// Creates a fault that responds with an error status.
    pub fn status(operation: impl Into<String>, status: u16) -> Fault {
        let headers = BTreeMap::new();
        Fault::new(
            operation,
            FaultKind::Status { status, error_code: None, message: None, headers, body: None },
        )
    }

    /// Sets the number of requests that the fault affects.
    pub fn count(self, count: u32) -> Fault {
        Fault { count, ..self }
    }

    /// Sets the number of requests that pass before the fault takes effect.
    pub fn after(self, after: u32) -> Fault {
        Fault { after, ..self }
    }

    /// Adds a header to a [`FaultKind::Status`] response. Has no effect on other kinds.
    pub fn header(mut self, name: &str, value: &str) -> Fault {
        if let FaultKind::Status { headers, .. } = &mut self.kind {
            headers.insert(name.into(), value.into());
        }
        self
    }

    /// Sets the error code of a [`FaultKind::Status`] response. Has no effect on other kinds.
    pub fn error_code(mut self, code: &str) -> Fault {
        if let FaultKind::Status { error_code, .. } = &mut self.kind {
            *error_code = Some(code.into());
        }
        self
    }

    /// Parses a fault from the body of `POST /_emulator/fault`.
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

    /// Rejects a fault that could never take effect or whose response could not be sent.
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

/// The pending faults, in the order in which they were added.
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

    /// Takes the fault for this request, if any. A fault with remaining `after` counts the request and leaves it to the
    /// faults behind it. The first fault without one takes the request, and those behind it do not count it.
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
    fn faults_apply_in_order_and_exactly_count_times() {
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
        // The first request uses up `after` of `*`. The 429 lets the third `a.get` pass, which `*` then takes.
        assert_eq!(got, [0, 503, 503, 500, 429]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn invalid_faults_are_rejected() {
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
