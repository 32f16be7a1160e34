//! Requests of single-page applications from their own origin.

use serde_json::json;

use crate::support::Harness;
use crate::support::login::{VERIFIER, challenge};
use crate::support::raw::FORM;

const ORIGIN: (&str, &str) = ("origin", "http://localhost:5173");

#[tokio::test]
async fn preflight_from_a_registered_origin_is_answered() {
    let harness = Harness::start_lenient().await;
    let app = json!({"client_id": "skc_7", "allowed_origins": ["https://app.example"],
        "redirect_uris": ["https://spa.example/callback"]});
    harness.emulator.register_client(app).unwrap();
    let wants = [
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    for path in ["/oauth/token", "/userinfo", "/oauth/revoke", "/keys", "/.well-known/openid-configuration"] {
        for origin in ["http://localhost:5173", "https://app.example", "https://spa.example"] {
            let headers = [&[("origin", origin)], &wants[..]].concat();
            let response = harness.raw(&format!("OPTIONS {path}"), &headers, "").await;
            assert_eq!(
                (response.status, response.header("access-control-allow-origin")),
                (204, origin),
                "{path}"
            );
            assert!(response.header("access-control-allow-methods").contains(if path.contains("oauth") {
                "post"
            } else {
                "get"
            }));
            assert_eq!(
                response.header("access-control-allow-headers"),
                "authorization, content-type, mcp-protocol-version"
            );
            assert!(response.header("vary").contains("origin"), "{}", response.head);
        }
        let headers = [&[("origin", "https://evil.example")], &wants[..]].concat();
        let response = harness.raw(&format!("OPTIONS {path}"), &headers, "").await;
        assert_eq!(response.header("access-control-allow-origin"), "", "{path}");
    }
    assert_eq!(harness.raw("OPTIONS /api/v1/organizations", &[ORIGIN], "").await.status, 501);
}

#[tokio::test]
async fn single_page_application_exchanges_its_code() {
    let harness = Harness::start_lenient().await;
    let id = harness.emulator.public_client_id().to_owned();
    let challenge = challenge(VERIFIER);
    let code = harness
        .code(&[("client_id", &id), ("code_challenge", &challenge), ("code_challenge_method", "S256")])
        .await;
    let body = format!(
        "grant_type=authorization_code&client_id={id}&code={code}&code_verifier={VERIFIER}\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback"
    );
    let tokens = harness.raw("POST /oauth/token", &[FORM, ORIGIN], &body).await;
    assert_eq!(
        (tokens.status, tokens.header("access-control-allow-origin")),
        (200, ORIGIN.1),
        "{}",
        tokens.text
    );
    let bearer = format!("Bearer {}", tokens.json["access_token"].as_str().unwrap());
    let user = harness.raw("GET /userinfo", &[("authorization", &bearer), ORIGIN], "").await;
    assert_eq!((user.status, user.header("access-control-allow-origin")), (200, ORIGIN.1));
    let failed = harness.raw("POST /oauth/token", &[FORM, ORIGIN], "grant_type=x").await;
    assert_eq!((failed.status, failed.header("access-control-allow-origin")), (400, ORIGIN.1));
    harness.fault(json!({"operation": "oauth.keys", "kind": "status", "status": 503})).await;
    let fault = harness.raw("GET /keys", &[ORIGIN], "").await;
    assert_eq!((fault.status, fault.header("access-control-allow-origin")), (503, ORIGIN.1));
    let other = harness.raw("GET /keys", &[("origin", "https://evil.example")], "").await;
    assert_eq!((other.status, other.header("access-control-allow-origin")), (200, ""));
}
