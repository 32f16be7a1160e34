//! Signing secrets for webhooks and interceptor requests.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;

use crate::ids::random_bytes;

const PREFIX: &str = "whsec_";

/// The signing secrets of an endpoint. During a rotation there are two, and each one signs.
#[derive(Clone)]
pub(crate) struct Secrets {
    texts: Vec<String>,
    keys: Vec<hmac::Key>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// Uses the given secrets, or generates one if there are none. Returns `None` if a secret is not `whsec_` followed by
    /// base64.
    pub(crate) fn new(given: Vec<String>) -> Option<Secrets> {
        let texts = if given.is_empty() {
            vec![format!("{PREFIX}{}", STANDARD.encode(random_bytes::<24>()))]
        } else {
            given
        };
        let keys = texts.iter().map(|text| key(text)).collect::<Option<Vec<_>>>()?;
        Some(Secrets { texts, keys })
    }

    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Returns the signature header: one signature per secret, as in Standard Webhooks.
    pub(crate) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let content = format!("{id}.{timestamp}.{body}");
        let sign = |key| format!("v1,{}", STANDARD.encode(hmac::sign(key, content.as_bytes())));
        self.keys.iter().map(sign).collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &str) -> Option<hmac::Key> {
    let bytes = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok().filter(|bytes| !bytes.is_empty())?;
    Some(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_matches_standard_webhooks_and_malformed_secrets_are_rejected() {
        let secrets = Secrets::new(vec!["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()]).unwrap();
        let signed = secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(!format!("{secrets:?}").contains("MfKQ"));
        for bad in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_?"] {
            assert!(Secrets::new(vec![bad.into()]).is_none(), "{bad}");
        }
    }
}
