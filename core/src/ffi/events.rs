//! Webhook events as rows, for the Python package.

use std::collections::HashMap;

use uniffi::Lower;

use super::rows::Rows;
use crate::error::ScalekitError;
use crate::types::Timestamp;
use crate::webhook::{WebhookEvent, WebhookVerifier};

/// Stands for the current time.
const NOW: i64 = i64::MIN;

/// Verifies a delivery, parses its event, and converts it to rows of the given shape, as `rows_of` does. For the Python
/// package, in which the calls for a record and for its rows cost more than the rest of the work.
///
/// `headers` are the names and values of the headers, in UTF-8, separated by null characters. `at` is the current time, in seconds
/// since 1970, or the smallest number for that of the system.
///
/// # Errors
///
/// As for `WebhookVerifier.event`, and `Internal` if the shape is not that of an event.
#[uniffi::export]
pub fn webhook_event_rows(
    verifier: &WebhookVerifier,
    shape: &[u8],
    headers: &[u8],
    body: &[u8],
    at: i64,
) -> Result<String, ScalekitError> {
    let at = (at != NOW).then(|| Timestamp::from_unix_seconds(at));
    let event = verifier.event(&pairs(headers), body, at)?;
    let mut stream = Vec::new();
    // UniFFI implements its conversions for every tag.
    <WebhookEvent as Lower<()>>::write(event, &mut stream);
    Rows::new(shape, &stream).text()
}

fn pairs(headers: &[u8]) -> HashMap<String, String> {
    let mut parts = headers.split(|&byte| byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
    let mut found = HashMap::new();
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        found.insert(name, value);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WebhookSigner;

    const SHAPE: &[u8] = b"(ss?s?t?s?s?s?su0.;)";
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn rows(body: &str, at: i64, shape: &[u8]) -> Result<String, ScalekitError> {
        let signed = Timestamp::from_unix_seconds(1000);
        let headers = WebhookSigner::new(SECRET).unwrap().sign("msg_1", body.as_bytes(), Some(signed));
        let headers: Vec<String> =
            headers.into_iter().map(|(name, value)| format!("{name}\0{value}")).collect();
        let verifier = WebhookVerifier::new([SECRET], 300).unwrap();
        webhook_event_rows(&verifier, shape, headers.join("\0").as_bytes(), body.as_bytes(), at)
    }

    /// The shape of an event whose type has the number `variant`, a variant with two fields.
    fn shape(variant: usize) -> Vec<u8> {
        let others = "2.()".repeat(variant - 1);
        format!("(ss?s?t?s?s?s?su{others}4.(sj);)").into_bytes()
    }

    fn unknown_variant() -> usize {
        crate::webhook::event_probes().len() + 1
    }

    #[test]
    fn verified_event_is_a_row() {
        let body = r#"{"type": "moon.landed", "id": "evt_1", "occurred_at": "2026-01-02T03:04:05Z"}"#;
        let variant = unknown_variant();
        let row = rows(body, 1000, &shape(variant)).unwrap();
        let start = r#"["evt_1","moon.landed",null,"2026-01-02T03:04:05+00:00",null,null,null,null,["#;
        assert!(row.starts_with(&format!(r#"{start}{variant},"moon.landed",{{"#)), "{row}");
    }

    #[test]
    fn stale_delivery_and_other_shape_are_errors() {
        let body = r#"{"type": "moon.landed"}"#;
        assert!(matches!(rows(body, 2000, SHAPE), Err(ScalekitError::InvalidWebhook { .. })));
        assert!(matches!(rows(body, NOW, SHAPE), Err(ScalekitError::InvalidWebhook { .. })));
        assert!(matches!(rows("[]", 1000, SHAPE), Err(ScalekitError::Decode { .. })));
        assert!(matches!(rows(body, 1000, SHAPE), Err(ScalekitError::Internal { .. })));
    }
}
