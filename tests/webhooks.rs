//! Runs the webhook vectors that all languages share: verification, signatures, events, interceptor responses.

use std::collections::HashMap;
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use scalekit::{
    InterceptorMembership, InterceptorResponse, InterceptorVerifier, Result, ScalekitError, SecretText,
    Timestamp, WebhookData, WebhookEvent, WebhookSigner, WebhookVerifier,
};
use serde_json::{Value, json};

const DEFAULT_TOLERANCE: i64 = 300;

fn vectors(of: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("fixtures/webhooks.json")).unwrap();
    let list = all[of].as_array().unwrap().clone();
    assert!(!list.is_empty(), "{of}");
    list
}

fn texts(of: &Value) -> Vec<String> {
    of.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn headers(of: &Value) -> HashMap<String, String> {
    serde_json::from_value(of.clone()).unwrap()
}

fn time(of: &Value) -> Option<Timestamp> {
    Some(of.as_str()?.parse().unwrap())
}

fn body(case: &Value) -> Vec<u8> {
    match case["body_base64"].as_str() {
        Some(text) => STANDARD.decode(text).unwrap(),
        None => case["body"].as_str().unwrap().into(),
    }
}

fn code(error: &ScalekitError) -> &str {
    match error {
        ScalekitError::InvalidWebhook { failure } => failure.code.as_deref().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_delivery_vector_is_accepted_or_rejected_with_its_code() {
    for case in vectors("verify") {
        let (secrets, tolerance) = (texts(&case["secrets"]), case["tolerance_seconds"].as_i64().unwrap());
        let (headers, body, at) = (headers(&case["headers"]), body(&case), time(&case["at"]));
        let verified = match case["kind"].as_str().unwrap() {
            "webhook" => WebhookVerifier::new(secrets, tolerance).unwrap().verify(&headers, &body, at),
            "interceptor" => {
                InterceptorVerifier::new(secrets, tolerance).unwrap().verify(&headers, &body, at)
            }
            other => panic!("unknown kind: {other}"),
        };
        match (verified, &case["accepted"]) {
            (Ok(verified), expected) if expected.is_object() => {
                assert_eq!(verified.id, expected["id"], "{}", case["name"]);
                assert_eq!(Some(verified.sent_at), time(&expected["sent_at"]), "{}", case["name"]);
            }
            (Err(error), Value::Null) => assert_eq!(code(&error), case["refused"], "{}", case["name"]),
            (other, _) => panic!("{}: {other:?}", case["name"]),
        }
    }
}

#[test]
fn verifier_rejects_invalid_secrets_and_tolerance() {
    for case in vectors("secrets") {
        let tolerance = case["tolerance_seconds"].as_i64().unwrap_or(DEFAULT_TOLERANCE);
        let name = if case["tolerance_seconds"].is_null() { "secrets" } else { "tolerance_seconds" };
        let webhook = WebhookVerifier::new(texts(&case["secrets"]), tolerance).err();
        let interceptor = InterceptorVerifier::new(texts(&case["secrets"]), tolerance).err();
        assert_eq!(webhook, interceptor, "{}", case["name"]);
        match webhook {
            Some(ScalekitError::InvalidArgument { failure }) => {
                assert!(
                    failure.summary.starts_with(&format!("`{name}`")),
                    "{}: {}",
                    case["name"],
                    failure.summary
                );
            }
            other => panic!("{}: {other:?}", case["name"]),
        }
    }
}

#[test]
fn signer_produces_the_headers_of_the_service() {
    for case in vectors("sign") {
        let signer = WebhookSigner::new(case["secret"].as_str().unwrap()).unwrap();
        let (id, body, at) = (case["id"].as_str().unwrap(), body(&case), time(&case["at"]));
        let signed_headers = match case["kind"].as_str().unwrap() {
            "webhook" => signer.sign(id, &body, at),
            "interceptor" => signer.sign_interceptor(id, &body, at),
            other => panic!("unknown kind: {other}"),
        };
        assert_eq!(signed_headers, headers(&case["headers"]), "{}", case["name"]);
    }
}

/// The name of a variant, and its data as JSON.
fn variant_and_data(data: &WebhookData) -> (String, Value) {
    let debug = format!("{data:?}");
    let name = debug.split([' ', '{']).next().unwrap().to_owned();
    let data = match data {
        WebhookData::OrganizationCreated { organization } => json!(organization),
        WebhookData::RoleCreated { role } => json!(role),
        WebhookData::ConnectedAccountStatusUpdated { account } => json!(account),
        WebhookData::Unknown { raw, .. } => raw.value().clone(),
        other => panic!("unsupported variant: {other:?}"),
    };
    (name, data)
}

fn check_event(case: &Value, event: &WebhookEvent) {
    let name = &case["name"];
    let fields = json!({
        "id": event.id, "event_type": event.event_type, "object": event.object,
        "occurred_at": event.occurred_at.map(|time| time.to_string()), "environment_id": event.environment_id,
        "organization_id": event.organization_id, "display_name": event.display_name,
        "spec_version": event.spec_version,
    });
    for (field, expected) in case["event"].as_object().unwrap() {
        assert_eq!(fields[field], *expected, "{name}: {field}");
    }
    let (variant, data) = variant_and_data(&event.data);
    assert_eq!(variant, case["variant"], "{name}");
    for (field, expected) in case["data"].as_object().into_iter().flatten() {
        assert_eq!(data[field], *expected, "{name}: {field}");
    }
    if let (WebhookData::Unknown { event_type, .. }, false) = (&event.data, case["raw"].is_null()) {
        assert_eq!((event_type, &data), (&event.event_type, &case["raw"]), "{name}");
    }
}

#[test]
fn events_are_decoded_after_verification() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let verifier = WebhookVerifier::new([secret], DEFAULT_TOLERANCE).unwrap();
    let signer = WebhookSigner::new(secret).unwrap();
    for case in vectors("events") {
        let body = body(&case);
        let headers = signer.sign("msg_1", &body, None);
        let decoded: Vec<Result<WebhookEvent>> =
            vec![verifier.event(&headers, &body, None), verifier.read_verified(&body)];
        for event in decoded {
            match (event, case["undecodable"].as_bool()) {
                (Ok(event), None) => check_event(&case, &event),
                (Err(ScalekitError::Decode { failure }), Some(true)) => {
                    assert!(failure.summary.starts_with("webhooks.event: the body "), "{}", failure.summary);
                }
                (other, _) => panic!("{}: {other:?}", case["name"]),
            }
        }
        verifier.verify(&headers, &body, None).expect("verification must not require a decodable body");
        let forged = verifier.event(&headers, &[&body[..], b" "].concat(), None).unwrap_err();
        assert_eq!(code(&forged), "wrong_signature", "{}: decoded before verification", case["name"]);
    }
}

fn build(case: &Value) -> Result<InterceptorResponse> {
    let with = &case["with"];
    Ok(match case["build"].as_str().unwrap() {
        "allow" => InterceptorResponse::allow(),
        "deny" => InterceptorResponse::deny(with["reason"].as_str().unwrap()),
        "allow_with_claims" => InterceptorResponse::allow_with_claims(with["claims"].clone().into())?,
        "allow_with_membership" => {
            let membership: InterceptorMembership =
                serde_json::from_value(with["membership"].clone()).unwrap();
            InterceptorResponse::allow_with_membership(membership)?
        }
        other => panic!("unknown builder: {other}"),
    })
}

#[test]
fn interceptor_responses_match_the_documentation() {
    for case in vectors("responses") {
        match (build(&case), case["refused"].as_str()) {
            (Ok(response), None) => {
                let body: Value = serde_json::from_str(&response.body()).unwrap();
                assert_eq!(body, case["body"], "{case}");
            }
            (Err(ScalekitError::InvalidArgument { failure }), Some(name)) => {
                assert!(failure.summary.starts_with(&format!("`{name}`")), "{case}: {}", failure.summary);
            }
            (other, _) => panic!("{case}: {other:?}"),
        }
    }
}

#[test]
fn secrets_and_received_data_are_never_printed() {
    let secret = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk";
    let verifier = WebhookVerifier::new([secret], DEFAULT_TOLERANCE).unwrap();
    let signer = WebhookSigner::new(secret).unwrap();
    let interceptor = InterceptorVerifier::new([secret], DEFAULT_TOLERANCE).unwrap();
    let mut printed = format!("{verifier:?} {signer:?} {interceptor:?}");
    printed += &format!("{:?}", WebhookVerifier::new([format!("{secret}***")], DEFAULT_TOLERANCE));
    let now = Timestamp::now();
    for (name, value) in [
        ("webhook-id", "canary-id"),
        ("webhook-timestamp", "canary-time"),
        ("webhook-signature", "v1,Y2FuYXJ5"),
    ] {
        let mut headers = signer.sign("msg_1", b"canary-body", Some(now));
        headers.insert(name.into(), value.into());
        printed += &format!("{:?}", verifier.event(&headers, b"canary-body", Some(now)).unwrap_err());
    }
    let headers = signer.sign("msg_1", b"{\"canary\": 1}", None);
    printed += &format!("{:?}", verifier.event(&headers, b"{\"canary\": 1}", None).unwrap_err());
    assert!(!printed.contains("canary") && !printed.contains("Y2FuYXJ5"), "{printed}");
}

#[test]
fn secrets_are_accepted_as_text_or_secret_text() {
    const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let secret = SecretText::new(text);
    let shared = Arc::new(secret.clone());
    let texts = vec![OTHER.to_owned(), text.to_owned()];
    let signers = [
        WebhookSigner::new(text),
        WebhookSigner::new(&texts[1]),
        WebhookSigner::new(texts[1].clone()),
        WebhookSigner::new(&secret),
        WebhookSigner::new(secret.clone()),
        WebhookSigner::new(&shared),
        WebhookSigner::new(Arc::clone(&shared)),
    ];
    let verifiers = [
        WebhookVerifier::new([text], DEFAULT_TOLERANCE),
        WebhookVerifier::new(&texts, DEFAULT_TOLERANCE),
        WebhookVerifier::new(texts, DEFAULT_TOLERANCE),
        WebhookVerifier::new([SecretText::new(OTHER), secret.clone()], DEFAULT_TOLERANCE),
        WebhookVerifier::new([&shared], DEFAULT_TOLERANCE),
        WebhookVerifier::new(Some(&secret), DEFAULT_TOLERANCE),
    ];
    let interceptors = [
        InterceptorVerifier::new([text], DEFAULT_TOLERANCE),
        InterceptorVerifier::new([secret], DEFAULT_TOLERANCE),
        InterceptorVerifier::new([shared], DEFAULT_TOLERANCE),
    ];
    let body = b"{\"type\": \"x\"}";
    let (verifiers, interceptors) = (verifiers.map(Result::unwrap), interceptors.map(Result::unwrap));
    for signer in signers.map(Result::unwrap) {
        let (webhook, request) =
            (signer.sign("msg_1", body, None), signer.sign_interceptor("req_1", body, None));
        for verifier in &verifiers {
            assert_eq!(verifier.verify(&webhook, body, None).unwrap().id, "msg_1");
        }
        for verifier in &interceptors {
            assert_eq!(verifier.verify(&request, body, None).unwrap().id, "req_1");
        }
    }
    for (name, error) in [
        ("secret", WebhookSigner::new(SecretText::new("")).unwrap_err()),
        ("secrets", WebhookVerifier::new([SecretText::new(" ")], DEFAULT_TOLERANCE).unwrap_err()),
        ("secrets", InterceptorVerifier::new([""], DEFAULT_TOLERANCE).unwrap_err()),
    ] {
        assert!(error.to_string().starts_with(&format!("`{name}` must be whsec_")), "{error}");
    }
}
