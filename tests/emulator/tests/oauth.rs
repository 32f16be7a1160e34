//! Machine tokens, the key set, and bearer authentication.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::support::{Harness, Response};

const LIST: &str = "/api/v1/organizations";

fn decode_part(token: &str, index: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Whether the signature of a token is valid under the key set at `/keys`.
async fn has_valid_signature(harness: &Harness, token: &str) -> bool {
    let keys = harness.call("GET", "/keys").await.json;
    let kid = &decode_part(token, 0)["kid"];
    let Some(key) = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid) else {
        return false;
    };
    assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&json!("RSA"), &json!("RS256"), &json!("sig")));
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).is_ok()
}

async fn list_with_token(harness: &Harness, token: &str) -> Response {
    Response::of(harness.http.get(harness.url(LIST)).bearer_auth(token).send().await.unwrap()).await
}

#[tokio::test]
async fn machine_token_has_expected_claims_and_valid_signature() {
    let harness = Harness::start().await;
    let response = harness.token_request(&harness.credentials()).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.json["token_type"], "Bearer");
    assert_eq!(response.json["expires_in"], 86399);
    assert_eq!(response.json["scope"], "openid");
    assert_eq!(response.header("x-trace-id").len(), 32);

    let token = response.json["access_token"].as_str().unwrap();
    assert!(has_valid_signature(&harness, token).await);
    let header = decode_part(token, 0);
    assert_eq!(header["alg"], "RS256");
    assert!(header["kid"].as_str().unwrap().starts_with("snk_"));
    let claims = decode_part(token, 1);
    assert_eq!(claims["iss"], harness.emulator.environment_url());
    assert_eq!(claims["sub"], harness.emulator.client_id());
    assert_eq!(claims["client_id"], harness.emulator.client_id());
    assert_eq!(claims["aud"], json!([harness.emulator.client_id()]));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 86399);
    assert_eq!(claims["nbf"], claims["iat"]);
    assert_eq!(claims["scopes"], json!(["openid"]));
    assert!(claims["jti"].as_str().unwrap().starts_with("tkn_"));
}

