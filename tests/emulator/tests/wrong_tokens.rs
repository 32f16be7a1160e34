//! Tokens that are wrong on request: each differs from a right one where it says, and nowhere else.

mod support;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use support::Bench;
use support::login::{claims, part, verifies};

/// What a wrong token shows: a header field or claim and its value, and whether the key set verifies it.
struct Sign {
    wrong: &'static str,
    place: usize,
    field: &'static str,
    value: Value,
    verifies: bool,
}

fn signs(now: i64) -> Vec<Sign> {
    let header = |wrong, field, value, verifies| Sign { wrong, place: 0, field, value, verifies };
    let claim = |wrong, field, value| Sign { wrong, place: 1, field, value, verifies: true };
    vec![
        claim("issuer", "iss", json!("https://elsewhere.example")),
        claim("audience", "aud", json!(["somebody else"])),
        claim("authorized_party", "azp", json!("somebody else")),
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

async fn make(bench: &Bench, token: Value) -> String {
    let order = json!({"kind": "id", "nonce": "n", "token": token});
    let answer = bench.send("POST", "/_emulator/token", &order).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_token_is_wrong_where_it_says() {
    let bench = Bench::start().await;
    // A clock that stands still would be better; a minute is far less than the hour that tokens are wrong by.
    let now = part(&make(&bench, json!({})).await, 1)["iat"].as_i64().unwrap();
    for sign in signs(now) {
        let token = make(&bench, json!({"wrong": sign.wrong})).await;
        let found = part(&token, sign.place)[sign.field].clone();
        match (sign.wrong, found.as_str()) {
            ("expiry_as_text", Some(text)) => assert!((text.parse::<i64>().unwrap() - now - 3600).abs() < 60),
            _ => assert_eq!(found, sign.value, "{}", sign.wrong),
        }
        assert_eq!(verifies(&bench, &token).await, sign.verifies, "{}", sign.wrong);
    }
    for (wrong, name, from, to) in [
        ("expired", "exp", -3660, -3540),
        ("not_yet_valid", "nbf", 3540, 3660),
        ("issued_in_future", "iat", 3540, 3660),
    ] {
        let token = make(&bench, json!({"wrong": wrong})).await;
        let time = part(&token, 1)[name].as_i64().unwrap() - now;
        assert!((from..to).contains(&time), "{wrong}: {time}");
        assert!(verifies(&bench, &token).await, "{wrong}");
    }
}

#[tokio::test]
async fn signatures_payloads_and_sizes_go_wrong_too() {
    let bench = Bench::start().await;
    let right = make(&bench, json!({})).await;
    assert!(verifies(&bench, &right).await);
    for wrong in ["other_key", "signature", "embedded_key"] {
        let token = make(&bench, json!({"wrong": wrong})).await;
        assert_eq!(part(&token, 0)["kid"], part(&right, 0)["kid"], "{wrong}");
        assert!(!verifies(&bench, &token).await, "{wrong}");
    }
    assert_eq!(make(&bench, json!({"wrong": "algorithm_none"})).await.split('.').nth(2), Some(""));
    assert_eq!(make(&bench, json!({"wrong": "malformed"})).await.split('.').count(), 2);
    assert!(make(&bench, json!({"wrong": "too_large"})).await.len() > 256 * 1024);
    let embedded = make(&bench, json!({"wrong": "embedded_key"})).await;
    assert_eq!(part(&embedded, 0)["jwk"]["kty"], "RSA");
    let twice = make(&bench, json!({"wrong": "two_subjects"})).await;
    let text = URL_SAFE_NO_PAD.decode(twice.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(String::from_utf8(text).unwrap().matches("\"sub\":").count(), 2);
    assert!(verifies(&bench, &twice).await);
    for hash in ["access_token_hash", "code_hash"] {
        let name = if hash == "code_hash" { "c_hash" } else { "at_hash" };
        let token = make(&bench, json!({"wrong": hash})).await;
        assert_ne!(part(&token, 1)[name], part(&right, 1)[name], "{hash}");
    }
}

#[tokio::test]
async fn a_token_can_be_changed_part_by_part() {
    let bench = Bench::start().await;
    let token = make(
        &bench,
        json!({
            "claims": {"exp": 1.5, "aud": ["a", "b"]}, "without": ["sub", "iat"],
            "header": {"typ": "at+jwt"}, "header_without": ["kid"],
        }),
    )
    .await;
    let (header, own) = (part(&token, 0), part(&token, 1));
    assert_eq!((&header["typ"], &header["kid"]), (&json!("at+jwt"), &Value::Null));
    assert_eq!((&own["exp"], &own["aud"], &own["sub"]), (&json!(1.5), &json!(["a", "b"]), &Value::Null));
    let raw = make(&bench, json!({"payload": "not json", "signature": "other_key"})).await;
    assert_eq!(URL_SAFE_NO_PAD.decode(raw.split('.').nth(1).unwrap()).unwrap(), b"not json");
    for bad in [json!({"kind": "id", "token": {"wrong": "colour"}}), json!({"kind": "cookie"}), json!({})] {
        assert_eq!(bench.send("POST", "/_emulator/token", &bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn every_kind_of_token_can_be_had() {
    let bench = Bench::start().await;
    for (kind, has) in [
        ("access", vec!["jti", "sub", "scope", "roles", "permissions", "sid"]),
        ("id", vec!["azp", "at_hash", "amr", "email", "sid"]),
        ("machine", vec!["jti", "scopes", "client_id"]),
        ("idp_initiated", vec!["organization_id", "connection_id", "login_hint", "exp"]),
    ] {
        let order = json!({"kind": kind, "person": {"email": "g@x.example", "organization_id": "org_7"}});
        let made = bench.emulator.make_token(order).unwrap();
        let token = made["token"].as_str().unwrap();
        assert!(verifies(&bench, token).await, "{kind}");
        assert_eq!(part(token, 1), made["right_claims"], "{kind}");
        for name in has {
            assert_ne!(made["right_claims"][name], Value::Null, "{kind}: {name}");
        }
    }
    let machine = bench.emulator.make_token(json!({"kind": "machine"})).unwrap()["token"].clone();
    let list = bench.http.get(bench.url("/api/v1/organizations")).bearer_auth(machine.as_str().unwrap());
    assert_eq!(list.send().await.unwrap().status(), 200);
    let access = bench.emulator.make_token(json!({"kind": "access"})).unwrap()["token"].clone();
    let list = bench.http.get(bench.url("/api/v1/organizations")).bearer_auth(access.as_str().unwrap());
    assert_eq!(list.send().await.unwrap().status(), 401, "a person's token is not for the operations");
}

#[tokio::test]
async fn a_login_can_end_in_wrong_tokens() {
    let bench = Bench::start().await;
    let script = json!({"approve": {}, "id_token": {"wrong": "nonce"}, "access_token": {"wrong": "expired"}});
    bench.emulator.script_login(script).unwrap();
    let tokens = bench.log_in(&[("nonce", "n-1"), ("scope", "openid offline_access")]).await;
    assert_eq!(claims(&tokens["id_token"])["nonce"], "another login's");
    let access = claims(&tokens["access_token"]);
    assert!(access["exp"].as_i64() < claims(&tokens["id_token"])["iat"].as_i64());
    let right = bench.log_in(&[("nonce", "n-1")]).await;
    assert_eq!(claims(&right["id_token"])["nonce"], "n-1", "the next login is right again");
}
