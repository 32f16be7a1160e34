//! Property tests of webhook verification with arbitrary bytes and headers: signed deliveries are accepted, modified
//! ones rejected, and nothing panics.

use std::collections::HashMap;

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use scalekit::{InterceptorVerifier, ScalekitError, Timestamp, WebhookSigner, WebhookVerifier};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn verifier() -> WebhookVerifier {
    WebhookVerifier::new([SECRET], 300).unwrap()
}

fn now() -> Option<Timestamp> {
    Some("2026-01-02T03:04:05Z".parse().unwrap())
}

/// A modification of a delivery.
#[derive(Debug, Clone)]
enum Change {
    Body { at: usize, bit: u8 },
    Truncate(usize),
    Id(String),
    Timestamp(u8),
    Signature { at: usize, bit: u8 },
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), 0..8_u8).prop_map(|(at, bit)| Change::Body { at, bit }),
        any::<usize>().prop_map(Change::Truncate),
        "[!-~]{1,9}".prop_map(Change::Id),
        (1..200_u8).prop_map(Change::Timestamp),
        (any::<usize>(), 0..6_u8).prop_map(|(at, bit)| Change::Signature { at, bit }),
    ]
}

/// Flips a bit of one base64 digit's value.
fn flip(signature: &str, at: usize, bit: u8) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = signature.as_bytes().to_vec();
    // The last of the 43 digits has two unused bits.
    let place = "v1,".len() + at % 42;
    let value = DIGITS.iter().position(|digit| *digit == bytes[place]).unwrap();
    bytes[place] = DIGITS[value ^ (1 << bit)];
    String::from_utf8(bytes).unwrap()
}

fn apply(change: &Change, headers: &mut HashMap<String, String>, body: &mut Vec<u8>) {
    let length = body.len();
    match change {
        Change::Body { at, bit } => body[at % length] ^= 1 << bit,
        Change::Truncate(at) => body.truncate(at % length),
        Change::Id(id) => *headers.get_mut("webhook-id").unwrap() += id,
        Change::Timestamp(by) => {
            let time = headers.get_mut("webhook-timestamp").unwrap();
            *time = (time.parse::<i64>().unwrap() + i64::from(*by)).to_string();
        }
        Change::Signature { at, bit } => {
            let signature = headers.get_mut("webhook-signature").unwrap();
            *signature = flip(signature, *at, *bit);
        }
    }
}

proptest! {
    #[test]
    fn signed_delivery_is_accepted_and_modified_delivery_is_rejected(
        id in "[!-~]([ -~]{0,20}[!-~])?", body in vec(any::<u8>(), 1..300), change in change(),
    ) {
        let mut headers = WebhookSigner::new(SECRET).unwrap().sign(&id, &body, now());
        let verified = verifier().verify(&headers, &body, now()).unwrap();
        prop_assert_eq!(verified.id, id);
        let mut body = body;
        apply(&change, &mut headers, &mut body);
        let result = verifier().event(&headers, &body, now());
        let code = match &result {
            Err(ScalekitError::InvalidWebhook { failure }) => failure.code.as_deref(),
            _ => None,
        };
        prop_assert_eq!(code, Some("wrong_signature"), "{:?}", result);
    }

    #[test]
    fn unsigned_delivery_is_rejected(
        random_headers in hash_map("(?i)(webhook|interceptor)-(id|timestamp|signature)|[a-z-]{0,9}", ".{0,40}", 0..8),
        entries in vec("(v1|v2|v1a|)[, ]?[A-Za-z0-9+/=_-]{0,50}", 0..5),
        body in vec(any::<u8>(), 0..200),
    ) {
        let mut headers = random_headers;
        headers.insert("webhook-id".into(), "msg_1".into());
        headers.insert("webhook-timestamp".into(), "1767323045".into());
        headers.insert("webhook-signature".into(), entries.join(" "));
        let interceptors = InterceptorVerifier::new([SECRET], 300).unwrap();
        for result in [
            verifier().event(&headers, &body, now()).map(|_| ()),
            interceptors.request(&headers, &body, now()).map(|_| ()),
        ] {
            prop_assert!(matches!(result, Err(ScalekitError::InvalidWebhook { .. })), "{:?}", result);
        }
    }

    #[test]
    fn any_signed_body_is_an_event_or_a_decode_error(body in ".{0,200}") {
        let headers = WebhookSigner::new(SECRET).unwrap().sign("msg_1", body.as_bytes(), now());
        let event = verifier().event(&headers, body.as_bytes(), now());
        prop_assert!(matches!(event, Ok(_) | Err(ScalekitError::Decode { .. })), "{:?}", event);
    }
}
