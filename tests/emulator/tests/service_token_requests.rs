//! Requests to the token endpoint as OAuth libraries send them.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::login::claims;
use crate::support::raw::{FORM, RawResponse};

const OFFLINE: (&str, &str) = ("scope", "openid email offline_access");
const GRANT: &str = "grant_type=client_credentials";

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

async fn with_authorization(harness: &Harness, value: &str, body: &str) -> RawResponse {
    harness.raw("POST /oauth/token", &[FORM, ("authorization", value)], body).await
}

#[tokio::test]
async fn bearer_at_the_token_endpoint_is_ignored_with_a_warning() {
    let harness = Harness::start_lenient().await;
    let bearer = [("authorization", "Bearer an-old-token")];
    let response = harness.raw_form("/oauth/token", &bearer, GRANT).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert!(harness.last_warnings().await[0].contains("authorization"));
    let strict = Harness::start().await;
    assert_eq!(strict.raw_form("/oauth/token", &bearer, GRANT).await.error(), (400, "invalid_request"));
}

#[tokio::test]
async fn basic_credentials_are_accepted_and_url_decoded() {
    let harness = Harness::start_lenient().await;
    let (id, secret) = (harness.emulator.client_id().to_owned(), harness.emulator.client_secret().to_owned());
    let response = with_authorization(&harness, &basic(&id, &secret), GRANT).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(claims(&response.json["access_token"])["sub"], id);
    let scheme = basic(&id, &secret).replace("Basic", "bAsIc");
    assert_eq!(with_authorization(&harness, &scheme, &format!("{GRANT}&client_id={id}")).await.status, 200);

    harness.emulator.register_client(json!({"client_id": "a:b c", "client_secret": "s+%ü:"})).unwrap();
    let response = with_authorization(&harness, &basic("a%3Ab+c", "s%2B%25%C3%BC%3A"), GRANT).await;
    assert_eq!(response.status, 200, "{}", response.text);

    for (header, body, error) in [
        (basic(&id, "wrong"), GRANT.to_owned(), (401, "invalid_client")),
        (basic("skc_1", &secret), GRANT.into(), (401, "invalid_client")),
        ("Basic !".into(), GRANT.into(), (401, "invalid_client")),
        ("Digest x".into(), GRANT.into(), (401, "invalid_client")),
        (basic(&id, &secret), format!("{GRANT}&client_secret={secret}"), (400, "invalid_request")),
        (basic(&id, &secret), format!("{GRANT}&client_id=skc_1"), (400, "invalid_request")),
    ] {
        let response = with_authorization(&harness, &header, &body).await;
        assert_eq!(response.error(), error, "{header} {body}");
        assert_eq!(
            response.header("www-authenticate").starts_with("basic"),
            error.0 == 401,
            "{}",
            response.head
        );
    }
    let discovery = harness.raw("GET /.well-known/openid-configuration", &[], "").await.json;
    let methods = &discovery["token_endpoint_auth_methods_supported"];
    assert_eq!(*methods, json!(["client_secret_basic", "client_secret_post", "none"]));
}

#[tokio::test]
async fn basic_credentials_can_be_switched_off() {
    let harness = Harness::start_lenient().await;
    harness.emulator.set_login(json!({"basic_auth": false})).unwrap();
    let header = basic(harness.emulator.client_id(), harness.emulator.client_secret());
    let response = with_authorization(&harness, &header, GRANT).await;
    assert_eq!(response.error(), (401, "invalid_client"));
    assert!(response.header("www-authenticate").starts_with("basic"), "{}", response.head);
    let discovery = harness.raw("GET /.well-known/openid-configuration", &[], "").await.json;
    assert_eq!(discovery["token_endpoint_auth_methods_supported"], json!(["client_secret_post", "none"]));
    harness.emulator.reset();
    assert_eq!(with_authorization(&harness, &header, GRANT).await.status, 200);
}

fn refresh_body(tokens: &Value) -> String {
    format!("grant_type=refresh_token&refresh_token={}", tokens["refresh_token"].as_str().unwrap())
}

