//! Waits for changes, so that the page is up to date without asking again and again.

use std::time::Duration;

use serde_json::{Value, json};

use crate::shared::Shared;

/// Longest wait. Then the page reads again, because some changes have no cause: sessions expire, and a program changes
/// its own emulator through the library.
const HOLD: Duration = Duration::from_secs(10);

/// The version of the state. Each request, command and webhook attempt increases it.
fn version(shared: &Shared) -> u64 {
    shared.log.version() + shared.outgoing.version() + *shared.commands.borrow()
}

/// Responds when the version is not `since`, and after 10 seconds at the latest.
pub(super) async fn wait(shared: &Shared, since: u64) -> Value {
    // Subscribe before the comparison, so that a change in between is not missed.
    let (mut log, mut outgoing) = (shared.log.subscribe(), shared.outgoing.subscribe());
    let mut commands = shared.commands.subscribe();
    let changed = async {
        while version(shared) == since {
            // The senders live as long as `shared`, so none of these fails.
            let _ = tokio::select! {
                changed = log.changed() => changed,
                changed = outgoing.changed() => changed,
                changed = commands.changed() => changed,
            };
        }
    };
    let _ = tokio::time::timeout(HOLD, changed).await;
    json!({"version": version(shared)})
}
