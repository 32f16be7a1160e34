//! Checks the outcome of a call, the number of attempts, credentials, resource limits and closed connections.

use std::sync::atomic::Ordering;

use serde_json::Value;

use crate::CLIENT_SECRET;
use crate::case::{Ending, Target};
use crate::server::FaultServer;

/// The actual outcome of a call.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The error variant, or `Answer` for success.
    pub kind: String,
    /// The error summary, or the result of a successful call: the organization's ID or `keys`.
    pub says: String,
    /// The operation in the error.
    pub operation: String,
    /// The status code in the error.
    pub status: Option<u16>,
}

impl Outcome {
    /// A successful outcome.
    pub fn answer(says: &str) -> Outcome {
        Outcome { kind: "Answer".into(), says: says.into(), operation: String::new(), status: None }
    }

    /// Reads an outcome from JSON.
    pub fn read(value: &Value) -> Option<Outcome> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let status = value["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        Some(Outcome { kind: text("kind")?, says: text("says")?, operation: text("operation")?, status })
    }
}

/// The most a client may grow during one call, in kilobytes: the longest response, its buffer while it grows, and the
/// decoded value.
const MAX_GROWTH_KB: u64 = 160 * 1024;

/// The most bytes of an error summary.
const MAX_SUMMARY_LENGTH: usize = 2000;

/// The number of attempts with two retries.
const MAX_ATTEMPTS: usize = 3;

impl FaultServer {
    /// Checks the first call. Returns a complaint for each problem.
    pub fn judge(&self, outcome: &Outcome) -> Vec<String> {
        let mut complaints = Complaints { list: Vec::new() };
        let (case, target) = (self.shared().case, self.shared().target);
        let end = case.end(target);
        complaints.check_ending(end, target, outcome);
        self.check_attempts(end, &mut complaints);
        self.check_disclosure(&mut complaints);
        let sent = self.shared().most_sent.load(Ordering::SeqCst);
        complaints
            .require(sent <= case.most_sent, || format!("the client read {sent} bytes from one connection"));
        if let Some(grown) = self.grown() {
            complaints.require(grown <= MAX_GROWTH_KB, || format!("the client grew by {grown} kB"));
        }
        // The connection may be kept after a complete response, whatever its content.
        let is_complete =
            matches!(end, Ending::Success | Ending::Status(_) | Ending::Undecodable) && !case.heavy;
        if !is_complete && !matches!(end, Ending::Status(_)) {
            complaints.require(self.shared().await_faulty_connections_closed(), || {
                "the client did not close the connection".into()
            });
        }
        complaints.list
    }

    /// Checks a call after `heal`. Returns a complaint for each problem.
    pub fn judge_healed(&self, outcome: &Outcome) -> Vec<String> {
        let mut complaints = Complaints { list: Vec::new() };
        complaints.require(outcome.kind == "Answer", || format!("after the fault ended: {outcome:?}"));
        let is_expected = outcome.says == self.shared().target.result();
        complaints.require(is_expected, || format!("wrong result: {outcome:?}"));
        self.check_disclosure(&mut complaints);
        complaints.list
    }

    fn check_attempts(&self, end: Ending, complaints: &mut Complaints) {
        let (shared, target) = (self.shared(), self.shared().target);
        let repeated = if target.is_repeatable() { MAX_ATTEMPTS } else { 1 };
        let expected = match end {
            Ending::Success
            | Ending::Undecodable
            | Ending::Status(_)
            | Ending::Timeout
            | Ending::Untrusted => 1,
            Ending::Unreachable => MAX_ATTEMPTS,
            Ending::Broken | Ending::Lost => repeated,
        };
        let requests = self.count(target.request());
        let (arrived, faulty) = match shared.case.fault {
            crate::Fault::Refuse => (0, expected),
            fault if fault.is_early() && end != Ending::Success => {
                complaints.require(requests == 0, || format!("{requests} requests arrived"));
                (0, shared.faulty.load(Ordering::SeqCst))
            }
            _ => (requests, requests),
        };
        let attempts = arrived.max(faulty);
        // A call with a short timeout may end before its request arrives.
        let is_expected = match end {
            Ending::Timeout => attempts <= expected,
            Ending::Lost => (expected..=MAX_ATTEMPTS).contains(&attempts),
            _ => attempts == expected,
        };
        complaints.require(is_expected, || format!("{attempts} attempts instead of {expected}"));
        if target == Target::Token && end != Ending::Success {
            let writes = self.count(Target::Write.request());
            complaints.require(writes == 0, || format!("{writes} writes arrived without a token"));
        }
    }

