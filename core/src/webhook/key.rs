//! Signing secrets.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use ring::hmac;

use crate::error::{Result, ScalekitError};

const PREFIX: &str = "whsec_";

/// Standard alphabet; padding is optional, because secrets and signatures may be copied by hand.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An HMAC-SHA256 key. Its `Debug` output is redacted.
#[derive(Clone)]
pub(super) struct Key(hmac::Key);

impl Key {
    /// Parses `whsec_<base64>`; the prefix is optional. `name` is the argument that errors refer to.
    pub(super) fn read(name: &str, secret: &str) -> Result<Self> {
        let text = secret.trim();
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let bytes = BASE64.decode(text).unwrap_or_default();
        if bytes.is_empty() {
            return Err(ScalekitError::argument(
                name,
                "must be whsec_ followed by base64, as shown in the dashboard",
            ));
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// Returns the signature of `{id}.{timestamp}.{body}`.
    pub(super) fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            context.update(part);
        }
        context.sign()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}
