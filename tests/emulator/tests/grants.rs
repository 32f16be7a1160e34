//! Codes, refresh tokens, and the end of a session.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::login::{REDIRECT, VERIFIER, challenge, claims, verifies};
use support::{Answer, Bench};

const OFFLINE: (&str, &str) = ("scope", "openid email offline_access");

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[tokio::test]
async fn a_code_is_good_once_for_ten_minutes_for_one_address_and_client() {
    let bench = Bench::start().await;
    let refused = (400, "invalid_grant");
    let code = bench.code(&[OFFLINE]).await;
    let first = bench.exchange(&code, &[]).await;
    assert_eq!(first.status, 200);
    assert_eq!(bench.exchange(&code, &[]).await.oauth_error(), refused, "used");
    assert_eq!(
        bench.refresh(refresh_token(&first.json)).await.oauth_error(),
        refused,
        "what came of it ends"
    );

    let code = bench.code(&[]).await;
    bench.emulator.advance_clock(Duration::from_secs(599)).unwrap();
    assert_eq!(bench.exchange(&code, &[]).await.status, 200);
    let code = bench.code(&[]).await;
    bench.emulator.advance_clock(Duration::from_secs(601)).unwrap();
    assert_eq!(bench.exchange(&code, &[]).await.oauth_error(), refused, "expired");

    let other = format!("{REDIRECT}/");
    assert_eq!(
        bench.exchange(&bench.code(&[]).await, &[("redirect_uri", &other)]).await.oauth_error(),
        refused
    );
    assert_eq!(bench.exchange("code_1", &[]).await.oauth_error(), refused);
    let code = bench.code(&[]).await;
    bench.emulator.register_client(json!({"client_id": "skc_7", "client_secret": "seven"})).unwrap();
    let seven = [("client_id", "skc_7"), ("client_secret", "seven")];
    assert_eq!(bench.exchange(&code, &seven).await.oauth_error(), refused, "of another client");
    assert_eq!(
        bench.exchange(&code, &[("client_secret", "wrong")]).await.oauth_error(),
        (401, "invalid_client")
    );
    assert_eq!(bench.exchange(&code, &[("client_secret", "")]).await.oauth_error(), (401, "invalid_client"));
    assert_eq!(bench.exchange(&code, &[]).await.status, 200, "none of these spent it");
    for missing in ["code", "redirect_uri", "client_id"] {
        let answer = bench.exchange("x", &[(missing, "")]).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request"), "{missing}");
    }
}

#[tokio::test]
async fn the_verifier_must_fit_the_challenge() {
    let bench = Bench::start().await;
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
        let code = bench.code(request).await;
        let answer = bench.exchange(&code, &[("code_verifier", verifier)]).await;
        assert_eq!(answer.oauth_error(), (400, error), "{verifier}");
        let again = bench.exchange(&code, &[("code_verifier", VERIFIER)]).await;
        assert_eq!(again.oauth_error(), (400, "invalid_grant"), "one guess is all");
    }
    assert_eq!(bench.exchange(&bench.code(&with).await, &[("code_verifier", VERIFIER)]).await.status, 200);
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_second_use_ends_the_family() {
    let bench = Bench::start().await;
    let first = bench.log_in(&[OFFLINE, ("nonce", "n")]).await;
    let second = bench.refresh(refresh_token(&first)).await;
    assert_eq!(second.status, 200, "{}", second.text);
    let (one, two) = (claims(&first["access_token"]), claims(&second.json["access_token"]));
    assert_eq!((&two["sub"], &two["sid"], &two["scope"]), (&one["sub"], &one["sid"], &one["scope"]));
    assert_ne!(two["jti"], one["jti"]);
    assert!(verifies(&bench, second.json["id_token"].as_str().unwrap()).await);
    let id = claims(&second.json["id_token"]);
    assert_eq!((&id["nonce"], &id["c_hash"]), (&Value::Null, &Value::Null));
    let third = bench.refresh(refresh_token(&second.json)).await;
    assert_eq!(third.status, 200);

    let reused = bench.refresh(refresh_token(&first)).await;
    assert_eq!(reused.oauth_error(), (400, "invalid_grant"));
    let revoked = bench.refresh(refresh_token(&third.json)).await;
    assert_eq!(revoked.oauth_error(), (400, "invalid_grant"), "nobody can tell who is who");
    assert_eq!(bench.log_in(&[OFFLINE]).await["token_type"], "Bearer", "a new login works");
}

