//! The control plane: the log, waiting, the clock, seeds and resets.

mod support;

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde_json::json;
use support::{Answer, Bench};

const PATH: &str = "/api/v1/organizations";

#[tokio::test]
async fn the_log_shows_what_arrived() {
    let bench = Bench::start().await;
    bench.send("POST", &format!("{PATH}?x=%20y"), &json!({"display_name": "Acme"})).await;
    bench.call("GET", "/api/v1/organizations:external/a%2Fb").await;
    bench.call("GET", "/nowhere").await;
    let log = bench.call("GET", "/_emulator/requests").await.json;
    let requests = log["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3, "the control plane is not logged: {requests:?}");

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

    let creates = bench.call("GET", "/_emulator/requests?operation=organizations.create").await.json;
    assert_eq!(creates["requests"], json!([create]));
    bench.call("DELETE", "/_emulator/requests").await;
    assert_eq!(bench.call("GET", "/_emulator/requests").await.json["requests"], json!([]));
}

#[tokio::test]
async fn the_log_holds_no_secrets() {
    let bench = Bench::start().await;
    let (token, secret) = (bench.new_token().await, bench.emulator.client_secret().to_owned());
    bench.call("GET", PATH).await;
    Answer::of(bench.http.get(bench.url(PATH)).bearer_auth(&token).send().await.unwrap()).await;
    let body = json!({"client_secret": "canary", "display_name": ["x", secret]});
    bench.send("POST", &format!("{PATH}?q={secret}"), &body).await;
    let text = bench.call("GET", "/_emulator/requests").await.text;
    for hidden in [&token, &bench.token, &secret, "canary"] {
        assert!(!text.contains(hidden), "{hidden} is in {text}");
    }

    let requests = bench.emulator.requests();
    let form = requests[0].body.as_str().unwrap();
    assert!(form.contains("grant_type=client_credentials") && form.contains("client_secret=[redacted]"));
    let fingerprints: Vec<_> =
        requests[1..].iter().map(|own| own.headers["authorization"].as_str()).collect();
    assert!(fingerprints[0].starts_with("Bearer sha256:"), "{fingerprints:?}");
    assert_ne!(fingerprints[0], fingerprints[1], "two tokens can be told apart");
    assert_eq!(fingerprints[0], fingerprints[2], "one token can be recognised");
    assert_eq!(requests[3].body, json!({"client_secret": "[redacted]", "display_name": ["x", "[redacted]"]}));
}

#[tokio::test]
async fn waiting_ends_when_the_requests_arrived() {
    let bench = Bench::start().await;
    let wait = json!({"operation": "organizations.list", "count": 2});
    let waiting = bench.send("POST", "/_emulator/wait", &wait);
    let calls = async {
        bench.call("GET", PATH).await;
        bench.call("GET", PATH).await;
    };
    let (answer, ()) = tokio::join!(waiting, calls);
    assert_eq!((answer.status, answer.json), (200, json!({"count": 2, "aborted": 0})));
}

#[tokio::test]
async fn waiting_ends_with_its_time() {
    let bench = Bench::start().await;
    bench.call("GET", PATH).await;
    let wait = json!({"operation": "organizations.list", "count": 2, "timeout_ms": 1});
    let answer = bench.send("POST", "/_emulator/wait", &wait).await;
    assert_eq!((answer.status, &answer.json["count"]), (504, &json!(1)));
}

#[tokio::test]
async fn the_clock_moves_and_runs_on() {
    let bench = Bench::start().await;
    let set = bench.send("POST", "/_emulator/clock", &json!({"set": "2031-02-03T04:05:06+01:00"})).await;
    assert!(set.json["now"].as_str().unwrap().starts_with("2031-02-03T03:05:"), "{}", set.text);
    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": 86400})).await;
    let now = bench.call("GET", "/_emulator/clock").await;
    assert!(now.json["now"].as_str().unwrap().starts_with("2031-02-04T03:05:"), "{}", now.text);
    for bad in [
        json!({"advance_seconds": -1}),
        json!({"advance_seconds": 1e18}),
        json!({"set": "tomorrow"}),
        json!({"advance_seconds": 1, "set": "2031-02-03T04:05:06Z"}),
        json!({}),
    ] {
        let answer = bench.send("POST", "/_emulator/clock", &bad).await;
        assert_eq!(answer.status, 400, "{bad}: {}", answer.text);
    }
    bench.call("POST", "/_emulator/reset").await;
    let real = DateTime::<Utc>::from(SystemTime::now());
    assert!(DateTime::<Utc>::from(bench.emulator.now()) - real < chrono::TimeDelta::days(1));
}

#[tokio::test]
async fn a_refused_seed_changes_nothing() {
    let bench = Bench::start().await;
    let good = json!({"display_name": "Acme", "external_id": "one"});
    for seed in [
        json!({"organizations": [good, {"display_name": "Twice", "external_id": "one"}]}),
        json!({"organizations": [{"id": "org_1", "display_name": "A"}, {"id": "org_1", "display_name": "B"}]}),
        json!({"organizations": [good], "connections": [{"organization_id": "org_9"}]}),
        json!({"organizations": [good], "connections": [{}]}),
        json!({"organizations": [good], "colour": "red", "auto_connection": false}),
        json!({"organizations": [{"display_name": "Acme", "colour": "red"}]}),
        json!({"organizations": [good], "auto_connection": false, "connections": [{}]}),
    ] {
        let answer = bench.send("POST", "/_emulator/seed", &seed).await;
        assert_eq!(answer.status, 400, "{seed}");
        assert!(answer.json["error"].as_str().unwrap().starts_with("seed: "), "{}", answer.text);
    }
    assert_eq!(bench.call("GET", PATH).await.json["total_size"], 0);
    bench.organization("Still with a connection").await;
    let connections = bench.call("GET", "/api/v1/connections?include=all").await.json;
    assert_eq!(connections["connections"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn seeded_organizations_are_like_created_ones() {
    let bench = Bench::start().await;
    let seed =
        json!({"organizations": [{"display_name": "Acme", "slug": "acme", "features": {"sso": true}}]});
    let made = bench.send("POST", "/_emulator/seed", &seed).await.json;
    let id = made["organizations"][0]["id"].as_str().unwrap();
    let got = bench.call("GET", &format!("{PATH}/{id}")).await.json;
    assert_eq!(got["organization"], made["organizations"][0]);
    assert_eq!(got["organization"]["settings"], json!({"features": [{"name": "sso", "enabled": true}]}));
    assert_eq!(made["connections"][0]["organization_id"], id, "it has the automatic connection");
}

#[tokio::test]
async fn a_reset_brings_back_the_start() {
    let bench = Bench::start().await;
    let old = bench.organization("Acme").await;
    bench.send("POST", "/_emulator/seed", &json!({"token_lifetime_seconds": 60})).await;
    bench.fault(json!({"operation": "*", "kind": "status", "status": 500})).await;
    bench.call("POST", "/_emulator/reset").await;
    assert!(bench.emulator.faults().is_empty());
    assert!(bench.emulator.requests().is_empty());
    assert_eq!(bench.call("GET", PATH).await.json["total_size"], 0, "and the token still counts");
    assert_ne!(bench.organization("Acme").await, old, "ids are not used twice");
    assert_eq!(bench.token_request(&bench.credentials()).await.json["expires_in"], 86399);
}

#[tokio::test]
async fn commands_that_do_not_exist_or_make_no_sense() {
    let bench = Bench::start().await;
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
        let answer = bench.call(method, path).await;
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("x-trace-id").len(), 32);
    }
    let unknown = json!({"operation": "organizations.lst", "kind": "drop_before"});
    assert_eq!(bench.send("POST", "/_emulator/fault", &unknown).await.status, 400);
    let unknown = json!({"operation": "organizations.lst", "count": 1});
    assert_eq!(bench.send("POST", "/_emulator/wait", &unknown).await.status, 400);
}
