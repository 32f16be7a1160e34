//! The interceptors' part of the control plane.

use serde_json::{Value, json};

use super::registered::{Draft, Interceptor};
use crate::error::ControlError;
use crate::world::World;

/// Answers `<method> /_emulator/<command>`; `None` when it is not one of these.
pub(crate) fn answer(
    world: &mut World,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
    no_query: impl FnOnce() -> Result<(), ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "interceptors") => body().and_then(|body| world.add_interceptor(body)),
        ("GET", "interceptors") => no_query().map(|()| list(world)),
        ("DELETE", "interceptors") => no_query().map(|()| {
            world.interceptors.clear();
            json!({})
        }),
        ("GET", "interceptors/calls") => no_query().map(|()| json!({"calls": world.interceptors.calls()})),
        _ => return None,
    })
}

fn list(world: &World) -> Value {
    let shown = |own: &Interceptor| {
        json!({
            "id": own.id,
            "display_name": own.display_name,
            "trigger_point": own.trigger_point,
            "url": own.url.to_string(),
            "timeout_ms": own.timeout.as_millis(),
            "failure_mode": own.failure_mode,
        })
    };
    json!({"interceptors": world.interceptors.all().map(shown).collect::<Vec<_>>()})
}

impl World {
    /// It takes the place of the one that was asked there before. The answer is the only one that holds the secrets.
    pub(crate) fn add_interceptor(&mut self, body: Value) -> Result<Value, ControlError> {
        let draft: Draft = serde_json::from_value(body)
            .map_err(|error| ControlError::new(format!("interceptor: {error}")))?;
        let interceptor = Interceptor::new(self.ids.next("icp"), draft)?;
        let answer = json!({"id": interceptor.id, "secrets": interceptor.secrets.texts()});
        self.interceptors.register(interceptor);
        Ok(answer)
    }
}
