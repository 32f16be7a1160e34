//! Log events reach the program's subscriber while no lock of the client is held.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError, mpsc};
use std::thread;

use scalekit::{ClientOptions, ScalekitError, TokenExpectations};
use scalekit_emulator::Fault;
use serde_json::json;
use support::caller::{call, plain};
use support::forge::{Draft, Key};
use support::gate::MAX_WAIT;
use support::{Caller, Style, emulator, in_every_style, retries};
use tracing::{Event, Level, Metadata, span};

in_every_style!(subscriber_may_close_the_client);

/// The client that the subscriber closes. It belongs to the whole process, so these tests run one at a time.
static CLIENT: Mutex<Option<Caller>> = Mutex::new(None);
static EXCLUSIVE: Mutex<()> = Mutex::new(());

/// How often the subscriber has closed the client.
static CLOSED: AtomicUsize = AtomicUsize::new(0);

/// Closes the client at each warning.
struct CloseOnWarnings;

impl tracing::Subscriber for CloseOnWarnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target().starts_with("scalekit::")
    }

    fn event(&self, _: &Event<'_>) {
        // Not locked while the client is closed, which the other tests would wait for.
        let client = CLIENT.lock().unwrap().clone();
        if let Some(client) = client {
            plain!(client, c => c.close());
            CLOSED.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The warning that signing keys could not be fetched is due when the cache learns of it.
fn subscriber_may_close_the_client(style: Style) {
    static INSTALL: Once = Once::new();
    let _exclusive = EXCLUSIVE.lock().unwrap_or_else(PoisonError::into_inner);
    INSTALL.call_once(|| tracing::subscriber::set_global_default(CloseOnWarnings).unwrap());
    let emulator = emulator();
    emulator.fault(Fault::status("oauth.keys", 503)).unwrap();
    let client =
        style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..ClientOptions::default() });
    *CLIENT.lock().unwrap() = Some(client.clone());
    let (report, reported) = mpsc::channel();
    thread::spawn(move || {
        let token = Draft::new("snk_1", json!({})).sign(&Key::load(2));
        let expected = TokenExpectations::for_any_audience();
        let checked = call!(client, c => c.tokens().validate(&token, expected, None));
        report.send(checked.map(drop)).unwrap();
    });
    let checked = reported.recv_timeout(MAX_WAIT).expect("the call ends");
    // The keys are requested again, since a closed client has no memory of the failure, but not until the deadline.
    let error = checked.unwrap_err();
    assert!(matches!(error, ScalekitError::Closed { .. }), "{error}");
    *CLIENT.lock().unwrap() = None;
    assert_eq!(CLOSED.swap(0, Ordering::SeqCst), 3);
}
