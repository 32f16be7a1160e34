//! Interceptors: the service asks an endpoint of the application before it goes on, and does what it answers.

mod support;

use scalekit::{
    InterceptorMembership, InterceptorRequest, InterceptorResponse, InterceptorTriggerPoint,
    InterceptorVerifier,
};
use serde_json::{Value, json};
use support::Bench;
use support::events::Listener;
use support::login::claims;
use support::receiver::{Answer, Receiver};

/// An application that is asked at one place.
struct Application {
    receiver: Receiver,
    secret: String,
}

impl Application {
    async fn start(bench: &Bench, trigger_point: &str, more: Value) -> Application {
        let receiver = Receiver::start().await;
        let mut draft = json!({"trigger_point": trigger_point, "url": receiver.url});
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = bench.send("POST", "/_emulator/interceptors", &draft).await;
        assert_eq!(made.status, 200, "{}", made.text);
        let secret = made.json["secrets"][0].as_str().unwrap().to_owned();
        Application { receiver, secret }
    }

    fn answer(&self, response: &InterceptorResponse) {
        self.receiver.next(&[Answer::Json(response.body().leak())]);
    }

    /// What was asked, verified and read by the library.
    fn asked(&self) -> Vec<InterceptorRequest> {
        let verifier = InterceptorVerifier::new(vec![self.secret.clone()], 300).unwrap();
        let requests = self.receiver.requests();
        requests.iter().map(|(headers, body)| verifier.request(headers, body, None).unwrap()).collect()
    }
}

fn deny() -> InterceptorResponse {
    InterceptorResponse::deny("Not on a Sunday.")
}

async fn seed(bench: &Bench) {
    let seed = json!({
        "organizations": [{"id": "org_1", "display_name": "Acme", "external_id": "acme",
            "connections": [{"id": "conn_1", "type": "SAML", "provider": "OKTA", "enabled": true}]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example", "metadata": {"team": "blue"}, "user_profile": {"given_name": "Ada"},
            "memberships": [{"organization_id": "org_1", "status": "PENDING_INVITE", "roles": ["admin"]}]}],
    });
    bench.emulator.seed(seed).unwrap();
}

#[tokio::test]
async fn a_session_gets_the_claims_of_the_application() {
    let bench = Bench::start().await;
    seed(&bench).await;
    let application =
        Application::start(&bench, "PRE_SESSION_CREATION", json!({"display_name": "Tiers"})).await;
    let added = json!({"tier": "gold", "sub": "usr_9", "exp": 1, "oid": "org_9"});
    application.answer(&InterceptorResponse::allow_with_claims(added.into()).unwrap());
    let asked_for = [
        ("connection_id", "conn_1"),
        ("login_hint", "ada@acme.example"),
        ("state", "canary"),
        ("scope", "openid email offline_access"),
    ];
    let tokens = bench.log_in(&asked_for).await;
    let refreshed = bench.refresh(tokens["refresh_token"].as_str().unwrap()).await.json;
    for token in [&tokens["access_token"], &tokens["id_token"], &refreshed["access_token"]] {
        let own = claims(token);
        assert_eq!(
            (&own["tier"], &own["sub"], &own["oid"]),
            (&json!("gold"), &json!("usr_1"), &json!("org_1"))
        );
        assert!(own["exp"].as_i64().unwrap() > 1);
    }

    let asked = application.asked();
    assert_eq!(asked.len(), 1, "a refresh creates no session");
    let (asked, context) = (&asked[0], &asked[0].context);
    assert_eq!(asked.display_name.as_deref(), Some("Tiers"));
    assert_eq!(asked.trigger_point, Some(InterceptorTriggerPoint::PreSessionCreation));
    assert_eq!(
        (context.user_id.as_deref(), context.user_email.as_deref()),
        (Some("usr_1"), Some("ada@acme.example"))
    );
    assert_eq!(context.organization_id.as_deref(), Some("org_1"));
    let connection = &context.connection_details[0];
    assert_eq!((connection.id.as_str(), connection.connection_type.as_deref()), ("conn_1", Some("SAML")));
    let request = context.auth_request.as_ref().unwrap();
    assert_eq!(
        (request.state.as_ref().unwrap().reveal().as_str(), request.connection_id.as_deref()),
        ("canary", Some("conn_1"))
    );
    assert!(
        context.triggered_at.is_some() && context.environment_id.is_some() && context.ip_address.is_some()
    );
    let user = asked.data.user.as_ref().unwrap();
    assert_eq!((user.id.as_str(), user.given_name.as_deref()), ("usr_1", Some("Ada")));
    assert_eq!(user.metadata.as_ref().unwrap().value(), &json!({"team": "blue"}));
    let membership = &user.memberships[0];
    assert_eq!(
        (membership.organization_name.as_deref(), membership.status.as_deref()),
        (Some("Acme"), Some("PENDING_INVITE"))
    );
    assert_eq!(membership.roles, ["admin"]);

    let call = &bench.emulator.interceptor_calls()[0];
    assert_eq!(
        (call.decision.as_str(), call.trigger_point.as_str(), &call.error),
        ("ALLOW", "PRE_SESSION_CREATION", &None)
    );
    assert_eq!(application.receiver.requests()[0].0["interceptor-id"], call.request_id);
    assert!(!format!("{call:?}").contains("canary"), "the state is the application's own");
}

