//! Access tokens: fetched once for all waiting callers, renewed before they expire.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;

use super::single_flight::{Fetch, Settled, SingleFlight, Slot, Step, Warning};
use crate::error::Result;
use crate::session::LONGEST_LIFETIME;
use crate::types::SecretText;

/// A token is renewed this long before it expires, so that it does not expire in transit.
const RENEWAL_MARGIN: Duration = Duration::from_secs(60);

/// The time between two renewal attempts while the current token is valid.
const RENEWAL_COOLDOWN: Duration = Duration::from_secs(10);

/// An access token and its lifetime.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    value: Arc<SecretText>,
    /// The value of the `authorization` header. `None` if the token has characters that no header can hold.
    bearer: Option<HeaderValue>,
    id: u64,
    renew_at: Instant,
    expires_at: Instant,
}

impl Token {
    /// `requested_at` is the time at which the request was sent: the lifetime began no earlier.
    pub(crate) fn new(value: &str, lifetime: Duration, requested_at: Instant) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let lifetime = lifetime.min(LONGEST_LIFETIME);
        // A token with a lifetime below two margins is renewed at half of it, so that no call renews every time.
        let margin = RENEWAL_MARGIN.min(lifetime / 2);
        Self {
            value: Arc::new(SecretText::new(value)),
            bearer: bearer(value),
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            renew_at: requested_at + (lifetime - margin),
            expires_at: requested_at + lifetime,
        }
    }

    pub(crate) fn expose(&self) -> &str {
        self.value.expose()
    }

    /// The value of the `authorization` header, marked as sensitive.
    pub(crate) fn bearer(&self) -> Option<HeaderValue> {
        self.bearer.clone()
    }

    pub(crate) fn value(&self) -> Arc<SecretText> {
        Arc::clone(&self.value)
    }

    pub(crate) fn expires_at(&self) -> Instant {
        self.expires_at
    }
}

fn bearer(value: &str) -> Option<HeaderValue> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {value}")).ok()?;
    bearer.set_sensitive(true);
    Some(bearer)
}

#[derive(Default)]
struct State {
    current: Option<Token>,
    closed: bool,
}

/// The access token of one set of credentials. One caller at a time fetches it, for all that wait.
#[derive(Default)]
pub(crate) struct AccessTokenCache {
    tokens: Arc<SingleFlight<State, (), Token>>,
}

impl AccessTokenCache {
    /// Returns a token that is valid at `now`. If there is none, one of the waiting callers starts `fetch`, which goes
    /// on when that caller gives up.
    pub(crate) async fn get(&self, now: Instant, fetch: impl Fn() -> Fetch<Token>) -> Result<Token> {
        let look = |slot: &mut Slot<'_, State, (), Token>| {
            if let Some(token) = slot.state().current.as_ref().filter(|token| now < token.renew_at) {
                return Step::Return(Ok(token.clone()));
            }
            let flight = slot.flight();
            Step::Wait(
                flight.unwrap_or_else(|| slot.start(fetch(), move |state, result| state.settle(result, now))),
            )
        };
        self.tokens.run((), look, Some).await
    }

    /// Drops `used`, unless another token has replaced it.
    pub(crate) fn invalidate(&self, used: &Token) {
        self.tokens.with(|state| {
            if state.current.as_ref().is_some_and(|current| current.id == used.id) {
                state.current = None;
            }
        });
    }

    /// Drops the token. Requests in flight, and those started by calls that are in flight, serve these calls; their
    /// tokens are not kept.
    pub(crate) fn close(&self) {
        self.tokens.with(|state| (state.current, state.closed) = (None, true));
    }
}

