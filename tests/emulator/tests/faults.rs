//! The effect of each kind of fault.

use serde_json::{Value, json};

use crate::support::{Harness, RawConnection, content_length};

const PATH: &str = "/api/v1/organizations";
const LIST: &str = "organizations.list";

fn states(harness: &Harness, operation: &str) -> Vec<Value> {
    harness.emulator.requests_of(operation).iter().map(|request| json!(request.state)).collect()
}

#[tokio::test]
async fn status_fault_returns_service_error_for_count_requests() {
    let harness = Harness::start().await;
    harness
        .fault(json!({"operation": LIST, "kind": "status", "status": 429, "message": "slow down",
            "headers": {"retry-after": "7"}, "count": 2, "after": 1}))
        .await;
    let mut got = Vec::new();
    for _ in 0..4 {
        let response = harness.call("GET", PATH).await;
        if response.status == 429 {
            assert_eq!(response.error_code(), "RATE_LIMITED");
            assert_eq!((&response.json["code"], &response.json["message"]), (&json!(8), &json!("slow down")));
            assert_eq!(response.header("retry-after"), "7");
        }
        got.push(response.status);
    }
    assert_eq!(got, [200, 429, 429, 200]);
    assert_eq!(states(&harness, LIST), ["completed"; 4]);
}

#[tokio::test]
async fn status_fault_accepts_error_code_or_body() {
    let harness = Harness::start().await;
    harness
        .fault(json!({"operation": "*", "kind": "status", "status": 401, "error_code": "TOOL_ERROR"}))
        .await;
    assert_eq!(harness.call("GET", PATH).await.error_code(), "TOOL_ERROR");
    harness
        .fault(json!({"operation": "*", "kind": "status", "status": 502, "body": "<html>bad</html>"}))
        .await;
    let text = harness.call("GET", PATH).await;
    assert_eq!((text.status, text.text.as_str()), (502, "<html>bad</html>"));
    assert_eq!(text.header("x-trace-id").len(), 32);
    harness.fault(json!({"operation": "*", "kind": "status", "status": 400, "body": {"error": "x"}})).await;
    assert_eq!(harness.call("GET", PATH).await.json, json!({"error": "x"}));
    harness.fault(json!({"operation": "*", "kind": "status", "status": 503, "body": ""})).await;
    assert_eq!(harness.call("GET", PATH).await.text, "");
}

#[tokio::test]
async fn oauth_token_and_keys_endpoints_accept_faults() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": "oauth.token", "kind": "status", "status": 503})).await;
    harness.fault(json!({"operation": "oauth.keys", "kind": "malformed"})).await;
    assert_eq!(harness.token_request(&harness.credentials()).await.status, 503);
    assert_eq!(harness.token_request(&harness.credentials()).await.status, 200);
    assert_eq!(harness.call("GET", "/keys").await.json, Value::Null);
    assert_ne!(harness.call("GET", "/keys").await.json, Value::Null);
}

#[tokio::test]
async fn short_delay_fault_does_not_change_the_response() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": LIST, "kind": "delay", "ms": 1})).await;
    assert_eq!(harness.call("GET", PATH).await.status, 200);
    assert!(harness.emulator.faults().is_empty());
}

#[tokio::test]
async fn client_disconnect_is_recorded_as_aborted() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": LIST, "kind": "delay", "forever": true})).await;
    let mut connection = RawConnection::open(&harness).await;
    connection.get(&harness, PATH).await;
    harness.wait(LIST, 1, 0).await;
    assert_eq!(states(&harness, LIST), ["pending"]);
    drop(connection);
    let wait = json!({"operation": LIST, "aborted": 1});
    let response = harness.send("POST", "/_emulator/wait", &wait).await;
    assert_eq!((response.status, response.json), (200, json!({"count": 1, "aborted": 1})));
    assert_eq!(states(&harness, LIST), ["aborted"]);
}

#[tokio::test]
async fn reset_closes_connections_held_by_a_delay_fault() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": "organizations.create", "kind": "delay", "forever": true})).await;
    let body = json!({"display_name": "Acme"});
    let held = harness.request("POST", PATH).json(&body).send();
    let reset = async {
        harness.wait("organizations.create", 1, 0).await;
        harness.call("POST", "/_emulator/reset").await;
    };
    let (response, ()) = tokio::join!(held, reset);
    assert!(!response.unwrap_err().is_timeout(), "the connection is closed");
    assert_eq!(harness.call("GET", PATH).await.json["total_size"], 0, "no organization was created");
}

#[tokio::test]
async fn drop_before_skips_the_handler_and_drop_after_runs_it() {
    let harness = Harness::start().await;
    let body = json!({"display_name": "Acme"});
    for (kind, created) in [("drop_before", 0), ("drop_after", 1)] {
        harness.fault(json!({"operation": "organizations.create", "kind": kind})).await;
        assert!(harness.request("POST", PATH).json(&body).send().await.is_err(), "{kind}");
        assert_eq!(harness.call("GET", PATH).await.json["total_size"], created, "{kind}");
    }
    assert_eq!(states(&harness, "organizations.create"), ["dropped", "dropped"]);
}

#[tokio::test]
async fn request_log_records_status_and_whether_handled() {
    let harness = Harness::start().await;
    let create = json!({"display_name": "Acme"});
    for kind in [
        json!({"kind": "drop_before"}),
        json!({"kind": "drop_after"}),
        json!({"kind": "status", "status": 503}),
    ] {
        let mut fault = kind;
        fault["operation"] = json!("organizations.create");
        harness.fault(fault).await;
        let _ = harness.request("POST", PATH).json(&create).send().await;
    }
    let _ = harness.request("POST", PATH).json(&json!({"display_name": ""})).send().await;
    let requests = harness.emulator.requests_of("organizations.create");
    let logged: Vec<_> = requests.iter().map(|request| (request.status, request.handled)).collect();
    assert_eq!(logged, [(None, false), (Some(201), true), (Some(503), false), (Some(400), true)]);
}

