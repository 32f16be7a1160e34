//! The request log.

mod responses;

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::watch;

use crate::record::{Fingerprints, RecordedRequest, RequestState, StoredRequest};
use crate::request::Request;
use responses::Responses;

/// Older requests are removed beyond this number.
const CAPACITY: usize = 10_000;

/// Older requests are removed beyond this size, in bytes.
const SIZE_LIMIT: usize = 64 * 1024 * 1024;

/// The requests since the last reset, excluding those to the control plane.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Mutex<Entries>,
    /// Wakes blocking waiters.
    changed: Condvar,
    /// Wakes async waiters.
    version: watch::Sender<u64>,
    pub(crate) responses: Responses,
}

#[derive(Debug, Default)]
struct Entries {
    /// Sorted by sequence number.
    list: VecDeque<StoredRequest>,
    last: u64,
    /// Size of all entries.
    size: usize,
    /// The number of threads that wait for a change.
    blocked: usize,
    fingerprints: Fingerprints,
}

impl Entries {
    fn push(&mut self, request: StoredRequest) {
        self.size += request.size();
        self.list.push_back(request);
        while self.list.len() > CAPACITY || self.size > SIZE_LIMIT {
            let Some(oldest) = self.list.pop_front() else { return };
            self.size -= oldest.size();
        }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.size = 0;
    }

    fn update(&mut self, sequence: u64, change: impl FnOnce(&mut StoredRequest)) {
        let position = self.list.binary_search_by_key(&sequence, |request| request.sequence);
        if let Some(request) = position.ok().and_then(|position| self.list.get_mut(position)) {
            self.size -= request.size();
            change(request);
            self.size += request.size();
        }
    }
}

/// Request counts of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Requests received.
    pub count: usize,
    /// Requests that the client aborted before it received the response.
    pub aborted: usize,
}

impl Progress {
    pub(crate) fn reaches(self, wanted: Progress) -> bool {
        self.count >= wanted.count && self.aborted >= wanted.aborted
    }
}

impl Log {
    /// Records a request. The returned guard records how it ends; dropping the guard without finishing it means that
    /// the client disconnected.
    pub(crate) fn record(
        self: &Arc<Self>,
        request: &Request,
        operation: Option<&str>,
        secret: &str,
    ) -> RequestGuard {
        let sequence = self.change(|entries| {
            entries.last += 1;
            let (last, fingerprints) = (entries.last, &mut entries.fingerprints);
            let stored = StoredRequest::new(last, request, operation, secret, fingerprints);
            entries.push(stored);
            last
        });
        RequestGuard { log: Arc::clone(self), sequence, open: true }
    }

    /// The recorded requests, or only those of one operation.
    pub(crate) fn requests(&self, operation: Option<&str>) -> Vec<RecordedRequest> {
        let entries = self.lock();
        let wanted = entries.list.iter().filter(|request| is_of(request, operation));
        wanted.map(StoredRequest::read).collect()
    }

    /// Reads entries, newest first, without a copy of the log.
    pub(crate) fn select<T>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &StoredRequest>) -> T) -> T {
        read(&mut self.lock().list.iter().rev())
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().list.len()
    }

    pub(crate) fn version(&self) -> u64 {
        *self.version.borrow()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    pub(crate) fn clear(&self) {
        self.responses.clear();
        self.change(Entries::clear);
    }

    pub(crate) fn progress(&self, operation: &str) -> Progress {
        progress(&self.lock(), operation)
    }

    /// Waits until the `wanted` numbers are reached. On timeout the error holds the numbers reached.
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

    /// Blocking variant of `wait`, for threads without a runtime.
    pub(crate) fn wait_blocking(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        let missing = |entries: &mut Entries| !progress(entries, operation).reaches(wanted);
        let mut entries = self.lock();
        entries.blocked += 1;
        let waited = self.changed.wait_timeout_while(entries, limit, missing);
        let (mut entries, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        entries.blocked -= 1;
        let now = progress(&entries, operation);
        if timeout.timed_out() { Err(now) } else { Ok(now) }
    }

    fn update(&self, sequence: u64, change: impl FnOnce(&mut StoredRequest)) {
        self.change(|entries| entries.update(sequence, change));
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries) -> T) -> T {
        let mut entries = self.lock();
        let result = change(&mut entries);
        // Also without a waiting thread, a notification is a system call.
        if entries.blocked > 0 {
            self.changed.notify_all();
        }
        drop(entries);
        self.version.send_if_modified(|version| {
            *version += 1;
            self.version.receiver_count() > 0
        });
        result
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_of(request: &StoredRequest, operation: Option<&str>) -> bool {
    operation.is_none() || request.operation.as_deref() == operation
}

fn progress(entries: &Entries, operation: &str) -> Progress {
    let own = || entries.list.iter().filter(|request| is_of(request, Some(operation)));
    let aborted = own().filter(|request| request.state == RequestState::Aborted).count();
    Progress { count: own().count(), aborted }
}

/// Records how a request ends.
#[derive(Debug)]
pub(crate) struct RequestGuard {
    log: Arc<Log>,
    sequence: u64,
    open: bool,
}

impl RequestGuard {
    /// Records the response before the client can disconnect. `handled` is false if a fault replaced the handler.
    pub(crate) fn set_response(&mut self, status: u16, handled: bool, warnings: Vec<String>) {
        self.log.update(self.sequence, |request| {
            (request.status, request.handled) = (Some(status), handled);
            request.warnings = warnings;
        });
    }

    /// Keeps the body of the response for the console.
    pub(crate) fn keep_body(&self, body: &Bytes) {
        self.log.responses.add(self.sequence, body);
    }

    /// Records the final state. Only the first call has an effect.
    pub(crate) fn finish(&mut self, state: RequestState) {
        if std::mem::take(&mut self.open) {
            self.log.update(self.sequence, |request| request.state = state);
        }
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.finish(RequestState::Aborted);
    }
}
