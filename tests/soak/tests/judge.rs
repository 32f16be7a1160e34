//! Checks that the judge reports every kind of violation.

use std::collections::HashSet;
use std::time::Duration;

use scalekit_soak::judge::{EmulatorState, Judge};
use scalekit_soak::ledger::{Effect, Entry, Outcome, ReceivedRequest};

const TIMEOUT: Duration = Duration::from_secs(1);

fn write(number: u32, outcome: Outcome) -> Entry {
    let (duration, timeout) = (TIMEOUT / 2, TIMEOUT);
    let (call, effect) = ("organizations.create", None);
    Entry { number, call, write: true, pages: false, outcome, error: None, duration, timeout, effect }
}

fn read(number: u32, duration: Duration) -> Entry {
    Entry { write: false, call: "organizations.get", duration, ..write(number, Outcome::Done) }
}

/// A request of the first round to which the operation itself responded.
fn handled(number: u32, status: u16) -> ReceivedRequest {
    ReceivedRequest { call: (1, number), status: Some(status), handled: true }
}

/// A request of the first round that got the response of a fault, or none.
fn lost(number: u32, status: Option<u16>) -> ReceivedRequest {
    ReceivedRequest { call: (1, number), status, handled: false }
}

fn judge(entries: &[Entry], requests: &[ReceivedRequest], state: &EmulatorState) -> Judge {
    let mut judge = Judge::default();
    judge.judge(1, entries.to_vec(), requests, state);
    judge
}

#[track_caller]
fn assert_complaint(entries: &[Entry], requests: &[ReceivedRequest], of: &str) {
    let complaints = judge(entries, requests, &EmulatorState::new()).complaints;
    assert!(complaints.len() == 1 && complaints[0].contains(of), "{complaints:?}");
}

#[track_caller]
fn assert_no_complaints(entries: &[Entry], requests: &[ReceivedRequest]) {
    assert_eq!(judge(entries, requests, &EmulatorState::new()).complaints, Vec::<String>::new());
}

#[test]
fn permitted_outcomes_cause_no_complaint() {
    use Outcome::{Cancelled, Done, NotSent, Rejected, Unknown};
    assert_no_complaints(&[write(0, Done)], &[handled(0, 201)]);
    // Rejected with 401 and 429, then done.
    assert_no_complaints(&[write(0, Done)], &[handled(0, 401), lost(0, Some(429)), handled(0, 201)]);
    assert_no_complaints(&[write(0, Rejected)], &[handled(0, 409)]);
    assert_no_complaints(&[write(0, Rejected)], &[lost(0, Some(503))]);
    assert_no_complaints(&[write(0, NotSent)], &[]);
    for outcome in [Unknown, Cancelled] {
        assert_no_complaints(&[write(0, outcome)], &[]);
        assert_no_complaints(&[write(0, outcome)], &[lost(0, None)]);
        assert_no_complaints(&[write(0, outcome)], &[handled(0, 201)]);
    }
    // A read may be repeated.
    assert_no_complaints(&[read(0, TIMEOUT)], &[lost(0, None), handled(0, 200), handled(0, 200)]);
}

#[test]
fn write_executed_twice_is_reported() {
    let twice = judge(&[write(0, Outcome::Done)], &[handled(0, 201), handled(0, 201)], &EmulatorState::new());
    assert_eq!(twice.complaints.len(), 2, "{:?}", twice.complaints);
    assert!(twice.complaints[0].contains("call 0, organizations.create: executed twice"));
}

#[test]
fn unsafely_repeated_write_is_reported_even_without_harm() {
    let unsafely_repeated = "repeated although it may have been executed";
    // The second request got 409, because the first was executed.
    assert_complaint(&[write(0, Outcome::Unknown)], &[handled(0, 201), handled(0, 409)], unsafely_repeated);
    assert_complaint(&[write(0, Outcome::Done)], &[lost(0, None), handled(0, 201)], unsafely_repeated);
    assert_complaint(&[write(0, Outcome::Done)], &[lost(0, Some(503)), handled(0, 201)], unsafely_repeated);
}

