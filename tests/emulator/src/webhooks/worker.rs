//! Sends what is due.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::delivery::Attempt;
use super::outgoing::Errand;
use crate::shared::Shared;

/// Longer waits are looked at again, since timers have their limits.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Runs until it is dropped, which ends the attempts under way.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut version = shared.outgoing.subscribe();
    let mut attempts = JoinSet::new();
    loop {
        version.mark_unchanged();
        let now = shared.world().clock.now();
        let (errands, next) = shared.outgoing.due(now);
        for errand in errands {
            attempts.spawn(attempt(Arc::clone(&shared), errand));
        }
        let wait = next.map_or(LONGEST_WAIT, |next| (next.utc() - now.utc()).to_std().unwrap_or_default());
        tokio::select! {
            // The sender lives as long as `shared`.
            _ = version.changed() => {}
            () = tokio::time::sleep(wait.min(LONGEST_WAIT)) => {}
            Some(_) = attempts.join_next() => {}
        }
    }
}

async fn attempt(shared: Arc<Shared>, errand: Errand) {
    let limit = errand.endpoint.timeout;
    let attempt = match tokio::time::timeout(limit, post(&errand)).await {
        Ok(Ok(status)) => Attempt { status: Some(status), error: None },
        Ok(Err(error)) => Attempt { status: None, error: Some(error) },
        Err(_) => Attempt { status: None, error: Some(format!("no answer within {} ms", limit.as_millis())) },
    };
    let now = shared.world().clock.now();
    shared.outgoing.record(errand.number, attempt, now);
}

/// Signed by this machine's clock: an endpoint under test knows nothing of the emulator's.
async fn post(errand: &Errand) -> Result<u16, String> {
    let url = &errand.endpoint.url;
    let words = |error: &dyn std::error::Error| error.to_string();
    let (host, port) = (url.host().unwrap_or_default(), url.port_u16().unwrap_or(80));
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(|e| words(&e))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| words(&e))?;
    // Ends with this function.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let timestamp = i64::try_from(timestamp).unwrap_or_default();
    let request = Request::post(url.path_and_query().map_or("/", |path| path.as_str()))
        .header("host", url.authority().map_or("", |authority| authority.as_str()))
        .header("content-type", "application/json")
        .header("user-agent", "scalekit-emulator")
        .header("webhook-id", &errand.event_id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", errand.endpoint.signatures(&errand.event_id, timestamp, &errand.text))
        .body(Full::new(Bytes::from(errand.text.clone())))
        .map_err(|e| words(&e))?;
    let answer = sender.send_request(request).await.map_err(|e| words(&e))?;
    Ok(answer.status().as_u16())
}
