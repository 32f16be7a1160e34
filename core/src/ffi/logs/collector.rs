//! Collects log events until the caller takes them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing::{Event, Level};

use super::LogEvent;
use super::fields::Fields;
use crate::log_events::Sink;
use crate::process::PerProcess;

/// Maximum number of events that wait. After that, the oldest are dropped.
pub(super) const CAPACITY: usize = 1024;

/// Levels, from none to the most verbose; a level is stored as its index.
const LEVELS: [LevelFilter; 6] = [
    LevelFilter::OFF,
    LevelFilter::ERROR,
    LevelFilter::WARN,
    LevelFilter::INFO,
    LevelFilter::DEBUG,
    LevelFilter::TRACE,
];

/// Collected events.
pub(super) struct Events {
    level: AtomicU8,
    pub collected: AtomicU64,
    /// A forked child does not report the events of its parent.
    waiting: PerProcess<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    events: VecDeque<LogEvent>,
    dropped: i64,
}

impl Events {
    pub(super) const fn new() -> Self {
        Self { level: AtomicU8::new(0), collected: AtomicU64::new(0), waiting: PerProcess::new() }
    }

    /// Sets the minimum level.
    pub(super) fn set_level(&self, level: Option<Level>) {
        let filter = level.map_or(LevelFilter::OFF, LevelFilter::from_level);
        let index = LEVELS.iter().position(|level| *level == filter).unwrap_or_default() as u8;
        if self.level.swap(index, Ordering::Relaxed) != index {
            // `tracing` remembers which events are enabled.
            tracing::callsite::rebuild_interest_cache();
        }
    }

    fn level(&self) -> LevelFilter {
        LEVELS[usize::from(self.level.load(Ordering::Relaxed))]
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        let Ok(waiting) = self.waiting.get_or_try_init(|| Ok::<_, Infallible>(Mutex::default()));
        waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, event: LogEvent) {
        let mut waiting = self.waiting();
        if waiting.events.len() == CAPACITY {
            waiting.events.pop_front();
            waiting.dropped += 1;
        }
        waiting.events.push_back(event);
        self.collected.fetch_add(1, Ordering::Release);
    }

    /// Removes and returns the events of this process.
    pub(super) fn take(&self) -> Vec<LogEvent> {
        let Waiting { events, dropped } = std::mem::take(&mut *self.waiting());
        let mut events = Vec::from(events);
        if let Some(first) = events.first_mut() {
            first.dropped = dropped;
        }
        events
    }
}

impl Sink for &'static Events {
    fn level(&self) -> LevelFilter {
        Events::level(self)
    }

    fn accept(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.push(fields.into_event(*event.metadata().level()));
    }
}
