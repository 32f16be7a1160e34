//! The control plane `/_emulator/…`, with which tests configure and inspect the emulator.

use std::time::Duration;

use chrono::DateTime;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::ControlError;
use crate::external;
use crate::fault::Fault;
use crate::interceptors;
use crate::log::Progress;
use crate::login;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::seed::Seed;
use crate::shared::Shared;
use crate::webhooks::{self, WebhookProgress};

const WAIT_DEFAULT_MS: u64 = 10_000;

/// Handles a request to `/_emulator/<command>`.
pub(crate) async fn handle(shared: &Shared, command: &str, request: &Request) -> Reply {
    let outcome = match (request.method.as_str(), command) {
        ("POST", "wait") => return wait(shared, request).await.unwrap_or_else(refuse),
        ("POST", "webhooks/wait") => return wait_webhooks(shared, request).await.unwrap_or_else(refuse),
        ("POST", "reset") => reset(shared, request),
        ("POST", "seed") => seed(shared, request),
        ("GET", "clock") => no_query(request).map(|()| clock(shared)),
        ("POST", "clock") => move_clock(shared, request),
        ("POST", "rotate-keys") => rotate_keys(shared, request),
        ("POST", "drop-old-keys") => drop_old_keys(shared, request),
        ("GET", "requests") => requests(shared, request),
        ("DELETE", "requests") => no_query(request).map(|()| clear_requests(shared)),
        ("POST", "fault") => add_fault(shared, request),
        ("GET", "faults") => no_query(request).map(|()| faults(shared)),
        ("DELETE", "faults") => no_query(request).map(|()| clear_faults(shared)),
        ("GET", "outbox") => outbox(shared, request),
        (method, _) => {
            let (body, no_query) = (|| body(request), || no_query(request));
            let env = &mut *shared.env();
            let outcome = login::handle(env, method, command, body, no_query)
                .or_else(|| webhooks::handle(&env.events, method, command, body, no_query))
                .or_else(|| {
                    let (interceptors, ids) = (&mut env.interceptors, &env.ids);
                    interceptors::handle(interceptors, ids, method, command, body, no_query)
                })
                .or_else(|| {
                    let (store, events, now) = (&mut env.store, &env.events, env.clock.now());
                    external::handle(store, events, now, method, command, body)
                });
            match outcome {
                Some(outcome) => outcome,
                None => return unknown(method, &request.path),
            }
        }
    };
    outcome.map_or_else(refuse, Reply::ok)
}

fn refuse(error: ControlError) -> Reply {
    Reply::json(400, json!({"error": error.to_string()}))
}

fn unknown(method: &str, path: &str) -> Reply {
    Reply::json(404, json!({"error": format!("unknown control plane command: {method} {path}")}))
}

fn reset(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    no_query(request)?;
    shared.reset();
    Ok(json!({}))
}

fn seed(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    Seed::parse(body(request)?)?.apply(&mut shared.env())
}

