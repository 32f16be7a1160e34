//! A judge who finds nothing has shown nothing: each wrong that there can be is put before it once.

use std::collections::HashSet;
use std::time::Duration;

use scalekit_soak::judge::{Held, Judge};
use scalekit_soak::ledger::{Arrival, Claim, Entry, Outcome};

const LIMIT: Duration = Duration::from_secs(1);

fn write(number: u32, outcome: Outcome) -> Entry {
    let (took, limit) = (LIMIT / 2, LIMIT);
    let (call, claim) = ("organizations.create", None);
    Entry { number, call, write: true, pages: false, outcome, says: None, took, limit, claim }
}

fn read(number: u32, took: Duration) -> Entry {
    Entry { write: false, call: "organizations.get", took, ..write(number, Outcome::Done) }
}

/// A request of the first round that the operation itself answered.
fn handled(number: u32, status: u16) -> Arrival {
    Arrival { call: (1, number), status: Some(status), handled: true }
}

/// One that a fault answered, or nobody.
fn lost(number: u32, status: Option<u16>) -> Arrival {
    Arrival { call: (1, number), status, handled: false }
}

fn judge(entries: &[Entry], arrivals: &[Arrival], held: &Held) -> Judge {
    let mut judge = Judge::default();
    judge.judge(1, entries.to_vec(), arrivals, held);
    judge
}

#[track_caller]
fn complains(entries: &[Entry], arrivals: &[Arrival], of: &str) {
    let complaints = judge(entries, arrivals, &Held::new()).complaints;
    assert!(complaints.len() == 1 && complaints[0].contains(of), "{complaints:?}");
}

#[track_caller]
fn is_content(entries: &[Entry], arrivals: &[Arrival]) {
    assert_eq!(judge(entries, arrivals, &Held::new()).complaints, Vec::<String>::new());
}

#[test]
fn what_may_be_is_no_complaint() {
    use Outcome::{Cancelled, Done, NotSent, Refused, Unknown};
    is_content(&[write(0, Done)], &[handled(0, 201)]);
    // Refused with 401 and 429, then done.
    is_content(&[write(0, Done)], &[handled(0, 401), lost(0, Some(429)), handled(0, 201)]);
    is_content(&[write(0, Refused)], &[handled(0, 409)]);
    is_content(&[write(0, Refused)], &[lost(0, Some(503))]);
    is_content(&[write(0, NotSent)], &[]);
    for outcome in [Unknown, Cancelled] {
        is_content(&[write(0, outcome)], &[]);
        is_content(&[write(0, outcome)], &[lost(0, None)]);
        is_content(&[write(0, outcome)], &[handled(0, 201)]);
    }
    // A read may be sent as often as it likes.
    is_content(&[read(0, LIMIT)], &[lost(0, None), handled(0, 200), handled(0, 200)]);
}

#[test]
fn a_write_that_was_carried_out_twice_is_found() {
    let twice = judge(&[write(0, Outcome::Done)], &[handled(0, 201), handled(0, 201)], &Held::new());
    assert_eq!(twice.complaints.len(), 2, "{:?}", twice.complaints);
    assert!(twice.complaints[0].contains("call 0, organizations.create: carried out twice"));
}

#[test]
fn a_write_that_was_repeated_rashly_is_found_even_if_it_did_no_harm() {
    let rashly = "repeated although it may have been carried out";
    // The second one found that all was done.
    complains(&[write(0, Outcome::Unknown)], &[handled(0, 201), handled(0, 409)], rashly);
    complains(&[write(0, Outcome::Done)], &[lost(0, None), handled(0, 201)], rashly);
    complains(&[write(0, Outcome::Done)], &[lost(0, Some(503)), handled(0, 201)], rashly);
}

#[test]
fn a_write_that_was_lost_is_found() {
    complains(&[write(0, Outcome::Done)], &[], "reported done, and lost");
    complains(&[write(0, Outcome::Done)], &[lost(0, Some(200))], "reported done, and lost");
}

#[test]
fn a_write_that_was_carried_out_behind_the_callers_back_is_found() {
    complains(&[write(0, Outcome::NotSent)], &[handled(0, 201)], "reported not sent, and carried out");
    complains(&[write(0, Outcome::Refused)], &[handled(0, 201)], "reported refused, and carried out");
}

#[test]
fn a_late_call_is_found_and_a_slow_one_is_counted() {
    complains(&[read(0, LIMIT * 7)], &[handled(0, 200)], "ended 6s after its deadline of 1s");
    let slow = judge(&[read(0, LIMIT * 3)], &[], &Held::new());
    assert_eq!((slow.complaints.len(), slow.counts.nearly_late), (0, 1));
    // Each page has the whole time.
    let pages = Entry { pages: true, ..read(0, LIMIT * 7) };
    is_content(&[pages], &[handled(0, 200), handled(0, 200)]);
}

#[test]
fn a_defect_and_a_request_of_nobodys_are_found() {
    let defect = Entry { says: Some("it broke".into()), ..write(0, Outcome::Defect) };
    complains(&[defect], &[], "it broke");
    complains(&[], &[handled(9, 200)], "1 requests belong to no call");
}

#[test]
fn what_is_there_must_be_what_callers_were_told() {
    use Outcome::{Done, Refused, Unknown};
    let made = |outcome| Entry { claim: Some(Claim::Makes("organization", "a".into())), ..write(0, outcome) };
    let deleted =
        |outcome| Entry { claim: Some(Claim::Deletes("organization", "a".into())), ..write(1, outcome) };
    let looks = |entries: &[Entry], there: bool| {
        let names = if there { HashSet::from(["a".to_owned()]) } else { HashSet::new() };
        let judge =
            judge(entries, &[handled(0, 201), handled(1, 200)], &Held::from([("organization", names)]));
        judge.complaints.iter().filter(|complaint| complaint.contains("organization a is")).count()
    };
    assert_eq!((looks(&[made(Done)], true), looks(&[made(Done)], false)), (0, 1));
    assert_eq!(
        (looks(&[made(Done), deleted(Done)], true), looks(&[made(Done), deleted(Done)], false)),
        (1, 0)
    );
    assert_eq!(
        (looks(&[made(Done), deleted(Refused)], true), looks(&[made(Done), deleted(Refused)], false)),
        (0, 1)
    );
    assert_eq!((looks(&[made(Refused)], true), looks(&[made(Refused)], false)), (1, 0));
    assert_eq!((looks(&[made(Unknown)], true), looks(&[made(Unknown)], false)), (0, 0));
    assert_eq!(
        (looks(&[made(Done), deleted(Unknown)], true), looks(&[made(Done), deleted(Unknown)], false)),
        (0, 0)
    );
}

#[test]
fn a_request_that_arrives_when_its_round_is_over_is_judged_still() {
    let after = |outcome, before: &[Arrival], late: &[Arrival]| {
        let mut judge = judge(&[write(0, outcome)], before, &Held::new());
        judge.judge(2, Vec::new(), late, &Held::new());
        (judge.complaints, judge.counts.stragglers)
    };
    let (complaints, stragglers) = after(Outcome::Cancelled, &[], &[handled(0, 201)]);
    assert_eq!((complaints.len(), stragglers), (0, 1), "{complaints:?}");
    let (complaints, _) = after(Outcome::Cancelled, &[handled(0, 201)], &[handled(0, 201)]);
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    let (complaints, _) = after(Outcome::NotSent, &[], &[handled(0, 201)]);
    assert_eq!(complaints.len(), 1, "{complaints:?}");
}
