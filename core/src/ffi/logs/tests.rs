//! Tests with events of `tracing`.

use std::sync::atomic::Ordering;

use super::collector::CAPACITY;
use super::*;

/// A collector of its own, so that these tests do not see events of others.
fn events() -> &'static Events {
    Box::leak(Box::new(Events::new()))
}

fn collect(events: &'static Events, level: Option<Level>, log: impl FnOnce()) -> Vec<LogEvent> {
    tracing::subscriber::with_default(OwnEvents(events), || {
        events.set_level(level);
        log();
    });
    events.take()
}

fn messages(events: Vec<LogEvent>) -> Vec<String> {
    events.into_iter().map(|event| event.message).collect()
}

#[test]
fn fields_of_an_event_are_collected() {
    let delay = std::time::Duration::from_millis(5);
    let (id, none) = (Some("req_1"), None::<&str>);
    let log = || {
        tracing::debug!(
            operation = "a.b",
            status = 201_u16,
            request_id = id,
            duration_seconds = 0.5,
            "received"
        );
        tracing::warn!(attempts = 2, ?delay, error = %"a \"b\"", text = "c", request_id = none, "{}", "retrying");
    };
    let collected = collect(events(), Some(Level::DEBUG), log);
    let [received, retrying] = &collected[..] else { panic!("{collected:?}") };
    let expected = LogEvent {
        level: LogLevel::Debug,
        message: "received".into(),
        operation: Some("a.b".into()),
        status: Some(201),
        request_id: Some("req_1".into()),
        duration_seconds: Some(0.5),
        dropped: 0,
    };
    assert_eq!(*received, expected);
    assert_eq!(retrying.message, "retrying attempts=2 delay=5ms error=a \"b\" text=c");
    assert_eq!((retrying.level, &retrying.request_id), (LogLevel::Warn, &None));
}

#[test]
fn level_is_changeable() {
    let log = || {
        tracing::error!("error");
        tracing::warn!("warn");
        tracing::info!("info");
        tracing::debug!("debug");
        tracing::trace!("trace");
    };
    let events = events();
    let all = ["error", "warn", "info", "debug", "trace"];
    let levels = [Level::TRACE, Level::ERROR, Level::DEBUG, Level::WARN, Level::INFO];
    for (level, count) in levels.into_iter().zip([5, 1, 4, 2, 3]) {
        assert_eq!(messages(collect(events, Some(level), log)), all[..count], "{level}");
    }
    assert!(collect(events, None, log).is_empty());
    assert_eq!(events.collected.load(Ordering::Relaxed), 15);
}

#[test]
fn events_of_other_crates_are_ignored() {
    let log = || {
        tracing::warn!(target: "scalekit", "own");
        tracing::warn!(target: "scalekit::wire", "module");
        tracing::warn!(target: "scalekit_server", "similar");
        tracing::warn!(target: "hyper", "other");
        tracing::warn_span!("span").in_scope(|| ());
    };
    assert_eq!(messages(collect(events(), Some(Level::TRACE), log)), ["own", "module"]);
}

#[test]
fn oldest_events_are_dropped_and_counted() {
    let events = events();
    let log = || (0..CAPACITY + 3).for_each(|number| tracing::info!("{number}"));
    let collected = collect(events, Some(Level::INFO), log);
    assert_eq!((collected.len(), collected[0].dropped, &*collected[0].message), (CAPACITY, 3, "3"));
    assert!(collected[1..].iter().all(|event| event.dropped == 0));
    assert_eq!(collect(events, Some(Level::INFO), || tracing::info!("later"))[0].dropped, 0);
}

/// Collects lines, at a fixed time.
struct Written(std::sync::Mutex<String>);

impl crate::log_events::Sink for std::sync::Arc<Written> {
    fn level(&self) -> LevelFilter {
        LevelFilter::DEBUG
    }

    fn accept(&self, event: &tracing::Event<'_>) {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_micros(1_790_000_000_000_001);
        self.0.lock().unwrap().push_str(&lines::line(event, time));
    }
}

#[test]
fn lines_have_time_level_module_message_and_fields() {
    let written = std::sync::Arc::new(Written(std::sync::Mutex::default()));
    tracing::subscriber::with_default(OwnEvents(std::sync::Arc::clone(&written)), || {
        tracing::debug!(target: "scalekit::wire", operation = "a.b", status = 201_u16, "received");
        tracing::warn!(target: "scalekit", request_id = None::<&str>, error = %"x\ny\u{1b}[0mé", delay = 0.5, "retrying");
        tracing::trace!(target: "scalekit", "below the level");
    });
    let expected = "\
2026-09-21T14:13:20.000001Z DEBUG scalekit::wire: received operation=a.b status=201
2026-09-21T14:13:20.000001Z  WARN scalekit: retrying error=x\\ny\\u{1b}[0mé delay=0.5
";
    assert_eq!(*written.0.lock().unwrap(), expected);
}

#[test]
fn levels_convert_both_ways() {
    for level in [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE] {
        assert_eq!(Level::from(LogLevel::from(level)), level);
    }
}

/// The only test that sets the process's subscriber, and so sees the events of other tests too.
#[test]
fn process_collects_events_or_logs_elsewhere() {
    let warn = |message: &'static str| {
        tracing::warn!("{message}");
        messages(take_log_events()).contains(&message.to_owned())
    };
    assert!(!warn("nowhere"));
    assert!(set_log_level(Some(LogLevel::Warn)) && warn("first"));
    assert!(!log_to_stderr(LogLevel::Trace), "the process collects already");
    assert!(!set_log_handler(LogLevel::Trace, Box::new(|_: LogEvent| panic!("called without effect"))));
    assert!(set_log_level(None) && !warn("off"));
    let before = EVENTS.collected.load(Ordering::Relaxed);
    assert!(set_log_level(Some(LogLevel::Error)) && !warn("below"));
    assert!(set_log_level(Some(LogLevel::Trace)) && warn("last"));
    assert!(EVENTS.collected.load(Ordering::Relaxed) > before);
    assert!(set_log_level(None));
}
