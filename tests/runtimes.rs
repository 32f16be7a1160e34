//! One client, whoever runs it: several runtimes, runtimes that end, parked runtimes, no runtime.

mod support;

use std::future::Future;
use std::thread;
use std::time::Duration;

use scalekit::{AsyncScalekitClient, CallOptions, Organization, Result, ScalekitClient, ScalekitError};
use scalekit_emulator::Emulator;
use support::bare::block_on;
use support::caller::runtime;
use support::gate::Gate;
use support::raw::{self, RawServer};
use support::{arrived, emulator, quick};
use tokio::runtime::{Builder, Runtime};

fn client(emulator: &Emulator) -> AsyncScalekitClient {
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    AsyncScalekitClient::new(url, id, secret, quick()).unwrap()
}

fn blocking_client(emulator: &Emulator) -> ScalekitClient {
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    ScalekitClient::new(url, id, secret, quick()).unwrap()
}

fn threaded() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// An owned call, to be run anywhere.
fn get(client: &AsyncScalekitClient) -> impl Future<Output = Result<Organization>> + Send + use<> {
    let organizations = client.organizations();
    async move { organizations.get("org_1").await }
}

#[test]
fn several_runtimes_at_a_time() {
    let emulator = emulator();
    let client = client(&emulator);
    let calls = |run: &dyn Fn()| (0..20).for_each(|_| run());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let own = runtime();
                calls(&|| assert_eq!(own.block_on(get(&client)).unwrap().id, "org_1"));
            });
        }
        scope.spawn(|| {
            let own = threaded();
            calls(&|| assert_eq!(own.block_on(get(&client)).unwrap().id, "org_1"));
        });
        scope.spawn(|| calls(&|| assert_eq!(block_on(get(&client)).unwrap().id, "org_1")));
    });
    assert_eq!((arrived(&emulator, "oauth.token"), arrived(&emulator, "organizations.get")), (1, 100));
}

#[test]
fn one_runtime_after_another() {
    let emulator = emulator();
    let client = client(&emulator);
    for index in 0..20 {
        let own = if index % 2 == 0 { runtime() } else { threaded() };
        assert_eq!(own.block_on(get(&client)).unwrap().id, "org_1");
        // Its connections end with it.
        drop(own);
        assert_eq!(block_on(get(&client)).unwrap().id, "org_1");
    }
    assert_eq!(arrived(&emulator, "oauth.token"), 1);
}

#[test]
fn more_runtimes_than_are_kept_connections_for() {
    let emulator = emulator();
    let client = client(&emulator);
    let runtimes: Vec<_> = (0..20).map(|_| runtime()).collect();
    for _ in 0..3 {
        for own in &runtimes {
            assert_eq!(own.block_on(get(&client)).unwrap().id, "org_1");
        }
    }
    assert_eq!((arrived(&emulator, "oauth.token"), arrived(&emulator, "organizations.get")), (1, 60));
}

/// Several calls at a time, so that there are idle connections afterwards.
async fn several(client: &AsyncScalekitClient) -> Vec<String> {
    let mut calls = tokio::task::JoinSet::new();
    (0..5).for_each(|_| drop(calls.spawn(get(client))));
    calls.join_all().await.into_iter().map(|answer| answer.unwrap().id).collect()
}

#[test]
fn idle_connections_of_a_parked_runtime_hang_nobody() {
    let emulator = emulator();
    let (client, blocking) = (client(&emulator), blocking_client(&emulator));
    let (parked, other) = (runtime(), runtime());
    assert_eq!(parked.block_on(several(&client)), ["org_1"; 5]);
    // Nobody runs `parked` any more, but its idle connections are there.
    assert_eq!(blocking.organizations().get("org_1").unwrap().id, "org_1");
    assert_eq!(other.block_on(several(&client)), ["org_1"; 5]);
    assert_eq!(block_on(get(&client)).unwrap().id, "org_1");
    assert_eq!(parked.block_on(several(&client)), ["org_1"; 5]);
}

