//! Whatever the other side does: an error of the right kind in time, a bounded appetite, no secret in the wrong hands,
//! no write twice. What can go wrong is a table, in tests/faults/src/table, that other languages go by too.

mod support;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

use scalekit::{CallOptions, ClientOptions, Result, ScalekitError, TokenExpectations};
use scalekit_faults::{CLIENT_ID, CLIENT_SECRET, Case, Outcome, Site, Target, UNKNOWN_TOKEN, cases};
use support::caller::call;
use support::{Caller, Style, in_every_style, quick};

in_every_style!(whatever_goes_wrong_ends_well, what_fills_memory_ends_well);

/// What fills memory or keeps the client busy is done when nothing else is, so that it is known who did it.
static ALONE: RwLock<()> = RwLock::new(());

/// Waiting is most of the work.
const AT_ONCE: usize = 8;

fn whatever_goes_wrong_ends_well(style: Style) {
    let _with_others = ALONE.read().unwrap_or_else(PoisonError::into_inner);
    let all = cases().filter(|case| !case.heavy);
    let work: VecDeque<_> =
        all.flat_map(|case| case.targets.iter().map(move |target| (case, *target))).collect();
    let (work, complaints) = (Mutex::new(work), Mutex::new(Vec::new()));
    let next = || work.lock().unwrap().pop_front();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((case, target)) = next() {
                    let found = play(style, case, target);
                    complaints.lock().unwrap().extend(found);
                }
            });
        }
    });
    assert_none(&complaints.into_inner().unwrap());
}

fn what_fills_memory_ends_well(style: Style) {
    let mut complaints = Vec::new();
    for case in cases().filter(|case| case.heavy) {
        for &target in case.targets {
            let _alone = ALONE.write().unwrap_or_else(PoisonError::into_inner);
            complaints.extend(play(style, case, target));
        }
    }
    assert_none(&complaints);
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Plays a case at one request, and then a call when all is well again.
fn play(style: Style, case: &'static Case, target: Target) -> Vec<String> {
    let site = Site::start(case, target, std::process::id());
    let options = ClientOptions {
        timeout_seconds: Some(case.timeout_seconds(target)),
        root_certificates_pem: Some(site.authority()),
        ..quick()
    };
    let client = style.try_client(site.url(), CLIENT_ID, CLIENT_SECRET, options).unwrap();
    let first = outcome(&client, target);
    let mut complaints = meanwhile(&client, || site.judge(&first));
    if site.heal() {
        let patient = CallOptions { timeout_seconds: Some(60.0), ..CallOptions::default() };
        complaints.extend(site.judge_healed(&outcome(&client.with(patient).unwrap(), target)));
    }
    let name = format!("{} ({}): ", case.name, target.name());
    complaints.into_iter().map(|complaint| name.clone() + &complaint).collect()
}

/// A single-threaded runtime closes no connection while it is parked, so it must not be while the server waits for that.
fn meanwhile<T: Send>(client: &Caller, work: impl FnOnce() -> T + Send) -> T {
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

/// The name of the variant.
fn kind(error: &ScalekitError) -> String {
    let printed = format!("{error:?}");
    printed.split([' ', '{']).next().unwrap_or_default().to_owned()
}
