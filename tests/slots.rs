//! Blocking calls run in slots, which are parked between calls: slots and connections are reused, and a parked slot leaves
//! no cleanup undone.

mod support;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use scalekit::{CallOptions, ScalekitError};
use support::caller::runtime;
use support::gate::{Gate, MAX_WAIT};
use support::raw::{self, Next, RawServer, Request};
use support::{Caller, Style, quick};

/// The slots belong to the whole process, so these tests run one at a time.
fn exclusive() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A service that reports each closed connection.
struct Service {
    server: RawServer,
    ended: mpsc::Receiver<()>,
}

struct ObservedStream(TcpStream, mpsc::Sender<()>);

impl Drop for ObservedStream {
    fn drop(&mut self) {
        let _ = self.1.send(());
    }
}

impl Read for ObservedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for ObservedStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Service {
    fn start(
        respond: impl Fn(&Request, &mut dyn Write) -> io::Result<Next> + Send + Sync + 'static,
    ) -> Service {
        let (closed, ended) = mpsc::channel();
        let closed = Mutex::new(closed);
        let server = RawServer::start_with(
            move |stream| Some(Box::new(ObservedStream(stream, closed.lock().unwrap().clone()))),
            move |request, to| match request.target() {
                "/oauth/token" => raw::json(to, 200, raw::TOKEN),
                _ => respond(request, to),
            },
        );
        Service { server, ended }
    }

    /// A service that responds when the gate opens.
    fn gated(gate: &Gate) -> Service {
        let gate = gate.clone();
        Service::start(move |_, to| {
            gate.pass();
            raw::json(to, 200, raw::ORGANIZATION)
        })
    }

    fn client(&self) -> Caller {
        Style::Blocking.client_at(&self.server.url(), quick())
    }

    fn await_ended(&self, connections: usize) {
        for _ in 0..connections {
            self.ended.recv_timeout(MAX_WAIT).expect("a connection was not closed");
        }
    }
}

fn get(client: &Caller) {
    assert_eq!(client.get("org_1").unwrap().id, "org_1");
}

/// Makes concurrent calls, and opens the gate when all of them wait at it.
fn call_concurrently(client: &Caller, gate: &Gate, calls: usize) {
    thread::scope(|scope| {
        (0..calls).for_each(|_| drop(scope.spawn(|| get(client))));
        gate.await_waiting(calls);
        gate.open();
    });
}

#[test]
fn sequential_threads_share_one_connection() {
    let _guard = exclusive();
    let service = Service::gated(&{
        let open = Gate::default();
        open.open();
        open
    });
    let client = service.client();
    get(&client);
    let connections = service.server.connections();
    for _ in 0..50 {
        thread::scope(|scope| scope.spawn(|| get(&client)).join().unwrap());
    }
    assert_eq!(service.server.connections(), connections);
}

#[test]
fn more_concurrent_calls_than_slots_complete() {
    let _guard = exclusive();
    let gate = Gate::default();
    let service = Service::gated(&gate);
    let client = service.client();
    // No call waits for another: all requests arrive before the first response.
    call_concurrently(&client, &gate, 100);
    let connections = service.server.connections();
    thread::scope(|scope| {
        (0..100).for_each(|_| drop(scope.spawn(|| (0..10).for_each(|_| get(&client)))));
    });
    assert!(service.server.connections() <= connections + 100, "connections must be reused");
    client.close();
    service.await_ended(service.server.connections());
}

#[test]
fn close_ends_connections_of_parked_slots() {
    let _guard = exclusive();
    for drop_client in [false, true] {
        let gate = Gate::default();
        let service = Service::gated(&gate);
        let client = service.client();
        call_concurrently(&client, &gate, 5);
        if drop_client {
            drop(client);
        } else {
            client.close();
        }
        service.await_ended(service.server.connections());
    }
}

#[test]
fn close_inside_a_runtime_ends_connections_of_parked_slots() {
    let _guard = exclusive();
    let gate = Gate::default();
    let service = Service::gated(&gate);
    let client = service.client();
    call_concurrently(&client, &gate, 5);
    runtime().block_on(async { client.close() });
    service.await_ended(service.server.connections());
}

#[test]
fn slot_is_cleaned_up_when_its_client_closes_during_a_call() {
    let _guard = exclusive();
    for drop_client in [false, true] {
        let gate = Gate::default();
        let service = Service::gated(&gate);
        let client = service.client();
        let call = thread::spawn({
            let client = client.clone();
            move || get(&client)
        });
        gate.await_waiting(1);
        if drop_client {
            drop(client);
        } else {
            client.close();
        }
        gate.open();
        call.join().unwrap();
        service.await_ended(service.server.connections());
    }
}

#[test]
fn timed_out_call_closes_its_connection() {
    let _guard = exclusive();
    let service = Service::start(|_, _| Ok(Next::Hang));
    let client = service.client();
    let short_timeout = CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() };
    let error = client.with(short_timeout).unwrap().get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    service.await_ended(1);
}

#[test]
fn closing_one_client_keeps_connections_of_another() {
    let _guard = exclusive();
    let gate = Gate::default();
    gate.open();
    let (one, other) = (Service::gated(&gate), Service::gated(&gate));
    let (first, second) = (one.client(), other.client());
    for _ in 0..3 {
        get(&first);
        get(&second);
    }
    let connections = other.server.connections();
    first.close();
    one.await_ended(one.server.connections());
    get(&second);
    assert_eq!(other.server.connections(), connections, "the other client must keep its connection");
    assert!(matches!(first.get("org_1").unwrap_err(), ScalekitError::Closed { .. }));
}

#[test]
fn token_fetch_survives_timeout_of_its_caller() {
    let _guard = exclusive();
    let gate = Gate::default();
    let server = RawServer::start({
        let gate = gate.clone();
        move |request, to| match request.target() {
            "/oauth/token" => {
                gate.pass();
                raw::json(to, 200, raw::TOKEN)
            }
            _ => raw::json(to, 200, raw::ORGANIZATION),
        }
    });
    let client = Style::Blocking.client_at(&server.url(), quick());
    let short_timeout =
        client.with(CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() }).unwrap();
    let error = short_timeout.get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    // The slot of that call must not be parked, because other calls wait for its token fetch.
    thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&client));
        gate.open();
        waiting.join().unwrap();
    });
    assert_eq!(server.requests_to("/oauth/token").len(), 1);
}

#[test]
fn first_call_opens_one_connection() {
    let _guard = exclusive();
    let service = Service::start(|_, to| raw::json(to, 200, raw::ORGANIZATION));
    let client = service.client();
    get(&client);
    assert_eq!(service.server.connections(), 1, "the call must reuse the connection of the token request");
}
