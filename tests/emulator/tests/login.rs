//! Logins, from the authorization request to the tokens.

use serde_json::{Value, json};

use crate::support;
use crate::support::Harness;
use crate::support::login::{
    REDIRECT, VERIFIER, challenge, claims, decode_part, has_valid_signature, left_half_hash, query_parameter,
};

const ALL: &str = "openid profile email offline_access";

async fn seed_organizations(harness: &Harness) {
    let seed = json!({"organizations": [
        {"id": "org_1", "display_name": "Acme", "external_id": "acme-42", "connections": [
            {"id": "conn_1", "enabled": true, "domains": ["acme.example"]},
        ]},
        {"id": "org_2", "display_name": "Two", "connections": [{"id": "conn_2", "enabled": true}]},
        {"id": "org_3", "display_name": "Off", "connections": [{"id": "conn_3", "domains": ["off.example"]}]},
        {"id": "org_4", "display_name": "Bare", "connections": []},
    ]});
    harness.emulator.seed(seed).unwrap();
}

#[tokio::test]
async fn login_returns_signed_tokens_with_expected_claims() {
    let harness = Harness::start().await;
    seed_organizations(&harness).await;
    let person = json!({"approve": {
        "email": "grace@acme.example", "given_name": "Grace", "family_name": "Hopper", "external_id": "u-7",
        "roles": ["admin"], "permissions": ["read:all"],
        "claims": {"locale": "en", "metadata": {"a": 1}}, "access_claims": {"custom_claims": {"tier": "gold"}},
    }});
    harness.emulator.script_login(person).unwrap();
    let (challenge, verifier) = (challenge(VERIFIER), ("code_verifier", VERIFIER));
    let extra = [
        ("scope", ALL),
        ("nonce", "n-1"),
        ("connection_id", "conn_1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let response = harness.authorize(&extra, None).await;
    assert_eq!(response.callback("state").as_deref(), Some("s t&1"));
    assert!(response.header("location").starts_with(&format!("{REDIRECT}?code=")));
    let code = response.callback("code").unwrap();
    let tokens = harness.exchange(&code, &[verifier]).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert_eq!(tokens.header("cache-control"), "no-store");
    assert_eq!((&tokens.json["token_type"], &tokens.json["expires_in"]), (&json!("Bearer"), &json!(299)));
    assert_eq!(tokens.json["scope"], ALL);
    assert!(tokens.json["refresh_token"].as_str().unwrap().starts_with("rt_"));

    let (access, id) = (&tokens.json["access_token"], &tokens.json["id_token"]);
    for token in [access, id] {
        assert!(has_valid_signature(&harness, token.as_str().unwrap()).await);
        assert_eq!(decode_part(token.as_str().unwrap(), 0)["alg"], "RS256");
    }
    let (issuer, client) = (harness.emulator.environment_url(), harness.emulator.client_id());
    let access_claims = claims(access);
    for (name, value) in [
        ("iss", json!(issuer)),
        ("aud", json!([client])),
        ("client_id", json!(client)),
        ("oid", json!("org_1")),
        ("xoid", json!("acme-42")),
        ("xuid", json!("u-7")),
        ("roles", json!(["admin"])),
        ("permissions", json!(["read:all"])),
        ("scope", json!(ALL)),
        ("custom_claims", json!({"tier": "gold"})),
        ("nbf", access_claims["iat"].clone()),
        ("exp", json!(access_claims["iat"].as_i64().unwrap() + 300)),
    ] {
        assert_eq!(access_claims[name], value, "{name}");
    }
    assert!(access_claims["jti"].as_str().unwrap().starts_with("tkn_"));
    assert!(access_claims["sid"].as_str().unwrap().starts_with("ses_"));
    assert!(access_claims["sub"].as_str().unwrap().starts_with("usr_"));
    let id_claims = claims(id);
    for (name, value) in [
        ("iss", json!(issuer)),
        ("aud", json!([client])),
        ("azp", json!(client)),
        ("sub", access_claims["sub"].clone()),
        ("sid", access_claims["sid"].clone()),
        ("oid", json!("org_1")),
        ("amr", json!(["conn_1"])),
        ("nonce", json!("n-1")),
        ("at_hash", json!(left_half_hash(access.as_str().unwrap()))),
        ("c_hash", json!(left_half_hash(&code))),
        ("email", json!("grace@acme.example")),
        ("email_verified", json!(true)),
        ("name", json!("Grace Hopper")),
        ("given_name", json!("Grace")),
        ("locale", json!("en")),
        ("metadata", json!({"a": 1})),
    ] {
        assert_eq!(id_claims[name], value, "{name}");
    }
}

#[tokio::test]
async fn login_without_script_succeeds_with_default_person() {
    let harness = Harness::start().await;
    let tokens = harness.log_in(&[]).await;
    assert_eq!(tokens["scope"], "openid profile email");
    assert_eq!(tokens["refresh_token"], Value::Null, "no refresh token without the scope offline_access");
    let first = claims(&tokens["id_token"]);
    assert_eq!(
        (&first["email"], &first["nonce"], &first["oid"]),
        (&json!("ada@example.com"), &Value::Null, &Value::Null)
    );

    let other = claims(
        &harness.log_in(&[("login_hint", "alan.turing@x.example"), ("scope", "openid email")]).await["id_token"],
    );
    assert_eq!((&other["email"], &other["name"]), (&json!("alan.turing@x.example"), &Value::Null));
    assert_ne!(other["sub"], first["sub"]);
    let again = claims(&harness.log_in(&[]).await["id_token"]);
    assert_eq!(again["sub"], first["sub"], "the same user");
    assert_ne!(again["sid"], first["sid"], "a new session");
    let bare = harness.log_in(&[("scope", "profile")]).await;
    assert_eq!(bare["id_token"], Value::Null, "no ID token without the scope openid");
}

#[tokio::test]
async fn public_client_login_requires_pkce_and_no_secret() {
    let harness = Harness::start().await;
    let id = ("client_id", harness.emulator.public_client_id());
    let refused = harness.authorize(&[id], None).await;
    assert_eq!(refused.callback("error").as_deref(), Some("invalid_request"));
    let challenge = challenge(VERIFIER);
    let code = [id, ("code_challenge", &challenge), ("code_challenge_method", "S256"), ("scope", ALL)];
    let exchange = [id, ("client_secret", ""), ("code_verifier", VERIFIER)];
    let tokens = harness.exchange(&harness.code(&code).await, &exchange).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert_eq!(claims(&tokens.json["id_token"])["azp"], id.1);
    let refresh = [
        ("grant_type", "refresh_token"),
        id,
        ("refresh_token", tokens.json["refresh_token"].as_str().unwrap()),
    ];
    assert_eq!(harness.token_request(&refresh).await.status, 200);
    let with_secret = harness.exchange(&harness.code(&code).await, &[id, ("code_verifier", VERIFIER)]).await;
    assert_eq!(with_secret.oauth_error(), (401, "invalid_client"));
    let without_client_id =
        harness.exchange(&harness.code(&code).await, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(without_client_id.oauth_error(), (400, "invalid_grant"));
}

#[tokio::test]
async fn selectors_apply_in_service_precedence() {
    let harness = Harness::start().await;
    seed_organizations(&harness).await;
    let (hint, domain) = (("login_hint", "x@acme.example"), ("domain", "acme.example"));
    let (organization, connection) = (("organization_id", "org_2"), ("connection_id", "conn_1"));
    for (selectors, amr, oid) in [
        (vec![hint], "conn_1", json!("org_1")),
        (vec![("login_hint", "x@off.example")], "hosted", Value::Null),
        (vec![("domain_hint", "acme.example"), domain], "conn_1", json!("org_1")),
        (vec![hint, ("organization_id", "org_2")], "conn_2", json!("org_2")),
        (vec![domain, organization], "conn_2", json!("org_2")),
        (vec![organization, connection, domain, hint], "conn_1", json!("org_1")),
        (vec![("provider", "google"), connection], "conn_google", Value::Null),
        (vec![("provider", "github"), organization], "conn_github", json!("org_2")),
    ] {
        let token_claims = claims(&harness.log_in(&selectors).await["id_token"]);
        let used = token_claims["amr"][0].as_str().unwrap();
        // The ID of the environment's own connection has 18 digits.
        let is_expected = if amr == "hosted" { used.len() == "conn_".len() + 18 } else { used == amr };
        assert!(is_expected, "{selectors:?}: {used}");
        assert_eq!(token_claims["oid"], oid, "{selectors:?}");
    }
}

#[tokio::test]
async fn invalid_authorize_request_redirects_with_error_and_state() {
    let harness = Harness::start().await;
    seed_organizations(&harness).await;
    let short = "x".repeat(42);
    for (extra, code) in [
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("color", "red")], "invalid_request"),
        (vec![("nonce", "1"), ("nonce", "2")], "invalid_request"),
        (vec![("prompt", "maybe")], "invalid_request"),
        (vec![("prompt", "none")], "user_login_required"),
        (vec![("code_challenge", &challenge(VERIFIER))], "invalid_request"),
        (vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge", &short), ("code_challenge_method", "S256")], "invalid_request"),
        (vec![("code_challenge_method", "S256")], "invalid_request"),
        (vec![("domain", "a.example"), ("domain_hint", "b.example")], "invalid_request"),
        (vec![("provider", "myspace")], "invalid_connection_selector"),
        (vec![("connection_id", "conn_9")], "invalid_connection_id"),
        (vec![("connection_id", "conn_3")], "connection_not_active"),
        (vec![("organization_id", "org_9")], "invalid_organization_id"),
        (vec![("organization_id", "org_3")], "no_active_connections"),
        (vec![("organization_id", "org_4")], "no_configured_connections"),
        (vec![("domain", "unknown.example")], "domain_not_found"),
        (vec![("domain", "off.example")], "connection_not_active"),
    ] {
        let response = harness.authorize(&extra, None).await;
        assert_eq!(response.callback("error").as_deref(), Some(code), "{extra:?}");
        assert!(!response.callback("error_description").unwrap().is_empty());
        assert_eq!(response.callback("state").as_deref(), Some("s t&1"), "{extra:?}");
        assert_eq!(response.callback("code"), None);
    }
}

#[tokio::test]
async fn unregistered_redirect_uri_shows_error_page_without_redirect() {
    let harness = Harness::start().await;
    for (extra, code) in [
        (vec![("redirect_uri", "https://evil.example/cb")], "invalid_redirect_uri"),
        (vec![("redirect_uri", "http://127.0.0.1@evil.example/cb")], "invalid_redirect_uri"),
        (vec![("redirect_uri", "")], "invalid_redirect_uri"),
        (vec![("redirect_uri", REDIRECT), ("redirect_uri", REDIRECT)], "invalid_request"),
        (vec![("client_id", "skc_9")], "invalid_client"),
        (vec![("client_id", "")], "invalid_client"),
    ] {
        let response = harness.authorize(&extra, None).await;
        assert_eq!((response.status, response.header("location")), (400, ""), "{extra:?}");
        assert!(
            response.text.contains(&format!("<p id=\"error\">{code}</p>")),
            "{extra:?}: {}",
            response.text
        );
    }
    let custom_uri = ("redirect_uri", "com.example.app:/callback?x=1");
    let id = harness.emulator.client_id();
    harness
        .emulator
        .register_client(json!({"client_id": id, "redirect_uris": [custom_uri.1], "allow_loopback": false}))
        .unwrap();
    let response = harness.authorize(&[custom_uri], None).await;
    assert!(response.header("location").starts_with("com.example.app:/callback?x=1&code="), "{response:?}");
    assert_eq!(harness.authorize(&[], None).await.status, 400, "loopback URIs are no longer allowed");
    harness.emulator.reset();
    assert_eq!(harness.authorize(&[], None).await.status, 303, "a reset restores the client");
}

#[tokio::test]
async fn scripted_decisions_apply_one_per_login() {
    let harness = Harness::start().await;
    let deny = json!({"deny": {"error": "user_not_active", "error_description": "not any more"}, "count": 2});
    harness.emulator.script_login(deny).unwrap();
    let approve =
        json!({"approve": {"email": "a@b.example", "organization_id": "org_7", "subject": "conn_1;00u1"}});
    assert_eq!(harness.send("POST", "/_emulator/idp/script", &approve).await.json["pending"], 3);
    for _ in 0..2 {
        let response = harness.authorize(&[], None).await;
        assert_eq!(response.callback("error").as_deref(), Some("user_not_active"));
        assert_eq!(response.callback("error_description").as_deref(), Some("not any more"));
    }
    let tokens = harness.log_in(&[("prompt", "none")]).await;
    let token_claims = claims(&tokens["access_token"]);
    assert_eq!((&token_claims["sub"], &token_claims["oid"]), (&json!("conn_1;00u1"), &json!("org_7")));
    assert_eq!(harness.call("GET", "/_emulator/idp/script").await.json["pending"], 0);
    harness.emulator.script_login(approve).unwrap();
    harness.call("DELETE", "/_emulator/idp/script").await;
    assert_eq!(claims(&harness.log_in(&[]).await["id_token"])["email"], "ada@example.com");
    for bad in [
        json!({}),
        json!({"approve": {}, "deny": {"error": "x"}}),
        json!({"approve": {}, "count": 0}),
        json!({"approve": {"mail": "x"}}),
    ] {
        assert_eq!(harness.send("POST", "/_emulator/idp/script", &bad).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn browser_session_is_reused_and_can_switch_organization() {
    let harness = Harness::start().await;
    seed_organizations(&harness).await;
    let first =
        harness.authorize(&[("connection_id", "conn_1"), ("login_hint", "g@acme.example")], None).await;
    let cookie = first.cookie();
    let id_claims = async |response: support::Response| {
        let code =
            query_parameter(response.header("location"), "code").unwrap_or_else(|| panic!("{response:?}"));
        claims(&harness.exchange(&code, &[]).await.json["id_token"])
    };
    let one = id_claims(first).await;
    let silent = id_claims(harness.authorize(&[("prompt", "none")], Some(&cookie)).await).await;
    assert_eq!((&silent["sid"], &silent["sub"]), (&one["sid"], &one["sub"]));
    let switch = [("prompt", "select_account"), ("organization_id", "org_4")];
    let switched = id_claims(harness.authorize(&switch, Some(&cookie)).await).await;
    assert_eq!(
        (&switched["sid"], &switched["sub"], &switched["oid"]),
        (&one["sid"], &one["sub"], &json!("org_4"))
    );
    let elsewhere =
        harness.authorize(&[("prompt", "none"), ("connection_id", "conn_2")], Some(&cookie)).await;
    assert_eq!(elsewhere.callback("error").as_deref(), Some("user_login_required"));
    let new_login = id_claims(harness.authorize(&[("prompt", "login")], Some(&cookie)).await).await;
    assert_ne!(new_login["sid"], one["sid"]);
    let forged = harness.authorize(&[("prompt", "none")], Some("scalekit_emulator_session=x")).await;
    assert_eq!(forged.callback("error").as_deref(), Some("user_login_required"));
}

#[tokio::test]
async fn idp_initiated_login_returns_token_and_location() {
    let harness = Harness::start().await;
    seed_organizations(&harness).await;
    let order = json!({"connection_id": "conn_2", "login_hint": "g@two.example", "relay_state": "r",
        "login_uri": "http://127.0.0.1:9/login?a=b"});
    let response = harness.send("POST", "/_emulator/idp/initiate", &order).await.json;
    let token = query_parameter(response["location"].as_str().unwrap(), "idp_initiated_login").unwrap();
    assert_eq!(response["idp_initiated_login"], token.as_str());
    assert!(has_valid_signature(&harness, &token).await);
    let token_claims = decode_part(&token, 1);
    assert_eq!(token_claims["exp"].as_i64().unwrap() - token_claims["iat"].as_i64().unwrap(), 300);
    for (name, value) in [
        ("iss", harness.emulator.environment_url()),
        ("organization_id", "org_2"),
        ("connection_id", "conn_2"),
        ("login_hint", "g@two.example"),
        ("relay_state", "r"),
    ] {
        assert_eq!(token_claims[name], value);
    }
    let tokens = harness.log_in(&[("connection_id", "conn_2"), ("login_hint", "g@two.example")]).await;
    assert_eq!(claims(&tokens["id_token"])["oid"], "org_2");
    assert!(harness.emulator.initiate_login(json!({"connection_id": "conn_9"})).is_err());
}

#[tokio::test]
async fn login_page_approves_or_denies_once() {
    let harness = Harness::start().await;
    harness.emulator.set_login(json!({"mode": "page"})).unwrap();
    for (decision, email, expected) in [
        ("approve", "alan@x.example", Some("alan@x.example")),
        ("approve", "", Some("\"><b>@x")),
        ("deny", "", None),
    ] {
        let response = harness.authorize(&[("login_hint", "\"><b>@x")], None).await;
        let page = response.header("location").to_owned();
        let shown = support::Response::of(harness.http.get(&page).send().await.unwrap()).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(shown.text.contains("id=\"approve\"") && !shown.text.contains("<b>"), "{}", shown.text);
        let request = query_parameter(&page, "request").unwrap();
        let form = [("request", request.as_str()), ("email", email), ("decision", decision)];
        let post = || harness.http.post(harness.url("/idp/login")).form(&form).send();
        let response = support::Response::of(post().await.unwrap()).await;
        match (expected, response.callback("code")) {
            (Some(email), Some(code)) => {
                assert_eq!(claims(&harness.exchange(&code, &[]).await.json["id_token"])["email"], email);
            }
            (None, None) => assert_eq!(response.callback("error").as_deref(), Some("access_denied")),
            other => panic!("{other:?}"),
        }
        assert_eq!(post().await.unwrap().status(), 400, "a login page can be submitted only once");
        assert_eq!(harness.http.get(&page).send().await.unwrap().status(), 400);
    }
}
