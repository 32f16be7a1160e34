//! Compares the outcomes reported to callers with what the emulator executed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use crate::ledger::{Effect, Entry, Outcome, ReceivedRequest};

/// How long after its deadline a call may end, as the machine may be busy.
pub const MAX_DELAY: Duration = Duration::from_secs(5);

/// How long after its deadline a call counts as nearly late.
const NEARLY_LATE: Duration = Duration::from_secs(1);

/// The objects in the emulator at the end of a round: names by kind.
pub type EmulatorState = BTreeMap<&'static str, HashSet<String>>;

/// The counts over all rounds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Writes that were requested.
    pub writes: u64,
    /// Writes that the emulator executed.
    pub executed: u64,
    /// Executed writes whose outcome was unknown to the caller.
    pub unknown_but_executed: u64,
    /// Executed writes that the caller cancelled.
    pub cancelled_but_executed: u64,
    /// Requests after the first of a call.
    pub retries: u64,
    /// Requests after the first of a write.
    pub repeated_writes: u64,
    /// Calls that ended more than a second after their deadline.
    pub nearly_late: u64,
    /// Requests that arrived after their round.
    pub late_requests: u64,
    /// Objects with a known expected state that were checked at the end of a round.
    pub objects_checked: u64,
}

/// Checks one round after another.
#[derive(Debug, Default)]
pub struct Judge {
    round: u32,
    /// The writes of the previous round and their requests, because some requests arrive late.
    previous_writes: HashMap<u32, (Entry, CallRequests)>,
    /// The counts.
    pub counts: Counts,
    /// The complaints; empty if all is well.
    pub complaints: Vec<String>,
}

/// The requests of one call.
#[derive(Debug, Default, Clone, Copy)]
struct CallRequests {
    times: u32,
    executed_count: u32,
    /// Whether it was repeated although it may have been executed.
    is_unsafely_repeated: bool,
    /// Whether the last request must not be repeated.
    is_final: bool,
}

impl CallRequests {
    fn add(&mut self, request: &ReceivedRequest) {
        self.is_unsafely_repeated |= self.is_final;
        self.times += 1;
        self.executed_count += u32::from(request.was_executed());
        self.is_final = !request.may_be_repeated();
    }
}

impl Judge {
    /// Checks a round: its calls, the received requests in order, and the state of the emulator.
    pub fn judge(
        &mut self,
        round: u32,
        entries: Vec<Entry>,
        requests: &[ReceivedRequest],
        state: &EmulatorState,
    ) {
        let mut received: HashMap<u32, CallRequests> = HashMap::new();
        for request in requests {
            match request.call {
                (current, number) if current == round => received.entry(number).or_default().add(request),
                call => self.check_late_request(call, request),
            }
        }
        self.check_state(round, &entries, state);
        self.previous_writes.clear();
        self.round = round;
        for entry in entries {
            let received = received.remove(&entry.number).unwrap_or_default();
            self.check_entry(&entry, received);
            if entry.write {
                self.previous_writes.insert(entry.number, (entry, received));
            }
        }
        if !received.is_empty() {
            self.complain(format!("{} requests belong to no call", received.len()));
        }
    }

    fn complain(&mut self, complaint: String) {
        self.complaints.push(format!("round {}: {complaint}", self.round));
    }

    fn check_entry(&mut self, entry: &Entry, received: CallRequests) {
        let at = format!("call {}, {}", entry.number, entry.call);
        let reported = entry.outcome.name();
        if entry.outcome == Outcome::Defect {
            self.complain(format!("{at}: {}", entry.error.as_deref().unwrap_or_default()));
        }
        self.check_deadline(entry, received, &at);
        if !entry.pages {
            self.counts.retries += u64::from(received.times.saturating_sub(1));
        }
        if entry.write {
            self.count_write(entry, received);
            for wrong in write_complaints(entry, received) {
                let times = received.times;
                self.complain(format!("{at}: {wrong} (reported: {reported}; {times} requests arrived)"));
            }
        }
    }

