//! Each kind of fault does what it says.

mod support;

use serde_json::{Value, json};
use support::{Bench, Raw, content_length};

const PATH: &str = "/api/v1/organizations";
const LIST: &str = "organizations.list";

fn state(bench: &Bench, operation: &str) -> Vec<Value> {
    bench.emulator.requests_of(operation).iter().map(|request| json!(request.state)).collect()
}

#[tokio::test]
async fn status_answers_in_the_service_shape_so_many_times() {
    let bench = Bench::start().await;
    bench
        .fault(json!({"operation": LIST, "kind": "status", "status": 429, "message": "slow down",
            "headers": {"retry-after": "7"}, "count": 2, "after": 1}))
        .await;
    let mut got = Vec::new();
    for _ in 0..4 {
        let answer = bench.call("GET", PATH).await;
        if answer.status == 429 {
            assert_eq!(answer.error_code(), "RATE_LIMITED");
            assert_eq!((&answer.json["code"], &answer.json["message"]), (&json!(8), &json!("slow down")));
            assert_eq!(answer.header("retry-after"), "7");
        }
        got.push(answer.status);
    }
    assert_eq!(got, [200, 429, 429, 200]);
    assert_eq!(state(&bench, LIST), ["completed"; 4]);
}

#[tokio::test]
async fn status_takes_an_error_code_or_a_whole_body() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": "*", "kind": "status", "status": 401, "error_code": "TOOL_ERROR"})).await;
    assert_eq!(bench.call("GET", PATH).await.error_code(), "TOOL_ERROR");
    bench.fault(json!({"operation": "*", "kind": "status", "status": 502, "body": "<html>bad</html>"})).await;
    let text = bench.call("GET", PATH).await;
    assert_eq!((text.status, text.text.as_str()), (502, "<html>bad</html>"));
    assert_eq!(text.header("x-trace-id").len(), 32);
    bench.fault(json!({"operation": "*", "kind": "status", "status": 400, "body": {"error": "x"}})).await;
    assert_eq!(bench.call("GET", PATH).await.json, json!({"error": "x"}));
    bench.fault(json!({"operation": "*", "kind": "status", "status": 503, "body": ""})).await;
    assert_eq!(bench.call("GET", PATH).await.text, "");
}

#[tokio::test]
async fn the_token_endpoint_and_the_keys_can_fail_too() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": "oauth.token", "kind": "status", "status": 503})).await;
    bench.fault(json!({"operation": "oauth.keys", "kind": "malformed"})).await;
    assert_eq!(bench.token_request(&bench.credentials()).await.status, 503);
    assert_eq!(bench.token_request(&bench.credentials()).await.status, 200);
    assert_eq!(bench.call("GET", "/keys").await.json, Value::Null);
    assert_ne!(bench.call("GET", "/keys").await.json, Value::Null);
}

#[tokio::test]
async fn a_short_delay_changes_nothing_but_the_time() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": LIST, "kind": "delay", "ms": 1})).await;
    assert_eq!(bench.call("GET", PATH).await.status, 200);
    assert!(bench.emulator.faults().is_empty());
}

#[tokio::test]
async fn a_client_that_gives_up_is_seen() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": LIST, "kind": "delay", "forever": true})).await;
    let mut connection = Raw::open(&bench).await;
    connection.get(&bench, PATH).await;
    bench.wait(LIST, 1, 0).await;
    assert_eq!(state(&bench, LIST), ["pending"]);
    drop(connection);
    let wait = json!({"operation": LIST, "aborted": 1});
    let answer = bench.send("POST", "/_emulator/wait", &wait).await;
    assert_eq!((answer.status, answer.json), (200, json!({"count": 1, "aborted": 1})));
    assert_eq!(state(&bench, LIST), ["aborted"]);
}

#[tokio::test]
async fn a_reset_releases_what_is_held() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": "organizations.create", "kind": "delay", "forever": true})).await;
    let body = json!({"display_name": "Acme"});
    let held = bench.request("POST", PATH).json(&body).send();
    let reset = async {
        bench.wait("organizations.create", 1, 0).await;
        bench.call("POST", "/_emulator/reset").await;
    };
    let (answer, ()) = tokio::join!(held, reset);
    assert!(!answer.unwrap_err().is_timeout(), "the connection must be closed");
    assert_eq!(bench.call("GET", PATH).await.json["total_size"], 0, "and nothing may be created");
}

#[tokio::test]
async fn a_dropped_request_was_handled_or_not() {
    let bench = Bench::start().await;
    let body = json!({"display_name": "Acme"});
    for (kind, created) in [("drop_before", 0), ("drop_after", 1)] {
        bench.fault(json!({"operation": "organizations.create", "kind": kind})).await;
        assert!(bench.request("POST", PATH).json(&body).send().await.is_err(), "{kind}");
        assert_eq!(bench.call("GET", PATH).await.json["total_size"], created, "{kind}");
    }
    assert_eq!(state(&bench, "organizations.create"), ["dropped", "dropped"]);
}

#[tokio::test]
async fn the_log_tells_who_answered_and_what() {
    let bench = Bench::start().await;
    let create = json!({"display_name": "Acme"});
    for kind in [
        json!({"kind": "drop_before"}),
        json!({"kind": "drop_after"}),
        json!({"kind": "status", "status": 503}),
    ] {
        let mut fault = kind;
        fault["operation"] = json!("organizations.create");
        bench.fault(fault).await;
        let _ = bench.request("POST", PATH).json(&create).send().await;
    }
    let _ = bench.request("POST", PATH).json(&json!({"display_name": ""})).send().await;
    let requests = bench.emulator.requests_of("organizations.create");
    let told: Vec<_> = requests.iter().map(|request| (request.status, request.handled)).collect();
    assert_eq!(told, [(None, false), (Some(201), true), (Some(503), false), (Some(400), true)]);
}

