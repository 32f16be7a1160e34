//! The UserInfo endpoint.

use serde_json::{Value, json};

use crate::support;
use crate::support::Harness;
use crate::support::login::claims;
use crate::support::raw::FORM;

async fn user_info(harness: &Harness, line: &str, token: &Value) -> support::raw::RawResponse {
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    harness.raw(line, &[("authorization", &bearer)], "").await
}

#[tokio::test]
async fn user_info_returns_claims_by_scope_for_get_and_post() {
    let harness = Harness::start_lenient().await;
    let discovery = harness.raw("GET /.well-known/openid-configuration", &[], "").await.json;
    assert_eq!(discovery["userinfo_endpoint"], harness.url("/userinfo"));
    let name = json!({"name": "Ada Example", "given_name": "Ada", "family_name": "Example"});
    let email = json!({"email": "ada@example.com", "email_verified": true});
    for (scope, parts) in
        [("openid profile email", vec![&name, &email]), ("openid email", vec![&email]), ("openid", vec![])]
    {
        let tokens = harness.log_in(&[("scope", scope)]).await;
        let mut expected = json!({"sub": claims(&tokens["id_token"])["sub"]});
        for part in parts {
            expected.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        }
        for line in ["GET /userinfo", "POST /userinfo"] {
            let response = user_info(&harness, line, &tokens["access_token"]).await;
            assert_eq!(
                (response.status, &response.json),
                (200, &expected),
                "{line} {scope}: {}",
                response.text
            );
        }
        let body = format!("access_token={}", tokens["access_token"].as_str().unwrap());
        assert_eq!(harness.raw("POST /userinfo", &[FORM], &body).await.json, expected);
    }
}

#[tokio::test]
async fn user_info_rejects_other_tokens_with_a_challenge() {
    let harness = Harness::start_lenient().await;
    let missing = harness.raw("GET /userinfo", &[], "").await;
    assert_eq!((missing.status, missing.header("www-authenticate").starts_with("bearer")), (401, true));
    assert!(!missing.header("www-authenticate").contains("error"), "{}", missing.head);
    let tokens = harness.log_in(&[("scope", "openid")]).await;
    for token in [&json!("x"), &json!(harness.token), &tokens["id_token"]] {
        let response = user_info(&harness, "GET /userinfo", token).await;
        assert_eq!(response.status, 401, "{token}");
        assert!(response.header("www-authenticate").contains("error=\"invalid_token\""), "{}", response.head);
    }
    let without_openid = harness.log_in(&[("scope", "email")]).await;
    let response = user_info(&harness, "GET /userinfo", &without_openid["access_token"]).await;
    assert_eq!(response.status, 403);
    assert!(response.header("www-authenticate").contains("insufficient_scope"), "{}", response.head);
    let hint = tokens["id_token"].as_str().unwrap();
    harness.raw(&format!("GET /oidc/logout?id_token_hint={hint}"), &[], "").await;
    let response = user_info(&harness, "GET /userinfo", &tokens["access_token"]).await;
    assert_eq!(response.status, 401, "the session has ended");
}
