//! Compares what callers were told with what the emulator did.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use crate::ledger::{Arrival, Claim, Entry, Outcome};

/// How far beyond its deadline a call may end on a machine that has other work too.
pub const SLACK: Duration = Duration::from_secs(5);

/// Beyond its deadline by so much, a call counts as nearly late.
const NEARLY: Duration = Duration::from_secs(1);

/// What the emulator has at the end of a round: names of things, by kind.
pub type Held = BTreeMap<&'static str, HashSet<String>>;

/// What was counted on the way.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Writes that were asked for.
    pub writes: u64,
    /// Those of them that the emulator has carried out.
    pub carried_out: u64,
    /// Those of which the caller does not know whether they were carried out, and which were.
    pub unknown_but_done: u64,
    /// The same for those that were cancelled.
    pub cancelled_but_done: u64,
    /// Requests beyond the first of a call.
    pub retries: u64,
    /// Those of them that are writes.
    pub repeated_writes: u64,
    /// Calls that ended more than a second after their deadline.
    pub nearly_late: u64,
    /// Requests that arrived when their round was over.
    pub stragglers: u64,
    /// Things that were looked for at the end of a round, and whether they are there was known.
    pub looked_for: u64,
}

/// Judges round after round.
#[derive(Debug, Default)]
pub struct Judge {
    round: u32,
    /// The writes of the round before, and what was seen of them: some requests take their time.
    before: HashMap<u32, (Entry, Seen)>,
    /// What was counted.
    pub counts: Counts,
    /// What is wrong; nothing, if all is well.
    pub complaints: Vec<String>,
}

/// What arrived of one call.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    times: u32,
    done: u32,
    /// Repeated although it may have been carried out.
    rashly: bool,
    /// The last one must not be followed by another.
    final_one: bool,
}

impl Seen {
    fn add(&mut self, arrival: &Arrival) {
        self.rashly |= self.final_one;
        self.times += 1;
        self.done += u32::from(arrival.did_it());
        self.final_one = !arrival.may_be_repeated();
    }
}

impl Judge {
    /// Judges a round: its calls, what arrived (in order), and what is there now.
    pub fn judge(&mut self, round: u32, entries: Vec<Entry>, arrivals: &[Arrival], held: &Held) {
        let mut seen: HashMap<u32, Seen> = HashMap::new();
        for arrival in arrivals {
            match arrival.call {
                (own, number) if own == round => seen.entry(number).or_default().add(arrival),
                call => self.straggler(call, arrival),
            }
        }
        self.look(round, &entries, held);
        self.before.clear();
        self.round = round;
        for entry in entries {
            let seen = seen.remove(&entry.number).unwrap_or_default();
            self.entry(&entry, seen);
            if entry.write {
                self.before.insert(entry.number, (entry, seen));
            }
        }
        if !seen.is_empty() {
            self.complain(format!("{} requests belong to no call", seen.len()));
        }
    }

    fn complain(&mut self, complaint: String) {
        self.complaints.push(format!("round {}: {complaint}", self.round));
    }

    fn entry(&mut self, entry: &Entry, seen: Seen) {
        let at = format!("call {}, {}", entry.number, entry.call);
        let told = entry.outcome.name();
        if entry.outcome == Outcome::Defect {
            self.complain(format!("{at}: {}", entry.says.as_deref().unwrap_or_default()));
        }
        self.time(entry, seen, &at);
        if !entry.pages {
            self.counts.retries += u64::from(seen.times.saturating_sub(1));
        }
        if entry.write {
            self.count_write(entry, seen);
            for wrong in wrong_with_write(entry, seen) {
                let times = seen.times;
                self.complain(format!("{at}: {wrong} (told: {told}; {times} requests arrived)"));
            }
        }
    }

    fn count_write(&mut self, entry: &Entry, seen: Seen) {
        let counts = &mut self.counts;
        counts.writes += 1;
        counts.repeated_writes += u64::from(seen.times.saturating_sub(1));
        if seen.done > 0 {
            counts.carried_out += 1;
            counts.unknown_but_done += u64::from(entry.outcome == Outcome::Unknown);
            counts.cancelled_but_done += u64::from(entry.outcome == Outcome::Cancelled);
        }
    }

    fn time(&mut self, entry: &Entry, seen: Seen, at: &str) {
        // Each page has the whole time; one that never arrived is there too.
        let pages = if entry.pages { seen.times + 1 } else { 1 };
        let over = entry.took.saturating_sub(entry.limit * pages);
        self.counts.nearly_late += u64::from(over > NEARLY);
        if over > SLACK {
            self.complain(format!("{at}: ended {over:?} after its deadline of {:?}", entry.limit));
        }
    }

    /// A request of an earlier round: one that was cancelled or timed out may still have been on its way.
    fn straggler(&mut self, (round, number): (u32, u32), arrival: &Arrival) {
        self.counts.stragglers += 1;
        let known = self.before.get_mut(&number).filter(|_| round == self.round);
        let Some((entry, seen)) = known else {
            if round != self.round {
                self.complain(format!("a request of round {round} arrived"));
            }
            return;
        };
        let before = wrong_with_write(entry, *seen).len();
        seen.add(arrival);
        let (wrong, call) = (wrong_with_write(entry, *seen), entry.call);
        for wrong in wrong.into_iter().skip(before) {
            self.complain(format!("call {number}, {call}, when the round was over: {wrong}"));
        }
    }

    /// Whether what was made is there, and what was deleted is not.
    fn look(&mut self, round: u32, entries: &[Entry], held: &Held) {
        self.round = round;
        let mut things: BTreeMap<(&str, &str), Fate> = BTreeMap::new();
        for entry in entries {
            match &entry.claim {
                Some(Claim::Makes(kind, name)) => {
                    things.entry((kind, name)).or_default().made = Some(entry.outcome);
                }
                Some(Claim::Deletes(kind, name)) => {
                    things.entry((kind, name)).or_default().deleted = Some(entry.outcome);
                }
                None => {}
            }
        }
        for ((kind, name), fate) in things {
            let there = held.get(kind).is_some_and(|held| held.contains(name));
            let Some(expected) = fate.expected() else { continue };
            self.counts.looked_for += 1;
            if there != expected {
                let is = if there { "is there" } else { "is not there" };
                self.complain(format!("{kind} {name} {is}: {fate:?}"));
            }
        }
    }
}

/// What callers were told of one thing.
#[derive(Debug, Default)]
struct Fate {
    made: Option<Outcome>,
    deleted: Option<Outcome>,
}

impl Fate {
    /// Whether it must be there; nothing, where nobody can know.
    fn expected(&self) -> Option<bool> {
        match (self.made?, self.deleted) {
            (_, Some(Outcome::Done)) | (Outcome::Refused | Outcome::NotSent, _) => Some(false),
            (Outcome::Done, None | Some(Outcome::Refused | Outcome::NotSent)) => Some(true),
            _ => None,
        }
    }
}

fn wrong_with_write(entry: &Entry, seen: Seen) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    let mut unless = |good: bool, complaint| {
        if !good {
            wrong.push(complaint);
        }
    };
    unless(seen.done <= 1, "carried out twice");
    unless(!seen.rashly, "repeated although it may have been carried out");
    match entry.outcome {
        Outcome::Done => unless(seen.done >= 1, "reported done, and lost"),
        Outcome::Refused => unless(seen.done == 0, "reported refused, and carried out"),
        Outcome::NotSent => unless(seen.done == 0, "reported not sent, and carried out"),
        Outcome::Unknown | Outcome::Cancelled | Outcome::Defect => {}
    }
    wrong
}
