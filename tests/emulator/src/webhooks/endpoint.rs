//! Where webhooks go.

use std::fmt;
use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::Uri;
use ring::hmac;
use serde::Deserialize;

use crate::error::ControlError;
use crate::ids::random_bytes;

const PREFIX: &str = "whsec_";

/// After the first attempt, as the service's documentation has it: 5 s, 30 s, 2 min, 5 min, 15 min.
const RETRY_DELAYS_SECONDS: [u32; 5] = [5, 30, 120, 300, 900];

/// An endpoint has ten seconds to answer.
const TIMEOUT_MS: u64 = 10_000;

/// An address that wants to hear of events.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(super) id: String,
    pub(super) url: Uri,
    secrets: Vec<String>,
    keys: Vec<hmac::Key>,
    events: Vec<String>,
    pub(super) retry_delays_seconds: Vec<u32>,
    pub(super) timeout: Duration,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("id", &self.id).field("url", &self.url).finish_non_exhaustive()
    }
}

/// An endpoint as the control plane describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    url: String,
    /// One is made when there is none; during a rotation there are two, and each of them signs.
    #[serde(default)]
    secrets: Vec<String>,
    /// All events when empty.
    #[serde(default)]
    events: Vec<String>,
    retry_delays_seconds: Option<Vec<u32>>,
    timeout_ms: Option<u64>,
}

impl Endpoint {
    pub(crate) fn new(id: String, draft: Draft) -> Result<Endpoint, ControlError> {
        let url = loopback(&draft.url)
            .ok_or_else(|| ControlError::new("endpoint: url must be http to a loopback address"))?;
        let secrets = match draft.secrets {
            none if none.is_empty() => vec![format!("{PREFIX}{}", STANDARD.encode(random_bytes::<24>()))],
            given => given,
        };
        let keys = secrets.iter().map(|secret| key(secret)).collect::<Option<Vec<_>>>();
        let keys = keys.ok_or_else(|| ControlError::new("endpoint: a secret must be whsec_ and base64"))?;
        Ok(Endpoint {
            id,
            url,
            secrets,
            keys,
            events: draft.events,
            retry_delays_seconds: draft.retry_delays_seconds.unwrap_or_else(|| RETRY_DELAYS_SECONDS.into()),
            timeout: Duration::from_millis(draft.timeout_ms.unwrap_or(TIMEOUT_MS)),
        })
    }

    pub(super) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    pub(super) fn wants(&self, event_type: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|own| own == event_type)
    }

    /// One signature for each secret, as Standard Webhooks has it.
    pub(super) fn signatures(&self, id: &str, timestamp: i64, body: &str) -> String {
        let content = format!("{id}.{timestamp}.{body}");
        let sign = |key| format!("v1,{}", STANDARD.encode(hmac::sign(key, content.as_bytes())));
        self.keys.iter().map(sign).collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &str) -> Option<hmac::Key> {
    let bytes = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok().filter(|bytes| !bytes.is_empty())?;
    Some(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// An emulator talks to nobody but this machine.
fn loopback(url: &str) -> Option<Uri> {
    let url: Uri = url.parse().ok()?;
    let here = matches!(url.host()?, "127.0.0.1" | "localhost" | "[::1]");
    let plain = url.scheme_str() == Some("http") && !url.authority()?.as_str().contains('@');
    (here && plain).then_some(url)
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

    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let draft = Draft {
            url: "http://localhost".into(),
            secrets: vec!["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()],
            events: Vec::new(),
            retry_delays_seconds: None,
            timeout_ms: None,
        };
        let endpoint = Endpoint::new("we_1".into(), draft).unwrap();
        let signed =
            endpoint.signatures("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(!format!("{endpoint:?}").contains("MfKQ"));
    }
}
