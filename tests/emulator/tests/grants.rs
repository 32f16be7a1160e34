//! Authorization codes, refresh tokens, logout, and machine clients that a test registers.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::login::{REDIRECT, VERIFIER, challenge, claims, has_valid_signature};
use crate::support::{Harness, Response};

const OFFLINE: (&str, &str) = ("scope", "openid email offline_access");

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[tokio::test]
async fn code_is_valid_once_for_ten_minutes_for_its_redirect_uri_and_client() {
    let harness = Harness::start().await;
    let invalid_grant = (400, "invalid_grant");
    let code = harness.code(&[OFFLINE]).await;
    let first = harness.exchange(&code, &[]).await;
    assert_eq!(first.status, 200);
    assert_eq!(harness.exchange(&code, &[]).await.oauth_error(), invalid_grant, "the code was already used");
    assert_eq!(
        harness.refresh(refresh_token(&first.json)).await.oauth_error(),
        invalid_grant,
        "reuse of the code revokes its refresh tokens"
    );

    let code = harness.code(&[]).await;
    harness.emulator.advance_clock(Duration::from_secs(599)).unwrap();
    assert_eq!(harness.exchange(&code, &[]).await.status, 200);
    let code = harness.code(&[]).await;
    harness.emulator.advance_clock(Duration::from_secs(601)).unwrap();
    assert_eq!(harness.exchange(&code, &[]).await.oauth_error(), invalid_grant, "the code has expired");

    let other = format!("{REDIRECT}/");
    assert_eq!(
        harness.exchange(&harness.code(&[]).await, &[("redirect_uri", &other)]).await.oauth_error(),
        invalid_grant
    );
    assert_eq!(harness.exchange("code_1", &[]).await.oauth_error(), invalid_grant);
    let code = harness.code(&[]).await;
    harness.emulator.register_client(json!({"client_id": "skc_7", "client_secret": "seven"})).unwrap();
    let seven = [("client_id", "skc_7"), ("client_secret", "seven")];
    assert_eq!(
        harness.exchange(&code, &seven).await.oauth_error(),
        invalid_grant,
        "the code belongs to another client"
    );
    assert_eq!(
        harness.exchange(&code, &[("client_secret", "wrong")]).await.oauth_error(),
        (401, "invalid_client")
    );
    assert_eq!(
        harness.exchange(&code, &[("client_secret", "")]).await.oauth_error(),
        (401, "invalid_client")
    );
    assert_eq!(harness.exchange(&code, &[]).await.status, 200, "the failed attempts did not use the code");
    for missing in ["code", "redirect_uri", "client_id"] {
        let response = harness.exchange("x", &[(missing, "")]).await;
        assert_eq!(response.oauth_error(), (400, "invalid_request"), "{missing}");
    }
}

#[tokio::test]
async fn code_exchange_requires_matching_code_verifier() {
    let harness = Harness::start().await;
    let challenge = challenge(VERIFIER);
    let with = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let other = VERIFIER.replace('a', "b");
    for (request, verifier, error) in [
        (&with[..], "", "invalid_grant"),
        (&with[..], &other, "invalid_grant"),
        (&with[..], "short", "invalid_request"),
        (&with[..], &challenge, "invalid_grant"),
        (&[], VERIFIER, "invalid_grant"),
    ] {
        let code = harness.code(request).await;
        let response = harness.exchange(&code, &[("code_verifier", verifier)]).await;
        assert_eq!(response.oauth_error(), (400, error), "{verifier}");
        let again = harness.exchange(&code, &[("code_verifier", VERIFIER)]).await;
        assert_eq!(again.oauth_error(), (400, "invalid_grant"), "a failed attempt uses the code");
    }
    assert_eq!(
        harness.exchange(&harness.code(&with).await, &[("code_verifier", VERIFIER)]).await.status,
        200
    );
}

#[tokio::test]
async fn refresh_token_reuse_revokes_the_token_family() {
    let harness = Harness::start().await;
    let first = harness.log_in(&[OFFLINE, ("nonce", "n")]).await;
    let second = harness.refresh(refresh_token(&first)).await;
    assert_eq!(second.status, 200, "{}", second.text);
    let (one, two) = (claims(&first["access_token"]), claims(&second.json["access_token"]));
    assert_eq!((&two["sub"], &two["sid"], &two["scope"]), (&one["sub"], &one["sid"], &one["scope"]));
    assert_ne!(two["jti"], one["jti"]);
    assert!(has_valid_signature(&harness, second.json["id_token"].as_str().unwrap()).await);
    let id = claims(&second.json["id_token"]);
    assert_eq!((&id["nonce"], &id["c_hash"]), (&Value::Null, &Value::Null));
    let third = harness.refresh(refresh_token(&second.json)).await;
    assert_eq!(third.status, 200);

    let reused = harness.refresh(refresh_token(&first)).await;
    assert_eq!(reused.oauth_error(), (400, "invalid_grant"));
    let revoked = harness.refresh(refresh_token(&third.json)).await;
    assert_eq!(revoked.oauth_error(), (400, "invalid_grant"), "reuse revokes the whole family");
    assert_eq!(harness.log_in(&[OFFLINE]).await["token_type"], "Bearer", "a new login still works");
}

