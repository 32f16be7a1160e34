//! Dropping a call ends it: the request is closed, and nothing goes on behind the caller's back.

mod support;

use std::time::Duration;

use scalekit::{AsyncScalekitClient, ClientOptions, CreateOrganization, ListOrganizations, LoginOptions};
use scalekit_emulator::{Emulator, Fault, FaultKind, Progress};
use support::bare::{block_on, poll_once};
use support::gate::{Gate, PATIENCE};
use support::raw::{self, RawServer};
use support::{arrived, emulator, quick};

const GET: &str = "organizations.get";
const CREATE: &str = "organizations.create";

fn client(emulator: &Emulator) -> AsyncScalekitClient {
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    // Far longer than a test waits: no deadline of its own ends a call here.
    let options = ClientOptions { timeout_seconds: Some(3600.0), ..quick() };
    AsyncScalekitClient::new(url, id, secret, options).unwrap()
}

fn stuck(emulator: &Emulator, operation: &str) {
    emulator.fault(Fault::new(operation, FaultKind::Delay { ms: 0, forever: true })).unwrap();
}

fn progress(count: usize, aborted: usize) -> Progress {
    Progress { count, aborted }
}

fn new(name: &str) -> CreateOrganization {
    CreateOrganization { display_name: name.into(), ..Default::default() }
}

#[tokio::test]
async fn a_dropped_future_closes_its_request() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    for operation in [GET, CREATE] {
        stuck(&emulator, operation);
        let (organizations, arrival) =
            (client.organizations(), emulator.wait(operation, progress(1, 0), PATIENCE));
        tokio::select! {
            _ = organizations.get("org_1"), if operation == GET => panic!("answered"),
            _ = organizations.create(new("New")), if operation == CREATE => panic!("answered"),
            arrived = arrival => assert!(arrived.is_ok()),
        }
        emulator.wait(operation, progress(1, 1), PATIENCE).await.expect("the request goes on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_aborted_task_closes_its_request() {
    let emulator = Emulator::start().await.unwrap();
    let organizations = client(&emulator).organizations();
    stuck(&emulator, CREATE);
    let call = tokio::spawn(async move { organizations.create(new("New")).await });
    emulator.wait(CREATE, progress(1, 0), PATIENCE).await.unwrap();
    call.abort();
    emulator.wait(CREATE, progress(1, 1), PATIENCE).await.expect("the request goes on");
    assert!(call.await.unwrap_err().is_cancelled());
}

#[test]
fn a_dropped_future_closes_its_request_without_a_runtime() {
    let emulator = emulator();
    let client = client(&emulator);
    let organizations = client.organizations();
    for operation in [GET, CREATE] {
        stuck(&emulator, operation);
        let mut get = Box::pin(organizations.get("org_1"));
        let mut create = Box::pin(organizations.create(new("New")));
        let pending = match operation {
            GET => poll_once(&mut get).is_pending(),
            _ => poll_once(&mut create).is_pending(),
        };
        assert!(pending);
        emulator.wait_blocking(operation, progress(1, 0), PATIENCE).unwrap();
        assert_eq!(emulator.requests_of(operation).len(), 1);
        drop((get, create));
        emulator.wait_blocking(operation, progress(1, 1), PATIENCE).expect("the request goes on");
    }
    assert_eq!(block_on(organizations.get("org_1")).unwrap().id, "org_1");
}

#[test]
fn a_dropped_page_closes_its_request_and_can_be_asked_for_again() {
    let emulator = emulator();
    let pager = client(&emulator).organizations().list_all(ListOrganizations::default());
    stuck(&emulator, "organizations.list");
    let mut page = Box::pin(pager.next_page());
    assert!(poll_once(&mut page).is_pending());
    emulator.wait_blocking("organizations.list", progress(1, 0), PATIENCE).unwrap();
    drop(page);
    emulator.wait_blocking("organizations.list", progress(1, 1), PATIENCE).expect("the request goes on");
    let page = block_on(pager.next_page()).unwrap().unwrap();
    assert_eq!(page.len(), 1, "nothing is lost");
}

#[test]
fn a_call_that_waits_to_try_again_can_be_dropped() {
    let emulator = emulator();
    let client = client(&emulator);
    block_on(client.organizations().get("org_1")).unwrap();
    emulator.clear_requests();
    emulator.fault(Fault::status(GET, 429).header("retry-after", "1").count(10)).unwrap();
    let organizations = client.organizations();
    let mut call = Box::pin(organizations.get("org_1"));
    assert!(poll_once(&mut call).is_pending());
    emulator.wait_blocking(GET, progress(1, 0), PATIENCE).unwrap();
    drop(call);
    emulator.clear_faults();
    // Were the call still there, it would be the second to arrive within a second.
    assert!(emulator.wait_blocking(GET, progress(2, 0), Duration::from_secs(2)).is_err());
}

#[test]
fn the_token_fetch_survives_the_call_that_began_it() {
    let gate = Gate::default();
    let waiting = gate.clone();
    let server = RawServer::start(move |request, to| match request.target() {
        "/oauth/token" => {
            waiting.pass();
            raw::json(to, 200, raw::TOKEN)
        }
        _ => raw::json(to, 200, raw::ORGANIZATION),
    });
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret", quick()).unwrap();
    let organizations = client.organizations();
    let (mut leader, mut waiter) =
        (Box::pin(organizations.get("org_1")), Box::pin(organizations.create(new("New"))));
    assert!(poll_once(&mut leader).is_pending());
    gate.await_waiting(1);
    assert!(poll_once(&mut waiter).is_pending());
    drop(leader);
    gate.open();
    assert_eq!(block_on(waiter).unwrap().id, "org_1");
    let lines: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["POST /oauth/token HTTP/1.1", "POST /api/v1/organizations HTTP/1.1"]);
}

/// The person who comes back is not told to start again because their first request was given up.
#[tokio::test]
async fn a_login_may_be_finished_after_a_call_that_was_dropped() {
    let emulator = Emulator::start().await.unwrap();
    let login = client(&emulator).login();
    let started = login
        .start(LoginOptions { redirect_uri: "http://127.0.0.1:9/callback".into(), ..Default::default() })
        .unwrap();
    let url = started.authorization_url;
    let callback = tokio::task::spawn_blocking(move || support::browser::follow(&url)).await.unwrap();
    stuck(&emulator, "oauth.token");
    tokio::select! {
        _ = login.finish(&callback, started.transaction.clone()) => panic!("answered"),
        arrived = emulator.wait("oauth.token", progress(1, 0), PATIENCE) => assert!(arrived.is_ok()),
    }
    emulator.wait("oauth.token", progress(1, 1), PATIENCE).await.expect("the request goes on");
    login.finish(&callback, started.transaction.clone()).await.unwrap();
    let error = login.finish(&callback, started.transaction).await.unwrap_err();
    assert_eq!(error.failure().code.as_deref(), Some("transaction_used"));
}

#[test]
fn a_future_that_is_never_polled_sends_nothing() {
    let emulator = emulator();
    let client = client(&emulator);
    let organizations = client.organizations();
    drop((organizations.get("org_1"), organizations.create(new("New")), client.jwks()));
    block_on(organizations.get("org_1")).unwrap();
    assert_eq!((arrived(&emulator, CREATE), arrived(&emulator, GET)), (0, 1));
    assert_eq!(arrived(&emulator, "oauth.keys"), 0);
}
