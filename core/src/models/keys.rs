//! Signing keys: unknown key IDs cause few requests, whatever else is looked up concurrently.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::*;
use crate::cache::{Fetch, KeyCache, Lookup, PreloadedKeys, Source};
use crate::error::Result;
use crate::jwt::KeySet;

const KNOWN: &str = "known";

/// The key cache of one environment, and a service that counts requests.
#[derive(Clone)]
struct Model {
    cache: Arc<KeyCache>,
    start: Instant,
    fetches: Count,
    failures: usize,
}

/// Whether the key exists.
type Found = Result<bool>;

impl Model {
    fn new() -> Self {
        Self { cache: Arc::default(), start: Instant::now(), fetches: Count::default(), failures: 0 }
    }

    /// A model whose keys are cached.
    fn warm() -> Self {
        let model = Self::new();
        assert_eq!(block_on(model.clone().find(0, KNOWN, Source::Untrusted)), Ok(true));
        model
    }

    async fn find(self, seconds: u64, id: &str, source: Source) -> Found {
        let now = self.start + Duration::from_secs(seconds);
        let fetch = || {
            let fails = self.fetches.increment() <= self.failures;
            let keys = async move {
                yield_now().await;
                if fails { Err(offline()) } else { Ok(keys()) }
            };
            Fetch::new("things.keys", keys)
        };
        let lookup = Lookup { id, source };
        let found = self.cache.find(lookup, || now, &PreloadedKeys::default(), fetch).await?;
        Ok(found.is_some())
    }

    fn spawn_find(&self, seconds: u64, id: &'static str, source: Source) -> JoinHandle<Found> {
        spawn(self.clone().find(seconds, id, source))
    }

    fn spawn_finds(&self, seconds: u64, ids: &[&'static str]) -> Vec<JoinHandle<Found>> {
        ids.iter().map(|id| self.spawn_find(seconds, id, Source::Untrusted)).collect()
    }
}

fn keys() -> Arc<KeySet> {
    // No signature is verified here, so any modulus of that length is sufficient.
    let jwk = json!({"kty": "RSA", "alg": "RS256", "kid": KNOWN, "n": "_".repeat(341) + "w", "e": "AQAB"});
    Arc::new(KeySet::read(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap())
}

fn count(results: &[Found], expected: &Found) -> usize {
    results.iter().filter(|result| *result == expected).count()
}

#[test]
fn thousand_callers_share_one_fetch() {
    explore_some(4, || {
        let model = Model::new();
        let found = join_all(model.spawn_finds(0, &[KNOWN; 1000]));
        assert_eq!((count(&found, &Ok(true)), model.fetches.get()), (1000, 1));
    });
}

#[test]
fn unknown_key_ids_cause_one_fetch_per_cooldown() {
    explore(|| {
        let model = Model::warm();
        let found = join_all(model.spawn_finds(31, &["a", "b", "c", "a"]));
        assert_eq!(count(&found, &Ok(false)), 4);
        assert_eq!(model.fetches.get(), 2);
        assert_eq!(block_on(model.spawn_find(60, "d", Source::Untrusted)).unwrap(), Ok(false));
        assert_eq!(model.fetches.get(), 2);
        assert_eq!(block_on(model.spawn_find(62, "d", Source::Untrusted)).unwrap(), Ok(false));
        assert_eq!(model.fetches.get(), 3);
    });
}

#[test]
fn known_key_does_not_wait_for_unknown_ids() {
    explore(|| {
        let model = Model::warm();
        let unknown = model.spawn_finds(31, &["a", "b"]);
        let mut known = Box::pin(model.clone().find(31, KNOWN, Source::Untrusted));
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(known.as_mut().poll(context), std::task::Poll::Ready(Ok(true)));
        assert_eq!(count(&join_all(unknown), &Ok(false)), 2);
    });
}

#[test]
fn untrusted_lookups_do_not_use_up_the_fetch_of_a_login() {
    explore(|| {
        let model = Model::warm();
        let unknown = model.spawn_finds(31, &["a", "b"]);
        let login = model.spawn_find(31, "c", Source::TokenEndpoint);
        assert_eq!(count(&join_all(unknown), &Ok(false)), 2);
        assert_eq!(block_on(login).unwrap(), Ok(false));
        // After the first fetch, one for each source, in any order.
        assert_eq!(model.fetches.get(), 3);
        assert_eq!(block_on(model.spawn_find(32, "d", Source::TokenEndpoint)).unwrap(), Ok(false));
        assert_eq!(model.fetches.get(), 3);
    });
}

#[test]
fn failed_fetch_reaches_its_waiters_and_is_retried_after_the_cooldown() {
    explore(|| {
        let model = Model { failures: 1, ..Model::new() };
        let found = join_all(model.spawn_finds(0, &[KNOWN, "a", KNOWN]));
        assert_eq!((count(&found, &Err(offline())), model.fetches.get()), (3, 1));
        assert_eq!(block_on(model.spawn_find(6, KNOWN, Source::Untrusted)).unwrap(), Ok(true));
        assert_eq!(model.fetches.get(), 2);
    });
}

#[test]
fn cancelled_caller_does_not_cancel_the_fetch() {
    explore(|| {
        let model = Model::new();
        let (cancelled, others) =
            (model.spawn_find(0, "a", Source::Untrusted), model.spawn_finds(0, &[KNOWN; 2]));
        cancelled.abort();
        assert_eq!(count(&join_all(others), &Ok(true)), 2);
        // The cancelled caller may have caused a second fetch.
        assert!(model.fetches.get() <= 2);
        assert_eq!(block_on(model.spawn_find(0, KNOWN, Source::Untrusted)).unwrap(), Ok(true));
    });
}

#[test]
fn fetch_lost_with_its_runtime_is_repeated() {
    explore(|| {
        let model = Model::new();
        let lookups = model.spawn_finds(0, &[KNOWN; 3]);
        shuttle::thread::yield_now();
        abort_all();
        assert_eq!(count(&join_all(lookups), &Ok(true)), 3);
        assert!(model.fetches.get() <= 2);
    });
}

#[test]
fn closing_client_serves_waiters() {
    explore(|| {
        let model = Model::new();
        let lookups = model.spawn_finds(0, &[KNOWN, "a", KNOWN]);
        let close = {
            let model = model.clone();
            spawn(async move { model.cache.clear() })
        };
        let found = join_all(lookups);
        block_on(close).unwrap();
        assert_eq!((count(&found, &Ok(true)), count(&found, &Ok(false))), (2, 1));
    });
}
