//! Access tokens of machine clients, by client, scopes and audience.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use super::AccessTokenCache;
use crate::sync::{Mutex, MutexGuard};

/// The number of tokens that are kept. The least recently used one is dropped for another.
const CAPACITY: usize = 1000;

/// A hash of the client's credentials and of what it requests.
type Key = [u8; 32];

/// One token cache a key, and the time of its last use.
#[derive(Default)]
pub(crate) struct MachineTokenCache {
    caches: Mutex<HashMap<Key, (Arc<AccessTokenCache>, Instant)>>,
}

impl MachineTokenCache {
    pub(crate) fn of(&self, key: Key, now: Instant) -> Arc<AccessTokenCache> {
        let mut caches = self.lock();
        if caches.len() >= CAPACITY && !caches.contains_key(&key) {
            let oldest = caches.iter().min_by_key(|(_, (_, used_at))| *used_at).map(|(key, _)| *key);
            oldest.and_then(|oldest| caches.remove(&oldest));
        }
        let (cache, used_at) = caches.entry(key).or_insert_with(|| (Arc::default(), now));
        *used_at = now;
        Arc::clone(cache)
    }

    pub(crate) fn remove(&self, key: &Key) {
        self.lock().remove(key);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, (Arc<AccessTokenCache>, Instant)>> {
        self.caches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
