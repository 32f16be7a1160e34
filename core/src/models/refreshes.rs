//! Session refreshes: a refresh token is sent once; sending it twice would lose the session.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::auth::models::session_from_refresh_token;
use crate::cache::{Fetch, RefreshCache};
use crate::error::Result;
use crate::session::LoginSession;
use crate::types::SecretText;

const OPERATION: &str = "login.refresh";

const KEY: [u8; 32] = [7; 32];

#[derive(Clone)]
struct Model {
    refreshes: Arc<RefreshCache>,
    start: Instant,
    sent: Count,
    failures: usize,
}

impl Model {
    fn new() -> Self {
        Self { refreshes: Arc::default(), start: Instant::now(), sent: Count::default(), failures: 0 }
    }

    /// Refreshes the session, all with the same refresh token.
    async fn refresh(self, seconds: u64) -> Result<Arc<LoginSession>> {
        let now = self.start + Duration::from_secs(seconds);
        let work = || {
            let (number, failures) = (self.sent.increment(), self.failures);
            Fetch::new(OPERATION, async move {
                yield_now().await;
                let next =
                    || Arc::new(session_from_refresh_token(Arc::new(SecretText::new(&number.to_string()))));
                if number <= failures { Err(offline()) } else { Ok(next()) }
            })
        };
        self.refreshes.get(OPERATION, KEY, move || now, work).await
    }

    fn spawn_refreshes(&self, number: usize) -> Vec<JoinHandle<Result<Arc<LoginSession>>>> {
        (0..number).map(|_| spawn(self.clone().refresh(0))).collect()
    }
}

#[test]
fn concurrent_callers_share_one_refresh_and_late_ones_get_its_result() {
    explore(|| {
        let model = Model::new();
        assert!(join_all(model.spawn_refreshes(4)).iter().all(Result::is_ok));
        assert!(block_on(model.clone().refresh(59)).is_ok());
        assert_eq!(model.sent.get(), 1);
    });
}

#[test]
fn cancelled_caller_does_not_cancel_the_refresh() {
    explore(|| {
        let model = Model::new();
        let mut callers = model.spawn_refreshes(3);
        callers.remove(0).abort();
        assert!(join_all(callers).iter().all(Result::is_ok));
        assert!(block_on(model.clone().refresh(0)).is_ok());
        assert_eq!(model.sent.get(), 1);
    });
}

#[test]
fn failed_refresh_reaches_only_its_waiters() {
    explore(|| {
        let model = Model { failures: 1, ..Model::new() };
        let results = join_all(model.spawn_refreshes(3));
        assert!(results.contains(&Err(offline())));
        assert!(block_on(model.clone().refresh(0)).is_ok());
        assert_eq!(model.sent.get(), 2);
    });
}

#[test]
fn refresh_lost_with_its_runtime_is_repeated() {
    explore(|| {
        let model = Model::new();
        let callers = model.spawn_refreshes(3);
        shuttle::thread::yield_now();
        abort_all();
        assert!(join_all(callers).iter().all(Result::is_ok));
        assert!(model.sent.get() <= 2);
    });
}

#[test]
fn closing_client_does_not_send_a_token_again() {
    explore(|| {
        let model = Model::new();
        let callers = model.spawn_refreshes(2);
        let close = {
            let model = model.clone();
            spawn(async move { model.refreshes.close() })
        };
        let results = join_all(callers);
        block_on(close).unwrap();
        assert!(model.sent.get() <= 1, "the token was sent again");
        // Callers before the close get the session, later ones get `Closed`.
        let closed = Err(ScalekitError::closed("login.refresh"));
        assert!(results.iter().all(|result| result.is_ok() || *result == closed), "{results:?}");
        assert_eq!(block_on(model.refresh(0)), closed);
    });
}
