//! One client used from several runtimes, runtimes that end, parked runtimes, and no runtime.

use std::future::Future;
use std::thread;
use std::time::Duration;

use scalekit::{AsyncScalekitClient, CallOptions, Organization, Result, ScalekitClient, ScalekitError};
use scalekit_emulator::Emulator;
use tokio::runtime::{Builder, Runtime};

use crate::support;
use crate::support::caller::runtime;
use crate::support::executor::block_on;
use crate::support::gate::Gate;
use crate::support::raw::{self, RawServer};
use crate::support::{emulator, quick, request_count};

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

/// An owned call that can run on any executor.
fn get(client: &AsyncScalekitClient) -> impl Future<Output = Result<Organization>> + Send + use<> {
    let organizations = client.organizations();
    async move { organizations.get("org_1").await }
}

#[test]
fn client_works_on_several_runtimes_concurrently() {
    let emulator = emulator();
    let client = client(&emulator);
    let calls = |run: &dyn Fn()| (0..20).for_each(|_| run());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let current = runtime();
                calls(&|| assert_eq!(current.block_on(get(&client)).unwrap().id, "org_1"));
            });
        }
        scope.spawn(|| {
            let current = threaded();
            calls(&|| assert_eq!(current.block_on(get(&client)).unwrap().id, "org_1"));
        });
        scope.spawn(|| calls(&|| assert_eq!(block_on(get(&client)).unwrap().id, "org_1")));
    });
    assert_eq!(
        (request_count(&emulator, "oauth.token"), request_count(&emulator, "organizations.get")),
        (1, 100)
    );
}

#[test]
fn client_works_on_one_runtime_after_another() {
    let emulator = emulator();
    let client = client(&emulator);
    for index in 0..20 {
        let current = if index % 2 == 0 { runtime() } else { threaded() };
        assert_eq!(current.block_on(get(&client)).unwrap().id, "org_1");
        // The runtime's connections end with it.
        drop(current);
        assert_eq!(block_on(get(&client)).unwrap().id, "org_1");
    }
    assert_eq!(request_count(&emulator, "oauth.token"), 1);
}

#[test]
fn client_works_on_more_runtimes_than_it_keeps_pools_for() {
    let emulator = emulator();
    let client = client(&emulator);
    let runtimes: Vec<_> = (0..20).map(|_| runtime()).collect();
    for _ in 0..3 {
        for current in &runtimes {
            assert_eq!(current.block_on(get(&client)).unwrap().id, "org_1");
        }
    }
    assert_eq!(
        (request_count(&emulator, "oauth.token"), request_count(&emulator, "organizations.get")),
        (1, 60)
    );
}

/// Makes several concurrent calls, which leave idle connections.
async fn several(client: &AsyncScalekitClient) -> Vec<String> {
    let mut calls = tokio::task::JoinSet::new();
    (0..5).for_each(|_| drop(calls.spawn(get(client))));
    calls.join_all().await.into_iter().map(|result| result.unwrap().id).collect()
}

#[test]
fn idle_connections_of_a_parked_runtime_block_no_call() {
    let emulator = emulator();
    let (client, blocking) = (client(&emulator), blocking_client(&emulator));
    let (parked, other) = (runtime(), runtime());
    assert_eq!(parked.block_on(several(&client)), ["org_1"; 5]);
    // `parked` no longer runs, but its idle connections remain in the pool.
    assert_eq!(blocking.organizations().get("org_1").unwrap().id, "org_1");
    assert_eq!(other.block_on(several(&client)), ["org_1"; 5]);
    assert_eq!(block_on(get(&client)).unwrap().id, "org_1");
    assert_eq!(parked.block_on(several(&client)), ["org_1"; 5]);
}

/// A service that returns its token when the gate opens.
fn gated_service(gate: &Gate) -> RawServer {
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
fn token_fetch_of_a_parked_runtime_blocks_no_call() {
    let gate = Gate::default();
    let server = gated_service(&gate);
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
    // `parked` no longer runs, and the token fetch started there.
    let short_timeout = CallOptions { timeout_seconds: Some(5.0), ..CallOptions::default() };
    let result = runtime().block_on(get(&client.with_options(short_timeout).unwrap()));
    assert_eq!(result.unwrap().id, "org_1");
    assert_eq!(block_on(get(&client)).unwrap().id, "org_1");
    assert_eq!(server.requests_to("/oauth/token").len(), 1);
}

#[test]
fn token_fetch_of_an_ended_runtime_is_restarted() {
    let gate = Gate::default();
    let server = gated_service(&gate);
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
fn future_can_move_between_threads() {
    let emulator = emulator();
    let call = Box::pin(get(&client(&emulator)));
    let mut call = thread::spawn(move || {
        let mut call = call;
        assert!(support::executor::poll_once(&mut call).is_pending());
        call
    })
    .join()
    .unwrap();
    assert_eq!(block_on(call.as_mut()).unwrap().id, "org_1");
}

#[test]
fn pending_calls_survive_drop_of_the_client() {
    let emulator = emulator();
    let calls = thread::spawn({
        let client = client(&emulator);
        move || [get(&client), get(&client)]
    });
    let [in_a_runtime, elsewhere] = calls.join().unwrap();
    assert_eq!(runtime().block_on(in_a_runtime).unwrap().id, "org_1");
    assert_eq!(block_on(elsewhere).unwrap().id, "org_1");
}

fn assert_rejected<T: std::fmt::Debug>(result: Result<T>, operation: &str) {
    let error = result.unwrap_err();
    assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
    assert_eq!(error.failure().operation, operation);
    assert!(error.to_string().contains("use AsyncScalekitClient"), "{error}");
}

#[test]
fn blocking_call_in_a_runtime_is_rejected_without_panic() {
    let emulator = emulator();
    let blocking = blocking_client(&emulator);
    let calls = || {
        assert_rejected(blocking.organizations().get("org_1"), "organizations.get");
        assert_rejected(blocking.jwks(), "oauth.keys");
        let request = blocking.request(scalekit::HttpMethod::Get, "/x", Default::default(), None);
        assert_rejected(request, "request");
        let pager = blocking.organizations().list_all(Default::default());
        assert_rejected(pager.next_page(), "OrganizationPager.next_page");
    };
    runtime().block_on(async { calls() });
    let threads = threaded();
    threads.block_on(async { calls() });
    let task = blocking.clone();
    let result = threads.block_on(threads.spawn(async move { task.organizations().get("org_1") }));
    assert_rejected(result.unwrap(), "organizations.get");
    assert!(emulator.requests().is_empty());
    // The client stays usable.
    assert_eq!(blocking.organizations().get("org_1").unwrap().id, "org_1");
}