#[tokio::test]
async fn a_login_that_the_application_refuses_does_nothing() {
    let bench = Bench::start().await;
    seed(&bench).await;
    let mut listener = Listener::start(&bench).await;
    let before = bench.authorize(&[("login_hint", "bo@x.example")], None).await.cookie();
    listener.types(&bench);
    let application = Application::start(&bench, "PRE_SESSION_CREATION", json!({})).await;
    application.answer(&deny());
    let answer = bench.authorize(&[("login_hint", "ada@acme.example"), ("state", "s")], None).await;
    assert_eq!(
        ["error", "error_description", "state", "code"].map(|name| answer.callback(name)),
        [Some("access_denied".into()), Some("Not on a Sunday.".into()), Some("s".into()), None]
    );
    assert!(answer.headers.get("set-cookie").is_none());
    assert_eq!(listener.types(&bench), [""; 0]);
    let user = bench.call("GET", "/api/v1/users/usr_1").await.json;
    assert_eq!(
        user["user"]["memberships"][0]["membership_status"], "PENDING_INVITE",
        "no invitation was accepted"
    );
    assert_eq!(bench.call("GET", "/api/v1/users/usr_1/sessions").await.json["total_size"], 0);

    let silent = bench.authorize(&[("prompt", "none")], Some(&before)).await;
    assert!(silent.callback("code").is_some(), "a session that goes on is not created");
    application.answer(&InterceptorResponse::allow());
    bench.log_in(&[("login_hint", "ada@acme.example")]).await;
    assert_eq!(listener.types(&bench), ["user.organization_membership_created", "user.login"]);
    assert_eq!(application.asked().len(), 2);

    bench.emulator.set_login(json!({"mode": "page"})).unwrap();
    application.answer(&deny());
    let page = bench.authorize(&[], None).await.header("location").to_owned();
    let form = [("request", page.split_once("request=").unwrap().1), ("decision", "approve"), ("email", "")];
    let answer =
        support::Answer::of(bench.http.post(bench.url("/idp/login")).form(&form).send().await.unwrap()).await;
    assert_eq!(answer.callback("error_description").as_deref(), Some("Not on a Sunday."));
}