#[tokio::test]
async fn truncate_fault_sends_half_of_the_content_length() {
    let harness = Harness::start().await;
    let whole = harness.call("GET", PATH).await.text;
    harness.fault(json!({"operation": LIST, "kind": "truncate"})).await;
    let mut connection = RawConnection::open(&harness).await;
    connection.get(&harness, PATH).await;
    let head = connection.read_head().await;
    assert!(head.starts_with("http/1.1 200"));
    assert_eq!(content_length(&head), whole.len());
    assert_eq!(String::from_utf8(connection.read_to_end().await).unwrap(), whole[..whole.len() / 2]);
    assert_eq!(states(&harness, LIST), ["completed", "dropped"]);
}

#[tokio::test]
async fn malformed_fault_returns_200_with_invalid_json() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": LIST, "kind": "malformed"})).await;
    let response = harness.call("GET", PATH).await;
    assert_eq!((response.status, response.header("content-type")), (200, "application/json"));
    assert!(serde_json::from_str::<Value>(&response.text).is_err(), "{}", response.text);
}

#[tokio::test]
async fn slow_body_fault_delays_chunks_but_sends_the_whole_body() {
    let harness = Harness::start().await;
    let whole = harness.call("GET", PATH).await.text;
    harness.fault(json!({"operation": LIST, "kind": "slow_body", "chunk_ms": 1})).await;
    assert_eq!(harness.call("GET", PATH).await.text, whole);

    harness.fault(json!({"operation": LIST, "kind": "slow_body", "chunk_ms": 3_600_000})).await;
    let mut connection = RawConnection::open(&harness).await;
    connection.get(&harness, PATH).await;
    assert_eq!(
        content_length(&connection.read_head().await),
        whole.len(),
        "the headers arrive before the body"
    );
    drop(connection);
    harness.wait(LIST, 3, 1).await;
}

#[tokio::test]
async fn answer_fault_replaces_body_and_merge_fault_patches_it() {
    let harness = Harness::start().await;
    let path = format!("{PATH}/{}", harness.organization("Acme").await);
    let real = harness.call("GET", &path).await.json;
    let body = json!({"organization": {"region_code": "MARS"}});
    harness.fault(json!({"operation": "organizations.get", "kind": "answer", "body": body})).await;
    assert_eq!(harness.call("GET", &format!("{PATH}/org_9")).await.json, body);

    let patch = json!({"organization": {"region_code": "MARS", "slug": null, "extra": {"a": [1]}}});
    harness.fault(json!({"operation": "organizations.get", "kind": "merge", "patch": patch})).await;
    let merged = harness.call("GET", &path).await.json;
    let mut expected = real.clone();
    for (name, value) in patch["organization"].as_object().unwrap() {
        expected["organization"][name] = value.clone();
    }
    assert_eq!(merged, expected);
    assert_eq!(harness.call("GET", &path).await.json, real, "the stored organization is unchanged");
}

#[tokio::test]
async fn redirect_fault_sets_location_and_status() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": LIST, "kind": "redirect", "location": "http://x.example/"})).await;
    let response = harness.call("GET", PATH).await;
    assert_eq!((response.status, response.header("location")), (302, "http://x.example/"));
    harness.fault(json!({"operation": LIST, "kind": "redirect", "location": "/y", "status": 307})).await;
    assert_eq!(harness.call("GET", PATH).await.status, 307);
}

#[tokio::test]
async fn close_idle_fault_closes_connection_after_response() {
    let harness = Harness::start().await;
    let mut connection = RawConnection::open(&harness).await;
    connection.get(&harness, PATH).await;
    connection.read_response().await;
    // The connection serves a second request, so only the fault closes it.
    harness.fault(json!({"operation": LIST, "kind": "close_idle"})).await;
    connection.get(&harness, PATH).await;
    let (head, body) = connection.read_response().await;
    assert!(head.starts_with("http/1.1 200") && !head.contains("connection:"), "{head}");
    assert!(serde_json::from_slice::<Value>(&body).is_ok());
    assert!(connection.read_to_end().await.is_empty());
    assert_eq!(states(&harness, LIST), ["completed", "completed"]);
}

#[tokio::test]
async fn faults_can_be_listed_and_cleared() {
    let harness = Harness::start().await;
    let fault =
        json!({"operation": LIST, "kind": "delay", "ms": 5, "forever": false, "count": 3, "after": 2});
    harness.fault(fault.clone()).await;
    assert_eq!(harness.call("GET", "/_emulator/faults").await.json, json!({"faults": [fault]}));
    harness.call("GET", PATH).await;
    assert_eq!(harness.call("GET", "/_emulator/faults").await.json["faults"][0]["after"], 1);
    harness.call("DELETE", "/_emulator/faults").await;
    assert_eq!(harness.call("GET", "/_emulator/faults").await.json, json!({"faults": []}));
}

#[tokio::test]
async fn faults_do_not_apply_to_control_plane_and_unknown_paths() {
    let harness = Harness::start().await;
    harness.fault(json!({"operation": "*", "kind": "status", "status": 500})).await;
    assert_eq!(harness.call("GET", "/_emulator/clock").await.status, 200);
    assert_eq!(harness.call("GET", "/nowhere").await.status, 404);
    assert_eq!(harness.call("GET", PATH).await.status, 500);
}
