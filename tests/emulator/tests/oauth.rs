//! Tokens, the key set, and what a bearer token must be.

mod support;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};
use support::{Answer, Bench};

const LIST: &str = "/api/v1/organizations";

fn part(token: &str, index: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Verifies a token with nothing but what `/keys` shows.
async fn verifies(bench: &Bench, token: &str) -> bool {
    let keys = bench.call("GET", "/keys").await.json;
    let kid = &part(token, 0)["kid"];
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

async fn with_token(bench: &Bench, token: &str) -> Answer {
    Answer::of(bench.http.get(bench.url(LIST)).bearer_auth(token).send().await.unwrap()).await
}

#[tokio::test]
async fn a_machine_token_has_the_claims_and_a_signature_that_verifies() {
    let bench = Bench::start().await;
    let answer = bench.token_request(&bench.credentials()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["token_type"], "Bearer");
    assert_eq!(answer.json["expires_in"], 86399);
    assert_eq!(answer.json["scope"], "openid");
    assert_eq!(answer.header("x-trace-id").len(), 32);

    let token = answer.json["access_token"].as_str().unwrap();
    assert!(verifies(&bench, token).await);
    let header = part(token, 0);
    assert_eq!(header["alg"], "RS256");
    assert!(header["kid"].as_str().unwrap().starts_with("snk_"));
    let claims = part(token, 1);
    assert_eq!(claims["iss"], bench.emulator.environment_url());
    assert_eq!(claims["sub"], bench.emulator.client_id());
    assert_eq!(claims["client_id"], bench.emulator.client_id());
    assert_eq!(claims["aud"], json!([bench.emulator.client_id()]));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 86399);
    assert_eq!(claims["nbf"], claims["iat"]);
    assert_eq!(claims["scopes"], json!(["openid"]));
    assert!(claims["jti"].as_str().unwrap().starts_with("tkn_"));
}

#[tokio::test]
async fn a_changed_token_does_not_verify() {
    let bench = Bench::start().await;
    let (head, signature) = bench.token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let mut claims = part(&bench.token, 1);
    claims["sub"] = json!("somebody else");
    let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    assert!(!verifies(&bench, &forged).await);
    assert_eq!(with_token(&bench, &forged).await.error_code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn the_token_endpoint_refuses_in_the_shape_of_oauth() {
    let bench = Bench::start().await;
    let id = bench.emulator.client_id().to_owned();
    let good = bench.credentials();
    let public = bench.emulator.public_client_id();
    for (form, status, code) in [
        (vec![good[0], good[1], ("client_secret", "wrong")], 401, "invalid_client"),
        (vec![good[0], ("client_id", "skc_1"), good[2]], 401, "invalid_client"),
        (vec![("grant_type", "password"), good[1], good[2]], 400, "unsupported_grant_type"),
        (vec![good[1], good[2]], 400, "invalid_request"),
        (vec![good[0], good[1]], 400, "invalid_request"),
        (vec![good[0], good[1], good[2], ("client_id", &id)], 400, "invalid_request"),
        (vec![good[0], good[1], good[2], ("resource", "x")], 400, "invalid_request"),
        (vec![good[0], good[1], good[2], ("audience", "x")], 400, "invalid_target"),
        (vec![("grant_type", "client_credentials"), ("client_id", public)], 400, "invalid_request"),
        (vec![("grant_type", "client_credentials"), ("client_id", public), good[2]], 401, "invalid_client"),
    ] {
        let answer = bench.token_request(&form).await;
        assert_eq!((answer.status, answer.json["error"].as_str()), (status, Some(code)), "{form:?}");
        assert!(!answer.json["error_description"].as_str().unwrap().is_empty());
        assert_eq!(answer.header("x-trace-id").len(), 32);
    }
}

#[tokio::test]
async fn credentials_belong_in_a_form_in_the_body() {
    let bench = Bench::start().await;
    let url = bench.url("/oauth/token");
    let (id, secret) = (bench.emulator.client_id(), bench.emulator.client_secret());
    let form = bench.credentials();
    for request in [
        bench.http.post(&url).form(&form).basic_auth(id, Some(secret)),
        bench.http.post(&url).form(&form).bearer_auth(&bench.token),
        bench.http.post(&url).json(&json!({"grant_type": "client_credentials"})),
        bench.http.post(&url).query(&form).form(&[("grant_type", "client_credentials")]),
    ] {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("invalid_request")));
    }
}

#[tokio::test]
async fn calls_need_exactly_one_good_bearer_token() {
    let bench = Bench::start().await;
    let get = || bench.http.get(bench.url(LIST));
    let other = Bench::start().await;
    for (name, request) in [
        ("missing", get()),
        ("garbled", get().bearer_auth("a.b.c")),
        ("no token", get().header("authorization", "Bearer")),
        ("basic", get().basic_auth("a", Some("b"))),
        ("twice", get().bearer_auth(&bench.token).header("authorization", "Bearer x")),
        ("of another environment", get().bearer_auth(&other.token)),
    ] {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 401, "{name}");
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{name}");
        assert_eq!(answer.json["code"], 16, "{name}");
    }
    assert_eq!(with_token(&bench, &bench.token).await.status, 200);
}

#[tokio::test]
async fn a_token_ends_with_its_life_by_the_emulators_clock() {
    let bench = Bench::start().await;
    bench.send("POST", "/_emulator/seed", &json!({"token_lifetime_seconds": 600})).await;
    let token = bench.new_token().await;
    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": 590})).await;
    assert_eq!(with_token(&bench, &token).await.status, 200);
    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": 11})).await;
    assert_eq!(with_token(&bench, &token).await.status, 401);
    assert_eq!(with_token(&bench, &bench.new_token().await).await.status, 200);
}

#[tokio::test]
async fn revoked_tokens_end_and_new_ones_work() {
    let bench = Bench::start().await;
    bench.send("POST", "/_emulator/seed", &json!({"revoke_tokens": true})).await;
    assert_eq!(with_token(&bench, &bench.token).await.status, 401);
    assert_eq!(with_token(&bench, &bench.new_token().await).await.status, 200);
}

#[tokio::test]
async fn rotated_keys_stay_until_they_are_dropped() {
    let bench = Bench::start().await;
    let kid = bench.call("POST", "/_emulator/rotate-keys").await.json["kid"].clone();
    let token = bench.new_token().await;
    assert_eq!(part(&token, 0)["kid"], kid);
    assert_ne!(part(&bench.token, 0)["kid"], kid);
    for token in [&bench.token, &token] {
        assert!(verifies(&bench, token).await);
        assert_eq!(with_token(&bench, token).await.status, 200);
    }

    assert_eq!(bench.call("POST", "/_emulator/drop-old-keys").await.json["kid"], kid);
    assert!(!verifies(&bench, &bench.token).await);
    assert_eq!(with_token(&bench, &bench.token).await.status, 401);
    assert_eq!(with_token(&bench, &token).await.status, 200);

    bench.call("POST", "/_emulator/rotate-keys?drop_old=true").await;
    assert_eq!(bench.call("GET", "/keys").await.json["keys"].as_array().unwrap().len(), 1);
    assert_eq!(with_token(&bench, &token).await.status, 401);
}

#[tokio::test]
async fn discovery_points_at_the_emulator() {
    let bench = Bench::start().await;
    let answer = bench.call("GET", "/.well-known/openid-configuration").await;
    assert_eq!(answer.json["issuer"], bench.emulator.environment_url());
    assert_eq!(answer.json["token_endpoint"], bench.url("/oauth/token"));
    assert_eq!(answer.json["jwks_uri"], bench.url("/keys"));
}
