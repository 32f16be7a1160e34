//! Whether a call ended as it must, and did no harm on its way.

use std::sync::atomic::Ordering;

use serde_json::Value;

use crate::CLIENT_SECRET;
use crate::case::{End, Target};
use crate::site::Site;

/// How a call ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The name of the error's type, or `Answer`.
    pub kind: String,
    /// The error's sentence; the id of the organization that was answered.
    pub says: String,
    /// The operation that the error names.
    pub operation: String,
    /// The status that the error tells.
    pub status: Option<u16>,
}

impl Outcome {
    /// The right answer.
    pub fn answer(says: &str) -> Outcome {
        Outcome { kind: "Answer".into(), says: says.into(), operation: String::new(), status: None }
    }

    /// From a line of JSON.
    pub fn read(value: &Value) -> Option<Outcome> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let status = value["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        Some(Outcome { kind: text("kind")?, says: text("says")?, operation: text("operation")?, status })
    }
}

/// The most that a client may grow at one call: its longest answer, the room it takes while it grows, and what is read
/// from it.
const MOST_GROWN: u64 = 160 * 1024;

/// No sentence is longer than this.
const LONGEST_SENTENCE: usize = 2000;

/// How often a request is made that two retries are allowed for.
const TRIES: usize = 3;

impl Site {
    /// What is wrong with the end of the first call: nothing, if all is well.
    pub fn judge(&self, outcome: &Outcome) -> Vec<String> {
        let mut found = Found { complaints: Vec::new() };
        let (case, target) = (self.shared().case, self.shared().target);
        let end = case.end(target);
        found.about_the_end(end, target, outcome);
        self.count_tries(end, &mut found);
        self.look_for_harm(&mut found);
        let sent = self.shared().most_sent.load(Ordering::SeqCst);
        found.unless(sent <= case.most_sent, || format!("{sent} bytes were taken from one connection"));
        if let Some(grown) = self.grown() {
            found.unless(grown <= MOST_GROWN, || format!("the client grew by {grown} kB"));
        }
        // What is answered to its end may be kept, whatever it says.
        let whole = matches!(end, End::Answer | End::Refused(_) | End::Unreadable) && !case.heavy;
        if !whole && !matches!(end, End::Refused(_)) {
            found.unless(self.shared().is_let_go(), || "the connection was not let go".into());
        }
        found.complaints
    }

    /// What is wrong with a call after `heal`.
    pub fn judge_healed(&self, outcome: &Outcome) -> Vec<String> {
        let mut found = Found { complaints: Vec::new() };
        found.unless(outcome.kind == "Answer", || format!("when all is well again: {outcome:?}"));
        let right = outcome.says == self.shared().target.result();
        found.unless(right, || format!("the answer is not the right one: {outcome:?}"));
        self.look_for_harm(&mut found);
        found.complaints
    }

    fn count_tries(&self, end: End, found: &mut Found) {
        let (shared, target) = (self.shared(), self.shared().target);
        let repeated = if target.is_repeatable() { TRIES } else { 1 };
        let expected = match end {
            End::Answer | End::Unreadable | End::Refused(_) | End::Timeout | End::Distrusted => 1,
            End::Unreachable => TRIES,
            End::Broken | End::Lost => repeated,
        };
        let requests = self.count(target.request());
        let (arrived, wronged) = match shared.case.fault {
            crate::Fault::Refuse => (0, expected),
            fault if fault.is_early() && end != End::Answer => {
                found.unless(requests == 0, || format!("{requests} requests arrived"));
                (0, shared.wronged.load(Ordering::SeqCst))
            }
            _ => (requests, requests),
        };
        let tries = arrived.max(wronged);
        // A call with little time may end before its request arrives.
        let right = match end {
            End::Timeout => tries <= expected,
            End::Lost => (expected..=TRIES).contains(&tries),
            _ => tries == expected,
        };
        found.unless(right, || format!("{tries} tries instead of {expected}"));
        if target == Target::Token && end != End::Answer {
            let writes = self.count(Target::Write.request());
            found.unless(writes == 0, || format!("{writes} writes arrived without a token"));
        }
    }

    /// How often a request arrived.
    fn count(&self, request: &str) -> usize {
        let requests = self.shared().requests.lock().unwrap();
        requests.iter().filter(|found| found.line == format!("{request} HTTP/1.1")).count()
    }

    /// Whether credentials went where they do not belong.
    fn look_for_harm(&self, found: &mut Found) {
        found.unless(!self.led_astray(), || "somebody went where the server sent them".into());
        for request in self.shared().requests.lock().unwrap().iter() {
            let token = request.line.starts_with("POST /oauth/token ");
            let api = request.target().starts_with("/api/");
            let headers = format!("{}{:?}", request.line, request.headers);
            found.unless(!headers.contains(CLIENT_SECRET), || "the secret is in the headers".into());
            let told = request.body.contains(CLIENT_SECRET);
            found.unless(told == token, || format!("the secret, sent with {}", request.line));
            let bearer = request.header("authorization").is_some();
            found.unless(bearer == api, || format!("a bearer token, sent with {}", request.line));
        }
    }
}

struct Found {
    complaints: Vec<String>,
}

impl Found {
    fn unless(&mut self, good: bool, complaint: impl FnOnce() -> String) {
        if !good {
            self.complaints.push(complaint());
        }
    }

    fn about_the_end(&mut self, end: End, target: Target, outcome: &Outcome) {
        let kind = match end {
            End::Answer if target == Target::Check => "InvalidToken",
            End::Answer => "Answer",
            End::Timeout => "Timeout",
            End::Unreachable | End::Distrusted | End::Broken | End::Lost => "Connection",
            End::Unreadable => "Decode",
            End::Refused(404) => "NotFound",
            End::Refused(_) => "Service",
        };
        self.unless(outcome.kind == kind, || format!("{outcome:?} instead of {kind}"));
        if outcome.kind == "Answer" {
            self.unless(outcome.says == target.result(), || {
                format!("the answer is not the right one: {outcome:?}")
            });
            return;
        }
        if let End::Refused(status) = end {
            self.unless(outcome.status == Some(status), || format!("{outcome:?} instead of {status}"));
        }
        let operations: &[&str] = match (target, end) {
            (Target::Read, _) => &["organizations.get"],
            // Before it has a token, this call goes by its own time.
            (Target::Write, _) | (Target::Token, End::Timeout) => &["organizations.create"],
            (Target::Token, _) => &["oauth.token"],
            // The check and the fetch that it waits for have the same time.
            (Target::Check, End::Timeout) => &["tokens.validate", "oauth.keys"],
            (Target::Check, End::Answer) => &["tokens.validate"],
            (Target::Keys | Target::Check, _) => &["oauth.keys"],
        };
        let named = operations.contains(&outcome.operation.as_str());
        self.unless(named, || format!("{outcome:?} instead of {operations:?}"));
        let cannot = outcome.says.contains("cannot connect: ");
        let unreachable = matches!(end, End::Unreachable | End::Distrusted);
        self.unless(cannot == unreachable || end == End::Lost, || format!("{outcome:?} instead of {end:?}"));
        for secret in [CLIENT_SECRET, "token_1"] {
            self.unless(!outcome.says.contains(secret), || format!("{secret} came out: {outcome:?}"));
        }
        self.unless(outcome.says.len() <= LONGEST_SENTENCE, || format!("too long: {}", outcome.says));
    }
}
