//! A signed request to an address of this machine.

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

/// An emulator talks to nobody but this machine.
pub(crate) fn loopback(url: &str) -> Option<Uri> {
    let url: Uri = url.parse().ok()?;
    let here = matches!(url.host()?, "127.0.0.1" | "localhost" | "[::1]");
    let plain = url.scheme_str() == Some("http") && !url.authority()?.as_str().contains('@');
    (here && plain).then_some(url)
}

/// What is sent, and how it is signed.
pub(crate) struct Letter<'a> {
    pub(crate) url: &'a Uri,
    /// What the names of the three headers begin with.
    pub(crate) family: &'static str,
    pub(crate) id: &'a str,
    pub(crate) text: &'a str,
    pub(crate) secrets: &'a Secrets,
}

/// An answer, whose body is still to be read.
pub(crate) struct Answer {
    response: Response<Incoming>,
    /// Ends with the answer.
    _driver: JoinSet<hyper::Result<()>>,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The body, unless it is longer than `limit`.
    pub(crate) async fn body(self, limit: usize) -> Result<Bytes, String> {
        let body = Limited::new(self.response.into_body(), limit).collect().await;
        body.map(|body| body.to_bytes()).map_err(|error| error.to_string())
    }
}

/// Signed by this machine's clock: an endpoint under test knows nothing of the emulator's.
pub(crate) async fn post(letter: &Letter<'_>) -> Result<Answer, String> {
    let url = letter.url;
    let words = |error: &dyn std::error::Error| error.to_string();
    let (host, port) = (url.host().unwrap_or_default(), url.port_u16().unwrap_or(80));
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(|e| words(&e))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| words(&e))?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let timestamp = i64::try_from(timestamp).unwrap_or_default();
    let signature = letter.secrets.sign(letter.id, timestamp, letter.text);
    let header = |what: &str| format!("{}-{what}", letter.family);
    let request = Request::post(url.path_and_query().map_or("/", |path| path.as_str()))
        .header("host", url.authority().map_or("", |authority| authority.as_str()))
        .header("content-type", "application/json")
        .header("user-agent", "scalekit-emulator")
        .header(header("id"), letter.id)
        .header(header("timestamp"), timestamp.to_string())
        .header(header("signature"), signature)
        .body(Full::new(Bytes::from(letter.text.to_owned())))
        .map_err(|e| words(&e))?;
    let response = sender.send_request(request).await.map_err(|e| words(&e))?;
    Ok(Answer { response, _driver: driver })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        for good in ["http://127.0.0.1:80/hook?x=1", "http://localhost:1", "http://[::1]:8080/"] {
            assert!(loopback(good).is_some(), "{good}");
        }
        for bad in ["https://127.0.0.1/", "http://example.com/", "http://127.0.0.1@example.com/", "/hook", ""]
        {
            assert!(loopback(bad).is_none(), "{bad}");
        }
    }
}
