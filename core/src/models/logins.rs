//! Logins: a callback counts once.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::json;

use super::*;
use crate::auth::LoginTransaction;
use crate::auth::models::Finished;
use crate::types::{SecretText, Timestamp};

fn transaction() -> LoginTransaction {
    let secret = "s".repeat(43);
    let kept = json!({
        "environment_url": "https://acme.scalekit.com/", "client_id": "skc_1",
        "redirect_uri": "https://app.example.com/callback", "state": secret, "nonce": secret,
        "code_verifier": secret, "started_at": Timestamp::from(SystemTime::UNIX_EPOCH),
    });
    LoginTransaction::from_text(&SecretText::new(&kept.to_string())).unwrap()
}

/// Finishes the one login; says whether it was to be had. `keeps` is whether the code was used up.
fn finish(finished: &Arc<Finished>, keeps: bool) -> JoinHandle<bool> {
    let finished = Arc::clone(finished);
    spawn(async move {
        let Ok(taken) = finished.take(&transaction(), SystemTime::UNIX_EPOCH) else { return false };
        yield_now().await;
        if keeps {
            taken.keep();
        }
        true
    })
}

#[test]
fn a_login_is_finished_once() {
    explore(|| {
        let finished = Arc::<Finished>::default();
        let took = all([true; 3].map(|keeps| finish(&finished, keeps)));
        assert_eq!(took.into_iter().filter(|took| *took).count(), 1);
    });
}

#[test]
fn a_login_that_was_given_up_can_be_finished_still() {
    explore(|| {
        let finished = Arc::<Finished>::default();
        let quitter = finish(&finished, true);
        quitter.abort();
        let unlucky = finish(&finished, false);
        block_on(unlucky).unwrap();
        // It may have finished it before it gave up.
        let done = matches!(block_on(quitter), Ok(true));
        assert_eq!(block_on(finish(&finished, true)).unwrap(), !done);
    });
}
