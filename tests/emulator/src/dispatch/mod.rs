//! Request processing: control plane or service, log, fault, handler, response.

mod body;
mod intercept;

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use tokio::sync::Notify;

use crate::console;
use crate::control;
use crate::cors;
use crate::error::ApiError;
use crate::fault::FaultKind;
use crate::json::overlay;
use crate::log::RequestGuard;
use crate::record::RequestState;
use crate::reply::{Payload, Reply};
use crate::request::Request;
use crate::router::Lookup;
use crate::routes;
use crate::shared::Shared;
use body::{Dropped, Pace, ResponseBody};

const TRACE_HEADER: HeaderName = HeaderName::from_static("x-trace-id");
const CONTROL_PREFIX: &str = "/_emulator/";

/// Handles one request. `close` closes the connection after the response is sent.
pub(crate) async fn handle(
    shared: Arc<Shared>,
    close: Arc<Notify>,
    request: hyper::Request<Incoming>,
) -> Result<Response<ResponseBody>, Dropped> {
    let trace_id = shared.trace_ids.next();
    let request = match Request::read(request, trace_id.clone(), shared.read_options).await {
        Ok(request) => request,
        // The rest of the body would be read as the next request.
        Err(error) => {
            let reply = error.into_reply(&trace_id).header("connection", "close");
            return Ok(respond(reply, &trace_id, Pace::AtOnce, None));
        }
    };
    if let Some(mut reply) = console::handle(&shared, &request).await {
        if request.is_head() {
            reply = reply.without_body();
        }
        return Ok(respond(reply, &trace_id, Pace::AtOnce, None));
    }
    if let Some(command) = request.path.strip_prefix(CONTROL_PREFIX) {
        let reply = control::handle(&shared, command, &request).await;
        if request.method != "GET" {
            shared.commands.send_modify(|count| *count += 1);
        }
        return Ok(respond(reply, &trace_id, Pace::AtOnce, None));
    }
    handle_service_request(&shared, close, &request).await
}

async fn handle_service_request(
    shared: &Shared,
    close: Arc<Notify>,
    request: &Request,
) -> Result<Response<ResponseBody>, Dropped> {
    let method = if request.is_head() { "GET" } else { &request.method };
    let lookup = shared.router.find(method, &request.path);
    let operation = match &lookup {
        Lookup::Route(route, _) => Some(route.id.as_str()),
        _ => None,
    };
    // Subscribe before taking the fault, so that a reset in between releases this request.
    let mut resets = shared.resets.subscribe();
    // Take the fault before logging the request, so that the fault is used up once the request is visible in the log.
    let (secret, fault) = {
        let mut env = shared.env();
        (env.client_secret.clone(), operation.and_then(|operation| env.faults.take(operation)))
    };
    let mut guard = shared.log.record(request, operation, &secret);

    if matches!(fault, Some(FaultKind::DropBefore {})) {
        guard.finish(RequestState::Dropped);
        return Err(Dropped);
    }
    if let Some(FaultKind::Delay { ms, forever }) = fault {
        tokio::select! {
            () = delay(ms, forever) => {}
            _ = resets.changed() => {
                guard.finish(RequestState::Dropped);
                return Err(Dropped);
            }
        }
    }
    let replaced = fault.as_ref().and_then(|fault| replacement_reply(fault, &request.trace_id));
    let handled = replaced.is_none();
    let replaced = replaced.or_else(|| cors::preflight(&shared.router, request));
    let mut reply = match replaced {
        Some(reply) => reply,
        None => {
            let reply = routes::handle(&mut shared.env(), &lookup, request);
            let waits_for_interceptor = matches!(reply.body, Payload::Intercepted(_));
            tokio::select! {
                biased;
                // A request that started before a reset must not complete after it.
                _ = resets.changed(), if waits_for_interceptor => {
                    guard.finish(RequestState::Dropped);
                    return Err(Dropped);
                }
                reply = intercept::complete(shared, reply) => reply,
            }
        }
    };
    guard.set_response(reply.status, handled, request.take_warnings());
    if let (Some(FaultKind::Merge { patch }), Payload::Json(body)) = (&fault, &mut reply.body) {
        overlay(body, patch);
    }
    reply = cors::share(shared, request, reply);
    if request.is_head() {
        reply = reply.without_body();
    }
    if matches!(fault, Some(FaultKind::DropAfter {})) {
        guard.finish(RequestState::Dropped);
        return Err(Dropped);
    }
    let response = respond(reply, &request.trace_id, pace(fault.as_ref()), Some(guard));
    Ok(match fault {
        Some(FaultKind::CloseIdle {}) => response.map(|body| body.notify_at_end(close)),
        _ => response,
    })
}

async fn delay(ms: u64, forever: bool) {
    if forever {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// The reply of a fault that replaces the handler.
fn replacement_reply(fault: &FaultKind, trace_id: &str) -> Option<Reply> {
    match fault {
        FaultKind::Status { status, error_code, message, headers, body } => {
            let reply = match body {
                Some(serde_json::Value::String(text)) => Reply::raw(*status, "text/plain", text.clone()),
                Some(json) => Reply::json(*status, json.clone()),
                None => {
                    let mut error = ApiError::new(*status, message.as_deref().unwrap_or("injected fault"));
                    error.error_code = error_code.clone().unwrap_or(error.error_code);
                    error.into_reply(trace_id)
                }
            };
            Some(headers.iter().fold(reply, |reply, (name, value)| reply.header(name, value)))
        }
        FaultKind::Malformed {} => Some(Reply::raw(200, "application/json", "{\"id\": \"cut off")),
        FaultKind::Answer { status, body } => Some(Reply::json(*status, body.clone())),
        FaultKind::Redirect { location, status } => Some(Reply::empty(*status).header("location", location)),
        _ => None,
    }
}

fn pace(fault: Option<&FaultKind>) -> Pace {
    match fault {
        Some(FaultKind::Truncate {}) => Pace::Truncated,
        Some(FaultKind::SlowBody { chunk_ms }) => Pace::Slow(Duration::from_millis(*chunk_ms)),
        _ => Pace::AtOnce,
    }
}

fn respond(
    mut reply: Reply,
    trace_id: &str,
    pace: Pace,
    guard: Option<RequestGuard>,
) -> Response<ResponseBody> {
    if matches!(reply.status, 204 | 304) {
        reply.body = Payload::Empty;
    }
    let content_type = reply.body.content_type();
    let body = reply.body.into_bytes();
    if let Some(guard) = &guard {
        guard.keep_body(&body);
    }
    let mut response = Response::new(ResponseBody::new(body, pace, guard));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Ok(trace_id) = HeaderValue::from_str(trace_id) {
        headers.insert(TRACE_HEADER, trace_id);
    }
    for (name, value) in &reply.headers {
        // The headers of faults were validated when the fault was added; the others come from handlers.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    response
}
