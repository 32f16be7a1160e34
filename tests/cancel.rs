//! Cancellation: dropping a call closes its request, and no work continues in the background.

use std::time::Duration;

use scalekit::{AsyncScalekitClient, ClientOptions, CreateOrganization, ListOrganizations, LoginOptions};
use scalekit_emulator::{Emulator, Fault, FaultKind, Progress};

use crate::support;
use crate::support::executor::{block_on, poll_once};
use crate::support::gate::{Gate, MAX_WAIT};
use crate::support::raw::{self, RawServer};
use crate::support::{emulator, quick, request_count};

const GET: &str = "organizations.get";
const CREATE: &str = "organizations.create";

fn client(emulator: &Emulator) -> AsyncScalekitClient {
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    // Far longer than a test waits, so that no deadline ends a call here.
    let options = ClientOptions { timeout_seconds: Some(3600.0), ..quick() };
    AsyncScalekitClient::new(url, id, secret, options).unwrap()
}

fn hang(emulator: &Emulator, operation: &str) {
    emulator.fault(Fault::new(operation, FaultKind::Delay { ms: 0, forever: true })).unwrap();
}

fn progress(count: usize, aborted: usize) -> Progress {
    Progress { count, aborted }
}

fn new(name: &str) -> CreateOrganization {
    CreateOrganization::new(name)
}

#[tokio::test]
async fn dropped_future_closes_its_request() {
    let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
    let client = client(&emulator);
    for operation in [GET, CREATE] {
        hang(&emulator, operation);
        let (organizations, arrival) =
            (client.organizations(), emulator.wait(operation, progress(1, 0), MAX_WAIT));
        tokio::select! {
            _ = organizations.get("org_1"), if operation == GET => panic!("the call completed"),
            _ = organizations.create(new("New")), if operation == CREATE => panic!("the call completed"),
            arrived = arrival => assert!(arrived.is_ok()),
        }
        emulator.wait(operation, progress(1, 1), MAX_WAIT).await.expect("the request was not closed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aborted_task_closes_its_request() {
    let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
    let organizations = client(&emulator).organizations();
    hang(&emulator, CREATE);
    let call = tokio::spawn(async move { organizations.create(new("New")).await });
    emulator.wait(CREATE, progress(1, 0), MAX_WAIT).await.unwrap();
    call.abort();
    emulator.wait(CREATE, progress(1, 1), MAX_WAIT).await.expect("the request was not closed");
    assert!(call.await.unwrap_err().is_cancelled());
}

#[test]
fn dropped_future_without_runtime_closes_its_request() {
    let emulator = emulator();
    let client = client(&emulator);
    let organizations = client.organizations();
    for operation in [GET, CREATE] {
        hang(&emulator, operation);
        let mut get = Box::pin(organizations.get("org_1"));
        let mut create = Box::pin(organizations.create(new("New")));
        let pending = match operation {
            GET => poll_once(&mut get).is_pending(),
            _ => poll_once(&mut create).is_pending(),
        };
        assert!(pending);
        emulator.wait_blocking(operation, progress(1, 0), MAX_WAIT).unwrap();
        assert_eq!(emulator.requests_of(operation).len(), 1);
        drop((get, create));
        emulator.wait_blocking(operation, progress(1, 1), MAX_WAIT).expect("the request was not closed");
    }
    assert_eq!(block_on(organizations.get("org_1")).unwrap().id, "org_1");
}

#[test]
fn dropped_page_closes_its_request_and_can_be_fetched_again() {
    let emulator = emulator();
    let pager = client(&emulator).organizations().list_all(ListOrganizations::default());
    hang(&emulator, "organizations.list");
    let mut page = Box::pin(pager.next_page());
    assert!(poll_once(&mut page).is_pending());
    emulator.wait_blocking("organizations.list", progress(1, 0), MAX_WAIT).unwrap();
    drop(page);
    emulator
        .wait_blocking("organizations.list", progress(1, 1), MAX_WAIT)
        .expect("the request was not closed");
    let page = block_on(pager.next_page()).unwrap().unwrap();
    assert_eq!(page.len(), 1, "the page was lost");
}

#[test]
fn call_dropped_during_retry_delay_is_not_retried() {
    let emulator = emulator();
    let client = client(&emulator);
    block_on(client.organizations().get("org_1")).unwrap();
    emulator.clear_requests();
    emulator.fault(Fault::status(GET, 429).header("retry-after", "1").count(10)).unwrap();
    let organizations = client.organizations();
    let mut call = Box::pin(organizations.get("org_1"));
    assert!(poll_once(&mut call).is_pending());
    emulator.wait_blocking(GET, progress(1, 0), MAX_WAIT).unwrap();
    drop(call);
    emulator.clear_faults();
    // If the call were still running, its retry would arrive within a second.
    assert!(emulator.wait_blocking(GET, progress(2, 0), Duration::from_secs(2)).is_err());
}

#[test]
fn token_fetch_survives_drop_of_its_initiating_call() {
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

/// A dropped request must not force the user to restart the login.
#[tokio::test]
async fn login_can_be_finished_after_a_dropped_finish() {
    let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
    let login = client(&emulator).login();
    let started = login
        .start(LoginOptions { redirect_uri: "http://127.0.0.1:9/callback".into(), ..Default::default() })
        .unwrap();
    let url = started.authorization_url;
    let callback = tokio::task::spawn_blocking(move || support::browser::follow(&url)).await.unwrap();
    hang(&emulator, "oauth.token");
    tokio::select! {
        _ = login.finish(&callback, started.transaction.clone()) => panic!("the call completed"),
        arrived = emulator.wait("oauth.token", progress(1, 0), MAX_WAIT) => assert!(arrived.is_ok()),
    }
    emulator.wait("oauth.token", progress(1, 1), MAX_WAIT).await.expect("the request was not closed");
    login.finish(&callback, started.transaction.clone()).await.unwrap();
    let error = login.finish(&callback, started.transaction).await.unwrap_err();
    assert_eq!(error.failure().code.as_deref(), Some("transaction_used"));
}

#[test]
fn unpolled_future_sends_nothing() {
    let emulator = emulator();
    let client = client(&emulator);
    let organizations = client.organizations();
    drop((organizations.get("org_1"), organizations.create(new("New")), client.jwks()));
    block_on(organizations.get("org_1")).unwrap();
    assert_eq!((request_count(&emulator, CREATE), request_count(&emulator, GET)), (0, 1));
    assert_eq!(request_count(&emulator, "oauth.keys"), 0);
}