/// A service that hands out its token when the gate opens.
fn held_up(gate: &Gate) -> RawServer {
    let gate = gate.clone();
    RawServer::start(move |request, to| match request.target() {
        "/oauth/token" => {
            gate.pass();
            raw::json(to, 200, raw::TOKEN)
        }
        _ => raw::json(to, 200, raw::ORGANIZATION),
    })
}

#[test]
fn a_token_fetch_begun_on_a_parked_runtime_hangs_nobody() {
    let gate = Gate::default();
    let server = held_up(&gate);
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret", quick()).unwrap();
    let parked = runtime();
    parked.block_on(async {
        let call = tokio::spawn(get(&client));
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        call.abort();
    });
    gate.open();
    // Nobody runs `parked` any more, and the fetch began there.
    let hasty = CallOptions { timeout_seconds: Some(5.0), ..CallOptions::default() };
    let answer = runtime().block_on(get(&client.with_options(hasty).unwrap()));
    assert_eq!(answer.unwrap().id, "org_1");
    assert_eq!(block_on(get(&client)).unwrap().id, "org_1");
    assert_eq!(server.requests_to("/oauth/token").len(), 1);
}

#[test]
fn a_token_fetch_that_ended_with_its_runtime_is_begun_again() {
    let gate = Gate::default();
    let server = held_up(&gate);
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret", quick()).unwrap();
    let ending = threaded();
    ending.spawn(get(&client));
    gate.await_waiting(1);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| block_on(get(&client)));
        let late = scope.spawn(|| runtime().block_on(get(&client)));
        ending.shutdown_timeout(Duration::from_secs(5));
        gate.open();
        assert_eq!(waiter.join().unwrap().unwrap().id, "org_1");
        assert_eq!(late.join().unwrap().unwrap().id, "org_1");
    });
}

#[test]
fn a_future_may_move_from_thread_to_thread() {
    let emulator = emulator();
    let call = Box::pin(get(&client(&emulator)));
    let mut call = thread::spawn(move || {
        let mut call = call;
        assert!(support::bare::poll_once(&mut call).is_pending());
        call
    })
    .join()
    .unwrap();
    assert_eq!(block_on(call.as_mut()).unwrap().id, "org_1");
}

#[test]
fn a_client_may_be_dropped_anywhere_and_its_calls_go_on() {
    let emulator = emulator();
    let calls = thread::spawn({
        let client = client(&emulator);
        move || [get(&client), get(&client)]
    });
    let [in_a_runtime, elsewhere] = calls.join().unwrap();
    assert_eq!(runtime().block_on(in_a_runtime).unwrap().id, "org_1");
    assert_eq!(block_on(elsewhere).unwrap().id, "org_1");
}

fn assert_refused<T: std::fmt::Debug>(result: Result<T>, operation: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
    assert_eq!(error.failure().operation, operation);
    assert!(error.to_string().contains("use AsyncScalekitClient"), "{error}");
}

#[test]
fn a_blocking_call_in_a_runtime_is_refused_and_does_not_panic() {
    let emulator = emulator();
    let blocking = blocking_client(&emulator);
    let calls = || {
        assert_refused(blocking.organizations().get("org_1"), "organizations.get");
        assert_refused(blocking.jwks(), "oauth.keys");
        let request = blocking.request(scalekit::HttpMethod::Get, "/x", Default::default(), None);
        assert_refused(request, "request");
        let pager = blocking.organizations().list_all(Default::default());
        assert_refused(pager.next_page(), "OrganizationPager.next_page");
    };
    runtime().block_on(async { calls() });
    let threads = threaded();
    threads.block_on(async { calls() });
    let task = blocking.clone();
    let answer = threads.block_on(threads.spawn(async move { task.organizations().get("org_1") }));
    assert_refused(answer.unwrap(), "organizations.get");
    assert!(emulator.requests().is_empty());
    // The client is none the worse for it.
    assert_eq!(blocking.organizations().get("org_1").unwrap().id, "org_1");
}
