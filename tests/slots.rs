//! Blocking calls run in slots that are parked between calls: few of them, with the connections they need, and nothing
//! that a parked slot forgets to do.

mod support;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use scalekit::{CallOptions, ScalekitError};
use support::caller::runtime;
use support::gate::{Gate, PATIENCE};
use support::raw::{self, Next, RawServer, Request};
use support::{Caller, Style, quick};

/// The slots are those of the whole program, so the tests take turns.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A service that tells of each connection that ends.
struct Service {
    server: RawServer,
    ended: mpsc::Receiver<()>,
}

struct Tells(TcpStream, mpsc::Sender<()>);

impl Drop for Tells {
    fn drop(&mut self) {
        let _ = self.1.send(());
    }
}

impl Read for Tells {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Tells {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Service {
    fn start(
        answer: impl Fn(&Request, &mut dyn Write) -> io::Result<Next> + Send + Sync + 'static,
    ) -> Service {
        let (tell, ended) = mpsc::channel();
        let tell = Mutex::new(tell);
        let server = RawServer::start_with(
            move |stream| Some(Box::new(Tells(stream, tell.lock().unwrap().clone()))),
            move |request, to| match request.target() {
                "/oauth/token" => raw::json(to, 200, raw::TOKEN),
                _ => answer(request, to),
            },
        );
        Service { server, ended }
    }

    /// One that answers when the gate is open.
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
            self.ended.recv_timeout(PATIENCE).expect("a connection stays open");
        }
    }
}

fn get(client: &Caller) {
    assert_eq!(client.get("org_1").unwrap().id, "org_1");
}

/// So many calls at a time, all before the gate before it opens.
fn at_once(client: &Caller, gate: &Gate, calls: usize) {
    thread::scope(|scope| {
        (0..calls).for_each(|_| drop(scope.spawn(|| get(client))));
        gate.await_waiting(calls);
        gate.open();
    });
}

#[test]
fn one_thread_after_another_uses_one_connection() {
    let _turn = alone();
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
fn more_threads_than_slots() {
    let _turn = alone();
    let gate = Gate::default();
    let service = Service::gated(&gate);
    let client = service.client();
    // None is kept waiting by the others: all have arrived before one is answered.
    at_once(&client, &gate, 100);
    let connections = service.server.connections();
    thread::scope(|scope| {
        (0..100).for_each(|_| drop(scope.spawn(|| (0..10).for_each(|_| get(&client)))));
    });
    assert!(service.server.connections() <= connections + 100, "connections are used again");
    client.close();
    service.await_ended(service.server.connections());
}

#[test]
fn closing_ends_the_connections_of_parked_slots() {
    let _turn = alone();
    for dropped in [false, true] {
        let gate = Gate::default();
        let service = Service::gated(&gate);
        let client = service.client();
        at_once(&client, &gate, 5);
        if dropped {
            drop(client);
        } else {
            client.close();
        }
        service.await_ended(service.server.connections());
    }
}

#[test]
fn so_does_closing_inside_a_runtime() {
    let _turn = alone();
    let gate = Gate::default();
    let service = Service::gated(&gate);
    let client = service.client();
    at_once(&client, &gate, 5);
    runtime().block_on(async { client.close() });
    service.await_ended(service.server.connections());
}

#[test]
fn a_slot_whose_client_was_closed_meanwhile_is_tidied_up_before_it_is_parked() {
    let _turn = alone();
    for dropped in [false, true] {
        let gate = Gate::default();
        let service = Service::gated(&gate);
        let client = service.client();
        let call = thread::spawn({
            let client = client.clone();
            move || get(&client)
        });
        gate.await_waiting(1);
        if dropped {
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
fn a_call_that_was_given_up_closes_its_connection() {
    let _turn = alone();
    let service = Service::start(|_, _| Ok(Next::Hang));
    let client = service.client();
    let hasty = CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() };
    let error = client.with(hasty).unwrap().get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    service.await_ended(1);
}

#[test]
fn a_client_of_its_own_in_each_slot_and_none_of_a_closed_one() {
    let _turn = alone();
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
    assert_eq!(other.server.connections(), connections, "the other client keeps its connection");
    assert!(matches!(first.get("org_1").unwrap_err(), ScalekitError::Closed { .. }));
}

#[test]
fn a_token_fetch_goes_on_when_its_caller_has_given_up() {
    let _turn = alone();
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
    let hasty = client.with(CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() }).unwrap();
    let error = hasty.get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    // The slot of that call is not parked, and nobody waits for it in vain.
    thread::scope(|scope| {
        let waiting = scope.spawn(|| get(&client));
        gate.open();
        waiting.join().unwrap();
    });
    assert_eq!(server.requests_to("/oauth/token").len(), 1);
}

#[test]
fn a_first_call_needs_one_connection() {
    let _turn = alone();
    let service = Service::start(|_, to| raw::json(to, 200, raw::ORGANIZATION));
    let client = service.client();
    get(&client);
    assert_eq!(service.server.connections(), 1, "the call goes on where the token came from");
}