#[tokio::test]
async fn truncate_sends_half_of_what_it_promises() {
    let bench = Bench::start().await;
    let whole = bench.call("GET", PATH).await.text;
    bench.fault(json!({"operation": LIST, "kind": "truncate"})).await;
    let mut connection = Raw::open(&bench).await;
    connection.get(&bench, PATH).await;
    let head = connection.head().await;
    assert!(head.starts_with("http/1.1 200"));
    assert_eq!(content_length(&head), whole.len());
    assert_eq!(String::from_utf8(connection.rest().await).unwrap(), whole[..whole.len() / 2]);
    assert_eq!(state(&bench, LIST), ["completed", "dropped"]);
}

#[tokio::test]
async fn malformed_is_a_success_without_json() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": LIST, "kind": "malformed"})).await;
    let answer = bench.call("GET", PATH).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert!(serde_json::from_str::<Value>(&answer.text).is_err(), "{}", answer.text);
}

#[tokio::test]
async fn a_slow_body_arrives_in_pieces_and_whole() {
    let bench = Bench::start().await;
    let whole = bench.call("GET", PATH).await.text;
    bench.fault(json!({"operation": LIST, "kind": "slow_body", "chunk_ms": 1})).await;
    assert_eq!(bench.call("GET", PATH).await.text, whole);

    bench.fault(json!({"operation": LIST, "kind": "slow_body", "chunk_ms": 3_600_000})).await;
    let mut connection = Raw::open(&bench).await;
    connection.get(&bench, PATH).await;
    assert_eq!(content_length(&connection.head().await), whole.len(), "the head does not wait for the body");
    drop(connection);
    bench.wait(LIST, 3, 1).await;
}

#[tokio::test]
async fn answer_replaces_and_merge_adds() {
    let bench = Bench::start().await;
    let path = format!("{PATH}/{}", bench.organization("Acme").await);
    let real = bench.call("GET", &path).await.json;
    let body = json!({"organization": {"region_code": "MARS"}});
    bench.fault(json!({"operation": "organizations.get", "kind": "answer", "body": body})).await;
    assert_eq!(bench.call("GET", &format!("{PATH}/org_9")).await.json, body);

    let patch = json!({"organization": {"region_code": "MARS", "slug": null, "extra": {"a": [1]}}});
    bench.fault(json!({"operation": "organizations.get", "kind": "merge", "patch": patch})).await;
    let merged = bench.call("GET", &path).await.json;
    let mut expected = real.clone();
    for (name, value) in patch["organization"].as_object().unwrap() {
        expected["organization"][name] = value.clone();
    }
    assert_eq!(merged, expected);
    assert_eq!(bench.call("GET", &path).await.json, real, "the store is as before");
}

#[tokio::test]
async fn redirect_points_elsewhere() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": LIST, "kind": "redirect", "location": "http://x.example/"})).await;
    let answer = bench.call("GET", PATH).await;
    assert_eq!((answer.status, answer.header("location")), (302, "http://x.example/"));
    bench.fault(json!({"operation": LIST, "kind": "redirect", "location": "/y", "status": 307})).await;
    assert_eq!(bench.call("GET", PATH).await.status, 307);
}

#[tokio::test]
async fn close_idle_closes_without_a_word() {
    let bench = Bench::start().await;
    let mut connection = Raw::open(&bench).await;
    connection.get(&bench, PATH).await;
    connection.answer().await;
    // The same connection serves a second request, so it is the fault that closes it.
    bench.fault(json!({"operation": LIST, "kind": "close_idle"})).await;
    connection.get(&bench, PATH).await;
    let (head, body) = connection.answer().await;
    assert!(head.starts_with("http/1.1 200") && !head.contains("connection:"), "{head}");
    assert!(serde_json::from_slice::<Value>(&body).is_ok());
    assert!(connection.rest().await.is_empty());
    assert_eq!(state(&bench, LIST), ["completed", "completed"]);
}

#[tokio::test]
async fn faults_can_be_listed_and_taken_back() {
    let bench = Bench::start().await;
    let fault =
        json!({"operation": LIST, "kind": "delay", "ms": 5, "forever": false, "count": 3, "after": 2});
    bench.fault(fault.clone()).await;
    assert_eq!(bench.call("GET", "/_emulator/faults").await.json, json!({"faults": [fault]}));
    bench.call("GET", PATH).await;
    assert_eq!(bench.call("GET", "/_emulator/faults").await.json["faults"][0]["after"], 1);
    bench.call("DELETE", "/_emulator/faults").await;
    assert_eq!(bench.call("GET", "/_emulator/faults").await.json, json!({"faults": []}));
}

#[tokio::test]
async fn the_control_plane_and_unknown_paths_meet_no_faults() {
    let bench = Bench::start().await;
    bench.fault(json!({"operation": "*", "kind": "status", "status": 500})).await;
    assert_eq!(bench.call("GET", "/_emulator/clock").await.status, 200);
    assert_eq!(bench.call("GET", "/nowhere").await.status, 404);
    assert_eq!(bench.call("GET", PATH).await.status, 500);
}
