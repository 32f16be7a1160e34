//! The console: a page that shows the state of the emulator and drives its control plane.
//!
//! The page and its files are part of the binary. The page reads JSON from `/_emulator/console/…`, waits there for
//! changes, and sends commands to the control plane like every other client.

mod accept;
mod assets;
mod changes;
mod history;
mod objects;
mod parameters;
mod redact;

use serde_json::json;

use crate::error::ControlError;
use crate::guard;
use crate::reply::Reply;
use crate::request::Request;
use crate::shared::Shared;

use parameters::Parameters;

const PREFIX: &str = "/_emulator/console/";

/// Handles a request for the console, and rejects one to the control plane that another site may have caused. `None`
/// for every other request.
pub(crate) async fn handle(shared: &Shared, request: &Request) -> Option<Reply> {
    let is_page = request.path == "/" && is_read(request) && accept::prefers_html(request);
    if !is_page && !request.path.starts_with("/_emulator/") {
        return None;
    }
    if let Err(reason) = guard::check(&shared.hosts, request, is_page) {
        return Some(Reply::json(403, json!({"error": reason})));
    }
    if is_page {
        return Some(assets::page());
    }
    let path = request.path.strip_prefix(PREFIX)?;
    if !is_read(request) {
        return None;
    }
    let reply = match path.strip_prefix("assets/") {
        Some(name) => assets::file(name)?,
        None => read(shared, path, request).await?,
    };
    Some(reply.header("cache-control", "no-store"))
}

fn is_read(request: &Request) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD")
}

async fn read(shared: &Shared, path: &str, request: &Request) -> Option<Reply> {
    let parameters = match Parameters::parse(&request.query) {
        Ok(parameters) => parameters,
        Err(error) => return Some(refuse(&error)),
    };
    let found = match path {
        "changes" => Some(changes::wait(shared, parameters.since).await),
        "summary" => Some(objects::summary(shared)),
        "credentials" => Some(objects::credentials(&shared.env())),
        _ => objects::find(&shared.env(), path, &parameters),
    };
    // In a statement of its own, because the lock of the objects is held until the end of the other.
    let found = found.or_else(|| history::find(shared, path, &parameters))?;
    Some(Reply::ok(found))
}

fn refuse(error: &ControlError) -> Reply {
    Reply::json(400, json!({"error": error.to_string()}))
}
