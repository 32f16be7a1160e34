//! From the first client to the last: closing, and forgetting to close. The counters count the whole program, so that
//! the tests here take turns.

mod support;

use std::sync::{Mutex, MutexGuard, PoisonError};

use scalekit::{CallOptions, ScalekitError};
use scalekit_emulator::{Fault, FaultKind, Progress};
use support::caller::call;
use support::counters::{descriptors, eventually, memory, threads};
use support::gate::PATIENCE;
use support::raw::Nowhere;
use support::{Caller, Style, arrived, emulator, in_every_style, quick};

in_every_style!(
    a_closed_client_refuses_every_call,
    copies_are_closed_together,
    a_call_under_way_ends_as_it_would,
    closing_lets_go_of_connections,
    ten_thousand_forgotten_clients_leave_nothing_behind,
);

fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
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

fn a_closed_client_refuses_every_call(style: Style) {
    let _turn = alone();
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
        assert!(emulator.requests().is_empty(), "nothing is sent");
    }
    // Other clients of the same environment live on.
    style.client(&emulator, quick()).get("org_1").unwrap();
}

fn copies_are_closed_together(style: Style) {
    let _turn = alone();
    let emulator = emulator();
    for closes_the_copy in [false, true] {
        let client = style.client(&emulator, quick());
        let copy = copy(&client);
        copy.get("org_1").unwrap();
        if closes_the_copy {
            copy.close()
        } else {
            client.close()
        }
        assert_closed(&client);
        assert_closed(&copy);
        assert_closed(&self::copy(&client));
    }
    // Dropping a copy closes nothing.
    let client = style.client(&emulator, quick());
    drop(copy(&client));
    client.get("org_1").unwrap();
}

fn a_call_under_way_ends_as_it_would(style: Style) {
    let _turn = alone();
    for operation in ["organizations.get", "oauth.token"] {
        let emulator = emulator();
        let client = style.client(&emulator, quick());
        emulator.fault(Fault::new(operation, FaultKind::Delay { ms: 200, forever: false })).unwrap();
        std::thread::scope(|scope| {
            let call = scope.spawn(|| client.get("org_1"));
            emulator.wait_blocking(operation, Progress { count: 1, aborted: 0 }, PATIENCE).unwrap();
            client.close();
            assert_eq!(call.join().unwrap().expect(operation).id, "org_1");
        });
        assert_closed(&client);
    }
}

fn closing_lets_go_of_connections(style: Style) {
    let _turn = alone();
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    client.get("org_1").unwrap();
    let open = descriptors();
    client.close();
    // A parked runtime closes its connections when it runs next.
    if let Caller::Tokio(_, runtime) = &client {
        runtime.block_on(tokio::task::yield_now());
    }
    // One descriptor on our side, one on the emulator's.
    eventually("the connection stays open", || descriptors() + 2 <= open);
    assert_eq!(arrived(&emulator, "organizations.get"), 1);
}

fn ten_thousand_forgotten_clients_leave_nothing_behind(style: Style) {
    const CLIENTS: usize = 10_000;
    const WARM_UP: usize = 1_000;
    let _turn = alone();
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
        // One runtime for all, as in a real program.
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
    eventually("descriptors are left behind", || {
        runtime.block_on(tokio::task::yield_now());
        descriptors() <= descriptors_then
    });
    eventually("threads are left behind", || threads() <= threads_then);
    let grown = memory().saturating_sub(memory_then);
    assert!(grown < 20_000, "{grown} kB more after {} clients", CLIENTS - WARM_UP);
}
