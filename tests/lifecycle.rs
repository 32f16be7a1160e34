//! Closing clients, and dropping them without closing. The resource counters cover the whole process, so these tests run
//! one at a time.

mod support;

use std::sync::{Mutex, MutexGuard, PoisonError};

use scalekit::{CallOptions, ScalekitError};
use scalekit_emulator::{Fault, FaultKind, Progress};
use support::caller::call;
use support::counters::{descriptors, eventually, memory, threads};
use support::gate::MAX_WAIT;
use support::raw::Nowhere;
use support::{Caller, Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    closed_client_rejects_every_call,
    closing_a_copy_closes_all_copies,
    running_call_completes_after_close,
    close_releases_connections,
    ten_thousand_unclosed_clients_leak_nothing,
);

fn exclusive() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

fn copy(client: &Caller) -> Caller {
    client.with(CallOptions { timeout_seconds: Some(5.0), ..CallOptions::default() }).unwrap()
}

fn assert_closed(client: &Caller) {
    let raw = call!(*client, c => c.request(scalekit::HttpMethod::Get, "/x", Default::default(), None));
    for (operation, error) in [
        ("organizations.get", client.get("org_1").unwrap_err()),
        ("organizations.create", client.create("New").unwrap_err()),
        ("oauth.keys", client.jwks().unwrap_err()),
        ("request", raw.unwrap_err()),
    ] {
        assert!(matches!(error, ScalekitError::Closed { .. }), "{error}");
        assert_eq!(error.to_string(), format!("{operation}: the client is closed"));
        assert!(!error.failure().retryable);
    }
}

fn closed_client_rejects_every_call(style: Style) {
    let _guard = exclusive();
    let emulator = emulator();
    for used in [false, true] {
        let client = style.client(&emulator, quick());
        if used {
            client.get("org_1").unwrap();
        }
        emulator.clear_requests();
        client.close();
        assert_closed(&client);
        client.close();
        assert_closed(&client);
        assert!(emulator.requests().is_empty(), "a request was sent");
    }
    // Other clients of the same environment stay open.
    style.client(&emulator, quick()).get("org_1").unwrap();
}

fn closing_a_copy_closes_all_copies(style: Style) {
    let _guard = exclusive();
    let emulator = emulator();
    for close_the_copy in [false, true] {
        let client = style.client(&emulator, quick());
        let copy = copy(&client);
        copy.get("org_1").unwrap();
        if close_the_copy {
            copy.close()
        } else {
            client.close()
        }
        assert_closed(&client);
        assert_closed(&copy);
        assert_closed(&self::copy(&client));
    }
    // Dropping a copy does not close the client.
    let client = style.client(&emulator, quick());
    drop(copy(&client));
    client.get("org_1").unwrap();
}

fn running_call_completes_after_close(style: Style) {
    let _guard = exclusive();
    for operation in ["organizations.get", "oauth.token"] {
        let emulator = emulator();
        let client = style.client(&emulator, quick());
        emulator.fault(Fault::new(operation, FaultKind::Delay { ms: 200, forever: false })).unwrap();
        std::thread::scope(|scope| {
            let call = scope.spawn(|| client.get("org_1"));
            emulator.wait_blocking(operation, Progress { count: 1, aborted: 0 }, MAX_WAIT).unwrap();
            client.close();
            assert_eq!(call.join().unwrap().expect(operation).id, "org_1");
        });
        assert_closed(&client);
    }
}

fn close_releases_connections(style: Style) {
    let _guard = exclusive();
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    let open = descriptors();
    client.close();
    // A parked runtime closes its connections the next time it runs.
    if let Caller::Tokio(_, runtime) = &client {
        runtime.block_on(tokio::task::yield_now());
    }
    // One descriptor of the client, one of the emulator.
    eventually("the connection was not closed", || descriptors() + 2 <= open);
    assert_eq!(request_count(&emulator, "organizations.get"), 1);
}

fn ten_thousand_unclosed_clients_leak_nothing(style: Style) {
    const CLIENTS: usize = 10_000;
    const WARM_UP: usize = 1_000;
    let _guard = exclusive();
    let (emulator, nowhere) = (emulator(), Nowhere::new());
    let shared = support::caller::runtime();
    let runtime = std::sync::Arc::new(shared);
    let mut before = None;
    for index in 0..CLIENTS {
        if index == WARM_UP {
            before = Some((threads(), descriptors(), memory()));
        }
        let client = match (style.client(&emulator, quick()), index % 100) {
            (_, 1) => style.client_at(&nowhere.url(), quick()),
            (client, _) => client,
        };
        // One runtime for all clients, as in a real program.
        let client = match client {
            Caller::Tokio(client, _) => Caller::Tokio(client, std::sync::Arc::clone(&runtime)),
            other => other,
        };
        match index % 100 {
            0 => assert_eq!(client.get("org_1").unwrap().id, "org_1"),
            1 => assert!(client.get("org_1").is_err()),
            2 => drop(copy(&client).jwks().unwrap()),
            _ => {}
        }
    }
    let (threads_then, descriptors_then, memory_then) = before.unwrap();
    eventually("descriptors leaked", || {
        runtime.block_on(tokio::task::yield_now());
        descriptors() <= descriptors_then
    });
    eventually("threads leaked", || threads() <= threads_then);
    let grown = memory().saturating_sub(memory_then);
    assert!(grown < 20_000, "{grown} kB more after {} clients", CLIENTS - WARM_UP);
}