#[tokio::test]
async fn refresh_token_is_bound_to_client_scope_and_lifetime() {
    let harness = Harness::start().await;
    let tokens = harness.log_in(&[OFFLINE]).await;
    harness.emulator.register_client(json!({"client_id": "skc_7", "client_secret": "seven"})).unwrap();
    let form = |id, secret, scope| {
        [
            ("grant_type", "refresh_token"),
            ("client_id", id),
            ("client_secret", secret),
            ("refresh_token", refresh_token(&tokens)),
            ("scope", scope),
        ]
    };
    let (id, secret) = (harness.emulator.client_id(), harness.emulator.client_secret());
    for (form, expected) in [
        (form("skc_7", "seven", ""), (400, "invalid_grant")),
        (form(id, "wrong", ""), (401, "invalid_client")),
        (form(id, secret, "openid admin"), (400, "invalid_scope")),
    ] {
        assert_eq!(harness.token_request(&form).await.oauth_error(), expected, "{form:?}");
    }
    let narrow = harness.token_request(&form(id, secret, "email")).await;
    assert_eq!((narrow.status, &narrow.json["scope"]), (200, &json!("email")));
    harness.emulator.set_login(json!({"refresh_token_lifetime_seconds": 60})).unwrap();
    let next = harness.refresh(refresh_token(&narrow.json)).await.json;
    assert_eq!(next["scope"], OFFLINE.1, "a refresh does not change the scope of the login");
    harness.emulator.advance_clock(Duration::from_secs(61)).unwrap();
    assert_eq!(harness.refresh(refresh_token(&next)).await.oauth_error(), (400, "invalid_grant"));
}

