//! Control-plane commands of the webhooks.

use serde::Deserialize;
use serde_json::{Value, json};

use super::endpoint::{Draft as EndpointDraft, Endpoint};
use super::sink::EventSink;
use crate::error::ControlError;
use crate::event::EventDraft;

/// Handles `<method> /_emulator/<command>`. Returns `None` if this module has no such command.
pub(crate) fn handle(
    events: &EventSink,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
    no_query: impl FnOnce() -> Result<(), ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "webhooks/endpoints") => body().and_then(|body| add_endpoint(events, body)),
        ("GET", "webhooks/endpoints") => no_query().map(|()| list(events)),
        ("POST", "webhooks/send") => body().and_then(|body| send_event(events, body)),
        ("POST", "webhooks/resend") => body().and_then(|body| resend_event(events, body)),
        ("GET", "webhooks/deliveries") => {
            no_query().map(|()| json!({"deliveries": events.outgoing.deliveries()}))
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

fn list(events: &EventSink) -> Value {
    let entry = |endpoint: &Endpoint| json!({"id": endpoint.id, "url": endpoint.url.to_string()});
    json!({"endpoints": events.outgoing.endpoints().iter().map(entry).collect::<Vec<_>>()})
}

/// Registers an endpoint. Only this response contains the secrets.
pub(crate) fn add_endpoint(events: &EventSink, body: Value) -> Result<Value, ControlError> {
    let draft: EndpointDraft =
        serde_json::from_value(body).map_err(|error| ControlError::new(format!("endpoint: {error}")))?;
    let endpoint = Endpoint::new(events.ids.next("we"), draft)?;
    let response = json!({"id": endpoint.id, "secrets": endpoint.secrets.texts()});
    events.outgoing.register(endpoint);
    Ok(response)
}

/// Sends an event once more to an endpoint that it was sent to.
pub(crate) fn resend_event(events: &EventSink, body: Value) -> Result<Value, ControlError> {
    let resend: Resend =
        serde_json::from_value(body).map_err(|error| ControlError::new(format!("resend: {error}")))?;
    if events.outgoing.resend(&resend.event_id, &resend.endpoint_id, events.clock.now()) {
        return Ok(json!({}));
    }
    Err(ControlError::new("resend: there is no such delivery, or an attempt is in progress"))
}

/// Sends an event without a change of state.
pub(crate) fn send_event(events: &EventSink, body: Value) -> Result<Value, ControlError> {
    let draft: EventDraft =
        serde_json::from_value(body).map_err(|error| ControlError::new(format!("event: {error}")))?;
    Ok(json!({"id": events.emit(draft).id()}))
}
