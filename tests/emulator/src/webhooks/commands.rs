//! Control-plane commands of the webhooks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::{Draft as EndpointDraft, Endpoint};
use super::event::Draft as EventDraft;
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
        ("POST", "webhooks/endpoints") => body().and_then(|body| env.add_endpoint(body)),
        ("GET", "webhooks/endpoints") => no_query().map(|()| list(env)),
        ("POST", "webhooks/send") => body().and_then(|body| env.send_event(body)),
        ("POST", "webhooks/resend") => body().and_then(|body| env.resend_event(body)),
        ("GET", "webhooks/deliveries") => {
            no_query().map(|()| json!({"deliveries": env.outgoing.deliveries()}))
        }
        _ => return None,
    })
}

/// The body of `POST /_emulator/webhooks/resend`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resend {
    event_id: String,
    endpoint_id: String,
}

fn list(env: &Environment) -> Value {
    let entry = |endpoint: &Endpoint| json!({"id": endpoint.id, "url": endpoint.url.to_string()});
    json!({"endpoints": env.outgoing.endpoints().iter().map(entry).collect::<Vec<_>>()})
}

impl Environment {
    /// Registers an endpoint. Only this response contains the secrets.
    pub(crate) fn add_endpoint(&mut self, body: Value) -> Result<Value, ControlError> {
        let draft: EndpointDraft =
            serde_json::from_value(body).map_err(|error| ControlError::new(format!("endpoint: {error}")))?;
        let endpoint = Endpoint::new(self.ids.next("we"), draft)?;
        let response = json!({"id": endpoint.id, "secrets": endpoint.secrets.texts()});
        self.outgoing.register(endpoint);
        Ok(response)
    }

    /// Sends an event once more to an endpoint that it was sent to.
    pub(crate) fn resend_event(&mut self, body: Value) -> Result<Value, ControlError> {
        let resend: Resend =
            serde_json::from_value(body).map_err(|error| ControlError::new(format!("resend: {error}")))?;
        if self.outgoing.resend(&resend.event_id, &resend.endpoint_id, self.clock.now()) {
            return Ok(json!({}));
        }
        Err(ControlError::new("resend: there is no such delivery, or an attempt is in progress"))
    }

    /// Sends an event without a change of state.
    pub(crate) fn send_event(&mut self, body: Value) -> Result<Value, ControlError> {
        let draft: EventDraft =
            serde_json::from_value(body).map_err(|error| ControlError::new(format!("event: {error}")))?;
        Ok(json!({"id": self.emit(draft).id()}))
    }
}