#[tokio::test]
async fn modified_token_fails_verification_and_is_rejected() {
    let harness = Harness::start().await;
    let (head, signature) = harness.token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let mut claims = decode_part(&harness.token, 1);
    claims["sub"] = json!("another client");
    let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    assert!(!has_valid_signature(&harness, &forged).await);
    assert_eq!(list_with_token(&harness, &forged).await.error_code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn token_endpoint_returns_oauth_errors() {
    let harness = Harness::start().await;
    let id = harness.emulator.client_id().to_owned();
    let good = harness.credentials();
    let public = harness.emulator.public_client_id();
    for (form, status, code) in [
        (vec![good[0], good[1], ("client_secret", "wrong")], 401, "invalid_client"),
        (vec![good[0], ("client_id", "skc_1"), good[2]], 401, "invalid_client"),
        (vec![("grant_type", "password"), good[1], good[2]], 400, "unsupported_grant_type"),
        (vec![good[1], good[2]], 400, "invalid_request"),
        (vec![good[0], good[1]], 400, "invalid_request"),
        (vec![good[0], good[1], good[2], ("client_id", &id)], 400, "invalid_request"),
        (vec![good[0], good[1], good[2], ("color", "x")], 400, "invalid_request"),
        (vec![good[0], good[1], good[2], ("resource", "x")], 400, "invalid_target"),
        (vec![good[0], good[1], good[2], ("audience", "x")], 400, "invalid_target"),
        (vec![("grant_type", "client_credentials"), ("client_id", public)], 400, "invalid_request"),
        (vec![("grant_type", "client_credentials"), ("client_id", public), good[2]], 401, "invalid_client"),
    ] {
        let response = harness.token_request(&form).await;
        assert_eq!((response.status, response.json["error"].as_str()), (status, Some(code)), "{form:?}");
        assert!(!response.json["error_description"].as_str().unwrap().is_empty());
        assert_eq!(response.header("x-trace-id").len(), 32);
    }
}

#[tokio::test]
async fn token_request_accepts_credentials_only_in_form_body() {
    let harness = Harness::start().await;
    let url = harness.url("/oauth/token");
    let (id, secret) = (harness.emulator.client_id(), harness.emulator.client_secret());
    let form = harness.credentials();
    for request in [
        harness.http.post(&url).form(&form).basic_auth(id, Some(secret)),
        harness.http.post(&url).form(&form).bearer_auth(&harness.token),
        harness.http.post(&url).json(&json!({"grant_type": "client_credentials"})),
        harness.http.post(&url).query(&form).form(&[("grant_type", "client_credentials")]),
    ] {
        let response = Response::of(request.send().await.unwrap()).await;
        assert_eq!((response.status, response.json["error"].as_str()), (400, Some("invalid_request")));
    }
}

#[tokio::test]
async fn api_call_requires_exactly_one_valid_bearer_token() {
    let harness = Harness::start().await;
    let get = || harness.http.get(harness.url(LIST));
    let other = Harness::start().await;
    for (name, request) in [
        ("missing", get()),
        ("garbled", get().bearer_auth("a.b.c")),
        ("no token", get().header("authorization", "Bearer")),
        ("basic", get().basic_auth("a", Some("b"))),
        ("twice", get().bearer_auth(&harness.token).header("authorization", "Bearer x")),
        ("of another environment", get().bearer_auth(&other.token)),
    ] {
        let response = Response::of(request.send().await.unwrap()).await;
        assert_eq!(response.status, 401, "{name}");
        assert_eq!(response.error_code(), "UNAUTHENTICATED", "{name}");
        assert_eq!(response.json["code"], 16, "{name}");
    }
    assert_eq!(list_with_token(&harness, &harness.token).await.status, 200);
}

#[tokio::test]
async fn machine_token_expires_by_emulator_clock() {
    let harness = Harness::start().await;
    harness.send("POST", "/_emulator/seed", &json!({"token_lifetime_seconds": 600})).await;
    let token = harness.new_token().await;
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": 590})).await;
    assert_eq!(list_with_token(&harness, &token).await.status, 200);
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": 11})).await;
    assert_eq!(list_with_token(&harness, &token).await.status, 401);
    assert_eq!(list_with_token(&harness, &harness.new_token().await).await.status, 200);
}

#[tokio::test]
async fn revoked_token_is_rejected_and_new_token_works() {
    let harness = Harness::start().await;
    harness.send("POST", "/_emulator/seed", &json!({"revoke_tokens": true})).await;
    assert_eq!(list_with_token(&harness, &harness.token).await.status, 401);
    assert_eq!(list_with_token(&harness, &harness.new_token().await).await.status, 200);
}

#[tokio::test]
async fn rotated_keys_remain_valid_until_dropped() {
    let harness = Harness::start().await;
    let kid = harness.call("POST", "/_emulator/rotate-keys").await.json["kid"].clone();
    let token = harness.new_token().await;
    assert_eq!(decode_part(&token, 0)["kid"], kid);
    assert_ne!(decode_part(&harness.token, 0)["kid"], kid);
    for token in [&harness.token, &token] {
        assert!(has_valid_signature(&harness, token).await);
        assert_eq!(list_with_token(&harness, token).await.status, 200);
    }

    assert_eq!(harness.call("POST", "/_emulator/drop-old-keys").await.json["kid"], kid);
    assert!(!has_valid_signature(&harness, &harness.token).await);
    assert_eq!(list_with_token(&harness, &harness.token).await.status, 401);
    assert_eq!(list_with_token(&harness, &token).await.status, 200);

    harness.call("POST", "/_emulator/rotate-keys?drop_old=true").await;
    assert_eq!(harness.call("GET", "/keys").await.json["keys"].as_array().unwrap().len(), 1);
    assert_eq!(list_with_token(&harness, &token).await.status, 401);
}

#[tokio::test]
async fn discovery_document_contains_emulator_urls() {
    let harness = Harness::start().await;
    let response = harness.call("GET", "/.well-known/openid-configuration").await;
    assert_eq!(response.json["issuer"], harness.emulator.environment_url());
    assert_eq!(response.json["token_endpoint"], harness.url("/oauth/token"));
    assert_eq!(response.json["jwks_uri"], harness.url("/keys"));
}