#[tokio::test]
async fn a_refresh_token_belongs_to_its_client_scope_and_time() {
    let bench = Bench::start().await;
    let tokens = bench.log_in(&[OFFLINE]).await;
    bench.emulator.register_client(json!({"client_id": "skc_7", "client_secret": "seven"})).unwrap();
    let form = |id, secret, scope| {
        [
            ("grant_type", "refresh_token"),
            ("client_id", id),
            ("client_secret", secret),
            ("refresh_token", refresh_token(&tokens)),
            ("scope", scope),
        ]
    };
    let (id, secret) = (bench.emulator.client_id(), bench.emulator.client_secret());
    for (form, expected) in [
        (form("skc_7", "seven", ""), (400, "invalid_grant")),
        (form(id, "wrong", ""), (401, "invalid_client")),
        (form(id, secret, "openid admin"), (400, "invalid_scope")),
    ] {
        assert_eq!(bench.token_request(&form).await.oauth_error(), expected, "{form:?}");
    }
    let narrow = bench.token_request(&form(id, secret, "email")).await;
    assert_eq!((narrow.status, &narrow.json["scope"]), (200, &json!("email")));
    bench.emulator.set_login(json!({"refresh_token_lifetime_seconds": 60})).unwrap();
    let next = bench.refresh(refresh_token(&narrow.json)).await.json;
    assert_eq!(next["scope"], OFFLINE.1, "the login's scope stays what it was");
    bench.emulator.advance_clock(Duration::from_secs(61)).unwrap();
    assert_eq!(bench.refresh(refresh_token(&next)).await.oauth_error(), (400, "invalid_grant"));
}

async fn logout(bench: &Bench, query: &[(&str, &str)], cookie: Option<&str>) -> Answer {
    let mut request = bench.http.get(bench.url("/oidc/logout")).query(query);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn logout_ends_the_session_and_goes_on_to_a_registered_address() {
    let bench = Bench::start().await;
    let cookie = bench.authorize(&[], None).await.cookie();
    let tokens = bench.log_in(&[OFFLINE]).await;
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
        vec![hint, ("colour", "red")],
    ] {
        let answer = logout(&bench, &query, None).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{query:?}");
    }
    bench.emulator.advance_clock(Duration::from_secs(7200)).unwrap();
    let gone = logout(&bench, &[hint, home, ("state", "a b")], Some(&cookie)).await;
    assert_eq!((gone.status, gone.header("location")), (303, "http://localhost:9/bye?x=1&state=a%20b"));
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(bench.refresh(refresh_token(&tokens)).await.oauth_error(), (400, "invalid_grant"));
    let silent = bench.authorize(&[("prompt", "none")], Some(&cookie)).await;
    assert_eq!(silent.callback("error").as_deref(), Some("user_login_required"));
    assert_eq!(logout(&bench, &[], None).await.status, 200, "a page for who has nowhere to go");
}