fn clock(shared: &Shared) -> Value {
    json!({"now": shared.env().clock.now()})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum MoveClock {
    AdvanceSeconds(f64),
    /// RFC 3339.
    Set(String),
}

fn move_clock(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    match body(request)? {
        MoveClock::AdvanceSeconds(seconds) => {
            let by = Duration::try_from_secs_f64(seconds)
                .map_err(|error| ControlError::new(format!("advance_seconds: {error}")))?;
            shared.env().clock.advance(by)?;
        }
        MoveClock::Set(to) => {
            let to = DateTime::parse_from_rfc3339(&to)
                .map_err(|error| ControlError::new(format!("set: {error}")))?;
            shared.env().clock.set(to.into())?;
        }
    }
    shared.clock_moved();
    Ok(clock(shared))
}

fn rotate_keys(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    let drop_old = match query(request, "drop_old")?.as_deref() {
        Some("true") => true,
        None | Some("false") => false,
        Some(_) => return Err(ControlError::new("drop_old must be true or false")),
    };
    let mut env = shared.env();
    let kid = env.rotate_keys();
    if drop_old {
        env.keys.drop_old();
    }
    Ok(json!({"kid": kid}))
}

fn drop_old_keys(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    no_query(request)?;
    let mut env = shared.env();
    env.keys.drop_old();
    Ok(json!({"kid": env.keys.active().kid}))
}

fn requests(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    let operation = query(request, "operation")?;
    operation.as_deref().map_or(Ok(()), |id| shared.check_operation(id))?;
    Ok(json!({"requests": shared.log.requests(operation.as_deref())}))
}

fn clear_requests(shared: &Shared) -> Value {
    shared.log.clear();
    json!({})
}

fn add_fault(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    shared.fault(Fault::from_json(body(request)?)?)?;
    Ok(json!({}))
}

fn faults(shared: &Shared) -> Value {
    json!({"faults": shared.env().faults.list()})
}

fn clear_faults(shared: &Shared) -> Value {
    shared.env().faults.clear();
    json!({})
}

fn outbox(shared: &Shared, request: &Request) -> Result<Value, ControlError> {
    let to = query(request, "to")?;
    let mut messages = shared.env().store.outbox.clone();
    messages.retain(|message| to.as_ref().is_none_or(|to| message["to"] == to.as_str()));
    Ok(json!({"messages": messages}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    operation: String,
    #[serde(default)]
    count: usize,
    #[serde(default)]
    aborted: usize,
    timeout_ms: Option<u64>,
}

async fn wait(shared: &Shared, request: &Request) -> Result<Reply, ControlError> {
    let wait: Wait = body(request)?;
    shared.check_operation(&wait.operation)?;
    let wanted = Progress { count: wait.count, aborted: wait.aborted };
    let limit = Duration::from_millis(wait.timeout_ms.unwrap_or(WAIT_DEFAULT_MS));
    Ok(match shared.log.wait(&wait.operation, wanted, limit).await {
        Ok(progress) => Reply::ok(json!(progress)),
        Err(progress) => Reply::json(
            504,
            json!({"error": "timed out", "count": progress.count, "aborted": progress.aborted}),
        ),
    })
}

/// The body of `POST /_emulator/webhooks/wait`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitWebhooks {
    #[serde(default)]
    delivered: usize,
    #[serde(default)]
    failed: usize,
    #[serde(default)]
    attempts: usize,
    timeout_ms: Option<u64>,
}

async fn wait_webhooks(shared: &Shared, request: &Request) -> Result<Reply, ControlError> {
    let wait: WaitWebhooks = body(request)?;
    let wanted = WebhookProgress { delivered: wait.delivered, failed: wait.failed, attempts: wait.attempts };
    let limit = Duration::from_millis(wait.timeout_ms.unwrap_or(WAIT_DEFAULT_MS));
    Ok(match shared.outgoing.wait(wanted, limit).await {
        Ok(progress) => Reply::ok(json!(progress)),
        Err(progress) => Reply::json(504, json!({"error": "timed out", "progress": progress})),
    })
}

fn body<T: DeserializeOwned>(request: &Request) -> Result<T, ControlError> {
    no_query(request)?;
    serde_json::from_slice(&request.body).map_err(|error| ControlError::new(format!("body: {error}")))
}

fn no_query(request: &Request) -> Result<(), ControlError> {
    if request.query.is_empty() {
        return Ok(());
    }
    Err(ControlError::new("this command accepts no query"))
}

/// The value of the only query parameter that a command accepts.
fn query(request: &Request, name: &str) -> Result<Option<String>, ControlError> {
    let pairs = percent::pairs(&request.query).unwrap_or_default();
    match pairs.as_slice() {
        [] if request.query.is_empty() => Ok(None),
        [(own, value)] if own == name => Ok(Some(value.clone())),
        _ => Err(ControlError::new(format!("the only allowed query is {name}=..."))),
    }
}
