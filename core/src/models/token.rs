//! The access token: one fetch for all, whatever happens to those who wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::cache::{AccessTokenCache, Fetch, Token};
use crate::error::Result;

/// A client's token, and a service that counts.
#[derive(Clone)]
struct World {
    cache: Arc<AccessTokenCache>,
    start: Instant,
    fetches: Count,
    /// So many of the first fetches fail.
    failing: usize,
}

impl World {
    fn new() -> Self {
        Self { cache: Arc::default(), start: Instant::now(), fetches: Count::default(), failing: 0 }
    }

    /// What the service gives for the n-th time.
    fn fetch(&self, now: Instant) -> Fetch<Token> {
        let (number, failing) = (self.fetches.one_more(), self.failing);
        Fetch::new("things.token", async move {
            yield_now().await;
            let token = || Token::new(&number.to_string(), Duration::from_secs(3600), now);
            if number <= failing { Err(offline()) } else { Ok(token()) }
        })
    }

    async fn get_at(self, seconds: u64) -> Result<Token> {
        let now = self.start + Duration::from_secs(seconds);
        self.cache.get(now, || self.fetch(now)).await
    }

    fn get(&self) -> JoinHandle<Result<Token>> {
        spawn(self.clone().get_at(0))
    }

    fn callers(&self, number: usize) -> Vec<JoinHandle<Result<Token>>> {
        (0..number).map(|_| self.get()).collect()
    }
}

fn text(result: Result<Token>) -> String {
    result.map_or_else(|error| error.to_string(), |token| token.expose().to_owned())
}

fn texts(results: Vec<Result<Token>>) -> Vec<String> {
    results.into_iter().map(text).collect()
}

#[test]
fn a_thousand_callers_share_one_fetch() {
    explore_some(6, || {
        let world = World::new();
        assert_eq!(texts(all(world.callers(1000))), ["1"; 1000]);
        assert_eq!(world.fetches.get(), 1);
    });
}

#[test]
fn two_callers_share_one_fetch_in_all_orders() {
    explore_all(10 * ORDERS, || {
        let world = World::new();
        assert_eq!(texts(all(world.callers(2))), ["1"; 2]);
        assert_eq!(world.fetches.get(), 1);
    });
}

#[test]
fn a_caller_who_gives_up_takes_nothing_along() {
    explore(|| {
        let world = World::new();
        let (given_up, others) = (world.get(), world.callers(2));
        given_up.abort();
        assert_eq!(texts(all(others)), ["1"; 2]);
        assert_eq!(text(block_on(world.get()).unwrap()), "1");
        assert_eq!(world.fetches.get(), 1);
    });
}

#[test]
fn a_fetch_that_only_quitters_waited_for_ends_too() {
    explore(|| {
        let world = World::new();
        for caller in world.callers(2) {
            caller.abort();
        }
        assert_eq!(text(block_on(world.get()).unwrap()), "1");
        assert_eq!(world.fetches.get(), 1);
    });
}

#[test]
fn a_failure_reaches_all_who_wait_and_is_not_kept() {
    explore(|| {
        let world = World { failing: 1, ..World::new() };
        let brought = texts(all(world.callers(3)));
        let failed = brought.iter().filter(|text| text.contains("offline")).count();
        assert!((1..=3).contains(&failed), "{brought:?}");
        assert!(brought.iter().all(|text| text == "2" || text.contains("offline")), "{brought:?}");
        assert_eq!(text(block_on(world.get()).unwrap()), "2");
        assert_eq!(world.fetches.get(), 2);
    });
}

#[test]
fn a_refused_token_is_replaced_once() {
    explore(|| {
        let world = World::new();
        let refused = block_on(world.get()).unwrap().unwrap();
        let callers: Vec<_> = (0..3)
            .map(|_| (world.clone(), refused.clone()))
            .map(|(world, refused)| {
                spawn(async move {
                    world.cache.invalidate(&refused);
                    world.get_at(0).await
                })
            })
            .collect();
        let brought = texts(all(callers));
        assert_eq!(world.fetches.get(), 2, "{brought:?}");
        assert_eq!(brought, ["2"; 3]);
    });
}

#[test]
fn a_refused_token_never_comes_back() {
    explore(|| {
        // Its renewal fails, which is forgiven as long as it is good.
        let mut world = World::new();
        let first = block_on(world.get()).unwrap().unwrap();
        world.failing = 2;
        let renewing = spawn(world.clone().get_at(3550));
        let refused = {
            let world = world.clone();
            spawn(async move {
                world.cache.invalidate(&first);
                text(world.get_at(3550).await)
            })
        };
        assert_ne!(block_on(refused).unwrap(), "1");
        block_on(renewing).unwrap().ok();
        assert_ne!(text(block_on(world.get_at(3550))), "1");
    });
}

#[test]
fn a_failed_renewal_is_no_failure_for_anybody() {
    explore(|| {
        let mut world = World::new();
        block_on(world.get()).unwrap().unwrap();
        world.failing = usize::MAX;
        let callers: Vec<_> = (0..3).map(|_| spawn(world.clone().get_at(3550))).collect();
        assert_eq!(texts(all(callers)), ["1"; 3]);
        // The next one is tried a while later.
        assert_eq!(world.fetches.get(), 2);
    });
}

#[test]
fn a_fetch_that_died_with_its_runtime_is_begun_again() {
    explore(|| {
        let world = World::new();
        let callers = world.callers(3);
        shuttle::thread::yield_now();
        abort_all();
        let brought = texts(all(callers));
        assert!(brought.iter().all(|text| *text == brought[0]), "{brought:?}");
        assert_eq!(brought[0], world.fetches.get().to_string());
        assert!(world.fetches.get() <= 2);
    });
}

#[test]
fn a_client_that_closes_serves_who_waits_and_keeps_nothing() {
    explore(|| {
        let world = World::new();
        let callers = world.callers(2);
        let closing = {
            let world = world.clone();
            spawn(async move { world.cache.close() })
        };
        let brought = all(callers);
        block_on(closing).unwrap();
        assert!(brought.iter().all(Result::is_ok));
        let before = world.fetches.get();
        block_on(world.get()).unwrap().unwrap();
        assert_eq!(world.fetches.get(), before + 1, "a token outlived its client");
    });
}
