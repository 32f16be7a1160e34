//! Finished logins, so that no callback is accepted twice. An authorization code is valid once anyway; this also covers
//! a callback that is replayed to this process, and a service that forgets.

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use crate::sync::{Mutex, MutexGuard};

/// The number of logins that are remembered.
const CAPACITY: usize = 10_000;

/// The hash of a login's state.
type Key = [u8; 32];

/// The logins that were finished in this process.
#[derive(Default)]
pub(crate) struct FinishedLogins {
    finished: Mutex<VecDeque<(Key, SystemTime)>>,
}

impl FinishedLogins {
    /// Claims a login for one caller; `None` if it is claimed or finished already. Logins that began longer than
    /// `lifetime` ago are forgotten: they are rejected for their age.
    pub(crate) fn claim(&self, key: Key, now: SystemTime, lifetime: Duration) -> Option<Claim<'_>> {
        let mut finished = self.lock();
        let expired = |at: SystemTime| now.duration_since(at).is_ok_and(|age| age > lifetime);
        while finished.front().is_some_and(|(_, at)| expired(*at)) {
            finished.pop_front();
        }
        if finished.iter().any(|(claimed, _)| *claimed == key) {
            return None;
        }
        if finished.len() >= CAPACITY {
            finished.pop_front();
        }
        finished.push_back((key, now));
        Some(Claim { logins: self, key, is_final: false })
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Key, SystemTime)>> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A login that is being finished. Dropping the claim releases it: the caller may have given up before a response
/// came, and then the code may still be valid.
pub(crate) struct Claim<'a> {
    logins: &'a FinishedLogins,
    key: Key,
    is_final: bool,
}

impl Claim<'_> {
    /// Makes the claim final.
    pub(crate) fn keep(mut self) {
        self.is_final = true;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if !self.is_final {
            self.logins.lock().retain(|(claimed, _)| *claimed != self.key);
        }
    }
}
