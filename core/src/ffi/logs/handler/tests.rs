//! Tests with events of `tracing`.

use std::sync::{Barrier, Mutex, mpsc};
use std::thread;

use tracing::subscriber::with_default;

use super::*;
use crate::error::{Result, ScalekitError};
use crate::log_events::OwnEvents;

impl<F: Fn(LogEvent) + Send + Sync> LogHandler for F {
    fn handle(&self, event: LogEvent) {
        self(event);
    }
}

/// A handler of its own, so that these tests do not see events of others.
fn current() -> &'static CurrentHandler {
    Box::leak(Box::new(CurrentHandler::new()))
}

fn set(current: &CurrentHandler, level: LogLevel, handle: impl Fn(LogEvent) + Send + Sync + 'static) {
    let level = LevelFilter::from_level(level.into());
    current.set(Some(LeveledHandler { level, handler: Box::new(handle) }));
}

/// Sends the messages of all events to a channel.
fn report(current: &CurrentHandler, level: LogLevel) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    set(current, level, move |event| send.send(event.message).unwrap());
    receive
}

/// The messages of a handler that was dropped, and its sender with it.
fn until_dropped(received: &mpsc::Receiver<String>) -> Vec<String> {
    let messages = received.try_iter().collect();
    assert_eq!(received.try_recv(), Err(mpsc::TryRecvError::Disconnected), "the handler was not dropped");
    messages
}

fn log_all() {
    tracing::error!("error");
    tracing::warn!("warn");
    tracing::info!("info");
    tracing::debug!("debug");
    tracing::trace!("trace");
}

#[test]
fn handler_receives_the_fields_of_an_event() {
    let (current, events) = (current(), Arc::new(Mutex::new(Vec::new())));
    let received = Arc::clone(&events);
    set(current, LogLevel::Debug, move |event| received.lock().unwrap().push(event));
    with_default(OwnEvents(current), || {
        tracing::debug!(
            operation = "a.b",
            status = 201_u16,
            request_id = "req_1",
            duration_seconds = 0.5,
            attempts = 2,
            "received"
        );
    });
    let expected = LogEvent {
        level: LogLevel::Debug,
        message: "received attempts=2".into(),
        operation: Some("a.b".into()),
        status: Some(201),
        request_id: Some("req_1".into()),
        duration_seconds: Some(0.5),
        dropped: 0,
    };
    assert_eq!(*events.lock().unwrap(), [expected]);
}

#[test]
fn handler_receives_events_of_its_level() {
    let current = current();
    let all = ["error", "warn", "info", "debug", "trace"];
    let levels = [LogLevel::Trace, LogLevel::Error, LogLevel::Debug, LogLevel::Warn, LogLevel::Info];
    with_default(OwnEvents(current), || {
        for (level, count) in levels.into_iter().zip([5, 1, 4, 2, 3]) {
            let received = report(current, level);
            log_all();
            assert_eq!(Vec::from_iter(received.try_iter()), all[..count], "{level:?}");
        }
    });
}

#[test]
fn event_that_was_enabled_for_an_earlier_level_is_ignored() {
    let current = current();
    let received = report(current, LogLevel::Error);
    // Enabled by this subscriber for every level, as by a decision that `tracing` made earlier.
    struct Everything(&'static CurrentHandler);
    impl Sink for Everything {
        fn level(&self) -> LevelFilter {
            LevelFilter::TRACE
        }

        fn accept(&self, event: &Event<'_>) {
            self.0.accept(event);
        }
    }
    with_default(OwnEvents(Everything(current)), log_all);
    assert_eq!(Vec::from_iter(received.try_iter()), ["error"]);
}

#[test]
fn handler_is_replaced_and_removed_and_dropped() {
    let current = current();
    with_default(OwnEvents(current), || {
        let first = report(current, LogLevel::Warn);
        tracing::warn!("one");
        let second = report(current, LogLevel::Warn);
        tracing::warn!("two");
        current.set(None);
        tracing::warn!("three");
        assert_eq!(until_dropped(&first), ["one"]);
        assert_eq!(until_dropped(&second), ["two"]);
    });
}

#[test]
fn handler_may_replace_itself() {
    let current = current();
    let (send, received) = mpsc::channel();
    let later = send.clone();
    set(current, LogLevel::Warn, move |event| {
        send.send(format!("first {}", event.message)).unwrap();
        let later = later.clone();
        set(current, LogLevel::Warn, move |event| later.send(format!("second {}", event.message)).unwrap());
    });
    with_default(OwnEvents(current), || {
        tracing::warn!("one");
        tracing::warn!("two");
    });
    current.set(None);
    assert_eq!(until_dropped(&received), ["first one", "second two"]);
}

#[test]
fn event_inside_a_handler_is_ignored() {
    /// Accepts events as if a handler had logged them: `tracing` ignores these itself while a thread has a subscriber.
    struct Inside(&'static CurrentHandler);
    impl Sink for Inside {
        fn level(&self) -> LevelFilter {
            self.0.level()
        }

        fn accept(&self, event: &Event<'_>) {
            runtime::run_handler(|| self.0.accept(event));
        }
    }
    let current = current();
    let received = report(current, LogLevel::Warn);
    with_default(OwnEvents(Inside(current)), || tracing::warn!("inside"));
    with_default(OwnEvents(current), || tracing::warn!("later"));
    assert_eq!(Vec::from_iter(received.try_iter()), ["later"]);
}

#[test]
fn blocking_call_inside_a_handler_is_rejected() {
    let current = current();
    let call = || crate::runtime::wait("things.do", async { Ok(()) });
    let (send, received) = mpsc::channel::<Result<()>>();
    set(current, LogLevel::Warn, move |_| send.send(call()).unwrap());
    with_default(OwnEvents(current), || {
        tracing::warn!("outside of a runtime");
        let inside = async {
            tracing::warn!("on the runtime of a blocking call");
            Ok(())
        };
        assert_eq!(crate::runtime::wait("things.do", inside), Ok(()));
    });
    for _ in 1..=2 {
        let error = received.recv().unwrap().unwrap_err();
        assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
        let summary =
            "things.do: a blocking call inside a log handler is rejected; make it on another thread";
        assert_eq!(error.to_string(), summary);
    }
    assert_eq!(call(), Ok(()), "after the handler has returned");
}

#[test]
fn blocking_call_is_possible_after_a_handler_panicked() {
    let run = || runtime::run_handler(|| panic!("expected"));
    assert!(std::panic::catch_unwind(run).is_err());
    assert_eq!(crate::runtime::wait("things.do", async { Ok(()) }), Ok(()));
}

/// Each call of the handler waits for the other one.
#[test]
fn handler_runs_on_several_threads_at_the_same_time() {
    let (current, both) = (current(), Barrier::new(2));
    set(current, LogLevel::Warn, move |_| _ = both.wait());
    let log = move || with_default(OwnEvents(current), || tracing::warn!("waiting"));
    let threads = [thread::spawn(log), thread::spawn(log)];
    assert!(threads.map(thread::JoinHandle::join).iter().all(std::result::Result::is_ok));
}
