//! The access token of the client: fetched once for all who wait, renewed before it expires.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;

use crate::error::Result;
use crate::flight::{Arrival, arrive, depart};
use crate::sync::{Mutex, MutexGuard};
use crate::types::SecretText;

/// A token is renewed this long before it expires, so that it does not expire on the way.
const EARLY: Duration = Duration::from_secs(60);

/// After a renewal failed while the old token is still good, the next one is tried no sooner than this.
const PAUSE: Duration = Duration::from_secs(10);

/// Longer than any token lives; the service has been seen to state absurd lifetimes.
const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);

/// An access token and its times.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    value: Arc<SecretText>,
    /// As it stands in a request. Absent where the service handed out what fits in no header.
    bearer: Option<HeaderValue>,
    id: u64,
    renew_at: Instant,
    expires_at: Instant,
}

impl Token {
    /// `asked_at` is when the request left: the token's life began no earlier.
    pub(crate) fn new(value: &str, lifetime: Duration, asked_at: Instant) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let lifetime = lifetime.min(LONGEST_LIFE);
        // A token that lives for less than two margins is renewed at half its life: never at every call.
        let early = EARLY.min(lifetime / 2);
        Self {
            value: Arc::new(SecretText::new(value)),
            bearer: bearer(value),
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            renew_at: asked_at + (lifetime - early),
            expires_at: asked_at + lifetime,
        }
    }

    pub(crate) fn expose(&self) -> &str {
        self.value.expose()
    }

    /// The value of the header `authorization`, which does not print itself.
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

/// A fetch on its way; boxed, since fetching a token is itself a request.
pub(crate) type Fetch = Pin<Box<dyn Future<Output = Result<Token>> + Send>>;

#[derive(Default)]
struct State {
    current: Option<Token>,
    fetching: Option<Arrival<Token>>,
    closed: bool,
}

/// Holds the token and lets one caller at a time fetch it, on behalf of all.
#[derive(Default)]
pub(crate) struct TokenCache {
    state: Mutex<State>,
}

impl TokenCache {
    /// A token that is good at `now`. Of all who call while there is none, one starts `fetch` as a task of its own;
    /// it goes on when that caller gives up.
    pub(crate) async fn get(self: &Arc<Self>, now: Instant, fetch: impl Fn() -> Fetch) -> Result<Token> {
        loop {
            let mut arrival = match self.look(now, &fetch) {
                Ok(token) => return Ok(token),
                Err(arrival) => arrival,
            };
            match arrive(&mut arrival).await {
                Some(result) => return result,
                // The task was ended with its runtime before it was done: start over.
                None => self.forget(&arrival),
            }
        }
    }

    /// Drops `used`, unless another token has taken its place meanwhile.
    pub(crate) fn invalidate(&self, used: &Token) {
        let mut state = self.lock();
        if state.current.as_ref().is_some_and(|current| current.id == used.id) {
            state.current = None;
        }
    }