async fn logout(harness: &Harness, query: &[(&str, &str)], cookie: Option<&str>) -> Response {
    let mut request = harness.http.get(harness.url("/oidc/logout")).query(query);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    Response::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn logout_ends_session_and_redirects_only_to_registered_uri() {
    let harness = Harness::start().await;
    let cookie = harness.authorize(&[], None).await.cookie();
    let tokens = harness.log_in(&[OFFLINE]).await;
    let hint = ("id_token_hint", tokens["id_token"].as_str().unwrap());
    let evil = ("post_logout_redirect_uri", "https://evil.example/");
    let home = ("post_logout_redirect_uri", "http://localhost:9/bye?x=1");
    let changed = format!("{}x", hint.1);
    for query in [
        vec![hint, evil],
        vec![home],
        vec![("id_token_hint", "a.b.c"), home],
        vec![("id_token_hint", changed.as_str()), home],
        vec![hint, hint],
        vec![hint, ("color", "red")],
    ] {
        let response = logout(&harness, &query, None).await;
        assert_eq!((response.status, response.header("location")), (400, ""), "{query:?}");
    }
    harness.emulator.advance_clock(Duration::from_secs(7200)).unwrap();
    let logged_out = logout(&harness, &[hint, home, ("state", "a b")], Some(&cookie)).await;
    assert_eq!(
        (logged_out.status, logged_out.header("location")),
        (303, "http://localhost:9/bye?x=1&state=a%20b")
    );
    assert!(logged_out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(harness.refresh(refresh_token(&tokens)).await.oauth_error(), (400, "invalid_grant"));
    let silent = harness.authorize(&[("prompt", "none")], Some(&cookie)).await;
    assert_eq!(silent.callback("error").as_deref(), Some("user_login_required"));
    assert_eq!(logout(&harness, &[], None).await.status, 200, "without a redirect URI there is a page");
}

#[tokio::test]
async fn login_session_is_listed_expires_and_can_be_revoked() {
    let mut harness = Harness::start().await;
    let organization = harness.organization("Acme").await;
    let user = json!({"email": "Ada@example.com"});
    let created = harness.send("POST", &format!("/api/v1/organizations/{organization}/users"), &user).await;
    let list = format!("/api/v1/users/{}/sessions", created.json["user"]["id"].as_str().unwrap());
    let cookie = harness.authorize(&[], None).await.cookie();
    let code = harness.authorize(&[OFFLINE], Some(&cookie)).await.callback("code").unwrap();
    let tokens = harness.exchange(&code, &[]).await.json;
    let id = claims(&tokens["access_token"])["sid"].as_str().unwrap().to_owned();
    let session = &harness.call("GET", &list).await.json["sessions"][0];
    assert_eq!((&session["session_id"], &session["status"]), (&json!(id), &json!("active")));
    assert_eq!(session["authenticated_clients"][0]["client_id"], harness.emulator.client_id());

    // Each refresh restarts the idle timeout of seven days, but not the absolute timeout of thirty days.
    let mut token = refresh_token(&tokens).to_owned();
    for _ in 0..4 {
        harness.emulator.advance_clock(Duration::from_secs(6 * 24 * 3600)).unwrap();
        let refreshed = harness.refresh(&token).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.text);
        token = refresh_token(&refreshed.json).to_owned();
    }
    harness.emulator.advance_clock(Duration::from_secs(6 * 24 * 3600)).unwrap();
    assert_eq!(harness.refresh(&token).await.oauth_error(), (400, "invalid_grant"));

    harness.token = harness.new_token().await;
    let other = harness.authorize(&[], Some(&cookie)).await.cookie();
    assert_ne!(other, cookie, "an expired session is not reused");
    let second = harness.exchange(&harness.code(&[OFFLINE]).await, &[]).await.json;
    let id = claims(&second["access_token"])["sid"].as_str().unwrap().to_owned();
    assert_eq!(harness.call("POST", &format!("/api/v1/sessions/{id}/revoke")).await.status, 200);
    assert_eq!(harness.refresh(refresh_token(&second)).await.oauth_error(), (400, "invalid_grant"));

    let third = harness.log_in(&[OFFLINE]).await;
    logout(&harness, &[("id_token_hint", third["id_token"].as_str().unwrap())], None).await;
    let path = format!("/api/v1/sessions/{}", claims(&third["access_token"])["sid"].as_str().unwrap());
    let ended = harness.call("GET", &path).await.json;
    assert_eq!((&ended["status"], ended["logout_at"].is_string()), (&json!("logout"), true));
}

#[tokio::test]
async fn registered_machine_client_gets_its_scopes_audiences_and_organization() {
    let harness = Harness::start().await;
    let client = json!({"client_id": "m2morg_7", "client_secret": "seven", "organization_id": "org_7",
        "scopes": ["read", "write"], "audience": ["https://a.example", "https://b.example"]});
    assert_eq!(harness.send("POST", "/_emulator/idp/clients", &client).await.status, 200);
    let ask = async |extra: &[(&str, &str)]| {
        let credentials =
            [("grant_type", "client_credentials"), ("client_id", "m2morg_7"), ("client_secret", "seven")];
        harness.token_request(&[&credentials[..], extra].concat()).await
    };
    let token_claims = claims(&ask(&[]).await.json["access_token"]);
    assert_eq!((&token_claims["sub"], &token_claims["oid"]), (&json!("m2morg_7"), &json!("org_7")));
    assert_eq!(token_claims["aud"], json!(["https://a.example", "https://b.example"]));
    assert_eq!(token_claims["scopes"], json!(["read", "write"]));
    let one =
        claims(&ask(&[("scope", "read"), ("audience", "https://b.example")]).await.json["access_token"]);
    assert_eq!((&one["scopes"], &one["aud"]), (&json!(["read"]), &json!(["https://b.example"])));
    assert_eq!(ask(&[("scope", "read admin")]).await.oauth_error(), (400, "invalid_scope"));
    assert_eq!(ask(&[("audience", "https://c.example")]).await.oauth_error(), (400, "invalid_target"));
}

#[tokio::test]
async fn request_log_contains_no_codes_tokens_or_verifiers() {
    let harness = Harness::start().await;
    let challenge = challenge(VERIFIER);
    let code =
        harness.code(&[OFFLINE, ("code_challenge", &challenge), ("code_challenge_method", "S256")]).await;
    let tokens = harness.exchange(&code, &[("code_verifier", VERIFIER)]).await.json;
    harness.refresh(refresh_token(&tokens)).await;
    logout(&harness, &[("id_token_hint", tokens["id_token"].as_str().unwrap())], None).await;
    let log = format!("{:?}", harness.emulator.requests());
    for secret in [&code, VERIFIER, refresh_token(&tokens), tokens["id_token"].as_str().unwrap()] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
    assert_eq!(harness.emulator.requests_of("oauth.authorize").len(), 1);
    assert_eq!(harness.emulator.requests_of("oauth.logout").len(), 1);
}
