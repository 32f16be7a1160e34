//! Introspection, revocation, metadata and dynamic client registration.

use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::login::{VERIFIER, challenge, claims, query_parameter};
use crate::support::raw::{FORM, JSON};

const OFFLINE: (&str, &str) = ("scope", "openid email offline_access");

async fn introspect(harness: &Harness, token: &Value) -> Value {
    let body = format!("token={}", token.as_str().unwrap());
    let response = harness.raw_form("/oauth/introspect", &[], &body).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json
}

#[tokio::test]
async fn introspection_describes_active_tokens_only() {
    let harness = Harness::start_lenient().await;
    let tokens = harness.log_in(&[OFFLINE]).await;
    let access = introspect(&harness, &tokens["access_token"]).await;
    let expected = claims(&tokens["access_token"]);
    assert_eq!((&access["active"], &access["token_type"]), (&json!(true), &json!("Bearer")));
    for name in ["iss", "sub", "aud", "client_id", "scope", "exp", "iat", "nbf", "jti"] {
        assert_eq!(access[name], expected[name], "{name}");
    }
    let refresh = introspect(&harness, &tokens["refresh_token"]).await;
    assert_eq!(
        (&refresh["active"], &refresh["scope"], &refresh["sub"]),
        (&json!(true), &json!(OFFLINE.1), &expected["sub"])
    );
    let machine = introspect(&harness, &json!(harness.token)).await;
    assert_eq!((&machine["active"], &machine["sub"]), (&json!(true), &json!(harness.emulator.client_id())));
    for inactive in [&json!("x"), &tokens["id_token"], &json!(format!("{}x", harness.token))] {
        assert_eq!(introspect(&harness, inactive).await, json!({"active": false}), "{inactive}");
    }
    let hint = tokens["id_token"].as_str().unwrap();
    harness.raw(&format!("GET /oidc/logout?id_token_hint={hint}"), &[], "").await;
    for ended in [&tokens["access_token"], &tokens["refresh_token"]] {
        assert_eq!(introspect(&harness, ended).await, json!({"active": false}));
    }
    let id = harness.emulator.public_client_id();
    for body in [format!("client_id={id}&token=x"), "token=x".into()] {
        let refused = harness.raw("POST /oauth/introspect", &[FORM], &body).await;
        assert_eq!(refused.error(), (401, "invalid_client"), "{body}");
    }
    let missing = harness.raw_form("/oauth/introspect", &[], "token_type_hint=access_token").await;
    assert_eq!(missing.error(), (400, "invalid_request"));
    let log = format!("{:?}", harness.emulator.requests());
    assert!(!log.contains(tokens["refresh_token"].as_str().unwrap()));
}

#[tokio::test]
async fn revocation_ends_the_token_and_is_idempotent() {
    let harness = Harness::start_lenient().await;
    let revoke = async |token: &Value| {
        harness.raw_form("/oauth/revoke", &[], &format!("token={}", token.as_str().unwrap())).await
    };
    let tokens = harness.log_in(&[OFFLINE]).await;
    for _ in 0..2 {
        assert_eq!(revoke(&tokens["access_token"]).await.status, 200);
    }
    assert_eq!(introspect(&harness, &tokens["access_token"]).await, json!({"active": false}));
    assert_eq!(introspect(&harness, &tokens["refresh_token"]).await["active"], true);
    let next = harness.refresh(tokens["refresh_token"].as_str().unwrap()).await.json;
    assert_eq!(introspect(&harness, &next["access_token"]).await["active"], true);
    assert_eq!(revoke(&next["refresh_token"]).await.status, 200);
    let ended = harness.refresh(next["refresh_token"].as_str().unwrap()).await;
    assert_eq!(ended.oauth_error(), (400, "invalid_grant"));
    assert_eq!(revoke(&json!("unknown")).await.status, 200);

    let machine = harness.new_token().await;
    assert_eq!(revoke(&json!(machine)).await.status, 200);
    let bearer = format!("Bearer {machine}");
    let refused = harness.raw("GET /api/v1/organizations", &[("authorization", &bearer)], "").await;
    assert_eq!(refused.status, 401);
    assert_eq!(harness.call("GET", "/api/v1/organizations").await.status, 200, "other tokens stay valid");

    harness.emulator.register_client(json!({"client_id": "skc_7", "client_secret": "seven"})).unwrap();
    let tokens = harness.log_in(&[OFFLINE]).await;
    let body =
        format!("client_id=skc_7&client_secret=seven&token={}", tokens["refresh_token"].as_str().unwrap());
    let foreign = harness.raw("POST /oauth/revoke", &[FORM], &body).await;
    assert_eq!(foreign.status, 400, "the token belongs to another client");
    assert_eq!(introspect(&harness, &tokens["refresh_token"]).await["active"], true);
}

