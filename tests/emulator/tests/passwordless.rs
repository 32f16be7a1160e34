//! Passwordless codes and links by email.

use serde_json::{Value, json};

use crate::support::{Harness, Response};

const PATH: &str = "/api/v1/passwordless/email";

async fn send(harness: &Harness, body: Value) -> Response {
    harness.send("POST", &format!("{PATH}/send"), &body).await
}

async fn resend(harness: &Harness, id: &Value) -> Response {
    harness.send("POST", &format!("{PATH}/resend"), &json!({"auth_request_id": id})).await
}

async fn verify(harness: &Harness, body: Value) -> Response {
    harness.send("POST", &format!("{PATH}/verify"), &body).await
}

async fn advance(harness: &Harness, seconds: u32) {
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": seconds})).await;
}

async fn seed(harness: &Harness, settings: Value) {
    let response = harness.send("POST", "/_emulator/seed", &json!({"passwordless": settings})).await;
    assert_eq!(response.status, 200, "{}", response.text);
}

/// Returns the emails in the outbox, latest first.
async fn outbox(harness: &Harness) -> Vec<Value> {
    let mut messages =
        harness.call("GET", "/_emulator/outbox").await.json["messages"].as_array().unwrap().clone();
    messages.reverse();
    messages
}

fn link_token(email: &Value) -> &str {
    email["link"].as_str().unwrap().rsplit_once("link_token=").unwrap().1
}

