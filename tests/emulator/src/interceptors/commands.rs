//! Control-plane commands of the interceptors.

use serde_json::{Value, json};

use super::registry::{Draft, Interceptor};
use crate::environment::Environment;
use crate::error::ControlError;

/// Handles `<method> /_emulator/<command>`. Returns `None` if this module has no such command.
pub(crate) fn answer(
    env: &mut Environment,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
    no_query: impl FnOnce() -> Result<(), ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "interceptors") => body().and_then(|body| env.add_interceptor(body)),
        ("GET", "interceptors") => no_query().map(|()| list(env)),
        ("DELETE", "interceptors") => no_query().map(|()| {
            env.interceptors.clear();
            json!({})
        }),
        ("GET", "interceptors/calls") => no_query().map(|()| json!({"calls": env.interceptors.calls()})),
        _ => return None,
    })
}

fn list(env: &Environment) -> Value {
    let entry = |interceptor: &Interceptor| {
        json!({
            "id": interceptor.id,
            "display_name": interceptor.display_name,
            "trigger_point": interceptor.trigger_point,
            "url": interceptor.url.to_string(),
            "timeout_ms": interceptor.timeout.as_millis(),
            "failure_mode": interceptor.failure_mode,
        })
    };
    json!({"interceptors": env.interceptors.all().map(entry).collect::<Vec<_>>()})
}

impl Environment {
    /// Registers an interceptor, replacing the one of the same trigger point. Only this response contains the secrets.
    pub(crate) fn add_interceptor(&mut self, body: Value) -> Result<Value, ControlError> {
        let draft: Draft = serde_json::from_value(body)
            .map_err(|error| ControlError::new(format!("interceptor: {error}")))?;
        let interceptor = Interceptor::new(self.ids.next("icp"), draft)?;
        let response = json!({"id": interceptor.id, "secrets": interceptor.secrets.texts()});
        self.interceptors.register(interceptor);
        Ok(response)
    }
}
