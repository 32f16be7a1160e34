//! A panic inside the library becomes an error, and the client stays usable.

use std::thread;

use scalekit::{FailureSource, ScalekitError};

use crate::support;
use crate::support::{Style, emulator, in_every_style, quick};

in_every_style!(panic_becomes_an_internal_error, client_stays_usable_after_panics_on_many_threads);

fn panic(client: &support::Caller) -> ScalekitError {
    support::caller::call!(*client, c => c.panic_for_test()).unwrap_err()
}

fn panic_becomes_an_internal_error(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    for _ in 0..3 {
        let error = panic(&client);
        assert!(matches!(error, ScalekitError::Internal { .. }), "{error:?}");
        let text = "panic_for_test: internal error: a panic on purpose";
        assert!(error.to_string().starts_with(text), "{error}");
        let failure = error.failure();
        assert_eq!((failure.operation.as_str(), failure.retryable), ("panic_for_test", false));
        assert_eq!((failure.status, failure.source), (None, FailureSource::Client));
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
    }
}

fn client_stays_usable_after_panics_on_many_threads(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    thread::scope(|scope| {
        for index in 0..8 {
            let client = &client;
            scope.spawn(move || match index % 2 {
                0 => assert!(matches!(panic(client), ScalekitError::Internal { .. })),
                _ => assert_eq!(client.get("org_1").unwrap().id, "org_1"),
            });
        }
    });
    client.create("New").unwrap();
}