    fn count_write(&mut self, entry: &Entry, received: CallRequests) {
        let counts = &mut self.counts;
        counts.writes += 1;
        counts.repeated_writes += u64::from(received.times.saturating_sub(1));
        if received.executed_count > 0 {
            counts.executed += 1;
            counts.unknown_but_executed += u64::from(entry.outcome == Outcome::Unknown);
            counts.cancelled_but_executed += u64::from(entry.outcome == Outcome::Cancelled);
        }
    }

    fn check_deadline(&mut self, entry: &Entry, received: CallRequests, at: &str) {
        // Each page has the full timeout, including one whose request never arrived.
        let pages = if entry.pages { received.times + 1 } else { 1 };
        let over = entry.duration.saturating_sub(entry.timeout * pages);
        self.counts.nearly_late += u64::from(over > NEARLY_LATE);
        if over > MAX_DELAY {
            self.complain(format!("{at}: ended {over:?} after its deadline of {:?}", entry.timeout));
        }
    }

    /// Checks a request of an earlier round: the call may have been cancelled or timed out before its request arrived.
    fn check_late_request(&mut self, (round, number): (u32, u32), request: &ReceivedRequest) {
        self.counts.late_requests += 1;
        let known = self.previous_writes.get_mut(&number).filter(|_| round == self.round);
        let Some((entry, received)) = known else {
            if round != self.round {
                self.complain(format!("a request of round {round} arrived"));
            }
            return;
        };
        let before = write_complaints(entry, *received).len();
        received.add(request);
        let (wrong, call) = (write_complaints(entry, *received), entry.call);
        for wrong in wrong.into_iter().skip(before) {
            self.complain(format!("call {number}, {call}, after its round: {wrong}"));
        }
    }

    /// Checks that created objects exist and deleted objects do not.
    fn check_state(&mut self, round: u32, entries: &[Entry], state: &EmulatorState) {
        self.round = round;
        let mut objects: BTreeMap<(&str, &str), ReportedOutcomes> = BTreeMap::new();
        for entry in entries {
            match &entry.effect {
                Some(Effect::Creates(kind, name)) => {
                    objects.entry((kind, name)).or_default().made = Some(entry.outcome);
                }
                Some(Effect::Deletes(kind, name)) => {
                    objects.entry((kind, name)).or_default().deleted = Some(entry.outcome);
                }
                None => {}
            }
        }
        for ((kind, name), reported) in objects {
            let there = state.get(kind).is_some_and(|state| state.contains(name));
            let Some(expected) = reported.expected() else { continue };
            self.counts.objects_checked += 1;
            if there != expected {
                let is = if there { "exists" } else { "does not exist" };
                self.complain(format!("{kind} {name} {is}: {reported:?}"));
            }
        }
    }
}

/// The outcomes that callers got for one object.
#[derive(Debug, Default)]
struct ReportedOutcomes {
    made: Option<Outcome>,
    deleted: Option<Outcome>,
}

impl ReportedOutcomes {
    /// Whether the object must exist, or `None` if the outcomes leave it open.
    fn expected(&self) -> Option<bool> {
        match (self.made?, self.deleted) {
            (_, Some(Outcome::Done)) | (Outcome::Rejected | Outcome::NotSent, _) => Some(false),
            (Outcome::Done, None | Some(Outcome::Rejected | Outcome::NotSent)) => Some(true),
            _ => None,
        }
    }
}

fn write_complaints(entry: &Entry, received: CallRequests) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    let mut require = |good: bool, complaint| {
        if !good {
            wrong.push(complaint);
        }
    };
    require(received.executed_count <= 1, "executed twice");
    require(!received.is_unsafely_repeated, "repeated although it may have been executed");
    match entry.outcome {
        Outcome::Done => require(received.executed_count >= 1, "reported as done, but not executed"),
        Outcome::Rejected => require(received.executed_count == 0, "reported as rejected, but executed"),
        Outcome::NotSent => require(received.executed_count == 0, "reported as not sent, but executed"),
        Outcome::Unknown | Outcome::Cancelled | Outcome::Defect => {}
    }
    wrong
}
