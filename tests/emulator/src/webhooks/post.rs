//! Signed requests to loopback addresses.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::signing::Secrets;

/// Parses an `http` URL of a loopback address. The emulator sends no requests to other machines.
pub(crate) fn parse_loopback_url(url: &str) -> Option<Uri> {
    let url: Uri = url.parse().ok()?;
    let is_loopback = matches!(url.host()?, "127.0.0.1" | "localhost" | "[::1]");
    let is_plain_http = url.scheme_str() == Some("http") && !url.authority()?.as_str().contains('@');
    (is_loopback && is_plain_http).then_some(url)
}

/// A message to send, and the secrets that sign it.
pub(crate) struct SignedMessage<'a> {
    pub(crate) url: &'a Uri,
    /// Prefix of the three signature headers.
    pub(crate) header_prefix: &'static str,
    pub(crate) id: &'a str,
    pub(crate) body: &'a str,
    pub(crate) secrets: &'a Secrets,
}

/// A response with an unread body.
pub(crate) struct PostResponse {
    response: Response<Incoming>,
    /// Drives the connection until the response is dropped.
    _driver: JoinSet<hyper::Result<()>>,
}

impl PostResponse {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Reads the body. Fails if it is longer than `limit` bytes.
    pub(crate) async fn body(self, limit: usize) -> Result<Bytes, String> {
        let body = Limited::new(self.response.into_body(), limit).collect().await;
        body.map(|body| body.to_bytes()).map_err(|error| error.to_string())
    }
}

/// Signs and sends a message. The signature uses the system clock, because the endpoint under test cannot know the
/// emulator's clock.
pub(crate) async fn post(message: &SignedMessage<'_>) -> Result<PostResponse, String> {
    let url = message.url;
    let describe = |error: &dyn std::error::Error| error.to_string();
    let (host, port) = (url.host().unwrap_or_default(), url.port_u16().unwrap_or(80));
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(|e| describe(&e))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| describe(&e))?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let timestamp = i64::try_from(timestamp).unwrap_or_default();
    let signature = message.secrets.sign(message.id, timestamp, message.body);
    let header = |name: &str| format!("{}-{name}", message.header_prefix);
    let request = Request::post(url.path_and_query().map_or("/", |path| path.as_str()))
        .header("host", url.authority().map_or("", |authority| authority.as_str()))
        .header("content-type", "application/json")
        .header("user-agent", "scalekit-emulator")
        .header(header("id"), message.id)
        .header(header("timestamp"), timestamp.to_string())
        .header(header("signature"), signature)
        .body(Full::new(Bytes::from(message.body.to_owned())))
        .map_err(|e| describe(&e))?;
    let response = sender.send_request(request).await.map_err(|e| describe(&e))?;
    Ok(PostResponse { response, _driver: driver })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_loopback_url_accepts_only_http_loopback_urls() {
        for good in ["http://127.0.0.1:80/hook?x=1", "http://localhost:1", "http://[::1]:8080/"] {
            assert!(parse_loopback_url(good).is_some(), "{good}");
        }
        for bad in ["https://127.0.0.1/", "http://example.com/", "http://127.0.0.1@example.com/", "/hook", ""]
        {
            assert!(parse_loopback_url(bad).is_none(), "{bad}");
        }
    }
}
