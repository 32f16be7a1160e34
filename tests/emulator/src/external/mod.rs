//! Changes that external systems cause: a directory that syncs its users and groups, and the DNS that verifies domain
//! ownership. No API operation makes these changes; control-plane commands simulate them.

mod directory_sync;
mod domain_check;

use serde_json::Value;

use crate::clock::Instant;
use crate::error::ControlError;
use crate::store::Store;
use crate::webhooks::EventSink;

pub(crate) use directory_sync::sync_directory;
pub(crate) use domain_check::verify_domain;

/// Handles `<method> /_emulator/<command>`. Returns `None` if this module has no such command.
pub(crate) fn handle(
    store: &mut Store,
    events: &EventSink,
    now: Instant,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "directories/sync") => body().and_then(|body| sync_directory(store, events, now, body)),
        ("POST", "domains/verify") => body().and_then(|body| verify_domain(store, events, now, body)),
        _ => return None,
    })
}
