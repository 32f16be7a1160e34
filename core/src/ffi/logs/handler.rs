//! Passes log events to a handler of the caller.

use std::sync::{Arc, PoisonError, RwLock};

use tracing::Event;
use tracing::level_filters::LevelFilter;

use super::fields::Fields;
use super::{LogEvent, LogLevel, install};
use crate::log_events::Sink;
use crate::runtime;

/// Receives log events. For the Swift package.
#[uniffi::export(callback_interface)]
pub trait LogHandler: Send + Sync {
    /// Receives an event, on the thread that logged it. Several threads call this at the same time. Events that the
    /// handler itself causes are dropped, and blocking calls fail with `BlockingInAsync`.
    fn handle(&self, event: LogEvent);
}

static HANDLER: CurrentHandler = CurrentHandler::new();

/// Passes log events of this level or above to a handler, in place of any before. Returns false if the process logs
/// elsewhere already, such as to standard error. For the Swift package.
#[uniffi::export]
pub fn set_log_handler(level: LogLevel, handler: Box<dyn LogHandler>) -> bool {
    let installed = install(&HANDLER);
    if installed {
        HANDLER.set(Some(LeveledHandler { level: LevelFilter::from_level(level.into()), handler }));
    }
    installed
}

/// Removes the log handler, if there is one. For the Swift package.
#[uniffi::export]
pub fn clear_log_handler() {
    HANDLER.set(None);
}

pub(super) struct LeveledHandler {
    pub level: LevelFilter,
    pub handler: Box<dyn LogHandler>,
}

/// The handler, which can be replaced while other threads are calling it.
pub(super) struct CurrentHandler(RwLock<Option<Arc<LeveledHandler>>>);

impl CurrentHandler {
    pub(super) const fn new() -> Self {
        Self(RwLock::new(None))
    }

    /// Replaces the handler. The one before is dropped after its last call.
    pub(super) fn set(&self, handler: Option<LeveledHandler>) {
        let handler = handler.map(Arc::new);
        let before = std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), handler);
        // `tracing` remembers which events are enabled.
        tracing::callsite::rebuild_interest_cache();
        // Not under the lock: it may run code of the caller.
        drop(before);
    }

    fn get(&self) -> Option<Arc<LeveledHandler>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Sink for &'static CurrentHandler {
    fn level(&self) -> LevelFilter {
        self.get().map_or(LevelFilter::OFF, |current| current.level)
    }

    fn accept(&self, event: &Event<'_>) {
        let level = *event.metadata().level();
        // `tracing` may have enabled the event for the level of the handler before this one.
        let Some(current) = self.get().filter(|current| level <= current.level) else { return };
        // Otherwise, a handler that logs an event itself would call itself without end.
        if runtime::is_in_handler() {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        runtime::run_handler(|| current.handler.handle(fields.into_event(level)));
    }
}

#[cfg(test)]
mod tests;