#[tokio::test]
async fn the_application_decides_who_signs_up_and_where() {
    let bench = Bench::start_bare().await;
    seed(&bench).await;
    let mut listener = Listener::start(&bench).await;
    let application = Application::start(&bench, "PRE_SIGNUP", json!({})).await;
    let sign_up = |email: &'static str| [("prompt", "create"), ("login_hint", email)];

    application.answer(&deny());
    let refused = bench.authorize(&sign_up("no@new.example"), None).await;
    assert_eq!(refused.callback("error").as_deref(), Some("access_denied"));
    assert_eq!(listener.types(&bench), [""; 0], "neither user nor organization");

    application.answer(&InterceptorResponse::allow());
    bench.log_in(&sign_up("yes@new.example")).await;
    assert_eq!(
        listener.types(&bench),
        ["organization.created", "user.organization_membership_created", "user.signup", "user.login"]
    );

    let by_id = InterceptorMembership { organization_id: Some("org_1".into()), ..Default::default() };
    let by_external_id = InterceptorMembership {
        external_organization_id: Some("acme".into()),
        roles: vec!["admin".into()],
        ..Default::default()
    };
    for (email, membership, role) in
        [("one@new.example", by_id, "member"), ("two@new.example", by_external_id, "admin")]
    {
        application.answer(&InterceptorResponse::allow_with_membership(membership).unwrap());
        let own = claims(&bench.log_in(&sign_up(email)).await["id_token"]);
        assert_eq!(own["oid"], "org_1", "{email}");
        let user = bench.call("GET", &format!("/api/v1/users/{}", own["sub"].as_str().unwrap())).await.json;
        assert_eq!(user["user"]["memberships"][0]["roles"][0]["name"], role);
        assert_eq!(listener.types(&bench), ["user.organization_membership_created", "user.login"]);
    }
    for bad in [json!({"organization_id": "org_9"}), json!({"organization_id": "org_1", "roles": ["no"]})] {
        let answer = json!({"decision": "ALLOW", "response": {"create_organization_membership": bad}});
        application.receiver.next(&[Answer::Json(answer.to_string().leak())]);
        let refused = bench.authorize(&sign_up("three@new.example"), None).await;
        assert!(refused.callback("error_description").unwrap().contains("does not exist"));
    }
    let asked = application.asked();
    assert_eq!((asked.len(), asked[0].context.user_email.as_deref()), (6, Some("no@new.example")));
    assert!(asked[0].data.user.is_none() && asked[0].context.user_id.is_none());
    bench.log_in(&sign_up("ada@acme.example")).await;
    assert_eq!(application.asked().len(), 6, "who is known does not sign up");
}

#[tokio::test]
async fn an_invitation_needs_the_application_to_agree() {
    let bench = Bench::start_bare().await;
    seed(&bench).await;
    let application = Application::start(&bench, "PRE_USER_INVITATION", json!({})).await;
    let path = "/api/v1/organizations/org_1/users";
    let invite = async |email: &str, query: &str| {
        bench.send("POST", &format!("{path}{query}"), &json!({"email": email})).await
    };
    application.answer(&deny());
    let refused = invite("bo@acme.example", "").await;
    assert_eq!((refused.status, &refused.json["message"]), (403, &json!("Not on a Sunday.")));
    assert_eq!(refused.error_code(), "PERMISSION_DENIED");
    assert!(bench.emulator.outbox().is_empty());
    application.answer(&InterceptorResponse::allow());
    assert_eq!(invite("bo@acme.example", "").await.status, 201);
    assert_eq!(bench.emulator.outbox().len(), 1);
    assert_eq!(invite("cy@acme.example", "?send_invitation_email=false").await.status, 201);
    assert_eq!(invite("bo@acme.example", "").await.status, 409);
    let asked = application.asked();
    assert_eq!(asked.len(), 2, "nobody is asked about members, or about what fails anyway");
    assert_eq!(asked[0].context.user_email.as_deref(), Some("bo@acme.example"));
    let organization = asked[0].data.organization.as_ref().unwrap();
    assert_eq!((organization.id.as_str(), organization.name.as_deref()), ("org_1", Some("Acme")));
}