    /// The number of requests that arrived with this method and path.
    fn count(&self, request: &str) -> usize {
        let requests = self.shared().requests.lock().unwrap();
        requests.iter().filter(|received| received.line == format!("{request} HTTP/1.1")).count()
    }

    /// Checks that credentials were sent only where they belong, and that no client followed the server elsewhere.
    fn check_disclosure(&self, complaints: &mut Complaints) {
        complaints.require(!self.is_elsewhere_contacted(), || {
            "a client connected to the server that it was sent to".into()
        });
        for request in self.shared().requests.lock().unwrap().iter() {
            let token = request.line.starts_with("POST /oauth/token ");
            let api = request.target().starts_with("/api/");
            let headers = format!("{}{:?}", request.line, request.headers);
            complaints
                .require(!headers.contains(CLIENT_SECRET), || "the client secret is in the headers".into());
            let has_secret = request.body.contains(CLIENT_SECRET);
            complaints.require(has_secret == token, || {
                format!("client secret in the wrong request or missing: {}", request.line)
            });
            let bearer = request.header("authorization").is_some();
            complaints.require(bearer == api, || {
                format!("bearer token in the wrong request or missing: {}", request.line)
            });
        }
    }
}

struct Complaints {
    list: Vec<String>,
}

impl Complaints {
    fn require(&mut self, holds: bool, complaint: impl FnOnce() -> String) {
        if !holds {
            self.list.push(complaint());
        }
    }

    fn check_ending(&mut self, end: Ending, target: Target, outcome: &Outcome) {
        let kind = match end {
            Ending::Success if target == Target::Check => "InvalidToken",
            Ending::Success => "Answer",
            Ending::Timeout => "Timeout",
            Ending::Unreachable | Ending::Untrusted | Ending::Broken | Ending::Lost => "Connection",
            Ending::Undecodable => "Decode",
            Ending::Status(404) => "NotFound",
            Ending::Status(_) => "Service",
        };
        self.require(outcome.kind == kind, || format!("{outcome:?} instead of {kind}"));
        if outcome.kind == "Answer" {
            self.require(outcome.says == target.result(), || format!("wrong result: {outcome:?}"));
            return;
        }
        if let Ending::Status(status) = end {
            self.require(outcome.status == Some(status), || format!("{outcome:?} instead of {status}"));
        }
        let operations: &[&str] = match (target, end) {
            (Target::Read, _) => &["organizations.get"],
            // While it waits for a token, the call reports its own operation when it times out.
            (Target::Write, _) | (Target::Token, Ending::Timeout) => &["organizations.create"],
            (Target::Token, _) => &["oauth.token"],
            // The validation and the key fetch that it waits for have the same deadline.
            (Target::Check, Ending::Timeout) => &["tokens.validate", "oauth.keys"],
            (Target::Check, Ending::Success) => &["tokens.validate"],
            (Target::Keys | Target::Check, _) => &["oauth.keys"],
        };
        let is_named = operations.contains(&outcome.operation.as_str());
        self.require(is_named, || format!("{outcome:?} instead of {operations:?}"));
        let cannot_connect = outcome.says.contains("cannot connect: ");
        let unreachable = matches!(end, Ending::Unreachable | Ending::Untrusted);
        self.require(cannot_connect == unreachable || end == Ending::Lost, || {
            format!("{outcome:?} instead of {end:?}")
        });
        for secret in [CLIENT_SECRET, "token_1"] {
            self.require(!outcome.says.contains(secret), || {
                format!("the outcome contains {secret}: {outcome:?}")
            });
        }
        self.require(outcome.says.len() <= MAX_SUMMARY_LENGTH, || {
            format!("the summary is too long: {}", outcome.says)
        });
    }
}