#[tokio::test]
async fn metadata_describes_server_and_resources() {
    let harness = Harness::start_lenient().await;
    let url = harness.emulator.environment_url().to_owned();
    let resource = format!("{url}/resources/res_1");
    for (path, issuer) in [
        ("/.well-known/oauth-authorization-server", &url),
        ("/.well-known/oauth-authorization-server/resources/res_1", &resource),
        ("/resources/res_1/.well-known/oauth-authorization-server", &resource),
    ] {
        let metadata = harness.raw(&format!("GET {path}"), &[("origin", "http://localhost:1")], "").await;
        assert_eq!(
            (metadata.status, metadata.header("access-control-allow-origin")),
            (200, "http://localhost:1"),
            "{path}"
        );
        let metadata = metadata.json;
        assert_eq!(metadata["issuer"], *issuer, "{path}");
        for (name, path) in [
            ("authorization_endpoint", "/oauth/authorize"),
            ("token_endpoint", "/oauth/token"),
            ("introspection_endpoint", "/oauth/introspect"),
            ("revocation_endpoint", "/oauth/revoke"),
            ("jwks_uri", "/keys"),
        ] {
            assert_eq!(metadata[name], format!("{url}{path}"));
        }
        assert_eq!(metadata["registration_endpoint"], format!("{issuer}/oauth/register"), "{path}");
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    }
    for path in [
        "/resources/res_1/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/resources/res_1",
    ] {
        let resource = harness.raw(&format!("GET {path}"), &[], "").await.json;
        assert_eq!(resource["resource"], format!("{url}/resources/res_1"), "{path}");
        assert_eq!(resource["authorization_servers"], json!([format!("{url}/resources/res_1")]));
    }
    let none = harness.raw("GET /resources/res_1/.well-known/openid-configuration", &[], "").await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn registered_client_signs_in_for_a_resource() {
    let harness = Harness::start_lenient().await;
    let metadata = json!({"client_name": "MCP client", "redirect_uris": ["http://127.0.0.1:33418/callback"],
        "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"], "scope": "openid offline_access", "software_id": "ignored"});
    let registered = harness.raw("POST /oauth/register", &[JSON], &metadata.to_string()).await;
    assert_eq!(registered.status, 201, "{}", registered.text);
    assert_eq!(registered.header("cache-control"), "no-store");
    assert_eq!(
        (&registered.json["client_name"], &registered.json["client_secret"]),
        (&json!("MCP client"), &Value::Null)
    );
    let id = registered.json["client_id"].as_str().unwrap();
    let challenge = challenge(VERIFIER);
    // The port of a loopback redirect URI may differ from the registered one.
    let redirect = "http%3A%2F%2F127.0.0.1%3A50000%2Fcallback";
    let resource = "https%3A%2F%2Fmcp.example%2Fmcp";
    let line = format!(
        "GET /oauth/authorize?response_type=code&client_id={id}&redirect_uri={redirect}&scope=openid%20offline_access\
         &code_challenge={challenge}&code_challenge_method=S256&resource={resource}"
    );
    let response = harness.raw(&line, &[], "").await;
    assert_eq!(response.status, 303, "{}", response.text);
    let code = query_parameter(response.header("location"), "code").unwrap();
    let body = format!(
        "grant_type=authorization_code&client_id={id}&code={code}&code_verifier={VERIFIER}&redirect_uri={redirect}\
         &resource={resource}"
    );
    let tokens = harness.raw("POST /oauth/token", &[FORM], &body).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert_eq!(claims(&tokens.json["access_token"])["aud"], json!(["https://mcp.example/mcp"]));
    let body = format!(
        "grant_type=refresh_token&client_id={id}&refresh_token={}",
        tokens.json["refresh_token"].as_str().unwrap()
    );
    assert_eq!(harness.raw("POST /oauth/token", &[FORM], &body).await.status, 200);
}

