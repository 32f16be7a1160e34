//! Refreshes: a refresh token is sent once, or the session is lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::auth::models::session_of;
use crate::cache::{Fetch, RefreshCache};
use crate::error::Result;
use crate::session::LoginSession;
use crate::types::SecretText;

const OPERATION: &str = "login.refresh";

const KEY: [u8; 32] = [7; 32];

#[derive(Clone)]
struct World {
    refreshes: Arc<RefreshCache>,
    start: Instant,
    sent: Count,
    failing: usize,
}

impl World {
    fn new() -> Self {
        Self { refreshes: Arc::default(), start: Instant::now(), sent: Count::default(), failing: 0 }
    }

    /// Sends the one refresh token, unless somebody has.
    async fn refresh(self, seconds: u64) -> Result<Arc<LoginSession>> {
        let now = self.start + Duration::from_secs(seconds);
        let work = || {
            let (number, failing) = (self.sent.one_more(), self.failing);
            Fetch::new(OPERATION, async move {
                yield_now().await;
                let next = || Arc::new(session_of(Arc::new(SecretText::new(&number.to_string()))));
                if number <= failing { Err(offline()) } else { Ok(next()) }
            })
        };
        self.refreshes.get(OPERATION, KEY, move || now, work).await
    }

    fn twins(&self, number: usize) -> Vec<JoinHandle<Result<Arc<LoginSession>>>> {
        (0..number).map(|_| spawn(self.clone().refresh(0))).collect()
    }
}

#[test]
fn twins_share_one_refresh_and_late_ones_get_its_result() {
    explore(|| {
        let world = World::new();
        assert!(all(world.twins(4)).iter().all(Result::is_ok));
        assert!(block_on(world.clone().refresh(59)).is_ok());
        assert_eq!(world.sent.get(), 1);
    });
}

#[test]
fn a_twin_who_gives_up_takes_nothing_along() {
    explore(|| {
        let world = World::new();
        let mut twins = world.twins(3);
        twins.remove(0).abort();
        assert!(all(twins).iter().all(Result::is_ok));
        assert!(block_on(world.clone().refresh(0)).is_ok());
        assert_eq!(world.sent.get(), 1);
    });
}

#[test]
fn a_failure_is_for_those_who_wait_for_it() {
    explore(|| {
        let world = World { failing: 1, ..World::new() };
        let brought = all(world.twins(3));
        assert!(brought.contains(&Err(offline())));
        assert!(block_on(world.clone().refresh(0)).is_ok());
        assert_eq!(world.sent.get(), 2);
    });
}

#[test]
fn what_died_with_its_runtime_is_begun_again() {
    explore(|| {
        let world = World::new();
        let twins = world.twins(3);
        shuttle::thread::yield_now();
        abort_all();
        assert!(all(twins).iter().all(Result::is_ok));
        assert!(world.sent.get() <= 2);
    });
}

#[test]
fn a_client_that_closes_sends_no_token_again() {
    explore(|| {
        let world = World::new();
        let twins = world.twins(2);
        let closing = {
            let world = world.clone();
            spawn(async move { world.refreshes.close() })
        };
        let brought = all(twins);
        block_on(closing).unwrap();
        assert!(world.sent.get() <= 1, "the token was sent again");
        // Who came in time gets the session, who did not is told so.
        let closed = Err(ScalekitError::closed("login.refresh"));
        assert!(brought.iter().all(|result| result.is_ok() || *result == closed), "{brought:?}");
        assert_eq!(block_on(world.refresh(0)), closed);
    });
}
