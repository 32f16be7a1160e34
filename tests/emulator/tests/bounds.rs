//! Bounds on time and memory.

use std::time::{Duration, Instant};

use scalekit_emulator::Settings;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Harness, LIMIT};

const KIB: usize = 1024;
const ORGANIZATIONS: &str = "/api/v1/organizations";

async fn send_text(harness: &Harness, text: String) {
    let request = harness.request("POST", ORGANIZATIONS).header("content-type", "text/plain").body(text);
    assert_eq!(request.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn long_body_is_cut_in_the_request_log() {
    let harness = Harness::start().await;
    send_text(&harness, "ü".repeat(100 * KIB)).await;
    let body = json!({"display_name": "Acme", "client_secret": "hidden", "note": "x".repeat(64 * KIB)});
    harness.send("POST", ORGANIZATIONS, &body).await;
    harness.send("POST", ORGANIZATIONS, &json!({"display_name": "Acme"})).await;
    let log = harness.call("GET", "/_emulator/requests").await.json;
    let [text, long, short] = [0, 1, 2].map(|index| log["requests"][index].clone());
    assert_eq!((text["body"].as_str().unwrap().len(), &text["body_bytes"]), (64 * KIB, &json!(200 * KIB)));
    let sent = body.to_string().len();
    assert_eq!((long["body"].as_str().unwrap().len(), &long["body_bytes"]), (64 * KIB, &json!(sent)));
    assert!(!long["body"].as_str().unwrap().contains("hidden"), "a cut body is redacted, too");
    assert_eq!((&short["body"]["display_name"], &short["body_bytes"]), (&json!("Acme"), &json!(23)));
}

#[tokio::test]
async fn request_log_keeps_at_most_64_mib() {
    let harness = Harness::start().await;
    let filler = "x".repeat(300 * KIB);
    let send = async || {
        let request = harness.request("GET", ORGANIZATIONS).header("x-filler", &filler);
        assert_eq!(request.send().await.unwrap().status(), 200);
    };
    for _ in 0..250 {
        send().await;
    }
    let log = harness.emulator.requests();
    let size: usize = log.iter().map(|request| request.headers["x-filler"].len()).sum();
    assert!((60 * KIB * KIB..=64 * KIB * KIB).contains(&size), "{size} bytes in {} requests", log.len());
    assert_eq!((log[log.len() - 1].sequence, log.len() < 230), (251, true), "the latest are kept");
    harness.emulator.clear_requests();
    send().await;
    assert_eq!(harness.emulator.requests().len(), 1);
}

/// Writes the start of a request and returns everything that the server sends until it closes the connection.
async fn unfinished(harness: &Harness, start: &str) -> (String, Duration) {
    let begin = Instant::now();
    let mut stream = TcpStream::connect(harness.emulator.addr()).await.unwrap();
    stream.write_all(start.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(LIMIT, stream.read_to_end(&mut bytes)).await;
    read.expect("the server closes the connection").unwrap();
    (String::from_utf8(bytes).unwrap(), begin.elapsed())
}

#[tokio::test]
async fn head_or_body_that_does_not_arrive_times_out() {
    let read_timeout = Duration::from_millis(300);
    let harness = Harness::start_with(Settings { read_timeout, ..Settings::default() }).await;
    for start in ["", "GET /keys HTTP/1.1\r\nhost: test\r\n"] {
        let (response, elapsed) = unfinished(&harness, start).await;
        assert_eq!(response, "", "{start}");
        assert!(elapsed >= read_timeout, "{elapsed:?}");
    }
    let start = "POST /oauth/token HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\ngrant_type=";
    let (response, elapsed) = unfinished(&harness, start).await;
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
    assert!(response.to_ascii_lowercase().contains("connection: close"), "{response}");
    assert!(elapsed >= read_timeout, "{elapsed:?}");
}

#[tokio::test]
async fn ended_sessions_are_removed_except_the_latest() {
    let harness = Harness::start_without_auto_connection().await;
    let organization = harness.organization("Acme").await;
    let path = format!("{ORGANIZATIONS}/{organization}/users?send_invitation_email=false");
    let user =
        harness.send("POST", &path, &json!({"email": "ada@example.com"})).await.json["user"]["id"].clone();
    let ended: Vec<_> = (0..1200)
        .map(|number| json!({"session_id": format!("ses_{number}"), "user_id": user, "status": "logout"}))
        .collect();
    harness.emulator.seed(json!({"sessions": ended})).unwrap();
    let cookie = harness.authorize(&[], None).await.cookie();
    let logout = harness.http.get(harness.url("/oidc/logout")).header("cookie", cookie);
    assert_eq!(logout.send().await.unwrap().status(), 200);
    let cookie = harness.authorize(&[], None).await.cookie();
    harness.emulator.advance_clock(Duration::from_secs(1)).unwrap();
    let list = format!("/api/v1/users/{}/sessions", user.as_str().unwrap());
    let sessions = harness.call("GET", &list).await.json;
    assert_eq!(sessions["total_size"], 1001, "1000 ended sessions and the active one");
    let silent = harness.authorize(&[("prompt", "none")], Some(&cookie)).await;
    assert!(silent.callback("code").is_some(), "the active session is kept: {silent:?}");
}