#[tokio::test]
async fn access_token_of_a_resource_client_names_the_resource() {
    let harness = Harness::start_lenient().await;
    let redirect = "http://127.0.0.1:33418/callback";
    let metadata = json!({"redirect_uris": [redirect],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"]});
    let register = "POST /resources/res_1/oauth/register";
    let registered =
        harness.raw(register, &[JSON, ("origin", "http://localhost:1")], &metadata.to_string()).await;
    assert_eq!(registered.status, 201, "{}", registered.text);
    assert_eq!(registered.header("access-control-allow-origin"), "http://localhost:1");
    let own = format!(
        "client_id={}&client_secret={}",
        registered.json["client_id"].as_str().unwrap(),
        registered.json["client_secret"].as_str().unwrap()
    );
    let token = async |form: &str| {
        let response = harness.raw("POST /oauth/token", &[FORM], &format!("{own}&{form}")).await;
        assert_eq!(response.status, 200, "{}", response.text);
        response.json
    };
    let log_in = async |resource: &str| {
        let line = format!(
            "GET /oauth/authorize?response_type=code&{own}&redirect_uri={redirect}&scope=offline_access{resource}"
        );
        let response = harness.raw(&line, &[], "").await;
        let code = query_parameter(response.header("location"), "code").unwrap();
        token(&format!("grant_type=authorization_code&code={code}&redirect_uri={redirect}")).await
    };
    let audience = |tokens: &Value| claims(&tokens["access_token"])["aud"].clone();

    let tokens = log_in("&resource=https://mcp.example/mcp").await;
    assert_eq!(audience(&tokens), json!(["https://mcp.example/mcp", "res_1"]));
    assert_eq!(claims(&tokens["access_token"])["scopes"], json!(["offline_access"]));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let refreshed = token(&format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!(audience(&refreshed), json!(["https://mcp.example/mcp", "res_1"]));
    assert_eq!(audience(&log_in("").await), json!(["res_1"]));
    let machine = token("grant_type=client_credentials&resource=https://mcp.example/mcp").await;
    assert_eq!(audience(&machine), json!(["https://mcp.example/mcp", "res_1"]));
}

#[tokio::test]
async fn registration_issues_secrets_and_rejects_invalid_metadata() {
    let harness = Harness::start_lenient().await;
    let metadata = json!({"redirect_uris": ["https://app.example/callback"]}).to_string();
    let registered = harness.raw("POST /oauth/register", &[JSON], &metadata).await.json;
    let (id, secret) =
        (registered["client_id"].as_str().unwrap(), registered["client_secret"].as_str().unwrap());
    assert_eq!(registered["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(registered["client_secret_expires_at"], 0);
    let body = format!("client_id={id}&client_secret={secret}&token=x");
    assert_eq!(harness.raw("POST /oauth/revoke", &[FORM], &body).await.status, 200);
    for (body, error) in [
        ("{", "invalid_client_metadata"),
        ("{}", "invalid_redirect_uri"),
        (r#"{"redirect_uris": []}"#, "invalid_redirect_uri"),
        (r#"{"redirect_uris": ["/callback"]}"#, "invalid_redirect_uri"),
        (r#"{"redirect_uris": ["https://app.example/#x"]}"#, "invalid_redirect_uri"),
        (
            r#"{"redirect_uris": ["https://a.example"], "token_endpoint_auth_method": "private_key_jwt"}"#,
            "invalid_client_metadata",
        ),
        (
            r#"{"redirect_uris": ["https://a.example"], "grant_types": ["password"]}"#,
            "invalid_client_metadata",
        ),
        (
            r#"{"redirect_uris": ["https://a.example"], "response_types": ["token"]}"#,
            "invalid_client_metadata",
        ),
    ] {
        let response = harness.raw("POST /oauth/register", &[JSON], body).await;
        assert_eq!(response.error(), (400, error), "{body}");
    }
    harness.emulator.reset();
    let gone = harness.raw("POST /oauth/revoke", &[FORM], &body).await;
    assert_eq!(gone.error(), (401, "invalid_client"), "a reset deletes registered clients");
}