#[tokio::test]
async fn the_operations_see_a_login_and_can_end_it() {
    let mut bench = Bench::start().await;
    let organization = bench.organization("Acme").await;
    let user = json!({"email": "Ada@example.com"});
    let made = bench.send("POST", &format!("/api/v1/organizations/{organization}/users"), &user).await;
    let list = format!("/api/v1/users/{}/sessions", made.json["user"]["id"].as_str().unwrap());
    let cookie = bench.authorize(&[], None).await.cookie();
    let code = bench.authorize(&[OFFLINE], Some(&cookie)).await.callback("code").unwrap();
    let tokens = bench.exchange(&code, &[]).await.json;
    let id = claims(&tokens["access_token"])["sid"].as_str().unwrap().to_owned();
    let session = &bench.call("GET", &list).await.json["sessions"][0];
    assert_eq!((&session["session_id"], &session["status"]), (&json!(id), &json!("active")));
    assert_eq!(session["authenticated_clients"][0]["client_id"], bench.emulator.client_id());

    // Each refresh begins the week without use anew, but not the thirty days.
    let mut token = refresh_token(&tokens).to_owned();
    for _ in 0..4 {
        bench.emulator.advance_clock(Duration::from_secs(6 * 24 * 3600)).unwrap();
        let refreshed = bench.refresh(&token).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.text);
        token = refresh_token(&refreshed.json).to_owned();
    }
    bench.emulator.advance_clock(Duration::from_secs(6 * 24 * 3600)).unwrap();
    assert_eq!(bench.refresh(&token).await.oauth_error(), (400, "invalid_grant"));

    bench.token = bench.new_token().await;
    let other = bench.authorize(&[], Some(&cookie)).await.cookie();
    assert_ne!(other, cookie, "a session that is over is no login");
    let second = bench.exchange(&bench.code(&[OFFLINE]).await, &[]).await.json;
    let id = claims(&second["access_token"])["sid"].as_str().unwrap().to_owned();
    assert_eq!(bench.call("POST", &format!("/api/v1/sessions/{id}/revoke")).await.status, 200);
    assert_eq!(bench.refresh(refresh_token(&second)).await.oauth_error(), (400, "invalid_grant"));

    let third = bench.log_in(&[OFFLINE]).await;
    logout(&bench, &[("id_token_hint", third["id_token"].as_str().unwrap())], None).await;
    let path = format!("/api/v1/sessions/{}", claims(&third["access_token"])["sid"].as_str().unwrap());
    let ended = bench.call("GET", &path).await.json;
    assert_eq!((&ended["status"], ended["logout_at"].is_string()), (&json!("logout"), true));
}

#[tokio::test]
async fn machines_have_scopes_audiences_and_an_organization_of_their_own() {
    let bench = Bench::start().await;
    let client = json!({"client_id": "m2morg_7", "client_secret": "seven", "organization_id": "org_7",
        "scopes": ["read", "write"], "audience": ["https://a.example", "https://b.example"]});
    assert_eq!(bench.send("POST", "/_emulator/idp/clients", &client).await.status, 200);
    let ask = async |extra: &[(&str, &str)]| {
        let own =
            [("grant_type", "client_credentials"), ("client_id", "m2morg_7"), ("client_secret", "seven")];
        bench.token_request(&[&own[..], extra].concat()).await
    };
    let own = claims(&ask(&[]).await.json["access_token"]);
    assert_eq!((&own["sub"], &own["oid"]), (&json!("m2morg_7"), &json!("org_7")));
    assert_eq!(own["aud"], json!(["https://a.example", "https://b.example"]));
    assert_eq!(own["scopes"], json!(["read", "write"]));
    let one =
        claims(&ask(&[("scope", "read"), ("audience", "https://b.example")]).await.json["access_token"]);
    assert_eq!((&one["scopes"], &one["aud"]), (&json!(["read"]), &json!(["https://b.example"])));
    assert_eq!(ask(&[("scope", "read admin")]).await.oauth_error(), (400, "invalid_scope"));
    assert_eq!(ask(&[("audience", "https://c.example")]).await.oauth_error(), (400, "invalid_target"));
}

#[tokio::test]
async fn the_log_keeps_no_codes_tokens_or_verifiers() {
    let bench = Bench::start().await;
    let challenge = challenge(VERIFIER);
    let code =
        bench.code(&[OFFLINE, ("code_challenge", &challenge), ("code_challenge_method", "S256")]).await;
    let tokens = bench.exchange(&code, &[("code_verifier", VERIFIER)]).await.json;
    bench.refresh(refresh_token(&tokens)).await;
    logout(&bench, &[("id_token_hint", tokens["id_token"].as_str().unwrap())], None).await;
    let log = format!("{:?}", bench.emulator.requests());
    for secret in [&code, VERIFIER, refresh_token(&tokens), tokens["id_token"].as_str().unwrap()] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
    assert_eq!(bench.emulator.requests_of("oauth.authorize").len(), 1);
    assert_eq!(bench.emulator.requests_of("oauth.logout").len(), 1);
}