#[tokio::test]
async fn a_machine_gets_the_token_that_the_application_wants() {
    let bench = Bench::start_bare().await;
    seed(&bench).await;
    let client = json!({"name": "ci", "scopes": ["read", "write"], "audience": ["https://api.example"],
        "custom_claims": [{"key": "env", "value": "prod"}]});
    let made = bench.send("POST", "/api/v1/organizations/org_1/clients", &client).await.json;
    let (id, secret) =
        (made["client"]["client_id"].as_str().unwrap(), made["plain_secret"].as_str().unwrap());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let application = Application::start(&bench, "PRE_M2M_TOKEN_CREATION", json!({})).await;

    application.answer(&deny());
    let refused = bench.token_request(&form).await;
    assert_eq!(
        (refused.oauth_error(), refused.header("cache-control")),
        ((400, "access_denied"), "no-store")
    );
    assert_eq!(refused.json["error_description"], "Not on a Sunday.");
    let added =
        json!({"scope": "read", "aud": ["https://other.example"], "tier": 1, "sub": "x", "oid": "org_9"});
    application.answer(&InterceptorResponse::allow_with_claims(added.into()).unwrap());
    let answer = bench.token_request(&form).await;
    assert_eq!(
        (answer.status, &answer.json["scope"], answer.header("cache-control")),
        (200, &json!("read"), "no-store")
    );
    let own = claims(&answer.json["access_token"]);
    for (name, value) in [
        ("sub", json!(id)),
        ("oid", json!("org_1")),
        ("scopes", json!(["read"])),
        ("aud", json!(["https://other.example"])),
        ("tier", json!(1)),
        ("custom_claims", json!({"env": "prod"})),
    ] {
        assert_eq!(own[name], value, "{name}");
    }
    let asked = application.asked();
    assert_eq!(asked[0].context.client_id.as_deref(), Some(id));
    let token = asked[0].data.m2m_token_claims.as_ref().unwrap();
    assert_eq!(
        (token.claims.oid.as_deref(), &token.claims.scopes),
        (Some("org_1"), &vec!["read".into(), "write".into()])
    );
    assert_eq!(token.claims.custom_claims.as_ref().unwrap().value(), &json!({"env": "prod"}));
    bench.new_token().await;
    assert_eq!(application.asked().len(), 2, "the environment's own client is no machine of an organization");
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_none() {
    let bench = Bench::start_bare().await;
    for (mode, expected) in [("FAIL_CLOSED", "DENY"), ("FAIL_OPEN", "ALLOW")] {
        let more = json!({"timeout_ms": 100, "failure_mode": mode});
        let application = Application::start(&bench, "PRE_SESSION_CREATION", more).await;
        let answers = [
            Answer::Status(500),
            Answer::Status(201),
            Answer::Hang,
            Answer::Silence,
            Answer::Json("ALLOW"),
            Answer::Json("{}"),
            Answer::Json(r#"{"decision": "MAYBE"}"#),
            Answer::Json(r#"{"decision": "ALLOW", "claims": {}}"#),
            Answer::Json(r#"{"decision": "ALLOW", "response": {"claims": 7}}"#),
            Answer::Json(
                r#"{"decision": "ALLOW", "response": {"create_organization_membership": {"organization_id": "org_1"}}}"#,
            ),
            Answer::Json("x".repeat(70_000).leak()),
        ];
        for answer in answers {
            application.receiver.next(&[answer]);
            let login = bench.authorize(&[], None).await;
            assert_eq!(login.callback("code").is_some(), expected == "ALLOW", "{mode} {answer:?}");
        }
        drop(application);
        assert_eq!(bench.authorize(&[], None).await.callback("code").is_some(), expected == "ALLOW");
        let calls = bench.emulator.interceptor_calls();
        let own = &calls[calls.len() - 12..];
        assert!(own.iter().all(|call| call.decision == expected && call.error.is_some()), "{own:?}");
        assert!(own[3].error.as_deref().unwrap().contains("100 ms"));
    }
    let signups = Application::start(&bench, "PRE_SIGNUP", json!({})).await;
    for answer in [
        r#"{"decision": "ALLOW", "response": {"claims": {}}}"#,
        r#"{"decision": "ALLOW", "response": {"create_organization_membership": {"roles": []}}}"#,
        r#"{"decision": "ALLOW", "response": {"create_organization_membership": {"organization_id": "a", "external_organization_id": "b"}}}"#,
    ] {
        signups.receiver.next(&[Answer::Json(answer)]);
        let login = bench.authorize(&[("prompt", "create"), ("login_hint", "new@x.example")], None).await;
        assert_eq!(login.callback("error").as_deref(), Some("access_denied"), "{answer}");
    }
}

#[tokio::test]
async fn while_it_asks_the_emulator_serves_others_and_a_reset_ends_it() {
    let bench = Bench::start_bare().await;
    let application = Application::start(&bench, "PRE_SESSION_CREATION", json!({"timeout_ms": 30000})).await;
    application.receiver.next(&[Answer::Silence]);
    let url = bench.url("/oauth/authorize");
    let query = [
        ("response_type", "code"),
        ("client_id", bench.emulator.client_id()),
        ("redirect_uri", support::login::REDIRECT),
    ];
    let login = tokio::spawn(bench.http.get(url).query(&query).send());
    application.receiver.wait(1).await;
    bench.organization("Acme").await;
    bench.emulator.reset();
    assert!(login.await.unwrap().is_err(), "the connection is closed");
    assert!(bench.emulator.interceptor_calls().is_empty());
    assert!(bench.authorize(&[], None).await.callback("code").is_some(), "nobody is asked any more");
}

#[tokio::test]
async fn the_control_plane_registers_lists_and_forgets() {
    let bench = Bench::start_bare().await;
    for bad in [
        json!({}),
        json!({"trigger_point": "PRE_TELEPORT", "url": "http://127.0.0.1:1/"}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://example.com/"}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "secrets": ["plain"]}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "timeout_ms": 99}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "timeout_ms": 30001}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "failure_mode": "FAIL"}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "colour": "red"}),
    ] {
        assert_eq!(bench.send("POST", "/_emulator/interceptors", &bad).await.status, 400, "{bad}");
    }
    let first = Application::start(&bench, "PRE_SESSION_CREATION", json!({})).await;
    let secrets = json!(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"]);
    let second = Application::start(&bench, "PRE_SESSION_CREATION", json!({"secrets": secrets})).await;
    second.answer(&InterceptorResponse::allow());
    assert!(bench.authorize(&[], None).await.callback("code").is_some());
    assert_eq!(
        (first.asked().len(), second.asked().len()),
        (0, 1),
        "the later one takes the place of the earlier"
    );
    let other = Application { secret: secrets[1].as_str().unwrap().into(), ..second };
    assert_eq!(other.asked().len(), 1, "each secret signs");

    let listed = bench.call("GET", "/_emulator/interceptors").await;
    let own = &listed.json["interceptors"][0];
    assert_eq!(
        (&own["trigger_point"], &own["failure_mode"]),
        (&json!("PRE_SESSION_CREATION"), &json!("FAIL_CLOSED"))
    );
    assert!(!listed.text.contains("whsec_"));
    let calls = bench.call("GET", "/_emulator/interceptors/calls").await.json;
    assert_eq!(
        (&calls["calls"][0]["decision"], &calls["calls"][0]["interceptor_id"]),
        (&json!("ALLOW"), &own["id"])
    );
    assert_eq!(bench.call("DELETE", "/_emulator/interceptors").await.status, 200);
    assert!(bench.authorize(&[], None).await.callback("code").is_some());
    assert_eq!(other.asked().len(), 1);
}
