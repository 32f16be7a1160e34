//! Webhooks and interceptors: only deliveries signed with one of the secrets are accepted, and all of those are.

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
/// Signing time of most vectors.
const SIGNED_AT: i64 = 1_614_265_330;

/// The input is a delivery in the format of HTTP: header lines, an empty line, the body.
pub fn webhooks(data: &[u8]) {
    let end = data.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((data, data), |at| (&data[..at], &data[at + 2..]));
    let headers = headers(&String::from_utf8_lossy(head));
    verify_delivery(&headers, body);
    verify_signed(body, usize::from(data.first().copied().unwrap_or_default()));
    parse_event(body);
}

fn headers(head: &str) -> HashMap<String, String> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn verifiers() -> (WebhookVerifier, InterceptorVerifier) {
    let webhooks = WebhookVerifier::new(SECRETS, TOLERANCE).expect("the secrets are valid");
    (webhooks, InterceptorVerifier::new(SECRETS, TOLERANCE).expect("the secrets are valid"))
}

/// Also verifies at the timestamps of the headers, so that not every forged delivery is rejected for its age.
fn verify_delivery(headers: &HashMap<String, String>, body: &[u8]) {
    let claimed = headers.iter().filter(|(name, _)| name.to_ascii_lowercase().ends_with("-timestamp"));
    let timestamps = claimed.filter_map(|(_, value)| value.trim().parse().ok());
    let (webhooks, interceptors) = verifiers();
    for now in timestamps.chain([SIGNED_AT]).filter(|now| (0..4_000_000_000).contains(now)) {
        let at = Some(Timestamp::from_unix_seconds(now));
        let verified = webhooks.verify(headers, body, at);
        assert_eq!(is_rejected(&verified), is_rejected(&webhooks.event(headers, body, at)));
        assert_genuine(verified.ok().map(|webhook| webhook.id), headers, body, "webhook", now);
        let prefix = if header_values(headers, "interceptor-signature").is_empty() {
            "webhook"
        } else {
            "interceptor"
        };
        let verified = interceptors.verify(headers, body, at);
        assert_eq!(is_rejected(&verified), is_rejected(&interceptors.request(headers, body, at)));
        assert_genuine(verified.ok().map(|request| request.id), headers, body, prefix, now);
    }
}

/// Whether a delivery was rejected as not authentic. Parsing it must not change that.
fn is_rejected<T: std::fmt::Debug>(result: &Result<T>) -> bool {
    match result {
        Err(ScalekitError::InvalidWebhook { .. }) => true,
        Ok(_) | Err(ScalekitError::Decode { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn assert_genuine(
    accepted: Option<String>,
    headers: &HashMap<String, String>,
    body: &[u8],
    prefix: &str,
    now: i64,
) {
    let Some(id) = accepted else { return };
    let all = |part: &str| header_values(headers, &format!("{prefix}-{part}"));
    let (ids, times, signatures) = (all("id"), all("timestamp"), all("signature"));
    for values in [&ids, &times, &signatures] {
        assert!(values.iter().all(|value| *value == values[0]), "accepted with two values: {values:?}");
    }
    assert_eq!(ids[0], id);
    let age = now - times[0].parse::<i64>().expect("a number");
    assert!(age.abs() <= TOLERANCE, "accepted {age} s after signing");
    let genuine = |secret: &str| {
        let content = [id.as_bytes(), b".", times[0].as_bytes(), b".", body].concat();
        let key = STANDARD.decode(&secret["whsec_".len()..]).expect("base64");
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &content);
        let text = format!("v1,{}", STANDARD.encode(tag));
        let mut listed = signatures[0].split_ascii_whitespace();
        listed.any(|one| one == text || one == text.trim_end_matches('='))
    };
    assert!(SECRETS.into_iter().any(genuine), "accepted without a valid signature");
}

/// All values of a header; its name is case-insensitive.
fn header_values<'a>(headers: &'a HashMap<String, String>, name: &str) -> Vec<&'a str> {
    let named = headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()).collect()
}

/// A signed body is accepted with either secret, and rejected after a single bit is flipped.
fn verify_signed(body: &[u8], at: usize) {
    let (webhooks, interceptors) = verifiers();
    let now = Some(Timestamp::from_unix_seconds(SIGNED_AT));
    for secret in SECRETS {
        let signer = WebhookSigner::new(secret).expect("the secret is valid");
        let (own, other) = (signer.sign("msg_1", body, now), signer.sign_interceptor("req_1", body, now));
        assert_eq!(webhooks.verify(&own, body, now).expect("genuine").id, "msg_1");
        assert_eq!(interceptors.verify(&other, body, now).expect("genuine").id, "req_1");
        let mut modified = body.to_vec();
        match modified.len() {
            0 => modified.push(0),
            length => modified[at % length] ^= 1 << (at % 8),
        }
        assert!(is_rejected(&webhooks.verify(&own, &modified, now)), "a modified body was accepted");
        assert!(is_rejected(&interceptors.verify(&other, &modified, now)), "a modified body was accepted");
    }
}

/// Exactly the JSON objects with a type are parsed as events.
fn parse_event(body: &[u8]) {
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
