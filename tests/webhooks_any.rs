//! Any bytes, any headers: what was signed passes, what was touched does not, and nothing panics.

use std::collections::HashMap;

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use scalekit::{InterceptorVerifier, ScalekitError, Timestamp, WebhookSigner, WebhookVerifier};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn verifier() -> WebhookVerifier {
    WebhookVerifier::new(vec![SECRET.into()], 300).unwrap()
}

fn now() -> Option<Timestamp> {
    Some("2026-01-02T03:04:05Z".parse().unwrap())
}

/// Where a delivery is touched.
#[derive(Debug, Clone)]
enum Touch {
    Body { at: usize, bit: u8 },
    Cut(usize),
    Id(String),
    Later(u8),
    Signature { at: usize, bit: u8 },
}

fn touch() -> impl Strategy<Value = Touch> {
    prop_oneof![
        (any::<usize>(), 0..8_u8).prop_map(|(at, bit)| Touch::Body { at, bit }),
        any::<usize>().prop_map(Touch::Cut),
        "[!-~]{1,9}".prop_map(Touch::Id),
        (1..200_u8).prop_map(Touch::Later),
        (any::<usize>(), 0..6_u8).prop_map(|(at, bit)| Touch::Signature { at, bit }),
    ]
}

/// Flips a bit of a digit's value in base64.
fn flip(signature: &str, at: usize, bit: u8) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = signature.as_bytes().to_vec();
    // The last of the 43 digits holds two bits that belong to no byte.
    let place = "v1,".len() + at % 42;
    let value = DIGITS.iter().position(|digit| *digit == bytes[place]).unwrap();
    bytes[place] = DIGITS[value ^ (1 << bit)];
    String::from_utf8(bytes).unwrap()
}

fn apply(touch: &Touch, headers: &mut HashMap<String, String>, body: &mut Vec<u8>) {
    let length = body.len();
    match touch {
        Touch::Body { at, bit } => body[at % length] ^= 1 << bit,
        Touch::Cut(at) => body.truncate(at % length),
        Touch::Id(id) => *headers.get_mut("webhook-id").unwrap() += id,
        Touch::Later(by) => {
            let time = headers.get_mut("webhook-timestamp").unwrap();
            *time = (time.parse::<i64>().unwrap() + i64::from(*by)).to_string();
        }
        Touch::Signature { at, bit } => {
            let signature = headers.get_mut("webhook-signature").unwrap();
            *signature = flip(signature, *at, *bit);
        }
    }
}

proptest! {
    #[test]
    fn what_was_signed_passes_and_what_was_touched_does_not(
        id in "[!-~]([ -~]{0,20}[!-~])?", body in vec(any::<u8>(), 1..300), touch in touch(),
    ) {
        let mut headers = WebhookSigner::new(SECRET).unwrap().sign(&id, &body, now());
        let verified = verifier().verify(&headers, &body, now()).unwrap();
        prop_assert_eq!(verified.id, id);
        let mut body = body;
        apply(&touch, &mut headers, &mut body);
        let refused = verifier().event(&headers, &body, now());
        let code = match &refused {
            Err(ScalekitError::InvalidWebhook { failure }) => failure.code.as_deref(),
            _ => None,
        };
        prop_assert_eq!(code, Some("wrong_signature"), "{:?}", refused);
    }

    #[test]
    fn strangers_are_refused_whatever_they_send(
        strange in hash_map("(?i)(webhook|interceptor)-(id|timestamp|signature)|[a-z-]{0,9}", ".{0,40}", 0..8),
        entries in vec("(v1|v2|v1a|)[, ]?[A-Za-z0-9+/=_-]{0,50}", 0..5),
        body in vec(any::<u8>(), 0..200),
    ) {
        let mut headers = strange;
        headers.insert("webhook-id".into(), "msg_1".into());
        headers.insert("webhook-timestamp".into(), "1767323045".into());
        headers.insert("webhook-signature".into(), entries.join(" "));
        let interceptors = InterceptorVerifier::new(vec![SECRET.into()], 300).unwrap();
        for refused in [
            verifier().event(&headers, &body, now()).map(|_| ()),
            interceptors.request(&headers, &body, now()).map(|_| ()),
        ] {
            prop_assert!(matches!(refused, Err(ScalekitError::InvalidWebhook { .. })), "{:?}", refused);
        }
    }

    #[test]
    fn any_genuine_body_is_an_event_or_a_decode_error(body in ".{0,200}") {
        let headers = WebhookSigner::new(SECRET).unwrap().sign("msg_1", body.as_bytes(), now());
        let event = verifier().event(&headers, body.as_bytes(), now());
        prop_assert!(matches!(event, Ok(_) | Err(ScalekitError::Decode { .. })), "{:?}", event);
    }
}
