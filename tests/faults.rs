//! Fault injection: each network fault must end in the expected error within the deadline and with bounded memory,
//! disclose no credential and repeat no write. The cases are in tests/faults/src/table, which the other languages share.

mod support;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

use scalekit::{CallOptions, ClientOptions, Result, ScalekitError, TokenExpectations};
use scalekit_faults::{CLIENT_ID, CLIENT_SECRET, Case, FaultServer, Outcome, Target, UNKNOWN_TOKEN, cases};
use support::caller::call;
use support::{Caller, Style, in_every_style, quick};

in_every_style!(every_fault_has_the_expected_outcome, every_heavy_fault_has_the_expected_outcome);

/// Cases that fill memory or keep the client busy run alone, so that their use of resources can be attributed.
static EXCLUSIVE: RwLock<()> = RwLock::new(());

/// Most cases only wait, so more run at once than there are processors.
const PARALLEL_CASES: usize = 8;

fn every_fault_has_the_expected_outcome(style: Style) {
    let _shared = EXCLUSIVE.read().unwrap_or_else(PoisonError::into_inner);
    let all = cases().filter(|case| !case.heavy);
    let queue: VecDeque<_> =
        all.flat_map(|case| case.targets.iter().map(move |target| (case, *target))).collect();
    let (queue, complaints) = (Mutex::new(queue), Mutex::new(Vec::new()));
    let next = || queue.lock().unwrap().pop_front();
    thread::scope(|scope| {
        for _ in 0..PARALLEL_CASES {
            scope.spawn(|| {
                while let Some((case, target)) = next() {
                    let found = run_case(style, case, target);
                    complaints.lock().unwrap().extend(found);
                }
            });
        }
    });
    assert_none(&complaints.into_inner().unwrap());
}

fn every_heavy_fault_has_the_expected_outcome(style: Style) {
    let mut complaints = Vec::new();
    for case in cases().filter(|case| case.heavy) {
        for &target in case.targets {
            let _exclusive = EXCLUSIVE.write().unwrap_or_else(PoisonError::into_inner);
            complaints.extend(run_case(style, case, target));
        }
    }
    assert_none(&complaints);
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Runs a case at one target, and then another call after the fault has ended.
fn run_case(style: Style, case: &'static Case, target: Target) -> Vec<String> {
    let server = FaultServer::start(case, target, std::process::id());
    let options = ClientOptions {
        timeout_seconds: Some(case.timeout_seconds(target)),
        root_certificates_pem: Some(server.authority()),
        ..quick()
    };
    let client = style.try_client(server.url(), CLIENT_ID, CLIENT_SECRET, options).unwrap();
    let first = outcome(&client, target);
    let mut complaints = run_beside(&client, || server.judge(&first));
    if server.heal() {
        let long_timeout = CallOptions { timeout_seconds: Some(60.0), ..CallOptions::default() };
        complaints.extend(server.judge_healed(&outcome(&client.with(long_timeout).unwrap(), target)));
    }
    let name = format!("{} ({}): ", case.name, target.name());
    complaints.into_iter().map(|complaint| name.clone() + &complaint).collect()
}

/// Keeps a single-threaded runtime running during `work`: a parked runtime closes no connection, which the server waits
/// for.
fn run_beside<T: Send>(client: &Caller, work: impl FnOnce() -> T + Send) -> T {
    let Caller::Tokio(_, runtime) = client else { return work() };
    thread::scope(|scope| {
        let (done, wait) = tokio::sync::oneshot::channel();
        scope.spawn(|| done.send(work()).ok());
        runtime.block_on(wait).unwrap()
    })
}

fn outcome(client: &Caller, target: Target) -> Outcome {
    let result = match target {
        Target::Read => client.get("org_1").map(|organization| organization.id),
        Target::Write | Target::Token => client.create("New").map(|organization| organization.id),
        Target::Keys => client.jwks().map(|_| "keys".into()),
        Target::Check => check(client).map(|()| "keys".into()),
    };
    match result {
        Ok(says) => Outcome::answer(&says),
        Err(error) => Outcome {
            kind: kind(&error),
            says: error.to_string(),
            operation: error.failure().operation.clone(),
            status: error.failure().status.and_then(|status| u16::try_from(status).ok()),
        },
    }
}

fn check(client: &Caller) -> Result<()> {
    let expectations = TokenExpectations::for_any_audience();
    call!(*client, c => c.tokens().validate(UNKNOWN_TOKEN, expectations)).map(drop)
}

/// The name of the error variant.
fn kind(error: &ScalekitError) -> String {
    let printed = format!("{error:?}");
    printed.split([' ', '{']).next().unwrap_or_default().to_owned()
}
