//! Finished logins: a callback is accepted once.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::*;
use crate::cache::FinishedLogins;

const KEY: [u8; 32] = [7; 32];
const LIFETIME: Duration = Duration::from_secs(3600);

/// Finishes the login. Returns whether the claim succeeded. `keeps` is whether the claim becomes final.
fn finish(finished: &Arc<FinishedLogins>, keeps: bool) -> JoinHandle<bool> {
    let finished = Arc::clone(finished);
    spawn(async move {
        let Some(claim) = finished.claim(KEY, SystemTime::UNIX_EPOCH, LIFETIME) else { return false };
        yield_now().await;
        if keeps {
            claim.keep();
        }
        true
    })
}

#[test]
fn login_is_claimed_once() {
    explore(|| {
        let finished = Arc::<FinishedLogins>::default();
        let claimed = join_all([true; 3].map(|keeps| finish(&finished, keeps)));
        assert_eq!(claimed.into_iter().filter(|claimed| *claimed).count(), 1);
    });
}

#[test]
fn abandoned_login_can_be_claimed_again() {
    explore(|| {
        let finished = Arc::<FinishedLogins>::default();
        let cancelled = finish(&finished, true);
        cancelled.abort();
        let failing = finish(&finished, false);
        block_on(failing).unwrap();
        // It may have finished before it was aborted.
        let done = matches!(block_on(cancelled), Ok(true));
        assert_eq!(block_on(finish(&finished, true)).unwrap(), !done);
    });
}