#[tokio::test]
async fn emailed_code_is_valid_once() {
    let harness = Harness::start().await;
    let body = json!({"email": "Ada@acme.example", "state": "s", "template": "SIGNUP",
        "template_variables": {"first_name": "Ada"}});
    let sent = send(&harness, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert_eq!(sent.json["expires_in"], 300);
    assert!(sent.json["expires_at"].is_string(), "64-bit integers are returned as strings: {}", sent.text);
    let email = outbox(&harness).await.remove(0);
    assert_eq!((&email["kind"], &email["to"]), (&json!("passwordless"), &json!("Ada@acme.example")));
    assert_eq!(email["template_variables"], json!({"first_name": "Ada"}));
    assert_eq!((&email["link"], &email["auth_request_id"]), (&Value::Null, &sent.json["auth_request_id"]));
    let code = email["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    assert!(!sent.text.contains(code), "the response must not contain the code");

    let with = json!({"code": code, "auth_request_id": email["auth_request_id"]});
    let verified = verify(&harness, with.clone()).await;
    let expected =
        json!({"email": "Ada@acme.example", "state": "s", "template": "SIGNUP", "passwordless_type": "OTP"});
    assert_eq!(verified.json, expected);
    assert_eq!(verify(&harness, with).await.error_code(), "FAILED_PRECONDITION");
    assert_eq!(resend(&harness, &email["auth_request_id"]).await.error_code(), "FAILED_PRECONDITION");
}

#[tokio::test]
async fn code_expires_by_clock_until_resent() {
    let harness = Harness::start().await;
    let sent = send(&harness, json!({"email": "a@b.example", "expires_in": 30})).await;
    let with =
        json!({"code": outbox(&harness).await[0]["code"], "auth_request_id": sent.json["auth_request_id"]});
    advance(&harness, 31).await;
    assert_eq!(verify(&harness, with.clone()).await.error_code(), "FAILED_PRECONDITION");
    // A resend restarts the lifetime of the code.
    assert_eq!(resend(&harness, &sent.json["auth_request_id"]).await.status, 200);
    assert_eq!(verify(&harness, with).await.status, 200);
}

#[tokio::test]
async fn verify_requires_matching_auth_request_and_either_code_or_link() {
    let harness = Harness::start().await;
    let sent = send(&harness, json!({"email": "a@b.example"})).await;
    let (id, code) = (sent.json["auth_request_id"].clone(), outbox(&harness).await[0]["code"].clone());
    for (body, field) in [
        (json!({"code": code}), "auth_request_id"),
        (json!({"auth_request_id": id}), "code"),
        (json!({"auth_request_id": id, "code": code, "link_token": "x"}), "code"),
    ] {
        assert_eq!(verify(&harness, body.clone()).await.violations()[0].0, field, "{body}");
    }
    let unknown = verify(&harness, json!({"code": code, "auth_request_id": "ar_404"})).await;
    assert_eq!(unknown.error_code(), "NOT_FOUND");
    let other = send(&harness, json!({"email": "a@b.example"})).await.json["auth_request_id"].clone();
    let swapped = verify(&harness, json!({"code": code, "auth_request_id": other})).await;
    assert_eq!(swapped.error_code(), "INVALID_ARGUMENT", "the code belongs to another auth request");
    assert_eq!(
        verify(&harness, json!({"link_token": ""})).await.status,
        400,
        "an auth request without a link has no link token"
    );
}

#[tokio::test]
async fn sixth_code_attempt_in_ten_minutes_is_rate_limited() {
    let harness = Harness::start().await;
    let sent = send(&harness, json!({"email": "a@b.example", "expires_in": 3600})).await;
    let (id, code) = (&sent.json["auth_request_id"], outbox(&harness).await[0]["code"].clone());
    for _ in 0..5 {
        assert_eq!(verify(&harness, json!({"code": "no", "auth_request_id": id})).await.status, 400);
    }
    let right = json!({"code": code, "auth_request_id": id});
    let refused = verify(&harness, right.clone()).await;
    assert_eq!((refused.status, refused.error_code()), (429, "RATE_LIMITED"));
    advance(&harness, 601).await;
    assert_eq!(verify(&harness, right).await.status, 200);
}

#[tokio::test]
async fn third_email_in_one_minute_is_rate_limited() {
    let harness = Harness::start().await;
    let first = send(&harness, json!({"email": "a@b.example"})).await;
    let id = &first.json["auth_request_id"];
    assert_eq!(resend(&harness, id).await.status, 200);
    for refused in [resend(&harness, id).await, send(&harness, json!({"email": "A@B.example"})).await] {
        assert_eq!((refused.status, refused.error_code()), (429, "RATE_LIMITED"));
    }
    assert_eq!(send(&harness, json!({"email": "other@b.example"})).await.status, 200);
    assert_eq!(outbox(&harness).await.len(), 3, "rejected requests send no email");
    advance(&harness, 60).await;
    assert_eq!(resend(&harness, id).await.status, 200);
}

#[tokio::test]
async fn resend_keeps_or_regenerates_code_by_setting() {
    let harness = Harness::start().await;
    let first = send(&harness, json!({"email": "a@b.example"})).await.json["auth_request_id"].clone();
    assert_eq!(resend(&harness, &first).await.json["auth_request_id"], first);
    let emails = outbox(&harness).await;
    assert_eq!(emails[0]["code"], emails[1]["code"]);

    seed(&harness, json!({"regenerate_passwordless_credentials_on_resend": true})).await;
    advance(&harness, 60).await;
    let second = resend(&harness, &first).await.json["auth_request_id"].clone();
    assert_ne!(second, first);
    let old = verify(&harness, json!({"code": emails[0]["code"], "auth_request_id": first})).await;
    assert_eq!(old.error_code(), "NOT_FOUND", "the old auth request is invalid");
    let new = json!({"code": outbox(&harness).await[0]["code"], "auth_request_id": second});
    assert_eq!(verify(&harness, new).await.status, 200);
}

#[tokio::test]
async fn emailed_link_opens_application_uri_and_is_valid_once() {
    let harness = Harness::start().await;
    seed(&harness, json!({"type": "LINK"})).await;
    for uri in ["https://app.example/in", "https://app.example/in?a=b"] {
        let body = json!({"email": "a@b.example", "magiclink_auth_uri": uri});
        assert_eq!(send(&harness, body).await.json["passwordless_type"], "LINK");
        let email = outbox(&harness).await.remove(0);
        let joint = if uri.contains('?') { '&' } else { '?' };
        assert!(email["link"].as_str().unwrap().starts_with(&format!("{uri}{joint}link_token=")), "{email}");
        assert_eq!(email["code"], Value::Null);
        let with = json!({"link_token": link_token(&email)});
        assert_eq!(verify(&harness, with.clone()).await.json["email"], "a@b.example");
        assert_eq!(verify(&harness, with).await.status, 400);
    }
    let without = send(&harness, json!({"email": "c@d.example"})).await;
    assert_eq!(without.violations(), [("magiclink_auth_uri", "required")]);
}

#[tokio::test]
async fn same_browser_setting_requires_auth_request_id_for_links() {
    let harness = Harness::start().await;
    seed(&harness, json!({"type": "LINK_OTP", "enforce_same_browser_origin": true})).await;
    let sent =
        send(&harness, json!({"email": "a@b.example", "magiclink_auth_uri": "https://app.example"})).await;
    let email = outbox(&harness).await.remove(0);
    let alone = verify(&harness, json!({"link_token": link_token(&email)})).await;
    assert_eq!(alone.violations(), [("auth_request_id", "required")]);
    let wrong =
        verify(&harness, json!({"link_token": link_token(&email), "auth_request_id": "ar_404"})).await;
    assert_eq!(wrong.status, 400);
    let with = json!({"link_token": link_token(&email), "auth_request_id": sent.json["auth_request_id"]});
    assert_eq!(verify(&harness, with).await.status, 200);
}

#[tokio::test]
async fn request_log_contains_no_codes_and_reset_clears_outbox() {
    let harness = Harness::start().await;
    let sent = send(&harness, json!({"email": "a@b.example"})).await;
    verify(&harness, json!({"code": "424242", "auth_request_id": sent.json["auth_request_id"]})).await;
    verify(&harness, json!({"link_token": "canary-link"})).await;
    let log = harness.call("GET", "/_emulator/requests").await.text;
    assert!(!log.contains("424242") && !log.contains("canary-link"), "{log}");
    assert_eq!(harness.emulator.outbox().len(), 1);
    let to = harness.call("GET", "/_emulator/outbox?to=unknown@b.example").await;
    assert_eq!(to.json, json!({"messages": []}));
    harness.emulator.reset();
    assert_eq!(harness.emulator.outbox(), Vec::<Value>::new());
}
