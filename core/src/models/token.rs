//! Access tokens: one fetch for all callers, even if some are cancelled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::cache::{AccessTokenCache, Fetch, Token};
use crate::error::Result;

/// The token cache of a client, and a service that counts requests.
#[derive(Clone)]
struct Model {
    cache: Arc<AccessTokenCache>,
    start: Instant,
    fetches: Count,
    /// Number of fetches that fail, from the first.
    failures: usize,
}

impl Model {
    fn new() -> Self {
        Self { cache: Arc::default(), start: Instant::now(), fetches: Count::default(), failures: 0 }
    }

    /// A fetch whose token is its number.
    fn fetch(&self, now: Instant) -> Fetch<Token> {
        let (number, failures) = (self.fetches.increment(), self.failures);
        Fetch::new("things.token", async move {
            yield_now().await;
            let token = || Token::new(&number.to_string(), Duration::from_secs(3600), now);
            if number <= failures { Err(offline()) } else { Ok(token()) }
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
fn thousand_callers_share_one_fetch() {
    explore_some(6, || {
        let model = Model::new();
        assert_eq!(texts(join_all(model.callers(1000))), ["1"; 1000]);
        assert_eq!(model.fetches.get(), 1);
    });
}

#[test]
fn two_callers_share_one_fetch_in_every_schedule() {
    explore_all(10 * SCHEDULES, || {
        let model = Model::new();
        assert_eq!(texts(join_all(model.callers(2))), ["1"; 2]);
        assert_eq!(model.fetches.get(), 1);
    });
}

#[test]
fn cancelled_caller_does_not_cancel_the_fetch() {
    explore(|| {
        let model = Model::new();
        let (cancelled, others) = (model.get(), model.callers(2));
        cancelled.abort();
        assert_eq!(texts(join_all(others)), ["1"; 2]);
        assert_eq!(text(block_on(model.get()).unwrap()), "1");
        assert_eq!(model.fetches.get(), 1);
    });
}

#[test]
fn fetch_completes_after_all_callers_are_cancelled() {
    explore(|| {
        let model = Model::new();
        for caller in model.callers(2) {
            caller.abort();
        }
        assert_eq!(text(block_on(model.get()).unwrap()), "1");
        assert_eq!(model.fetches.get(), 1);
    });
}

#[test]
fn failed_fetch_reaches_its_waiters_and_is_not_cached() {
    explore(|| {
        let model = Model { failures: 1, ..Model::new() };
        let results = texts(join_all(model.callers(3)));
        let failed = results.iter().filter(|text| text.contains("offline")).count();
        assert!((1..=3).contains(&failed), "{results:?}");
        assert!(results.iter().all(|text| text == "2" || text.contains("offline")), "{results:?}");
        assert_eq!(text(block_on(model.get()).unwrap()), "2");
        assert_eq!(model.fetches.get(), 2);
    });
}

#[test]
fn rejected_token_is_replaced_once() {
    explore(|| {
        let model = Model::new();
        let rejected = block_on(model.get()).unwrap().unwrap();
        let callers: Vec<_> = (0..3)
            .map(|_| (model.clone(), rejected.clone()))
            .map(|(model, rejected)| {
                spawn(async move {
                    model.cache.invalidate(&rejected);
                    model.get_at(0).await
                })
            })
            .collect();
        let results = texts(join_all(callers));
        assert_eq!(model.fetches.get(), 2, "{results:?}");
        assert_eq!(results, ["2"; 3]);
    });
}

#[test]
fn rejected_token_is_never_returned_again() {
    explore(|| {
        // The renewal fails, which is ignored while the token is valid.
        let mut model = Model::new();
        let first = block_on(model.get()).unwrap().unwrap();
        model.failures = 2;
        let renewal = spawn(model.clone().get_at(3550));
        let rejected = {
            let model = model.clone();
            spawn(async move {
                model.cache.invalidate(&first);
                text(model.get_at(3550).await)
            })
        };
        assert_ne!(block_on(rejected).unwrap(), "1");
        block_on(renewal).unwrap().ok();
        assert_ne!(text(block_on(model.get_at(3550))), "1");
    });
}

#[test]
fn failed_renewal_returns_the_valid_token() {
    explore(|| {
        let mut model = Model::new();
        block_on(model.get()).unwrap().unwrap();
        model.failures = usize::MAX;
        let callers: Vec<_> = (0..3).map(|_| spawn(model.clone().get_at(3550))).collect();
        assert_eq!(texts(join_all(callers)), ["1"; 3]);
        // The next renewal is attempted after the cooldown.
        assert_eq!(model.fetches.get(), 2);
    });
}

#[test]
fn fetch_lost_with_its_runtime_is_repeated() {
    explore(|| {
        let model = Model::new();
        let callers = model.callers(3);
        shuttle::thread::yield_now();
        abort_all();
        let results = texts(join_all(callers));
        assert!(results.iter().all(|text| *text == results[0]), "{results:?}");
        assert_eq!(results[0], model.fetches.get().to_string());
        assert!(model.fetches.get() <= 2);
    });
}

#[test]
fn closing_client_serves_waiters_and_caches_nothing() {
    explore(|| {
        let model = Model::new();
        let callers = model.callers(2);
        let close = {
            let model = model.clone();
            spawn(async move { model.cache.close() })
        };
        let results = join_all(callers);
        block_on(close).unwrap();
        assert!(results.iter().all(Result::is_ok));
        let before = model.fetches.get();
        block_on(model.get()).unwrap().unwrap();
        assert_eq!(model.fetches.get(), before + 1, "a token was cached after the client closed");
    });
}
