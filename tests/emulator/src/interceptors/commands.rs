//! Control-plane commands of the interceptors.

use serde_json::{Value, json};

use super::registry::{Draft, Interceptor, Interceptors};
use crate::error::ControlError;
use crate::ids::Ids;

/// Handles `<method> /_emulator/<command>`. Returns `None` if this module has no such command.
pub(crate) fn handle(
    interceptors: &mut Interceptors,
    ids: &Ids,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
    no_query: impl FnOnce() -> Result<(), ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "interceptors") => body().and_then(|body| add_interceptor(interceptors, ids, body)),
        ("GET", "interceptors") => no_query().map(|()| list(interceptors)),
        ("DELETE", "interceptors") => no_query().map(|()| {
            interceptors.clear();
            json!({})
        }),
        ("GET", "interceptors/calls") => no_query().map(|()| json!({"calls": interceptors.calls()})),
        _ => return None,
    })
}

fn list(interceptors: &Interceptors) -> Value {
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
    json!({"interceptors": interceptors.all().map(entry).collect::<Vec<_>>()})
}

/// Registers an interceptor, replacing the one of the same trigger point. Only this response contains the secrets.
pub(crate) fn add_interceptor(
    interceptors: &mut Interceptors,
    ids: &Ids,
    body: Value,
) -> Result<Value, ControlError> {
    let draft: Draft =
        serde_json::from_value(body).map_err(|error| ControlError::new(format!("interceptor: {error}")))?;
    let interceptor = Interceptor::new(ids.next("icp"), draft)?;
    let response = json!({"id": interceptor.id, "secrets": interceptor.secrets.texts()});
    interceptors.register(interceptor);
    Ok(response)
}
