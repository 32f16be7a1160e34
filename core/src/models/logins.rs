//! Logins: a callback counts once.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::*;
use crate::cache::FinishedLogins;

const KEY: [u8; 32] = [7; 32];
const LIFETIME: Duration = Duration::from_secs(3600);

/// Finishes the one login; says whether it was to be had. `keeps` is whether the code was used up.
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
fn a_login_is_finished_once() {
    explore(|| {
        let finished = Arc::<FinishedLogins>::default();
        let took = all([true; 3].map(|keeps| finish(&finished, keeps)));
        assert_eq!(took.into_iter().filter(|took| *took).count(), 1);
    });
}

#[test]
fn a_login_that_was_given_up_can_be_finished_still() {
    explore(|| {
        let finished = Arc::<FinishedLogins>::default();
        let quitter = finish(&finished, true);
        quitter.abort();
        let unlucky = finish(&finished, false);
        block_on(unlucky).unwrap();
        // It may have finished it before it gave up.
        let done = matches!(block_on(quitter), Ok(true));
        assert_eq!(block_on(finish(&finished, true)).unwrap(), !done);
    });
}
