//! Connections that died while nobody used them.

mod support;

use std::sync::{Arc, Mutex, mpsc};

use scalekit::{AsyncScalekitClient, ClientOptions, CreateOrganization};
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

/// A service that closes each connection after an answer that promised to keep it, and says when it did.
fn closing() -> (RawServer, mpsc::Receiver<()>) {
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    /// Tells once the stream inside is gone.
    struct Tells<S>(Option<S>, mpsc::Sender<()>);
    impl<S> Drop for Tells<S> {
        fn drop(&mut self) {
            drop(self.0.take());
            let _ = self.1.send(());
        }
    }
    impl<S: std::io::Read> std::io::Read for Tells<S> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0.as_mut().map_or(Ok(0), |stream| stream.read(buffer))
        }
    }
    impl<S: std::io::Write> std::io::Write for Tells<S> {
        fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
            self.0.as_mut().map_or(Ok(0), |stream| stream.write(buffer))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let server = RawServer::start_with(
        move |stream| Some(Box::new(Tells(Some(stream), tell.lock().unwrap().clone()))),
        |request, to| {
            let body = if request.target() == "/oauth/token" { raw::TOKEN } else { raw::ORGANIZATION };
            raw::json(to, 200, body)?;
            Ok(if request.target() == "/oauth/token" { Next::Keep } else { Next::Close })
        },
    );
    (server, told)
}

fn the_read_after_a_closed_connection_succeeds(style: Style) {
    let (server, closed) = closing();
    let client = style.client_at(&server.url(), no_retries());
    for so_far in 1..=5 {
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
        closed.recv().unwrap();
        assert_eq!(server.requests_to("/api/").len(), so_far);
    }
}

fn the_write_after_a_closed_connection_arrives_once(style: Style) {
    let (server, closed) = closing();
    let client = style.client_at(&server.url(), no_retries());
    for so_far in 1..=5 {
        assert_eq!(client.create("New").unwrap().id, "org_1");
        closed.recv().unwrap();
        assert_eq!(server.requests_to("/api/").len(), so_far);
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
    let emulator = emulator();
    let client = style.client(&emulator, no_retries());
    client.get("org_1").unwrap();
    let emulator = restart(emulator);
    client.create("New").unwrap();
    // The new server does not know the old token; that earned the one repeat.
    assert_eq!((arrived(&emulator, "oauth.token"), arrived(&emulator, "organizations.create")), (1, 2));
    let emulator = restart(emulator);
    client.get("org_1").unwrap();
    assert_eq!((arrived(&emulator, "oauth.token"), arrived(&emulator, "organizations.get")), (1, 2));
}

#[test]
fn a_parked_runtime_notices_a_closed_connection_before_it_writes() {
    let (server, closed) = closing();
    let client = AsyncScalekitClient::new(&server.url(), "skc_1", "secret", no_retries()).unwrap();
    let runtime = support::caller::runtime();
    for so_far in 1..=20 {
        let new = CreateOrganization { display_name: "New".into(), ..Default::default() };
        let created = runtime.block_on(client.organizations().create(new));
        assert_eq!(created.unwrap().id, "org_1");
        // Nobody drives the connection while its end arrives.
        closed.recv().unwrap();
        assert_eq!(server.requests_to("/api/").len(), so_far);
    }
}

#[test]
fn many_threads_survive_connections_that_close_all_the_time() {
    let (server, _closed) = closing();
    let client = Arc::new(Style::Bare.client_at(&server.url(), quick()));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| assert_eq!(client.get("org_1").unwrap().id, "org_1")));
        }
    });
}
