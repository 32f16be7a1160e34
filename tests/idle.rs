//! Connections that died while nobody used them.

mod support;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, mpsc};
use std::thread;

use scalekit::ClientOptions;
use scalekit_emulator::{Emulator, Fault, FaultKind, Settings};
use support::raw::{self, Next, RawServer};
use support::{Style, arrived, emulator, in_every_style, quick, retries};

in_every_style!(
    the_read_after_a_closed_connection_succeeds,
    the_write_after_a_closed_connection_arrives_once,
    a_connection_closed_by_the_emulator_does_no_harm,
    a_restarted_server_is_found_again,
);

/// Calls are not tried again, so that nothing hides a dead connection.
fn no_retries() -> ClientOptions {
    ClientOptions { retry: Some(retries(0)), ..ClientOptions::default() }
}

/// A service whose connections close when the test says so, although each answer promised to keep them.
struct Closing {
    server: RawServer,
    close: mpsc::Sender<()>,
    closed: mpsc::Receiver<()>,
}

/// A stream that tells when it is gone.
struct Tells(Option<TcpStream>, mpsc::Sender<()>);

impl Drop for Tells {
    fn drop(&mut self) {
        drop(self.0.take());
        let _ = self.1.send(());
    }
}

impl Read for Tells {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |stream| stream.read(buffer))
    }
}

impl Write for Tells {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(0), |stream| stream.write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Closing {
    fn start() -> Closing {
        let ((close, told_to_close), (tell, closed)) = (mpsc::channel(), mpsc::channel());
        let (told_to_close, tell) = (Mutex::new(told_to_close), Mutex::new(tell));
        let server = RawServer::start_with(
            move |stream| Some(Box::new(Tells(Some(stream), tell.lock().unwrap().clone()))),
            move |request, to| match request.target() {
                "/oauth/token" => raw::json(to, 200, raw::TOKEN),
                _ => {
                    raw::json(to, 200, raw::ORGANIZATION)?;
                    let _ = told_to_close.lock().unwrap().recv();
                    Ok(Next::Close)
                }
            },
        );
        Closing { server, close, closed }
    }

    /// Closes the connection of the last call, between two calls.
    fn close(&self, style: Style) {
        self.close.send(()).unwrap();
        self.closed.recv().unwrap();
        if style == Style::Bare {
            // Our own runtime is a thread among others: a call that it answers shows that it has looked since.
            let server = RawServer::service(|_, to| raw::json(to, 200, "{}"));
            Style::Bare.client_at(&server.url(), quick()).jwks().unwrap();
        }
    }
}

fn the_read_after_a_closed_connection_succeeds(style: Style) {
    let service = Closing::start();
    let client = style.client_at(&service.server.url(), no_retries());
    for so_far in 1..=10 {
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
        assert_eq!(service.server.requests_to("/api/").len(), so_far);
        service.close(style);
    }
}

fn the_write_after_a_closed_connection_arrives_once(style: Style) {
    let service = Closing::start();
    let client = style.client_at(&service.server.url(), no_retries());
    for so_far in 1..=10 {
        assert_eq!(client.create("New").unwrap().id, "org_1");
        assert_eq!(service.server.requests_to("/api/").len(), so_far);
        service.close(style);
    }
}

fn a_connection_closed_by_the_emulator_does_no_harm(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    for so_far in 1..=5 {
        emulator.fault(Fault::new("organizations.get", FaultKind::CloseIdle {})).unwrap();
        client.get("org_1").unwrap();
        client.get("org_1").unwrap();
        emulator.fault(Fault::new("organizations.create", FaultKind::CloseIdle {})).unwrap();
        client.create("New").unwrap();
        // A read in between, which may be tried again: the closing may still be on its way to us.
        client.get("org_1").unwrap();
        client.create("New").unwrap();
        assert_eq!(arrived(&emulator, "organizations.create"), 2 * so_far);
    }
}

fn restart(old: Emulator) -> Emulator {
    let settings = Settings {
        addr: old.addr(),
        client_id: Some(old.client_id().to_owned()),
        client_secret: Some(old.client_secret().to_owned()),
        ..Settings::default()
    };
    drop(old);
    let new = Emulator::start_blocking_with(settings).expect("the port is free again");
    support::seed(&new);
    new
}

fn a_restarted_server_is_found_again(style: Style) {
    let mut emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    for _ in 0..3 {
        emulator = restart(emulator);
        client.get("org_1").unwrap();
        client.create("New").unwrap();
        // The new server does not know the old token; that earned the one repeat.
        let counts =
            ["oauth.token", "organizations.get", "organizations.create"].map(|id| arrived(&emulator, id));
        assert_eq!(counts, [1, 2, 1]);
    }
}

#[test]
fn many_threads_survive_connections_that_close_all_the_time() {
    let server = RawServer::service(|_, to| {
        raw::json(to, 200, raw::ORGANIZATION)?;
        Ok(Next::Close)
    });
    let options = ClientOptions { retry: Some(retries(10)), ..ClientOptions::default() };
    let client = Style::Bare.client_at(&server.url(), options);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| assert_eq!(client.get("org_1").unwrap().id, "org_1")));
        }
    });
}
