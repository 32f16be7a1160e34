//! Webhooks and interceptors: nothing is accepted that none of the secrets has signed, and what is genuine is not lost.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::Value;

use crate::error::{Result, ScalekitError};
use crate::types::Timestamp;
use crate::webhook::{InterceptorVerifier, WebhookData, WebhookSigner, WebhookVerifier};

const SECRETS: [&str; 2] =
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="];
const TOLERANCE: i64 = 300;
/// The moment of most vectors.
const MOMENT: i64 = 1_614_265_330;

/// An input is a delivery as HTTP writes it: lines of headers, an empty line, the body.
pub fn webhooks(data: &[u8]) {
    let end = data.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((data, data), |at| (&data[..at], &data[at + 2..]));
    let headers = headers(&String::from_utf8_lossy(head));
    delivered(&headers, body);
    signed(body, usize::from(data.first().copied().unwrap_or_default()));
    read(body);
}

fn headers(head: &str) -> HashMap<String, String> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn verifiers() -> (WebhookVerifier, InterceptorVerifier) {
    let secrets = || SECRETS.map(str::to_owned).to_vec();
    let webhooks = WebhookVerifier::new(secrets(), TOLERANCE).expect("the secrets are good");
    (webhooks, InterceptorVerifier::new(secrets(), TOLERANCE).expect("the secrets are good"))
}

/// The headers' own time is taken for now as well, so that a stranger is not refused for being late.
fn delivered(headers: &HashMap<String, String>, body: &[u8]) {
    let claimed = headers.iter().filter(|(name, _)| name.to_ascii_lowercase().ends_with("-timestamp"));
    let moments = claimed.filter_map(|(_, value)| value.trim().parse().ok());
    let (webhooks, interceptors) = verifiers();
    for now in moments.chain([MOMENT]).filter(|now| (0..4_000_000_000).contains(now)) {
        let at = Some(Timestamp::from_unix_seconds(now));
        let verified = webhooks.verify(headers, body, at);
        assert_eq!(refused(&verified), refused(&webhooks.event(headers, body, at)));
        judge(verified.ok().map(|webhook| webhook.id), headers, body, "webhook", now);
        let prefix =
            if find(headers, "interceptor-signature").is_empty() { "webhook" } else { "interceptor" };
        let verified = interceptors.verify(headers, body, at);
        assert_eq!(refused(&verified), refused(&interceptors.request(headers, body, at)));
        judge(verified.ok().map(|request| request.id), headers, body, prefix, now);
    }
}

/// Whether a delivery was refused as not genuine: reading it must not change that.
fn refused<T: std::fmt::Debug>(result: &Result<T>) -> bool {
    match result {
        Err(ScalekitError::InvalidWebhook { .. }) => true,
        Ok(_) | Err(ScalekitError::Decode { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn judge(accepted: Option<String>, headers: &HashMap<String, String>, body: &[u8], prefix: &str, now: i64) {
    let Some(id) = accepted else { return };
    let all = |part: &str| find(headers, &format!("{prefix}-{part}"));
    let (ids, times, signatures) = (all("id"), all("timestamp"), all("signature"));
    for values in [&ids, &times, &signatures] {
        assert!(values.iter().all(|value| *value == values[0]), "accepted with two values: {values:?}");
    }
    assert_eq!(ids[0], id);
    let age = now - times[0].parse::<i64>().expect("a number");
    assert!(age.abs() <= TOLERANCE, "accepted {age} s late");
    let genuine = |secret: &str| {
        let content = [id.as_bytes(), b".", times[0].as_bytes(), b".", body].concat();
        let key = STANDARD.decode(&secret["whsec_".len()..]).expect("base64");
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &content);
        let text = format!("v1,{}", STANDARD.encode(tag));
        let mut given = signatures[0].split_ascii_whitespace();
        given.any(|one| one == text || one == text.trim_end_matches('='))
    };
    assert!(SECRETS.into_iter().any(genuine), "accepted, and never signed");
}

/// Every value that a header has, in whatever case its name is written.
fn find<'a>(headers: &'a HashMap<String, String>, name: &str) -> Vec<&'a str> {
    let named = headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()).collect()
}

/// What was signed passes with either secret, and no longer when a single bit is turned over.
fn signed(body: &[u8], at: usize) {
    let (webhooks, interceptors) = verifiers();
    let moment = Some(Timestamp::from_unix_seconds(MOMENT));
    for secret in SECRETS {
        let signer = WebhookSigner::new(secret).expect("the secret is good");
        let (own, other) =
            (signer.sign("msg_1", body, moment), signer.sign_interceptor("req_1", body, moment));
        assert_eq!(webhooks.verify(&own, body, moment).expect("genuine").id, "msg_1");
        assert_eq!(interceptors.verify(&other, body, moment).expect("genuine").id, "req_1");
        let mut touched = body.to_vec();
        match touched.len() {
            0 => touched.push(0),
            length => touched[at % length] ^= 1 << (at % 8),
        }
        assert!(refused(&webhooks.verify(&own, &touched, moment)), "touched, and accepted");
        assert!(refused(&interceptors.verify(&other, &touched, moment)), "touched, and accepted");
    }
}

/// An event with a type is read, whatever else it says; nothing else is.
fn read(body: &[u8]) {
    let (webhooks, _) = verifiers();
    let value: Option<Value> = serde_json::from_slice(body).ok();
    let event_type = value.as_ref().and_then(|value| value["type"].as_str()).filter(|text| !text.is_empty());
    match (webhooks.read_verified(body), event_type) {
        (Ok(event), Some(event_type)) => {
            assert_eq!(event.event_type, event_type);
            if let WebhookData::Unknown { event_type, raw } = event.data {
                assert_eq!((event_type, Some(raw.value())), (event.event_type, value.as_ref()));
            }
        }
        (Err(ScalekitError::Decode { .. }), None) => {}
        (result, _) => panic!("{result:?}"),
    }
}
