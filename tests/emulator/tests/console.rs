//! The console: its page, its data, and its protection against other web sites.

use scalekit_emulator::Settings;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support;
use crate::support::receiver::Receiver;
use crate::support::{Harness, LIMIT};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// Sends a request with exactly these headers, and returns the status code and the whole response.
async fn raw(harness: &Harness, line: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = format!("{line} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    let mut stream = TcpStream::connect(harness.emulator.addr()).await.unwrap();
    stream.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
    let mut text = String::new();
    let read = tokio::time::timeout(LIMIT, stream.read_to_string(&mut text)).await;
    read.expect("the response is complete before the timeout").unwrap();
    (text.split(' ').nth(1).unwrap().parse().unwrap(), text)
}

async fn read(harness: &Harness, path: &str) -> Value {
    let response = harness.call("GET", &format!("/_emulator/console/{path}")).await;
    assert_eq!(response.status, 200, "{path}: {}", response.text);
    response.json
}

#[tokio::test]
async fn browser_gets_the_page_and_api_client_the_error_of_an_unknown_path() {
    let harness = Harness::start().await;
    let (status, page) = raw(&harness, "GET /", &[("host", "localhost"), BROWSER]).await;
    assert_eq!(status, 200);
    assert!(page.contains("<title>Scalekit emulator</title>"), "{page}");
    assert!(page.contains("script-src 'self'") && !page.contains("unsafe"), "{page}");
    assert!(harness.emulator.requests().is_empty(), "the page is no request to the service");
    for accept in ["", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0"] {
        let (status, text) = raw(&harness, "GET /", &[("host", "localhost"), ("accept", accept)]).await;
        assert!(status == 404 && text.contains("the emulator does not know GET /"), "{accept}: {text}");
    }
    for file in page.split('"').filter(|part| part.starts_with("/_emulator/")) {
        assert_eq!(harness.call("GET", file).await.status, 200, "{file}");
    }
    assert_eq!(harness.call("GET", "/_emulator/console/assets/../mod.rs").await.status, 404);
}

#[tokio::test]
async fn other_sites_can_neither_drive_nor_read_the_control_plane() {
    let harness = Harness::start().await;
    harness.organization("Acme").await;
    let (own, local) = (harness.emulator.addr().to_string(), ("host", "localhost:1"));
    let refused: &[&[(&str, &str)]] = &[
        &[("host", "evil.example")],
        &[("host", "localhost.evil.example")],
        &[("host", "192.0.2.1")],
        &[("host", "localhost"), ("origin", "http://evil.example")],
        &[("host", "evil.example"), ("origin", "http://evil.example")],
        &[local, ("origin", "null")],
        &[local, ("origin", "http://localhost:3000")],
        &[local, ("sec-fetch-site", "cross-site")],
        &[local, ("sec-fetch-site", "same-site")],
        &[
            local,
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ],
        &[local, ("origin", "http://localhost:1"), ("origin", "http://evil.example")],
    ];
    for headers in refused {
        for line in ["POST /_emulator/reset", "GET /_emulator/requests", "GET /_emulator/console/credentials"]
        {
            let (status, text) = raw(&harness, line, headers).await;
            assert!(
                status == 403 && !text.contains(harness.emulator.client_secret()),
                "{line} {headers:?}: {text}"
            );
        }
    }
    assert_eq!(raw(&harness, "GET /", &[("host", "evil.example"), BROWSER]).await.0, 403);
    assert_eq!(harness.emulator.requests().len(), 1, "no reset has happened");

    let origin = format!("http://{own}");
    let allowed: &[&[(&str, &str)]] = &[
        &[("host", &own)],
        &[("host", "app.localhost:7225")],
        &[("host", "[::1]:7225")],
        &[("host", &own), ("origin", &origin), ("sec-fetch-site", "same-origin")],
        &[("host", &own), ("sec-fetch-site", "none")],
    ];
    for headers in allowed {
        assert_eq!(raw(&harness, "GET /_emulator/clock", headers).await.0, 200, "{headers:?}");
    }
    let link = [
        local,
        BROWSER,
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    assert_eq!(raw(&harness, "GET /", &link).await.0, 200, "a link to the page is harmless");
}

#[tokio::test]
async fn host_of_the_environment_url_is_allowed() {
    let environment_url = Some("https://emulator.example:8443".to_owned());
    let emulator =
        scalekit_emulator::Emulator::start_with(Settings { environment_url, ..Settings::strict() });
    let harness = Harness { emulator: emulator.await.unwrap(), http: support::http(), token: String::new() };
    let proxied = [("host", "emulator.example"), ("origin", "https://emulator.example:8443")];
    assert_eq!(raw(&harness, "GET /_emulator/clock", &proxied).await.0, 200);
    assert_eq!(raw(&harness, "GET /_emulator/clock", &[("host", "other.example")]).await.0, 403);
}

#[tokio::test]
async fn list_of_many_users_is_read_in_pages_and_searched() {
    let harness = Harness::start().await;
    let users: Vec<_> = (0..10_000)
        .map(|n| json!({"id": format!("usr_{n}"), "email": format!("u{n}@acme.example")}))
        .collect();
    harness.emulator.seed(json!({"users": users})).unwrap();
    let page = read(&harness, "users?offset=50&limit=50").await;
    let rows = page["rows"].as_array().unwrap();
    assert_eq!((&page["total"], rows.len(), &rows[0]["id"]), (&json!(10_000), 50, &json!("usr_9949")));
    let found = read(&harness, "users?search=U77%40").await;
    assert_eq!((&found["total"], &found["rows"][0]["id"]), (&json!(1), &json!("usr_77")));
    let last = read(&harness, "users?offset=9999").await;
    assert_eq!(last["rows"].as_array().unwrap().len(), 1);
    for query in ["users?limit=-1", "users?page=2", "users?offset=x"] {
        assert_eq!(harness.call("GET", &format!("/_emulator/console/{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn requests_are_filtered_and_secrets_in_responses_masked_until_revealed() {
    let harness = Harness::start_lenient().await;
    harness.new_token().await;
    harness.call("GET", "/api/v1/organizations?unknown=1").await;
    harness.call("GET", "/api/v1/organizations/org_none").await;
    let sequences = async |query: &str| -> Vec<u64> {
        let page = read(&harness, &format!("requests?{query}")).await;
        page["rows"].as_array().unwrap().iter().map(|row| row["sequence"].as_u64().unwrap()).collect()
    };
    let all = sequences("").await;
    let [missing, list, token] = all[..] else { panic!("{all:?}") };
    assert_eq!(sequences("status=4").await, [missing]);
    assert_eq!(sequences("warnings=true").await, [list]);
    assert_eq!(sequences("search=oauth.token").await, [token]);
    assert_eq!(sequences("status=none").await, [0; 0]);

    let masked = read(&harness, &format!("requests/{token}")).await;
    assert_eq!(masked["response"]["access_token"], "••••••••");
    let revealed = read(&harness, &format!("requests/{token}?reveal=true")).await;
    assert!(revealed["response"]["access_token"].as_str().unwrap().starts_with("ey"));
    let error = read(&harness, &format!("requests/{missing}")).await;
    assert_eq!(error["response"]["message"], "organization not found");
    for kind in ["outbox", "deliveries", "sessions", "summary"] {
        assert!(read(&harness, kind).await.is_object(), "{kind}");
    }
    harness.emulator.clear_requests();
    assert_eq!(harness.call("GET", &format!("/_emulator/console/requests/{token}")).await.status, 404);
}

#[tokio::test]
async fn change_ends_the_wait_of_the_page() {
    let harness = Harness::start().await;
    let version = async |since: u64| {
        read(&harness, &format!("changes?since={since}")).await["version"].as_u64().unwrap()
    };
    let start = version(0).await;
    let (after, _) = tokio::join!(version(start), harness.organization("Acme"));
    assert!(after > start, "a request is a change");
    let start = version(0).await;
    let (after, response) = tokio::join!(version(start), harness.call("POST", "/_emulator/rotate-keys"));
    assert!(after > start && response.status == 200, "a command is a change");
}

#[tokio::test]
async fn finished_delivery_is_sent_again() {
    let harness = Harness::start().await;
    let receiver = Receiver::start().await;
    let endpoint = json!({"url": receiver.url, "retry_delays_seconds": []});
    harness.emulator.add_webhook_endpoint(endpoint).unwrap();
    harness.organization("Acme").await;
    let wanted = |attempts| scalekit_emulator::WebhookProgress { delivered: 1, failed: 0, attempts };
    harness.emulator.wait_webhooks(wanted(1), LIMIT).await.unwrap();
    let delivery = &read(&harness, "deliveries").await["rows"][0];
    let body = json!({"event_id": delivery["event_id"], "endpoint_id": delivery["endpoint_id"]});
    assert_eq!(harness.send("POST", "/_emulator/webhooks/resend", &body).await.status, 200);
    harness.emulator.wait_webhooks(wanted(2), LIMIT).await.unwrap();
    let unknown = json!({"event_id": "evt_0", "endpoint_id": "we_0"});
    let response = harness.send("POST", "/_emulator/webhooks/resend", &unknown).await;
    assert!(response.status == 400 && response.text.contains("no such delivery"), "{}", response.text);
}
