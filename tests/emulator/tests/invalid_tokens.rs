//! Invalid tokens on request: each differs from a valid token only in the requested part.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::login::{claims, decode_part, has_valid_signature};

/// The expected header field or claim of an invalid token, and whether its signature is valid.
struct Expectation {
    wrong: &'static str,
    part: usize,
    field: &'static str,
    value: Value,
    is_signed: bool,
}

fn expectations(now: i64) -> Vec<Expectation> {
    let header = |wrong, field, value, is_signed| Expectation { wrong, part: 0, field, value, is_signed };
    let claim = |wrong, field, value| Expectation { wrong, part: 1, field, value, is_signed: true };
    vec![
        claim("issuer", "iss", json!("https://elsewhere.example")),
        claim("audience", "aud", json!(["another client"])),
        claim("authorized_party", "azp", json!("another client")),
        claim("nonce", "nonce", json!("another login's")),
        claim("no_expiry", "exp", Value::Null),
        claim("expiry_as_text", "exp", json!((now + 3600).to_string())),
        header("algorithm_none", "alg", json!("none"), false),
        header("algorithm_hmac", "alg", json!("HS256"), false),
        header("algorithm", "alg", json!("RS512"), true),
        header("unknown_key", "kid", json!("snk_0"), false),
        header("no_key_id", "kid", Value::Null, false),
        header("critical", "crit", json!(["x-strange"]), true),
        header("key_url", "jku", json!("https://elsewhere.example/keys"), false),
        header("certificate_url", "x5u", json!("https://elsewhere.example/cert"), false),
    ]
}

