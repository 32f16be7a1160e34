//! What others bring about, whom no operation stands for: a directory that sends its people and groups, and the DNS
//! that shows whose a domain is. Commands of the control plane play them.

mod directory_sync;
mod domain_check;

use serde_json::Value;

use crate::error::ControlError;
use crate::world::World;

pub(crate) use directory_sync::sync_directory;
pub(crate) use domain_check::verify_domain;

/// Answers `<method> /_emulator/<command>`; `None` when it is not one of these.
pub(crate) fn answer(
    world: &mut World,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "directories/sync") => body().and_then(|body| sync_directory(world, body)),
        ("POST", "domains/verify") => body().and_then(|body| verify_domain(world, body)),
        _ => return None,
    })
}
