//! Authorization and logout requests as OpenID Connect libraries send them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::login::{claims, query_parameter};
use crate::support::raw::{FORM, RawResponse};

const REDIRECT: &str = "http%3A%2F%2F127.0.0.1%3A9%2Fcallback";

async fn authorize(harness: &Harness, extra: &str, cookie: &str) -> RawResponse {
    let id = harness.emulator.client_id();
    let line = format!(
        "GET /oauth/authorize?response_type=code&client_id={id}&redirect_uri={REDIRECT}&state=s{extra}"
    );
    harness.raw(&line, &[("cookie", cookie)], "").await
}

fn callback(response: &RawResponse, name: &str) -> Option<String> {
    assert_eq!(response.status, 303, "{}", response.text);
    query_parameter(response.header("location"), name)
}

fn cookie(response: &RawResponse) -> String {
    response.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn id_claims(harness: &Harness, code: &str) -> Value {
    let response = harness.exchange(code, &[]).await;
    assert_eq!(response.status, 200, "{}", response.text);
    claims(&response.json["id_token"])
}

#[tokio::test]
async fn unknown_authorization_parameters_are_ignored_with_a_warning() {
    let harness = Harness::start_lenient().await;
    let response = authorize(&harness, "&color=red&ui_locales=de&display=page", "").await;
    assert!(callback(&response, "code").is_some(), "{}", response.head);
    let warnings = harness.last_warnings().await;
    assert!(
        warnings.len() == 2 && warnings[0].contains("color") && warnings[1].contains("display"),
        "{warnings:?}"
    );
    let strict = Harness::start().await;
    let refused = authorize(&strict, "&color=red", "").await;
    assert_eq!(callback(&refused, "error").as_deref(), Some("invalid_request"));
    assert!(callback(&authorize(&strict, "&ui_locales=de", "").await, "code").is_some());
}

#[tokio::test]
async fn max_age_is_obeyed_and_returns_auth_time() {
    let harness = Harness::start_lenient().await;
    let first = authorize(&harness, "", "").await;
    let browser = cookie(&first);
    let one = id_claims(&harness, &callback(&first, "code").unwrap()).await;
    assert_eq!(one["auth_time"], Value::Null, "only with max_age");
    harness.emulator.advance_clock(Duration::from_secs(100)).unwrap();
    let fresh = authorize(&harness, "&max_age=200", &browser).await;
    let fresh = id_claims(&harness, &callback(&fresh, "code").unwrap()).await;
    assert_eq!((&fresh["sid"], &fresh["auth_time"]), (&one["sid"], &one["iat"]));
    let silent = authorize(&harness, "&max_age=50&prompt=none", &browser).await;
    assert_eq!(callback(&silent, "error").as_deref(), Some("user_login_required"));
    let again = authorize(&harness, "&max_age=50", &browser).await;
    let again = id_claims(&harness, &callback(&again, "code").unwrap()).await;
    assert_ne!(again["sid"], one["sid"]);
    assert_eq!(again["auth_time"], again["iat"]);
    let bad = authorize(&harness, "&max_age=soon", &browser).await;
    assert_eq!(callback(&bad, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn form_post_returns_the_code_in_a_form() {
    let harness = Harness::start_lenient().await;
    assert!(callback(&authorize(&harness, "&response_mode=query", "").await, "code").is_some());
    let page = authorize(&harness, "&response_mode=form_post", "").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8"),
        "{}",
        page.text
    );
    assert!(page.text.contains("action=\"http://127.0.0.1:9/callback\""), "{}", page.text);
    assert!(page.text.contains("name=\"state\" value=\"s\""), "{}", page.text);
    assert!(!cookie(&page).is_empty());
    let code = page.text.split("name=\"code\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(id_claims(&harness, code).await["email"], "ada@example.com");
    let denied = authorize(&harness, "&response_mode=form_post&prompt=none", "").await;
    assert!(denied.text.contains("name=\"error\" value=\"user_login_required\""), "{}", denied.text);
    let other = authorize(&harness, "&response_mode=fragment", "").await;
    assert_eq!(callback(&other, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn invalid_resource_is_returned_as_invalid_target() {
    let harness = Harness::start_lenient().await;
    let response = authorize(&harness, "&resource=mcp", "").await;
    assert_eq!(callback(&response, "error").as_deref(), Some("invalid_target"));
}

#[tokio::test]
async fn logout_accepts_all_parameters_of_rp_initiated_logout() {
    let harness = Harness::start_lenient().await;
    let id = harness.emulator.client_id();
    let tokens = harness.log_in(&[]).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let home = "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A9%2Fbye";
    let all = format!("id_token_hint={hint}&logout_hint=ada&client_id={id}&{home}&state=s&ui_locales=de");
    let response = harness.raw(&format!("GET /oidc/logout?{all}"), &[], "").await;
    assert_eq!(
        (response.status, response.header("location")),
        (303, "http://localhost:9/bye?state=s"),
        "{}",
        response.text
    );
    let posted = harness.raw("POST /oidc/logout", &[FORM], &all).await;
    assert_eq!(
        (posted.status, posted.header("location")),
        (303, "http://localhost:9/bye?state=s"),
        "{}",
        posted.text
    );
    let by_client = harness.raw(&format!("GET /oidc/logout?client_id={id}&{home}"), &[], "").await;
    assert_eq!((by_client.status, by_client.header("location")), (303, "http://localhost:9/bye"));
    let other = harness.emulator.public_client_id();
    for bad in [format!("client_id={other}&id_token_hint={hint}"), "client_id=skc_9".into(), home.into()] {
        assert_eq!(harness.raw(&format!("GET /oidc/logout?{bad}"), &[], "").await.status, 400, "{bad}");
    }
    let unknown = harness.raw("GET /oidc/logout?color=red", &[], "").await;
    assert_eq!((unknown.status, harness.last_warnings().await.len()), (200, 1));
    assert_eq!(json!(harness.emulator.requests_of("oauth.logout").len()), 7);
}
