//! Connections that the server closes while they are idle.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, mpsc};
use std::thread;

use scalekit::ClientOptions;
use scalekit_emulator::{Emulator, Fault, FaultKind, Settings};

use crate::support;
use crate::support::raw::{self, Next, RawServer};
use crate::support::{Style, emulator, in_every_style, quick, request_count, retries};

in_every_style!(
    read_after_closed_connection_succeeds,
    write_after_closed_connection_is_sent_once,
    connection_closed_by_the_emulator_is_replaced,
    client_reconnects_after_server_restart,
);

/// Retries are disabled, because they would hide a dead connection.
fn no_retries() -> ClientOptions {
    ClientOptions { retry: Some(retries(0)), ..ClientOptions::default() }
}

/// A service that closes connections when the test requests it, although its responses allow keep-alive.
struct ClosingService {
    server: RawServer,
    close: mpsc::Sender<()>,
    closed: mpsc::Receiver<()>,
}

/// A stream that sends a message when it is closed.
struct ObservedStream(Option<TcpStream>, mpsc::Sender<()>);

impl Drop for ObservedStream {
    fn drop(&mut self) {
        drop(self.0.take());
        let _ = self.1.send(());
    }
}

impl Read for ObservedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |stream| stream.read(buffer))
    }
}

impl Write for ObservedStream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |stream| stream.write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ClosingService {
    fn start() -> ClosingService {
        let ((close, close_requested), (closing, closed)) = (mpsc::channel(), mpsc::channel());
        let (close_requested, closing) = (Mutex::new(close_requested), Mutex::new(closing));
        let server = RawServer::start_with(
            move |stream| Some(Box::new(ObservedStream(Some(stream), closing.lock().unwrap().clone()))),
            move |request, to| match request.target() {
                "/oauth/token" => raw::json(to, 200, raw::TOKEN),
                _ => {
                    raw::json(to, 200, raw::ORGANIZATION)?;
                    let _ = close_requested.lock().unwrap().recv();
                    Ok(Next::Close)
                }
            },
        );
        ClosingService { server, close, closed }
    }

    /// Closes the connection of the last call, between two calls.
    fn close(&self, style: Style) {
        self.close.send(()).unwrap();
        self.closed.recv().unwrap();
        if style == Style::NoRuntime {
            // The client's runtime runs on another thread. A call that it completes proves that it has processed the
            // close.
            let server = RawServer::service(|_, to| raw::json(to, 200, "{}"));
            Style::NoRuntime.client_at(&server.url(), quick()).jwks().unwrap();
        }
    }
}

fn read_after_closed_connection_succeeds(style: Style) {
    let service = ClosingService::start();
    let client = style.client_at(&service.server.url(), no_retries());
    for count in 1..=10 {
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
        assert_eq!(service.server.requests_to("/api/").len(), count);
        service.close(style);
    }
}

fn write_after_closed_connection_is_sent_once(style: Style) {
    let service = ClosingService::start();
    let client = style.client_at(&service.server.url(), no_retries());
    for count in 1..=10 {
        assert_eq!(client.create("New").unwrap().id, "org_1");
        assert_eq!(service.server.requests_to("/api/").len(), count);
        service.close(style);
    }
}

fn connection_closed_by_the_emulator_is_replaced(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    for count in 1..=5 {
        emulator.fault(Fault::new("organizations.get", FaultKind::CloseIdle {})).unwrap();
        client.get("org_1").unwrap();
        client.get("org_1").unwrap();
        emulator.fault(Fault::new("organizations.create", FaultKind::CloseIdle {})).unwrap();
        client.create("New").unwrap();
        // A read in between, which may be retried, because the client may not have received the close yet.
        client.get("org_1").unwrap();
        client.create("New").unwrap();
        assert_eq!(request_count(&emulator, "organizations.create"), 2 * count);
    }
}

fn restart(old: Emulator) -> Emulator {
    let settings = Settings {
        addr: old.addr(),
        client_id: Some(old.client_id().to_owned()),
        client_secret: Some(old.client_secret().to_owned()),
        ..Settings::strict()
    };
    drop(old);
    let new = Emulator::start_blocking_with(settings).expect("the port is available again");
    support::seed(&new);
    new
}

fn client_reconnects_after_server_restart(style: Style) {
    let mut emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    for _ in 0..3 {
        emulator = restart(emulator);
        client.get("org_1").unwrap();
        client.create("New").unwrap();
        // The new server rejects the old token, which causes the one repeat.
        let counts = ["oauth.token", "organizations.get", "organizations.create"]
            .map(|id| request_count(&emulator, id));
        assert_eq!(counts, [1, 2, 1]);
    }
}

#[test]
fn concurrent_calls_succeed_while_connections_keep_closing() {
    let server = RawServer::service(|_, to| {
        raw::json(to, 200, raw::ORGANIZATION)?;
        Ok(Next::Close)
    });
    let options = ClientOptions { retry: Some(retries(10)), ..ClientOptions::default() };
    let client = Style::NoRuntime.client_at(&server.url(), options);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| assert_eq!(client.get("org_1").unwrap().id, "org_1")));
        }
    });
}
