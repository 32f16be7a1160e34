//! What has happened: requests with their responses, emails, and webhook deliveries, newest first.

use serde_json::{Value, json};

use super::parameters::Parameters;
use super::redact;
use crate::record::{RecordedRequest, StoredRequest};
use crate::shared::Shared;
use crate::webhooks::WebhookDelivery;

/// A list, or one request. `None` if the path is that of neither.
pub(super) fn find(shared: &Shared, path: &str, parameters: &Parameters) -> Option<Value> {
    match path {
        "requests" => Some(requests(shared, parameters)),
        "outbox" => Some(outbox(shared, parameters)),
        "deliveries" => Some(deliveries(shared, parameters)),
        _ => request(shared, path.strip_prefix("requests/")?.parse().ok()?, parameters.reveal),
    }
}

fn requests(shared: &Shared, parameters: &Parameters) -> Value {
    shared.log.select(|entries| {
        let (total, page) = parameters.page(entries.filter(|own| is_wanted(own, parameters)));
        json!({"total": total, "rows": page.into_iter().map(request_row).collect::<Vec<_>>()})
    })
}

fn is_wanted(request: &StoredRequest, parameters: &Parameters) -> bool {
    let has_status = match parameters.status.as_str() {
        "" => true,
        "none" => request.status.is_none(),
        digit => request.status.is_some_and(|status| status.to_string().starts_with(digit)),
    };
    let operation = request.operation.as_deref().unwrap_or_default();
    has_status
        && (!parameters.warnings || !request.warnings.is_empty())
        && parameters
            .matches(|| format!("{} {}?{}\n{operation}", request.method, request.path, request.query))
}

fn request_row(request: &StoredRequest) -> Value {
    json!({
        "sequence": request.sequence,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "operation": request.operation,
        "status": request.status,
        "state": request.state,
        "handled": request.handled,
        "warnings": request.warnings.len(),
    })
}

/// A request with the body of its response, in which secrets are masked unless they are revealed.
fn request(shared: &Shared, sequence: u64, reveal: bool) -> Option<Value> {
    let found = shared.log.select(|mut entries| {
        Iterator::find(&mut entries, |own| own.sequence == sequence).map(StoredRequest::read)
    });
    let request: RecordedRequest = found?;
    let body = shared.log.responses.get(sequence);
    let response = body.map(|body| match serde_json::from_slice::<Value>(&body) {
        Ok(mut json) => {
            if !reveal {
                redact::mask(&mut json);
            }
            json
        }
        Err(_) => String::from_utf8_lossy(&body).into(),
    });
    Some(json!({"request": request, "response": response}))
}

fn outbox(shared: &Shared, parameters: &Parameters) -> Value {
    let env = shared.env();
    let mails = env.store.outbox.iter().rev();
    let (total, rows) = parameters.page(mails.filter(|mail| parameters.matches(|| mail.to_string())));
    json!({"total": total, "rows": rows})
}

fn deliveries(shared: &Shared, parameters: &Parameters) -> Value {
    let text = |own: &WebhookDelivery| format!("{}\n{}\n{}", own.event_id, own.event_type, own.endpoint_id);
    shared.outgoing.select(|deliveries| {
        let (total, rows) = parameters.page(deliveries.filter(|own| parameters.matches(|| text(own))));
        json!({"total": total, "rows": rows})
    })
}
