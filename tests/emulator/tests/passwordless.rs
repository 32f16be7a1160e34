//! Codes and links by e-mail, by the emulator's clock.

mod support;

use serde_json::{Value, json};
use support::{Answer, Bench};

const PATH: &str = "/api/v1/passwordless/email";

async fn send(bench: &Bench, body: Value) -> Answer {
    bench.send("POST", &format!("{PATH}/send"), &body).await
}

async fn resend(bench: &Bench, id: &Value) -> Answer {
    bench.send("POST", &format!("{PATH}/resend"), &json!({"auth_request_id": id})).await
}

async fn verify(bench: &Bench, body: Value) -> Answer {
    bench.send("POST", &format!("{PATH}/verify"), &body).await
}

async fn advance(bench: &Bench, seconds: u32) {
    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": seconds})).await;
}

async fn seed(bench: &Bench, settings: Value) {
    let answer = bench.send("POST", "/_emulator/seed", &json!({"passwordless": settings})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// The mails so far, the last one first.
async fn outbox(bench: &Bench) -> Vec<Value> {
    let mut messages =
        bench.call("GET", "/_emulator/outbox").await.json["messages"].as_array().unwrap().clone();
    messages.reverse();
    messages
}

fn link_token(mail: &Value) -> &str {
    mail["link"].as_str().unwrap().rsplit_once("link_token=").unwrap().1
}

#[tokio::test]
async fn a_code_comes_by_mail_and_is_good_once() {
    let bench = Bench::start().await;
    let body = json!({"email": "Ada@acme.example", "state": "s", "template": "SIGNUP",
        "template_variables": {"first_name": "Ada"}});
    let sent = send(&bench, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert_eq!(sent.json["expires_in"], 300);
    assert!(sent.json["expires_at"].is_string(), "a 64-bit integer is text: {}", sent.text);
    let mail = outbox(&bench).await.remove(0);
    assert_eq!((&mail["kind"], &mail["to"]), (&json!("passwordless"), &json!("Ada@acme.example")));
    assert_eq!(mail["template_variables"], json!({"first_name": "Ada"}));
    assert_eq!((&mail["link"], &mail["auth_request_id"]), (&Value::Null, &sent.json["auth_request_id"]));
    let code = mail["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    assert!(!sent.text.contains(code), "the answer must not say what only the mail may");

    let with = json!({"code": code, "auth_request_id": mail["auth_request_id"]});
    let verified = verify(&bench, with.clone()).await;
    let expected =
        json!({"email": "Ada@acme.example", "state": "s", "template": "SIGNUP", "passwordless_type": "OTP"});
    assert_eq!(verified.json, expected);
    assert_eq!(verify(&bench, with).await.error_code(), "FAILED_PRECONDITION");
    assert_eq!(resend(&bench, &mail["auth_request_id"]).await.error_code(), "FAILED_PRECONDITION");
}

#[tokio::test]
async fn a_code_ends_by_the_clock() {
    let bench = Bench::start().await;
    let sent = send(&bench, json!({"email": "a@b.example", "expires_in": 30})).await;
    let with =
        json!({"code": outbox(&bench).await[0]["code"], "auth_request_id": sent.json["auth_request_id"]});
    advance(&bench, 31).await;
    assert_eq!(verify(&bench, with.clone()).await.error_code(), "FAILED_PRECONDITION");
    // Sent again, it is good again.
    assert_eq!(resend(&bench, &sent.json["auth_request_id"]).await.status, 200);
    assert_eq!(verify(&bench, with).await.status, 200);
}

#[tokio::test]
async fn a_code_needs_its_attempt_and_either_code_or_link_is_taken() {
    let bench = Bench::start().await;
    let sent = send(&bench, json!({"email": "a@b.example"})).await;
    let (id, code) = (sent.json["auth_request_id"].clone(), outbox(&bench).await[0]["code"].clone());
    for (body, field) in [
        (json!({"code": code}), "auth_request_id"),
        (json!({"auth_request_id": id}), "code"),
        (json!({"auth_request_id": id, "code": code, "link_token": "x"}), "code"),
    ] {
        assert_eq!(verify(&bench, body.clone()).await.violations()[0].0, field, "{body}");
    }
    let unknown = verify(&bench, json!({"code": code, "auth_request_id": "ar_404"})).await;
    assert_eq!(unknown.error_code(), "NOT_FOUND");
    let other = send(&bench, json!({"email": "a@b.example"})).await.json["auth_request_id"].clone();
    let swapped = verify(&bench, json!({"code": code, "auth_request_id": other})).await;
    assert_eq!(swapped.error_code(), "INVALID_ARGUMENT", "a code of another attempt");
    assert_eq!(
        verify(&bench, json!({"link_token": ""})).await.status,
        400,
        "no token fits an attempt without a link"
    );
}

#[tokio::test]
async fn five_codes_can_be_tried_in_ten_minutes() {
    let bench = Bench::start().await;
    let sent = send(&bench, json!({"email": "a@b.example", "expires_in": 3600})).await;
    let (id, code) = (&sent.json["auth_request_id"], outbox(&bench).await[0]["code"].clone());
    for _ in 0..5 {
        assert_eq!(verify(&bench, json!({"code": "no", "auth_request_id": id})).await.status, 400);
    }
    let right = json!({"code": code, "auth_request_id": id});
    let refused = verify(&bench, right.clone()).await;
    assert_eq!((refused.status, refused.error_code()), (429, "RATE_LIMITED"));
    advance(&bench, 601).await;
    assert_eq!(verify(&bench, right).await.status, 200);
}

#[tokio::test]
async fn an_address_gets_two_mails_a_minute() {
    let bench = Bench::start().await;
    let first = send(&bench, json!({"email": "a@b.example"})).await;
    let id = &first.json["auth_request_id"];
    assert_eq!(resend(&bench, id).await.status, 200);
    for refused in [resend(&bench, id).await, send(&bench, json!({"email": "A@B.example"})).await] {
        assert_eq!((refused.status, refused.error_code()), (429, "RATE_LIMITED"));
    }
    assert_eq!(send(&bench, json!({"email": "other@b.example"})).await.status, 200);
    assert_eq!(outbox(&bench).await.len(), 3, "what is refused is not sent");
    advance(&bench, 60).await;
    assert_eq!(resend(&bench, id).await.status, 200);
}

#[tokio::test]
async fn a_resend_brings_the_same_code_or_a_new_one() {
    let bench = Bench::start().await;
    let first = send(&bench, json!({"email": "a@b.example"})).await.json["auth_request_id"].clone();
    assert_eq!(resend(&bench, &first).await.json["auth_request_id"], first);
    let mails = outbox(&bench).await;
    assert_eq!(mails[0]["code"], mails[1]["code"]);

    seed(&bench, json!({"regenerate_passwordless_credentials_on_resend": true})).await;
    advance(&bench, 60).await;
    let second = resend(&bench, &first).await.json["auth_request_id"].clone();
    assert_ne!(second, first);
    let old = verify(&bench, json!({"code": mails[0]["code"], "auth_request_id": first})).await;
    assert_eq!(old.error_code(), "NOT_FOUND", "the old attempt is over");
    let new = json!({"code": outbox(&bench).await[0]["code"], "auth_request_id": second});
    assert_eq!(verify(&bench, new).await.status, 200);
}

#[tokio::test]
async fn a_link_leads_to_the_application_and_is_good_once() {
    let bench = Bench::start().await;
    seed(&bench, json!({"type": "LINK"})).await;
    for uri in ["https://app.example/in", "https://app.example/in?a=b"] {
        let body = json!({"email": "a@b.example", "magiclink_auth_uri": uri});
        assert_eq!(send(&bench, body).await.json["passwordless_type"], "LINK");
        let mail = outbox(&bench).await.remove(0);
        let joint = if uri.contains('?') { '&' } else { '?' };
        assert!(mail["link"].as_str().unwrap().starts_with(&format!("{uri}{joint}link_token=")), "{mail}");
        assert_eq!(mail["code"], Value::Null);
        let with = json!({"link_token": link_token(&mail)});
        assert_eq!(verify(&bench, with.clone()).await.json["email"], "a@b.example");
        assert_eq!(verify(&bench, with).await.status, 400);
    }
    let without = send(&bench, json!({"email": "c@d.example"})).await;
    assert_eq!(without.violations(), [("magiclink_auth_uri", "required")]);
}

#[tokio::test]
async fn an_environment_may_bind_links_to_the_browser_that_asked() {
    let bench = Bench::start().await;
    seed(&bench, json!({"type": "LINK_OTP", "enforce_same_browser_origin": true})).await;
    let sent =
        send(&bench, json!({"email": "a@b.example", "magiclink_auth_uri": "https://app.example"})).await;
    let mail = outbox(&bench).await.remove(0);
    let alone = verify(&bench, json!({"link_token": link_token(&mail)})).await;
    assert_eq!(alone.violations(), [("auth_request_id", "required")]);
    let wrong = verify(&bench, json!({"link_token": link_token(&mail), "auth_request_id": "ar_404"})).await;
    assert_eq!(wrong.status, 400);
    let with = json!({"link_token": link_token(&mail), "auth_request_id": sent.json["auth_request_id"]});
    assert_eq!(verify(&bench, with).await.status, 200);
}

#[tokio::test]
async fn neither_codes_nor_link_tokens_are_logged_and_a_reset_empties_the_outbox() {
    let bench = Bench::start().await;
    let sent = send(&bench, json!({"email": "a@b.example"})).await;
    verify(&bench, json!({"code": "424242", "auth_request_id": sent.json["auth_request_id"]})).await;
    verify(&bench, json!({"link_token": "canary-link"})).await;
    let log = bench.call("GET", "/_emulator/requests").await.text;
    assert!(!log.contains("424242") && !log.contains("canary-link"), "{log}");
    assert_eq!(bench.emulator.outbox().len(), 1);
    let to = bench.call("GET", "/_emulator/outbox?to=nobody@b.example").await;
    assert_eq!(to.json, json!({"messages": []}));
    bench.emulator.reset();
    assert_eq!(bench.emulator.outbox(), Vec::<Value>::new());
}