async fn issue(harness: &Harness, token: Value) -> String {
    let parameters = json!({"kind": "id", "nonce": "n", "token": token});
    let response = harness.send("POST", "/_emulator/token", &parameters).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn wrong_value_changes_only_its_header_or_claim() {
    let harness = Harness::start().await;
    // The clock keeps running, so timestamps have a tolerance of a minute. The defects are an hour off.
    let now = decode_part(&issue(&harness, json!({})).await, 1)["iat"].as_i64().unwrap();
    for expected in expectations(now) {
        let token = issue(&harness, json!({"wrong": expected.wrong})).await;
        let found = decode_part(&token, expected.part)[expected.field].clone();
        match (expected.wrong, found.as_str()) {
            ("expiry_as_text", Some(text)) => assert!((text.parse::<i64>().unwrap() - now - 3600).abs() < 60),
            _ => assert_eq!(found, expected.value, "{}", expected.wrong),
        }
        assert_eq!(has_valid_signature(&harness, &token).await, expected.is_signed, "{}", expected.wrong);
    }
    for (wrong, name, from, to) in [
        ("expired", "exp", -3660, -3540),
        ("not_yet_valid", "nbf", 3540, 3660),
        ("issued_in_future", "iat", 3540, 3660),
    ] {
        let token = issue(&harness, json!({"wrong": wrong})).await;
        let time = decode_part(&token, 1)[name].as_i64().unwrap() - now;
        assert!((from..to).contains(&time), "{wrong}: {time}");
        assert!(has_valid_signature(&harness, &token).await, "{wrong}");
    }
}

#[tokio::test]
async fn wrong_value_changes_signature_payload_or_size() {
    let harness = Harness::start().await;
    let right = issue(&harness, json!({})).await;
    assert!(has_valid_signature(&harness, &right).await);
    for wrong in ["other_key", "signature", "embedded_key"] {
        let token = issue(&harness, json!({"wrong": wrong})).await;
        assert_eq!(decode_part(&token, 0)["kid"], decode_part(&right, 0)["kid"], "{wrong}");
        assert!(!has_valid_signature(&harness, &token).await, "{wrong}");
    }
    assert_eq!(issue(&harness, json!({"wrong": "algorithm_none"})).await.split('.').nth(2), Some(""));
    assert_eq!(issue(&harness, json!({"wrong": "malformed"})).await.split('.').count(), 2);
    assert!(issue(&harness, json!({"wrong": "too_large"})).await.len() > 256 * 1024);
    let embedded = issue(&harness, json!({"wrong": "embedded_key"})).await;
    assert_eq!(decode_part(&embedded, 0)["jwk"]["kty"], "RSA");
    let twice = issue(&harness, json!({"wrong": "two_subjects"})).await;
    let text = URL_SAFE_NO_PAD.decode(twice.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(String::from_utf8(text).unwrap().matches("\"sub\":").count(), 2);
    assert!(has_valid_signature(&harness, &twice).await);
    for hash in ["access_token_hash", "code_hash"] {
        let name = if hash == "code_hash" { "c_hash" } else { "at_hash" };
        let token = issue(&harness, json!({"wrong": hash})).await;
        assert_ne!(decode_part(&token, 1)[name], decode_part(&right, 1)[name], "{hash}");
    }
}

#[tokio::test]
async fn token_claims_header_payload_and_signature_can_be_overridden() {
    let harness = Harness::start().await;
    let token = issue(
        &harness,
        json!({
            "claims": {"exp": 1.5, "aud": ["a", "b"]}, "without": ["sub", "iat"],
            "header": {"typ": "at+jwt"}, "header_without": ["kid"],
        }),
    )
    .await;
    let (header, payload) = (decode_part(&token, 0), decode_part(&token, 1));
    assert_eq!((&header["typ"], &header["kid"]), (&json!("at+jwt"), &Value::Null));
    assert_eq!(
        (&payload["exp"], &payload["aud"], &payload["sub"]),
        (&json!(1.5), &json!(["a", "b"]), &Value::Null)
    );
    let raw = issue(&harness, json!({"payload": "not json", "signature": "other_key"})).await;
    assert_eq!(URL_SAFE_NO_PAD.decode(raw.split('.').nth(1).unwrap()).unwrap(), b"not json");
    for bad in [json!({"kind": "id", "token": {"wrong": "color"}}), json!({"kind": "cookie"}), json!({})] {
        assert_eq!(harness.send("POST", "/_emulator/token", &bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn every_token_kind_is_issued_and_signed() {
    let harness = Harness::start().await;
    for (kind, has) in [
        ("access", vec!["jti", "sub", "scope", "roles", "permissions", "sid"]),
        ("id", vec!["azp", "at_hash", "amr", "email", "sid"]),
        ("machine", vec!["jti", "scopes", "client_id"]),
        ("idp_initiated", vec!["organization_id", "connection_id", "login_hint", "exp"]),
    ] {
        let parameters =
            json!({"kind": kind, "person": {"email": "g@x.example", "organization_id": "org_7"}});
        let created = harness.emulator.make_token(parameters).unwrap();
        let token = created["token"].as_str().unwrap();
        assert!(has_valid_signature(&harness, token).await, "{kind}");
        assert_eq!(decode_part(token, 1), created["right_claims"], "{kind}");
        for name in has {
            assert_ne!(created["right_claims"][name], Value::Null, "{kind}: {name}");
        }
    }
    let machine = harness.emulator.make_token(json!({"kind": "machine"})).unwrap()["token"].clone();
    let list = harness.http.get(harness.url("/api/v1/organizations")).bearer_auth(machine.as_str().unwrap());
    assert_eq!(list.send().await.unwrap().status(), 200);
    let access = harness.emulator.make_token(json!({"kind": "access"})).unwrap()["token"].clone();
    let list = harness.http.get(harness.url("/api/v1/organizations")).bearer_auth(access.as_str().unwrap());
    assert_eq!(list.send().await.unwrap().status(), 401, "the API rejects user access tokens");
}

#[tokio::test]
async fn scripted_login_can_return_invalid_tokens() {
    let harness = Harness::start().await;
    let script = json!({"approve": {}, "id_token": {"wrong": "nonce"}, "access_token": {"wrong": "expired"}});
    harness.emulator.script_login(script).unwrap();
    let tokens = harness.log_in(&[("nonce", "n-1"), ("scope", "openid offline_access")]).await;
    assert_eq!(claims(&tokens["id_token"])["nonce"], "another login's");
    let access = claims(&tokens["access_token"]);
    assert!(access["exp"].as_i64() < claims(&tokens["id_token"])["iat"].as_i64());
    let right = harness.log_in(&[("nonce", "n-1")]).await;
    assert_eq!(claims(&right["id_token"])["nonce"], "n-1", "the next login returns valid tokens");
}
