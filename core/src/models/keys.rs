//! The environment's keys: strangers' ids cost the service next to nothing, whoever comes at the same time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::*;
use crate::cache::{Fetch, KeyCache, Lookup, PreloadedKeys, Source};
use crate::error::Result;
use crate::jwt::KeySet;

const KNOWN: &str = "known";

/// The keys of one environment, and a service that counts.
#[derive(Clone)]
struct World {
    cache: Arc<KeyCache>,
    start: Instant,
    fetches: Count,
    failing: usize,
}

/// Whether there is such a key.
type Found = Result<bool>;

impl World {
    fn new() -> Self {
        Self { cache: Arc::default(), start: Instant::now(), fetches: Count::default(), failing: 0 }
    }

    /// One that has asked for the keys before.
    fn warm() -> Self {
        let world = Self::new();
        assert_eq!(block_on(world.clone().find(0, KNOWN, Source::Untrusted)), Ok(true));
        world
    }

    async fn find(self, seconds: u64, id: &str, source: Source) -> Found {
        let now = self.start + Duration::from_secs(seconds);
        let fetch = || {
            let fails = self.fetches.one_more() <= self.failing;
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

    fn seek(&self, seconds: u64, id: &'static str, source: Source) -> JoinHandle<Found> {
        spawn(self.clone().find(seconds, id, source))
    }

    fn seekers(&self, seconds: u64, ids: &[&'static str]) -> Vec<JoinHandle<Found>> {
        ids.iter().map(|id| self.seek(seconds, id, Source::Untrusted)).collect()
    }
}

fn keys() -> Arc<KeySet> {
    // No signature is checked here: any number of that length will do.
    let jwk = json!({"kty": "RSA", "alg": "RS256", "kid": KNOWN, "n": "_".repeat(341) + "w", "e": "AQAB"});
    Arc::new(KeySet::read(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap())
}

fn number(results: &[Found], expected: &Found) -> usize {
    results.iter().filter(|result| *result == expected).count()
}

#[test]
fn a_thousand_callers_share_one_fetch() {
    explore_some(4, || {
        let world = World::new();
        let found = all(world.seekers(0, &[KNOWN; 1000]));
        assert_eq!((number(&found, &Ok(true)), world.fetches.get()), (1000, 1));
    });
}

#[test]
fn unknown_ids_lead_to_one_fetch_in_a_cooldown() {
    explore(|| {
        let world = World::warm();
        let found = all(world.seekers(31, &["a", "b", "c", "a"]));
        assert_eq!(number(&found, &Ok(false)), 4);
        assert_eq!(world.fetches.get(), 2);
        assert_eq!(block_on(world.seek(60, "d", Source::Untrusted)).unwrap(), Ok(false));
        assert_eq!(world.fetches.get(), 2);
        assert_eq!(block_on(world.seek(62, "d", Source::Untrusted)).unwrap(), Ok(false));
        assert_eq!(world.fetches.get(), 3);
    });
}

#[test]
fn a_known_key_waits_for_no_stranger() {
    explore(|| {
        let world = World::warm();
        let strangers = world.seekers(31, &["a", "b"]);
        let mut known = Box::pin(world.clone().find(31, KNOWN, Source::Untrusted));
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(known.as_mut().poll(context), std::task::Poll::Ready(Ok(true)));
        assert_eq!(number(&all(strangers), &Ok(false)), 2);
    });
}

#[test]
fn strangers_do_not_use_up_what_a_login_needs() {
    explore(|| {
        let world = World::warm();
        let strangers = world.seekers(31, &["a", "b"]);
        let login = world.seek(31, "c", Source::TokenEndpoint);
        assert_eq!(number(&all(strangers), &Ok(false)), 2);
        assert_eq!(block_on(login).unwrap(), Ok(false));
        // After the first, one on behalf of each kind of caller, whoever came first.
        assert_eq!(world.fetches.get(), 3);
        assert_eq!(block_on(world.seek(32, "d", Source::TokenEndpoint)).unwrap(), Ok(false));
        assert_eq!(world.fetches.get(), 3);
    });
}

#[test]
fn a_failure_reaches_all_who_wait_and_is_tried_again_after_the_cooldown() {
    explore(|| {
        let world = World { failing: 1, ..World::new() };
        let found = all(world.seekers(0, &[KNOWN, "a", KNOWN]));
        assert_eq!((number(&found, &Err(offline())), world.fetches.get()), (3, 1));
        assert_eq!(block_on(world.seek(6, KNOWN, Source::Untrusted)).unwrap(), Ok(true));
        assert_eq!(world.fetches.get(), 2);
    });
}

#[test]
fn a_caller_who_gives_up_takes_nothing_along() {
    explore(|| {
        let world = World::new();
        let (given_up, others) = (world.seek(0, "a", Source::Untrusted), world.seekers(0, &[KNOWN; 2]));
        given_up.abort();
        assert_eq!(number(&all(others), &Ok(true)), 2);
        // The one who gave up may have been the reason for a second look.
        assert!(world.fetches.get() <= 2);
        assert_eq!(block_on(world.seek(0, KNOWN, Source::Untrusted)).unwrap(), Ok(true));
    });
}

#[test]
fn a_fetch_that_died_with_its_runtime_is_begun_again() {
    explore(|| {
        let world = World::new();
        let seekers = world.seekers(0, &[KNOWN; 3]);
        shuttle::thread::yield_now();
        abort_all();
        assert_eq!(number(&all(seekers), &Ok(true)), 3);
        assert!(world.fetches.get() <= 2);
    });
}

#[test]
fn a_client_that_closes_serves_who_waits() {
    explore(|| {
        let world = World::new();
        let seekers = world.seekers(0, &[KNOWN, "a", KNOWN]);
        let closing = {
            let world = world.clone();
            spawn(async move { world.cache.clear() })
        };
        let found = all(seekers);
        block_on(closing).unwrap();
        assert_eq!((number(&found, &Ok(true)), number(&found, &Ok(false))), (2, 1));
    });
}