#[test]
fn lost_write_is_reported() {
    assert_complaint(&[write(0, Outcome::Done)], &[], "reported as done, but not executed");
    assert_complaint(&[write(0, Outcome::Done)], &[lost(0, Some(200))], "reported as done, but not executed");
}

#[test]
fn executed_write_with_failed_outcome_is_reported() {
    assert_complaint(&[write(0, Outcome::NotSent)], &[handled(0, 201)], "reported as not sent, but executed");
    assert_complaint(
        &[write(0, Outcome::Rejected)],
        &[handled(0, 201)],
        "reported as rejected, but executed",
    );
}

#[test]
fn late_call_is_reported_and_nearly_late_call_is_counted() {
    assert_complaint(&[read(0, TIMEOUT * 7)], &[handled(0, 200)], "ended 6s after its deadline of 1s");
    let slow = judge(&[read(0, TIMEOUT * 3)], &[], &EmulatorState::new());
    assert_eq!((slow.complaints.len(), slow.counts.nearly_late), (0, 1));
    // Each page has the full timeout.
    let pages = Entry { pages: true, ..read(0, TIMEOUT * 7) };
    assert_no_complaints(&[pages], &[handled(0, 200), handled(0, 200)]);
}

#[test]
fn defect_and_request_without_call_are_reported() {
    let defect = Entry { error: Some("it broke".into()), ..write(0, Outcome::Defect) };
    assert_complaint(&[defect], &[], "it broke");
    assert_complaint(&[], &[handled(9, 200)], "1 requests belong to no call");
}

#[test]
fn emulator_state_must_match_the_reported_outcomes() {
    use Outcome::{Done, Rejected, Unknown};
    let created =
        |outcome| Entry { effect: Some(Effect::Creates("organization", "a".into())), ..write(0, outcome) };
    let deleted =
        |outcome| Entry { effect: Some(Effect::Deletes("organization", "a".into())), ..write(1, outcome) };
    let state_complaints = |entries: &[Entry], there: bool| {
        let names = if there { HashSet::from(["a".to_owned()]) } else { HashSet::new() };
        let judge = judge(
            entries,
            &[handled(0, 201), handled(1, 200)],
            &EmulatorState::from([("organization", names)]),
        );
        judge.complaints.iter().filter(|complaint| complaint.contains("organization a ")).count()
    };
    assert_eq!((state_complaints(&[created(Done)], true), state_complaints(&[created(Done)], false)), (0, 1));
    assert_eq!(
        (
            state_complaints(&[created(Done), deleted(Done)], true),
            state_complaints(&[created(Done), deleted(Done)], false)
        ),
        (1, 0)
    );
    assert_eq!(
        (
            state_complaints(&[created(Done), deleted(Rejected)], true),
            state_complaints(&[created(Done), deleted(Rejected)], false)
        ),
        (0, 1)
    );
    assert_eq!(
        (state_complaints(&[created(Rejected)], true), state_complaints(&[created(Rejected)], false)),
        (1, 0)
    );
    assert_eq!(
        (state_complaints(&[created(Unknown)], true), state_complaints(&[created(Unknown)], false)),
        (0, 0)
    );
    assert_eq!(
        (
            state_complaints(&[created(Done), deleted(Unknown)], true),
            state_complaints(&[created(Done), deleted(Unknown)], false)
        ),
        (0, 0)
    );
}

#[test]
fn request_after_its_round_is_still_checked() {
    let after = |outcome, before: &[ReceivedRequest], late: &[ReceivedRequest]| {
        let mut judge = judge(&[write(0, outcome)], before, &EmulatorState::new());
        judge.judge(2, Vec::new(), late, &EmulatorState::new());
        (judge.complaints, judge.counts.late_requests)
    };
    let (complaints, late_requests) = after(Outcome::Cancelled, &[], &[handled(0, 201)]);
    assert_eq!((complaints.len(), late_requests), (0, 1), "{complaints:?}");
    let (complaints, _) = after(Outcome::Cancelled, &[handled(0, 201)], &[handled(0, 201)]);
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    let (complaints, _) = after(Outcome::NotSent, &[], &[handled(0, 201)]);
    assert_eq!(complaints.len(), 1, "{complaints:?}");
}