impl State {
    /// Keeps a new token. A failed renewal is ignored while the current token is valid and the failure is temporary.
    fn settle(&mut self, result: Result<Token>, now: Instant) -> Settled<Token> {
        match result {
            Ok(token) => {
                self.current = Some(token.clone()).filter(|_| !self.closed);
                Ok(token).into()
            }
            Err(error) => match &mut self.current {
                Some(old) if now < old.expires_at && error.is_transient() => {
                    let message = "access token renewal failed; the current token is still valid";
                    old.renew_at = (now + RENEWAL_COOLDOWN).min(old.expires_at);
                    Settled { result: Ok(old.clone()), warning: Some(Warning { message, error }) }
                }
                _ => {
                    self.current = None;
                    Err(error).into()
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ScalekitError;
    use std::sync::atomic::AtomicUsize;

    fn token(text: &str, seconds: u64, requested_at: Instant) -> Token {
        Token::new(text, Duration::from_secs(seconds), requested_at)
    }

    fn ready(text: &'static str, requested_at: Instant) -> Fetch<Token> {
        Fetch::new("things.token", async move { Ok(token(text, 3600, requested_at)) })
    }

    fn offline() -> ScalekitError {
        ScalekitError::connection("things.token", "offline", true)
    }

    #[tokio::test]
    async fn concurrent_callers_share_one_request() {
        let (cache, start) = (Arc::new(AccessTokenCache::default()), Instant::now());
        let fetches = Arc::new(AtomicUsize::new(0));
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let (cache, fetches) = (Arc::clone(&cache), Arc::clone(&fetches));
            calls.spawn(async move {
                let fetch = || {
                    fetches.fetch_add(1, Ordering::SeqCst);
                    ready("t", start)
                };
                cache.get(start, fetch).await.unwrap().expose().to_owned()
            });
        }
        assert_eq!(calls.join_all().await, ["t"; 100]);
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn token_is_renewed_sixty_seconds_before_expiry() {
        let (cache, start) = (Arc::new(AccessTokenCache::default()), Instant::now());
        let at = move |seconds| start + Duration::from_secs(seconds);
        let get = |seconds, name: &'static str| {
            let cache = Arc::clone(&cache);
            async move {
                let fetch = || Fetch::new("things.token", async move { Ok(token(name, 3600, at(seconds))) });
                cache.get(at(seconds), fetch).await
            }
        };
        assert_eq!(get(0, "first").await.unwrap().expose(), "first");
        assert_eq!(get(3539, "second").await.unwrap().expose(), "first");
        assert_eq!(get(3540, "third").await.unwrap().expose(), "third");
    }

    #[tokio::test]
    async fn request_outlives_the_caller_that_started_it() {
        let (cache, start) = (Arc::new(AccessTokenCache::default()), Instant::now());
        let gate = Arc::new(tokio::sync::Notify::new());
        let fetch = || {
            let gate = Arc::clone(&gate);
            Fetch::new("things.token", async move {
                gate.notified().await;
                Ok(token("t", 3600, start))
            })
        };
        let mut leader = Box::pin(cache.get(start, fetch));
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        assert!(leader.as_mut().poll(context).is_pending());
        let waiter = cache.get(start, || panic!("a second fetch"));
        drop(leader);
        gate.notify_one();
        assert_eq!(waiter.await.unwrap().expose(), "t");
    }

    #[test]
    fn request_lost_with_its_runtime_is_repeated() {
        let (cache, start) = (Arc::new(AccessTokenCache::default()), Instant::now());
        let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime().block_on(async {
            let mut leader =
                Box::pin(cache.get(start, || Fetch::new("things.token", std::future::pending())));
            let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
            assert!(leader.as_mut().poll(context).is_pending());
        });
        let token = runtime().block_on(cache.get(start, || ready("t", start)));
        assert_eq!(token.unwrap().expose(), "t");
    }

    #[tokio::test]
    async fn failed_renewal_is_ignored_while_the_token_is_valid() {
        let (cache, start) = (Arc::new(AccessTokenCache::default()), Instant::now());
        let at = move |seconds| start + Duration::from_secs(seconds);
        cache.get(start, || ready("old", start)).await.unwrap();
        let failing =
            |seconds| cache.get(at(seconds), || Fetch::new("things.token", async { Err(offline()) }));
        assert_eq!(failing(3550).await.unwrap().expose(), "old");
        assert_eq!(cache.get(at(3559), || panic!("too soon")).await.unwrap().expose(), "old");
        assert_eq!(failing(3600).await.unwrap_err(), offline());
    }

    #[tokio::test]
    async fn invalidation_drops_only_the_token_that_was_used() {
        let (cache, start) = (Arc::new(AccessTokenCache::default()), Instant::now());
        let first = cache.get(start, || ready("first", start)).await.unwrap();
        cache.invalidate(&first);
        let second = cache.get(start, || ready("second", start)).await.unwrap();
        cache.invalidate(&first);
        let third = cache.get(start, || panic!("the second token is valid")).await.unwrap();
        assert_eq!((second.expose(), third.expose()), ("second", "second"));
    }

    #[test]
    fn token_is_redacted_in_debug_output() {
        assert!(!format!("{:?}", token("hunter2", 60, Instant::now())).contains("hunter2"));
    }
}
