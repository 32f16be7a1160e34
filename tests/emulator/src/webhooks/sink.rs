//! The event sink: what handlers emit events to.

use std::sync::Arc;

use super::outgoing::Outgoing;
use crate::clock::Clock;
use crate::event::{Event, EventDraft};
use crate::ids::Ids;

/// Gives events an ID and a time and queues them for delivery. Clones share one queue.
#[derive(Debug, Clone)]
pub(crate) struct EventSink {
    pub(crate) outgoing: Arc<Outgoing>,
    pub(super) ids: Ids,
    pub(super) clock: Clock,
}

impl EventSink {
    pub(crate) fn new(ids: Ids, clock: Clock) -> EventSink {
        EventSink { outgoing: Arc::default(), ids, clock }
    }

    /// Emits an event and queues its delivery to the registered endpoints.
    pub(crate) fn emit(&self, draft: EventDraft) -> Event {
        let now = self.clock.now();
        let event = Event::new(self.ids.next("evt"), draft, now);
        self.outgoing.enqueue(&event, now);
        event
    }

    pub(crate) fn emit_all(&self, drafts: impl IntoIterator<Item = EventDraft>) {
        for draft in drafts {
            self.emit(draft);
        }
    }
}