    /// Forgets the token. Fetches that are under way, or begun by calls that are, serve these calls and are not kept.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        (state.current, state.closed) = (None, true);
    }

    fn look(self: &Arc<Self>, now: Instant, fetch: &impl Fn() -> Fetch) -> Result<Token, Arrival<Token>> {
        let mut state = self.lock();
        if let Some(token) = state.current.as_ref().filter(|token| now < token.renew_at) {
            return Ok(token.clone());
        }
        if let Some(arrival) = &state.fetching {
            return Err(arrival.clone());
        }
        let cache = Arc::clone(self);
        let arrival = depart("oauth.token", fetch(), move |result| cache.settle(result, now));
        state.fetching = Some(arrival.clone());
        Err(arrival)
    }

    /// Keeps what was fetched. A failed renewal is no failure while the old token is good and the trouble may pass.
    fn settle(&self, result: Result<Token>, now: Instant) -> Result<Token> {
        let mut state = self.lock();
        state.fetching = None;
        match result {
            Ok(token) => {
                state.current = Some(token.clone()).filter(|_| !state.closed);
                Ok(token)
            }
            Err(error) => match &mut state.current {
                Some(old) if now < old.expires_at && error.may_pass() => {
                    tracing::warn!(error = %error, "token renewal failed; the current token is still good");
                    old.renew_at = (now + PAUSE).min(old.expires_at);
                    Ok(old.clone())
                }
                _ => {
                    state.current = None;
                    Err(error)
                }
            },
        }
    }

    fn forget(&self, arrival: &Arrival<Token>) {
        let mut state = self.lock();
        if state.fetching.as_ref().is_some_and(|current| current.same_channel(arrival)) {
            state.fetching = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lifetime that the token endpoint states, in seconds: a number, or a number in a string.
pub(crate) fn lifetime(stated: Option<&serde_json::Value>, token: &str) -> Duration {
    use serde_json::Value;
    let seconds = match stated {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    let sane = seconds.filter(|seconds| (1.0..=LONGEST_LIFE.as_secs_f64()).contains(seconds));
    sane.map(Duration::from_secs_f64).or_else(|| life_in(token)).unwrap_or(Duration::from_secs(300))
}

/// `exp - iat` of a JWT, not verified: it only decides when to fetch a new one.
fn life_in(token: &str) -> Option<Duration> {
    use base64::Engine as _;
    let payload = token.split('.').nth(1)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    let life = claims.get("exp")?.as_f64()? - claims.get("iat")?.as_f64()?;
    (life >= 1.0).then(|| Duration::try_from_secs_f64(life).ok())?.map(|life| life.min(LONGEST_LIFE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ScalekitError;
    use serde_json::json;
    use std::sync::atomic::AtomicUsize;

    fn token(text: &str, seconds: u64, asked_at: Instant) -> Token {
        Token::new(text, Duration::from_secs(seconds), asked_at)
    }

    fn ready(text: &'static str, asked_at: Instant) -> Fetch {
        Box::pin(async move { Ok(token(text, 3600, asked_at)) })
    }

    fn offline() -> ScalekitError {
        ScalekitError::connection("oauth.token", "offline", true)
    }

    #[tokio::test]
    async fn many_cold_callers_share_one_fetch() {
        let (cache, start) = (Arc::new(TokenCache::default()), Instant::now());
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
    async fn renewed_sixty_seconds_early() {
        let (cache, start) = (Arc::new(TokenCache::default()), Instant::now());
        let at = move |seconds| start + Duration::from_secs(seconds);
        let get = |seconds, name: &'static str| {
            let cache = Arc::clone(&cache);
            async move {
                cache.get(at(seconds), || Box::pin(async move { Ok(token(name, 3600, at(seconds))) })).await
            }
        };
        assert_eq!(get(0, "first").await.unwrap().expose(), "first");
        assert_eq!(get(3539, "second").await.unwrap().expose(), "first");
        assert_eq!(get(3540, "third").await.unwrap().expose(), "third");
    }

    #[tokio::test]
    async fn the_fetch_outlives_the_caller_that_started_it() {
        let (cache, start) = (Arc::new(TokenCache::default()), Instant::now());
        let gate = Arc::new(tokio::sync::Notify::new());
        let fetch = || {
            let gate = Arc::clone(&gate);
            Box::pin(async move {
                gate.notified().await;
                Ok(token("t", 3600, start))
            }) as Fetch
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
    fn a_fetch_that_died_with_its_runtime_is_started_again() {
        let (cache, start) = (Arc::new(TokenCache::default()), Instant::now());
        let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime().block_on(async {
            let mut leader = Box::pin(cache.get(start, || Box::pin(std::future::pending())));
            let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
            assert!(leader.as_mut().poll(context).is_pending());
        });
        let token = runtime().block_on(cache.get(start, || ready("t", start)));
        assert_eq!(token.unwrap().expose(), "t");
    }

    #[tokio::test]
    async fn a_failed_renewal_is_forgiven_while_the_old_token_is_good() {
        let (cache, start) = (Arc::new(TokenCache::default()), Instant::now());
        let at = move |seconds| start + Duration::from_secs(seconds);
        cache.get(start, || ready("old", start)).await.unwrap();
        let failing = |seconds| cache.get(at(seconds), || Box::pin(async { Err(offline()) }));
        assert_eq!(failing(3550).await.unwrap().expose(), "old");
        assert_eq!(cache.get(at(3559), || panic!("too soon")).await.unwrap().expose(), "old");
        assert_eq!(failing(3600).await.unwrap_err(), offline());
    }

    #[tokio::test]
    async fn only_the_token_that_was_used_is_dropped() {
        let (cache, start) = (Arc::new(TokenCache::default()), Instant::now());
        let first = cache.get(start, || ready("first", start)).await.unwrap();
        cache.invalidate(&first);
        let second = cache.get(start, || ready("second", start)).await.unwrap();
        cache.invalidate(&first);
        let third = cache.get(start, || panic!("the second is good")).await.unwrap();
        assert_eq!((second.expose(), third.expose()), ("second", "second"));
    }

    #[test]
    fn lifetimes_are_read_with_suspicion() {
        use base64::Engine as _;
        let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"iat":1000,"exp":1600}"#);
        let jwt = format!("x.{claims}.y");
        let read = |stated: serde_json::Value| lifetime(Some(&stated), &jwt).as_secs();
        assert_eq!(read(json!(86399)), 86399);
        assert_eq!(read(json!("3600")), 3600);
        for odd in [json!(18_446_744_064_486_179_580_u64), json!(0), json!(-5), json!("soon"), json!(null)] {
            assert_eq!(read(odd.clone()), 600, "{odd}");
        }
        assert_eq!(lifetime(None, "opaque").as_secs(), 300);
    }

    #[test]
    fn a_token_does_not_print_itself() {
        assert!(!format!("{:?}", token("hunter2", 60, Instant::now())).contains("hunter2"));
    }
}
