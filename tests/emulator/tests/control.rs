//! The control plane: request log, wait, clock, seed and reset.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::support::{Harness, Response};

const PATH: &str = "/api/v1/organizations";

#[tokio::test]
async fn request_log_contains_received_requests() {
    let harness = Harness::start().await;
    harness.send("POST", &format!("{PATH}?x=%20y"), &json!({"display_name": "Acme"})).await;
    harness.call("GET", "/api/v1/organizations:external/a%2Fb").await;
    harness.call("GET", "/nowhere").await;
    let log = harness.call("GET", "/_emulator/requests").await.json;
    let requests = log["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3, "control-plane requests are not logged: {requests:?}");

    let create = &requests[0];
    assert_eq!(create["operation"], "organizations.create");
    assert_eq!(
        (&create["method"], &create["path"], &create["query"]),
        (&json!("POST"), &json!(PATH), &json!("x=%20y"))
    );
    assert_eq!(create["body"], json!({"display_name": "Acme"}));
    assert_eq!(create["headers"]["content-type"], "application/json");
    assert_eq!((&create["completed"], &create["state"]), (&json!(true), &json!("completed")));
    assert_eq!(requests[1]["path"], "/api/v1/organizations:external/a%2Fb");
    assert_eq!((&requests[1]["body"], &requests[1]["query"]), (&json!(null), &json!("")));
    assert_eq!(requests[2]["operation"], json!(null));
    let numbers: Vec<_> = requests.iter().map(|request| request["sequence"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");

    let creates = harness.call("GET", "/_emulator/requests?operation=organizations.create").await.json;
    assert_eq!(creates["requests"], json!([create]));
    harness.call("DELETE", "/_emulator/requests").await;
    assert_eq!(harness.call("GET", "/_emulator/requests").await.json["requests"], json!([]));
}

#[tokio::test]
async fn request_log_contains_no_secrets() {
    let harness = Harness::start().await;
    let (token, secret) = (harness.new_token().await, harness.emulator.client_secret().to_owned());
    harness.call("GET", PATH).await;
    Response::of(harness.http.get(harness.url(PATH)).bearer_auth(&token).send().await.unwrap()).await;
    let body = json!({"client_secret": "canary", "display_name": ["x", secret]});
    harness.send("POST", &format!("{PATH}?q={secret}"), &body).await;
    let text = harness.call("GET", "/_emulator/requests").await.text;
    for hidden in [&token, &harness.token, &secret, "canary"] {
        assert!(!text.contains(hidden), "{hidden} is in the log: {text}");
    }

    let requests = harness.emulator.requests();
    let form = requests[0].body.as_str().unwrap();
    assert!(form.contains("grant_type=client_credentials") && form.contains("client_secret=[redacted]"));
    let fingerprints: Vec<_> =
        requests[1..].iter().map(|own| own.headers["authorization"].as_str()).collect();
    assert!(fingerprints[0].starts_with("Bearer sha256:"), "{fingerprints:?}");
    assert_ne!(fingerprints[0], fingerprints[1], "different tokens have different fingerprints");
    assert_eq!(fingerprints[0], fingerprints[2], "the same token has the same fingerprint");
    assert_eq!(requests[3].body, json!({"client_secret": "[redacted]", "display_name": ["x", "[redacted]"]}));
}

#[tokio::test]
async fn wait_returns_when_requests_arrived() {
    let harness = Harness::start().await;
    let wait = json!({"operation": "organizations.list", "count": 2});
    let waiting = harness.send("POST", "/_emulator/wait", &wait);
    let calls = async {
        harness.call("GET", PATH).await;
        harness.call("GET", PATH).await;
    };
    let (response, ()) = tokio::join!(waiting, calls);
    assert_eq!((response.status, response.json), (200, json!({"count": 2, "aborted": 0})));
}

#[tokio::test]
async fn wait_returns_504_after_timeout() {
    let harness = Harness::start().await;
    harness.call("GET", PATH).await;
    let wait = json!({"operation": "organizations.list", "count": 2, "timeout_ms": 1});
    let response = harness.send("POST", "/_emulator/wait", &wait).await;
    assert_eq!((response.status, &response.json["count"]), (504, &json!(1)));
}

#[tokio::test]
async fn clock_can_be_set_and_advanced_until_reset() {
    let harness = Harness::start().await;
    let set = harness.send("POST", "/_emulator/clock", &json!({"set": "2031-02-03T04:05:06+01:00"})).await;
    assert!(set.json["now"].as_str().unwrap().starts_with("2031-02-03T03:05:"), "{}", set.text);
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": 86400})).await;
    let now = harness.call("GET", "/_emulator/clock").await;
    assert!(now.json["now"].as_str().unwrap().starts_with("2031-02-04T03:05:"), "{}", now.text);
    for bad in [
        json!({"advance_seconds": -1}),
        json!({"advance_seconds": 1e18}),
        json!({"set": "tomorrow"}),
        json!({"advance_seconds": 1, "set": "2031-02-03T04:05:06Z"}),
        json!({}),
    ] {
        let response = harness.send("POST", "/_emulator/clock", &bad).await;
        assert_eq!(response.status, 400, "{bad}: {}", response.text);
    }
    harness.call("POST", "/_emulator/reset").await;
    let real = DateTime::<Utc>::from(SystemTime::now());
    assert!(DateTime::<Utc>::from(harness.emulator.now()) - real < chrono::TimeDelta::days(1));
}

#[tokio::test]
async fn rejected_seed_changes_nothing() {
    let harness = Harness::start().await;
    let good = json!({"display_name": "Acme", "external_id": "one"});
    for seed in [
        json!({"organizations": [good, {"display_name": "Twice", "external_id": "one"}]}),
        json!({"organizations": [{"id": "org_1", "display_name": "A"}, {"id": "org_1", "display_name": "B"}]}),
        json!({"organizations": [good], "connections": [{"organization_id": "org_9"}]}),
        json!({"organizations": [good], "connections": [{}]}),
        json!({"organizations": [good], "color": "red", "auto_connection": false}),
        json!({"organizations": [{"display_name": "Acme", "color": "red"}]}),
        json!({"organizations": [good], "auto_connection": false, "connections": [{}]}),
    ] {
        let response = harness.send("POST", "/_emulator/seed", &seed).await;
        assert_eq!(response.status, 400, "{seed}");
        assert!(response.json["error"].as_str().unwrap().starts_with("seed: "), "{}", response.text);
    }
    assert_eq!(harness.call("GET", PATH).await.json["total_size"], 0);
    harness.organization("With automatic connection").await;
    let connections = harness.call("GET", "/api/v1/connections?include=all").await.json;
    assert_eq!(connections["connections"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn seeded_organization_equals_created_organization() {
    let harness = Harness::start().await;
    let seed =
        json!({"organizations": [{"display_name": "Acme", "slug": "acme", "features": {"sso": true}}]});
    let created = harness.send("POST", "/_emulator/seed", &seed).await.json;
    let id = created["organizations"][0]["id"].as_str().unwrap();
    let got = harness.call("GET", &format!("{PATH}/{id}")).await.json;
    assert_eq!(got["organization"], created["organizations"][0]);
    assert_eq!(got["organization"]["settings"], json!({"features": [{"name": "sso", "enabled": true}]}));
    assert_eq!(created["connections"][0]["organization_id"], id, "it has the automatic connection");
}

#[tokio::test]
async fn reset_restores_initial_state_but_keeps_tokens_valid() {
    let harness = Harness::start().await;
    let old = harness.organization("Acme").await;
    harness.send("POST", "/_emulator/seed", &json!({"token_lifetime_seconds": 60})).await;
    harness.fault(json!({"operation": "*", "kind": "status", "status": 500})).await;
    harness.call("POST", "/_emulator/reset").await;
    assert!(harness.emulator.faults().is_empty());
    assert!(harness.emulator.requests().is_empty());
    assert_eq!(
        harness.call("GET", PATH).await.json["total_size"],
        0,
        "no organizations remain, and the token is still valid"
    );
    assert_ne!(harness.organization("Acme").await, old, "IDs are not reused");
    assert_eq!(harness.token_request(&harness.credentials()).await.json["expires_in"], 86399);
}

#[tokio::test]
async fn unknown_and_invalid_commands_are_rejected() {
    let harness = Harness::start().await;
    for (method, path, status) in [
        ("POST", "/_emulator/nonsense", 404),
        ("GET", "/_emulator/reset", 404),
        ("POST", "/_emulator/reset?hard=true", 400),
        ("POST", "/_emulator/rotate-keys?drop_old=yes", 400),
        ("GET", "/_emulator/requests?op=x", 400),
        ("GET", "/_emulator/requests?operation=organizations.lst", 400),
        ("POST", "/_emulator/seed", 400),
        ("GET", "/_emulator/outbox", 200),
    ] {
        let response = harness.call(method, path).await;
        assert_eq!(response.status, status, "{method} {path}");
        assert_eq!(response.header("x-trace-id").len(), 32);
    }
    let unknown = json!({"operation": "organizations.lst", "kind": "drop_before"});
    assert_eq!(harness.send("POST", "/_emulator/fault", &unknown).await.status, 400);
    let unknown = json!({"operation": "organizations.lst", "count": 1});
    assert_eq!(harness.send("POST", "/_emulator/wait", &unknown).await.status, 400);
}
