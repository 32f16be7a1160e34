//! What arrived, and what became of it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;

use crate::record::{RecordedRequest, RequestState};
use crate::request::Request;

/// Older requests are forgotten, so that a benchmark does not fill the memory.
const CAPACITY: usize = 10_000;

/// The requests since the last reset, apart from those to the control plane.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Mutex<Entries>,
    /// Wakes blocking waiters.
    changed: Condvar,
    /// Wakes async waiters.
    version: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Entries {
    /// In the order of their sequence numbers.
    list: VecDeque<RecordedRequest>,
    last: u64,
}

/// How many requests of an operation there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Those that arrived.
    pub count: usize,
    /// Those of them that the client gave up before it had the answer.
    pub aborted: usize,
}

impl Progress {
    pub(crate) fn reaches(self, wanted: Progress) -> bool {
        self.count >= wanted.count && self.aborted >= wanted.aborted
    }
}

impl Log {
    /// Records a request. Its end is recorded through the ticket; a ticket that is merely dropped means that the
    /// client went away.
    pub(crate) fn arrive(
        self: &Arc<Self>,
        request: &Request,
        operation: Option<&str>,
        secret: &str,
    ) -> Ticket {
        let sequence = self.change(|entries| {
            entries.last += 1;
            entries.list.push_back(RecordedRequest::new(entries.last, request, operation, secret));
            if entries.list.len() > CAPACITY {
                entries.list.pop_front();
            }
            entries.last
        });
        Ticket { log: Arc::clone(self), sequence, open: true }
    }

    /// The requests so far, or only those of one operation.
    pub(crate) fn requests(&self, operation: Option<&str>) -> Vec<RecordedRequest> {
        let entries = self.lock();
        let wanted = entries.list.iter().filter(|request| is_of(request, operation));
        wanted.cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.change(|entries| entries.list.clear());
    }

    pub(crate) fn progress(&self, operation: &str) -> Progress {
        progress(&self.lock(), operation)
    }

    /// Waits until the numbers are reached; gives the numbers as they are when the time is over.
    pub(crate) async fn wait(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        let mut version = self.version.subscribe();
        let reached = async {
            loop {
                let now = self.progress(operation);
                if now.reaches(wanted) || version.changed().await.is_err() {
                    return now;
                }
            }
        };
        tokio::time::timeout(limit, reached).await.map_err(|_| self.progress(operation))
    }

    /// The same, for threads without a runtime.
    pub(crate) fn wait_blocking(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        let missing = |entries: &mut Entries| !progress(entries, operation).reaches(wanted);
        let waited = self.changed.wait_timeout_while(self.lock(), limit, missing);
        let (entries, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        let now = progress(&entries, operation);
        if timeout.timed_out() { Err(now) } else { Ok(now) }
    }

    fn settle(&self, sequence: u64, change: impl FnOnce(&mut RecordedRequest)) {
        self.change(|entries| {
            let place = entries.list.binary_search_by_key(&sequence, |request| request.sequence);
            if let Some(request) = place.ok().and_then(|place| entries.list.get_mut(place)) {
                change(request);
            }
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        self.version.send_modify(|version| *version += 1);
        result
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_of(request: &RecordedRequest, operation: Option<&str>) -> bool {
    operation.is_none() || request.operation.as_deref() == operation
}

fn progress(entries: &Entries, operation: &str) -> Progress {
    let own = || entries.list.iter().filter(|request| is_of(request, Some(operation)));
    let aborted = own().filter(|request| request.state == RequestState::Aborted).count();
    Progress { count: own().count(), aborted }
}

/// Travels with a request to its end.
#[derive(Debug)]
pub(crate) struct Ticket {
    log: Arc<Log>,
    sequence: u64,
    open: bool,
}

impl Ticket {
    /// Notes the answer before anybody can go away. `handled` says that it is no fault's.
    pub(crate) fn answered(&mut self, status: u16, handled: bool) {
        self.log.settle(self.sequence, |request| (request.status, request.handled) = (Some(status), handled));
    }

    /// The first call decides; later ones change nothing.
    pub(crate) fn settle(&mut self, state: RequestState) {
        if std::mem::take(&mut self.open) {
            self.log.settle(self.sequence, |request| request.settle(state));
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.settle(RequestState::Aborted);
    }
}
