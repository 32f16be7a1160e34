//! Sessions, passkeys and authentication logs.

use serde_json::{Value, json};

use crate::support::Harness;

async fn seed(harness: &Harness, seed: Value) -> Value {
    let response = harness.send("POST", "/_emulator/seed", &seed).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json
}

async fn sessions(harness: &Harness, query: &str) -> Vec<String> {
    let response = harness.call("GET", &format!("/api/v1/users/usr_1/sessions{query}")).await;
    assert_eq!(response.status, 200, "{}", response.text);
    let sessions = response.json["sessions"].as_array().unwrap().clone();
    sessions.iter().map(|session| session["session_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn session_expires_by_clock() {
    let harness = Harness::start().await;
    let created = seed(
        &harness,
        json!({"sessions": [
        {"session_id": "ses_1", "user_id": "usr_1", "created_at": "2997-12-20T00:00:00Z",
            "idle_expires_at": "2998-01-01T00:00:00Z"},
        {"session_id": "ses_2", "user_id": "usr_1", "created_at": "2997-12-31T00:00:00Z"}]}),
    )
    .await;
    assert_eq!(created["sessions"][0]["status"], "active");
    assert_eq!(sessions(&harness, "?filter.status=ACTIVE").await, ["ses_1", "ses_2"]);
    harness.send("POST", "/_emulator/clock", &json!({"set": "2998-01-01T00:00:01Z"})).await;
    let harness = Harness { token: harness.new_token().await, ..harness };
    assert_eq!(sessions(&harness, "?filter.status=active").await, ["ses_2"]);
    let expired = harness.call("GET", "/api/v1/sessions/ses_1").await.json;
    assert_eq!(
        (&expired["status"], &expired["expired_at"]),
        (&json!("expired"), &json!("2998-01-01T00:00:00.000000000Z"))
    );
    let revoked = harness.call("POST", "/api/v1/users/usr_1/sessions/revoke").await.json;
    assert_eq!(
        (&revoked["total_revoked"], &revoked["revoked_sessions"][0]["session_id"]),
        (&json!(1), &json!("ses_2"))
    );
    assert!(revoked["revoked_sessions"][0].get("device").is_none());
}

#[tokio::test]
async fn session_list_is_filtered_and_paged() {
    let harness = Harness::start().await;
    let session = |n: u32, status: &str| json!({"session_id": format!("ses_{n}"), "user_id": "usr_1", "status": status, "created_at": format!("2990-01-0{n}T00:00:00Z")});
    seed(&harness, json!({"sessions": [session(1, "ACTIVE"), session(2, "logout"), session(3, "active"), session(4, "revoked")]})).await;
    for (query, expected) in [
        ("", vec!["ses_1", "ses_2", "ses_3", "ses_4"]),
        ("?filter.status=active", vec!["ses_1", "ses_3"]),
        ("?filter.status=logout&filter.status=revoked", vec!["ses_2", "ses_4"]),
        (
            "?filter.start_time=2990-01-02T00%3A00%3A00Z&filter.end_time=2990-01-03T00%3A00%3A00Z",
            vec!["ses_2", "ses_3"],
        ),
        ("?filter.status=unheard", vec![]),
    ] {
        assert_eq!(sessions(&harness, query).await, expected, "{query}");
    }
    let first = harness.call("GET", "/api/v1/users/usr_1/sessions?page_size=3").await.json;
    let token = first["next_page_token"].as_str().unwrap();
    assert_eq!(sessions(&harness, &format!("?page_size=3&page_token={token}")).await, ["ses_4"]);
    let other = harness
        .call("GET", &format!("/api/v1/users/usr_1/sessions?filter.status=active&page_token={token}"))
        .await;
    assert_eq!(other.violations(), [("page_token", "page_token")], "a page token is bound to its filters");
    let bad = harness.call("GET", "/api/v1/users/usr_1/sessions?filter.start_time=noon").await;
    assert_eq!(bad.violations(), [("filter.start_time", "string.pattern")]);
}

#[tokio::test]
async fn auth_log_pages_list_latest_first() {
    let harness = Harness::start().await;
    let log = |n: u32, day: u32| json!({"auth_request_id": format!("ar_{n}"), "timestamp": format!("2026-01-0{day}T00:00:00Z")});
    seed(&harness, json!({"auth_logs": [log(1, 2), log(2, 1), log(3, 3)]})).await;
    seed(&harness, json!({"auth_logs": [log(4, 2), log(5, 9)]})).await;
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let path = format!("/api/v1/logs/authentication/requests?page_size=2&page_token={token}");
        let page = harness.call("GET", &path).await.json;
        seen.extend(
            page["authRequests"].as_array().unwrap().iter().map(|log| log["auth_request_id"].to_string()),
        );
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, ["ar_5", "ar_3", "ar_4", "ar_1", "ar_2"].map(|id| format!("\"{id}\"")));
}

#[tokio::test]
async fn session_passkey_and_log_seeds_are_validated_and_cleared_by_reset() {
    let harness = Harness::start().await;
    for (part, why) in [
        (json!({"sessions": [{}]}), "sessions[0].user_id: is required"),
        (json!({"passkeys": [{"id": "cred_1"}]}), "passkeys[0].user_id: is required"),
        (json!({"passkeys": [{"user_id": "usr_1", "owner": 1}]}), "unknown field"),
        (
            json!({"auth_logs": [{"auth_request_id": "ar_1"}, {"auth_request_id": "ar_1"}]}),
            "ar_1 exists already",
        ),
    ] {
        let response = harness.send("POST", "/_emulator/seed", &part).await;
        assert!(response.status == 400 && response.text.contains(why), "{}", response.text);
    }
    let all =
        json!({"sessions": [{"user_id": "usr_1"}], "passkeys": [{"user_id": "usr_1"}], "auth_logs": [{}]});
    let created = seed(&harness, all).await;
    assert!(created["sessions"][0]["session_id"].as_str().unwrap().starts_with("ses_"));
    assert!(created["passkeys"][0]["id"].as_str().unwrap().starts_with("cred_"));
    assert_eq!(created["auth_logs"][0]["status"], "SUCCESS");
    harness.call("POST", "/_emulator/reset").await;
    assert!(sessions(&harness, "").await.is_empty());
    assert_eq!(harness.call("GET", "/api/v1/webauthn/credentials").await.json["credentials"], json!([]));
    assert_eq!(harness.call("GET", "/api/v1/logs/authentication/requests").await.json["total_size"], 0);
}