#[tokio::test]
async fn refresh_token_reused_within_grace_gets_the_same_successor() {
    let harness = Harness::start_lenient().await;
    let first = harness.log_in(&[OFFLINE]).await;
    let one = harness.raw_form("/oauth/token", &[], &refresh_body(&first)).await;
    harness.emulator.advance_clock(Duration::from_secs(29)).unwrap();
    let two = harness.raw_form("/oauth/token", &[], &refresh_body(&first)).await;
    assert_eq!((one.status, two.status), (200, 200), "{}", two.text);
    assert_eq!(one.json["refresh_token"], two.json["refresh_token"]);
    let third = harness.raw_form("/oauth/token", &[], &refresh_body(&one.json)).await;
    assert_eq!(third.status, 200, "{}", third.text);

    harness.emulator.advance_clock(Duration::from_secs(2)).unwrap();
    let late = harness.raw_form("/oauth/token", &[], &refresh_body(&first)).await;
    assert_eq!(late.error(), (400, "invalid_grant"));
    let ended = harness.raw_form("/oauth/token", &[], &refresh_body(&third.json)).await;
    assert_eq!(ended.error(), (400, "invalid_grant"), "late reuse ends the family");

    harness.emulator.set_login(json!({"refresh_token_grace_seconds": 0})).unwrap();
    let first = harness.log_in(&[OFFLINE]).await;
    assert_eq!(harness.raw_form("/oauth/token", &[], &refresh_body(&first)).await.status, 200);
    let again = harness.raw_form("/oauth/token", &[], &refresh_body(&first)).await;
    assert_eq!(again.error(), (400, "invalid_grant"));
}

#[tokio::test]
async fn unknown_token_parameters_are_ignored_with_a_warning() {
    let harness = Harness::start_lenient().await;
    let response = harness.raw_form("/oauth/token", &[], &format!("{GRANT}&color=red")).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert!(harness.last_warnings().await[0].contains("color"));
    let twice = harness.raw_form("/oauth/token", &[], &format!("{GRANT}&{GRANT}")).await;
    assert_eq!(twice.error(), (400, "invalid_request"));
    let strict = Harness::start().await;
    let response = strict.raw_form("/oauth/token", &[], &format!("{GRANT}&color=red")).await;
    assert_eq!(response.error(), (400, "invalid_request"));
}

#[tokio::test]
async fn resource_sets_the_audience_of_access_tokens() {
    let harness = Harness::start_lenient().await;
    let (a, b) = ("https://a.example/mcp", "https://b.example");
    let code = harness.code(&[OFFLINE, ("resource", a), ("resource", b)]).await;
    let body = format!(
        "grant_type=authorization_code&code={code}&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback"
    );
    let tokens = harness.raw_form("/oauth/token", &[], &body).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert_eq!(claims(&tokens.json["access_token"])["aud"], json!([a, b]));
    assert_eq!(claims(&tokens.json["id_token"])["aud"], json!([harness.emulator.client_id()]));
    let narrow = format!("{}&resource=https%3A%2F%2Fb.example", refresh_body(&tokens.json));
    let narrow = harness.raw_form("/oauth/token", &[], &narrow).await;
    assert_eq!(claims(&narrow.json["access_token"])["aud"], json!([b]));
    let other = format!("{}&resource=https%3A%2F%2Fc.example", refresh_body(&narrow.json));
    assert_eq!(harness.raw_form("/oauth/token", &[], &other).await.error(), (400, "invalid_target"));

    let machine = harness
        .raw_form("/oauth/token", &[], &format!("{GRANT}&resource=https%3A%2F%2Fa.example%2Fmcp"))
        .await;
    assert_eq!(claims(&machine.json["access_token"])["aud"], json!([a]));
    for bad in ["mcp", "https%3A%2F%2Fa.example%2F%23x"] {
        let response = harness.raw_form("/oauth/token", &[], &format!("{GRANT}&resource={bad}")).await;
        assert_eq!(response.error(), (400, "invalid_target"), "{bad}");
    }
}

#[tokio::test]
async fn id_token_with_a_refresh_is_a_setting() {
    let harness = Harness::start_lenient().await;
    let tokens = harness.log_in(&[OFFLINE]).await;
    let with = harness.raw_form("/oauth/token", &[], &refresh_body(&tokens)).await;
    assert!(with.json["id_token"].is_string(), "{}", with.text);
    harness.emulator.set_login(json!({"id_token_on_refresh": false})).unwrap();
    let without = harness.raw_form("/oauth/token", &[], &refresh_body(&with.json)).await;
    assert_eq!((without.status, &without.json["id_token"]), (200, &Value::Null));
    assert!(harness.log_in(&[OFFLINE]).await["id_token"].is_string(), "a login is unaffected");
}
