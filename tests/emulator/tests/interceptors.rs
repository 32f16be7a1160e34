//! Interceptors: endpoints of the application that allow, deny or modify an operation.

use scalekit::{
    InterceptorMembership, InterceptorRequest, InterceptorResponse, InterceptorTriggerPoint,
    InterceptorVerifier,
};
use serde_json::{Value, json};

use crate::support;
use crate::support::Harness;
use crate::support::events::Listener;
use crate::support::login::claims;
use crate::support::receiver::{Behavior, Receiver};

/// An application with an interceptor for one trigger point.
struct Application {
    receiver: Receiver,
    secret: String,
}

impl Application {
    async fn start(harness: &Harness, trigger_point: &str, extra: Value) -> Application {
        let receiver = Receiver::start().await;
        let mut draft = json!({"trigger_point": trigger_point, "url": receiver.url});
        draft.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let created = harness.send("POST", "/_emulator/interceptors", &draft).await;
        assert_eq!(created.status, 200, "{}", created.text);
        let secret = created.json["secrets"][0].as_str().unwrap().to_owned();
        Application { receiver, secret }
    }

    /// Queues the response to the next request.
    fn respond(&self, response: &InterceptorResponse) {
        self.receiver.queue(&[Behavior::Json(response.body().leak())]);
    }

    /// Returns the received requests, verified and parsed by the library.
    fn requests(&self) -> Vec<InterceptorRequest> {
        let verifier = InterceptorVerifier::new([&self.secret], 300).unwrap();
        let requests = self.receiver.requests();
        requests.iter().map(|(headers, body)| verifier.request(headers, body, None).unwrap()).collect()
    }
}

fn deny() -> InterceptorResponse {
    InterceptorResponse::deny("Not on a Sunday.")
}

async fn seed(harness: &Harness) {
    let seed = json!({
        "organizations": [{"id": "org_1", "display_name": "Acme", "external_id": "acme",
            "connections": [{"id": "conn_1", "type": "SAML", "provider": "OKTA", "enabled": true}]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example", "metadata": {"team": "blue"}, "user_profile": {"given_name": "Ada"},
            "memberships": [{"organization_id": "org_1", "status": "PENDING_INVITE", "roles": ["admin"]}]}],
    });
    harness.emulator.seed(seed).unwrap();
}

#[tokio::test]
async fn interceptor_claims_are_added_to_session_tokens() {
    let harness = Harness::start().await;
    seed(&harness).await;
    let application =
        Application::start(&harness, "PRE_SESSION_CREATION", json!({"display_name": "Tiers"})).await;
    let added = json!({"tier": "gold", "sub": "usr_9", "exp": 1, "oid": "org_9"});
    application.respond(&InterceptorResponse::allow_with_claims(added.into()).unwrap());
    let login = [
        ("connection_id", "conn_1"),
        ("login_hint", "ada@acme.example"),
        ("state", "canary"),
        ("scope", "openid email offline_access"),
    ];
    let tokens = harness.log_in(&login).await;
    let refreshed = harness.refresh(tokens["refresh_token"].as_str().unwrap()).await.json;
    for token in [&tokens["access_token"], &tokens["id_token"], &refreshed["access_token"]] {
        let token_claims = claims(token);
        assert_eq!(
            (&token_claims["tier"], &token_claims["sub"], &token_claims["oid"]),
            (&json!("gold"), &json!("usr_1"), &json!("org_1"))
        );
        assert!(token_claims["exp"].as_i64().unwrap() > 1);
    }

    let requests = application.requests();
    assert_eq!(requests.len(), 1, "a refresh calls no interceptor");
    let (first, context) = (&requests[0], &requests[0].context);
    assert_eq!(first.display_name.as_deref(), Some("Tiers"));
    assert_eq!(first.trigger_point, Some(InterceptorTriggerPoint::PreSessionCreation));
    assert_eq!(
        (context.user_id.as_deref(), context.user_email.as_deref()),
        (Some("usr_1"), Some("ada@acme.example"))
    );
    assert_eq!(context.organization_id.as_deref(), Some("org_1"));
    let connection = &context.connection_details[0];
    assert_eq!((connection.id.as_str(), connection.connection_type.as_deref()), ("conn_1", Some("SAML")));
    let auth_request = context.auth_request.as_ref().unwrap();
    assert_eq!(
        (auth_request.state.as_ref().unwrap().reveal().as_str(), auth_request.connection_id.as_deref()),
        ("canary", Some("conn_1"))
    );
    assert!(
        context.triggered_at.is_some() && context.environment_id.is_some() && context.ip_address.is_some()
    );
    let user = first.data.user.as_ref().unwrap();
    assert_eq!((user.id.as_str(), user.given_name.as_deref()), ("usr_1", Some("Ada")));
    assert_eq!(user.metadata.as_ref().unwrap().value(), &json!({"team": "blue"}));
    let membership = &user.memberships[0];
    assert_eq!(
        (membership.organization_name.as_deref(), membership.status.as_deref()),
        (Some("Acme"), Some("PENDING_INVITE"))
    );
    assert_eq!(membership.roles, ["admin"]);

    let call = &harness.emulator.interceptor_calls()[0];
    assert_eq!(
        (call.decision.as_str(), call.trigger_point.as_str(), &call.error),
        ("ALLOW", "PRE_SESSION_CREATION", &None)
    );
    assert_eq!(application.receiver.requests()[0].0["interceptor-id"], call.request_id);
    assert!(!format!("{call:?}").contains("canary"), "the log redacts the application's state");
}

#[tokio::test]
async fn denied_login_has_no_effects() {
    let harness = Harness::start().await;
    seed(&harness).await;
    let mut listener = Listener::start(&harness).await;
    let before = harness.authorize(&[("login_hint", "bo@x.example")], None).await.cookie();
    listener.new_types(&harness);
    let application = Application::start(&harness, "PRE_SESSION_CREATION", json!({})).await;
    application.respond(&deny());
    let response = harness.authorize(&[("login_hint", "ada@acme.example"), ("state", "s")], None).await;
    assert_eq!(
        ["error", "error_description", "state", "code"].map(|name| response.callback(name)),
        [Some("access_denied".into()), Some("Not on a Sunday.".into()), Some("s".into()), None]
    );
    assert!(response.headers.get("set-cookie").is_none());
    assert_eq!(listener.new_types(&harness), [""; 0]);
    let user = harness.call("GET", "/api/v1/users/usr_1").await.json;
    assert_eq!(
        user["user"]["memberships"][0]["membership_status"], "PENDING_INVITE",
        "the invitation was not accepted"
    );
    assert_eq!(harness.call("GET", "/api/v1/users/usr_1/sessions").await.json["total_size"], 0);

    let silent = harness.authorize(&[("prompt", "none")], Some(&before)).await;
    assert!(silent.callback("code").is_some(), "reuse of a session calls no interceptor");
    application.respond(&InterceptorResponse::allow());
    harness.log_in(&[("login_hint", "ada@acme.example")]).await;
    assert_eq!(listener.new_types(&harness), ["user.organization_membership_created", "user.login"]);
    assert_eq!(application.requests().len(), 2);

    harness.emulator.set_login(json!({"mode": "page"})).unwrap();
    application.respond(&deny());
    let page = harness.authorize(&[], None).await.header("location").to_owned();
    let form = [("request", page.split_once("request=").unwrap().1), ("decision", "approve"), ("email", "")];
    let response =
        support::Response::of(harness.http.post(harness.url("/idp/login")).form(&form).send().await.unwrap())
            .await;
    assert_eq!(response.callback("error_description").as_deref(), Some("Not on a Sunday."));
}

#[tokio::test]
async fn sign_up_interceptor_denies_or_assigns_organization() {
    let harness = Harness::start_without_auto_connection().await;
    seed(&harness).await;
    let mut listener = Listener::start(&harness).await;
    let application = Application::start(&harness, "PRE_SIGNUP", json!({})).await;
    let sign_up = |email: &'static str| [("prompt", "create"), ("login_hint", email)];

    application.respond(&deny());
    let refused = harness.authorize(&sign_up("no@new.example"), None).await;
    assert_eq!(refused.callback("error").as_deref(), Some("access_denied"));
    assert_eq!(listener.new_types(&harness), [""; 0], "neither a user nor an organization was created");

    application.respond(&InterceptorResponse::allow());
    harness.log_in(&sign_up("yes@new.example")).await;
    assert_eq!(
        listener.new_types(&harness),
        ["organization.created", "user.organization_membership_created", "user.signup", "user.login"]
    );

    let by_id = InterceptorMembership::new().with_organization_id("org_1");
    let by_external_id =
        InterceptorMembership::new().with_external_organization_id("acme").with_roles(vec!["admin".into()]);
    for (email, membership, role) in
        [("one@new.example", by_id, "member"), ("two@new.example", by_external_id, "admin")]
    {
        application.respond(&InterceptorResponse::allow_with_membership(membership).unwrap());
        let token_claims = claims(&harness.log_in(&sign_up(email)).await["id_token"]);
        assert_eq!(token_claims["oid"], "org_1", "{email}");
        let user = harness
            .call("GET", &format!("/api/v1/users/{}", token_claims["sub"].as_str().unwrap()))
            .await
            .json;
        assert_eq!(user["user"]["memberships"][0]["roles"][0]["name"], role);
        assert_eq!(listener.new_types(&harness), ["user.organization_membership_created", "user.login"]);
    }
    for bad in [json!({"organization_id": "org_9"}), json!({"organization_id": "org_1", "roles": ["no"]})] {
        let response = json!({"decision": "ALLOW", "response": {"create_organization_membership": bad}});
        application.receiver.queue(&[Behavior::Json(response.to_string().leak())]);
        let refused = harness.authorize(&sign_up("three@new.example"), None).await;
        assert!(refused.callback("error_description").unwrap().contains("does not exist"));
    }
    let requests = application.requests();
    assert_eq!((requests.len(), requests[0].context.user_email.as_deref()), (6, Some("no@new.example")));
    assert!(requests[0].data.user.is_none() && requests[0].context.user_id.is_none());
    harness.log_in(&sign_up("ada@acme.example")).await;
    assert_eq!(application.requests().len(), 6, "an existing user does not sign up");
}

#[tokio::test]
async fn denied_invitation_is_not_created() {
    let harness = Harness::start_without_auto_connection().await;
    seed(&harness).await;
    let application = Application::start(&harness, "PRE_USER_INVITATION", json!({})).await;
    let path = "/api/v1/organizations/org_1/users";
    let invite = async |email: &str, query: &str| {
        harness.send("POST", &format!("{path}{query}"), &json!({"email": email})).await
    };
    application.respond(&deny());
    let refused = invite("bo@acme.example", "").await;
    assert_eq!((refused.status, &refused.json["message"]), (403, &json!("Not on a Sunday.")));
    assert_eq!(refused.error_code(), "PERMISSION_DENIED");
    assert!(harness.emulator.outbox().is_empty());
    application.respond(&InterceptorResponse::allow());
    assert_eq!(invite("bo@acme.example", "").await.status, 201);
    assert_eq!(harness.emulator.outbox().len(), 1);
    assert_eq!(invite("cy@acme.example", "?send_invitation_email=false").await.status, 201);
    assert_eq!(invite("bo@acme.example", "").await.status, 409);
    let requests = application.requests();
    assert_eq!(requests.len(), 2, "no call for direct members or for requests that fail anyway");
    assert_eq!(requests[0].context.user_email.as_deref(), Some("bo@acme.example"));
    let organization = requests[0].data.organization.as_ref().unwrap();
    assert_eq!((organization.id.as_str(), organization.name.as_deref()), ("org_1", Some("Acme")));
}

#[tokio::test]
async fn interceptor_denies_or_modifies_machine_tokens() {
    let harness = Harness::start_without_auto_connection().await;
    seed(&harness).await;
    let client = json!({"name": "ci", "scopes": ["read", "write"], "audience": ["https://api.example"],
        "custom_claims": [{"key": "env", "value": "prod"}]});
    let created = harness.send("POST", "/api/v1/organizations/org_1/clients", &client).await.json;
    let (id, secret) =
        (created["client"]["client_id"].as_str().unwrap(), created["plain_secret"].as_str().unwrap());
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let application = Application::start(&harness, "PRE_M2M_TOKEN_CREATION", json!({})).await;

    application.respond(&deny());
    let refused = harness.token_request(&form).await;
    assert_eq!(
        (refused.oauth_error(), refused.header("cache-control")),
        ((400, "access_denied"), "no-store")
    );
    assert_eq!(refused.json["error_description"], "Not on a Sunday.");
    let added =
        json!({"scope": "read", "aud": ["https://other.example"], "tier": 1, "sub": "x", "oid": "org_9"});
    application.respond(&InterceptorResponse::allow_with_claims(added.into()).unwrap());
    let response = harness.token_request(&form).await;
    assert_eq!(
        (response.status, &response.json["scope"], response.header("cache-control")),
        (200, &json!("read"), "no-store")
    );
    let token_claims = claims(&response.json["access_token"]);
    for (name, value) in [
        ("sub", json!(id)),
        ("oid", json!("org_1")),
        ("scopes", json!(["read"])),
        ("aud", json!(["https://other.example"])),
        ("tier", json!(1)),
        ("custom_claims", json!({"env": "prod"})),
    ] {
        assert_eq!(token_claims[name], value, "{name}");
    }
    let requests = application.requests();
    assert_eq!(requests[0].context.client_id.as_deref(), Some(id));
    let token = requests[0].data.m2m_token_claims.as_ref().unwrap();
    assert_eq!(
        (token.claims.oid.as_deref(), &token.claims.scopes),
        (Some("org_1"), &vec!["read".into(), "write".into()])
    );
    assert_eq!(token.claims.custom_claims.as_ref().unwrap().value(), &json!({"env": "prod"}));
    harness.new_token().await;
    assert_eq!(application.requests().len(), 2, "no call for the environment's own client");
}

#[tokio::test]
async fn invalid_interceptor_response_uses_failure_mode() {
    let harness = Harness::start_without_auto_connection().await;
    for (mode, expected) in [("FAIL_CLOSED", "DENY"), ("FAIL_OPEN", "ALLOW")] {
        let extra = json!({"timeout_ms": 100, "failure_mode": mode});
        let application = Application::start(&harness, "PRE_SESSION_CREATION", extra).await;
        let behaviors = [
            Behavior::Status(500),
            Behavior::Status(201),
            Behavior::Close,
            Behavior::NoResponse,
            Behavior::Json("ALLOW"),
            Behavior::Json("{}"),
            Behavior::Json(r#"{"decision": "MAYBE"}"#),
            Behavior::Json(r#"{"decision": "ALLOW", "claims": {}}"#),
            Behavior::Json(r#"{"decision": "ALLOW", "response": {"claims": 7}}"#),
            Behavior::Json(
                r#"{"decision": "ALLOW", "response": {"create_organization_membership": {"organization_id": "org_1"}}}"#,
            ),
            Behavior::Json("x".repeat(70_000).leak()),
        ];
        for behavior in behaviors {
            application.receiver.queue(&[behavior]);
            let login = harness.authorize(&[], None).await;
            assert_eq!(login.callback("code").is_some(), expected == "ALLOW", "{mode} {behavior:?}");
        }
        drop(application);
        assert_eq!(harness.authorize(&[], None).await.callback("code").is_some(), expected == "ALLOW");
        let calls = harness.emulator.interceptor_calls();
        let recent = &calls[calls.len() - 12..];
        assert!(recent.iter().all(|call| call.decision == expected && call.error.is_some()), "{recent:?}");
        assert!(recent[3].error.as_deref().unwrap().contains("100 ms"));
    }
    let signups = Application::start(&harness, "PRE_SIGNUP", json!({})).await;
    for response in [
        r#"{"decision": "ALLOW", "response": {"claims": {}}}"#,
        r#"{"decision": "ALLOW", "response": {"create_organization_membership": {"roles": []}}}"#,
        r#"{"decision": "ALLOW", "response": {"create_organization_membership": {"organization_id": "a", "external_organization_id": "b"}}}"#,
    ] {
        signups.receiver.queue(&[Behavior::Json(response)]);
        let login = harness.authorize(&[("prompt", "create"), ("login_hint", "new@x.example")], None).await;
        assert_eq!(login.callback("error").as_deref(), Some("access_denied"), "{response}");
    }
}

#[tokio::test]
async fn pending_interceptor_call_blocks_no_requests_and_ends_at_reset() {
    let harness = Harness::start_without_auto_connection().await;
    let application =
        Application::start(&harness, "PRE_SESSION_CREATION", json!({"timeout_ms": 30000})).await;
    application.receiver.queue(&[Behavior::NoResponse]);
    let url = harness.url("/oauth/authorize");
    let query = [
        ("response_type", "code"),
        ("client_id", harness.emulator.client_id()),
        ("redirect_uri", support::login::REDIRECT),
    ];
    let login = tokio::spawn(harness.http.get(url).query(&query).send());
    application.receiver.wait(1).await;
    harness.organization("Acme").await;
    harness.emulator.reset();
    assert!(login.await.unwrap().is_err(), "the connection is closed");
    assert!(harness.emulator.interceptor_calls().is_empty());
    assert!(
        harness.authorize(&[], None).await.callback("code").is_some(),
        "the reset removed the interceptor"
    );
}

#[tokio::test]
async fn interceptors_can_be_registered_listed_replaced_and_deleted() {
    let harness = Harness::start_without_auto_connection().await;
    for bad in [
        json!({}),
        json!({"trigger_point": "PRE_TELEPORT", "url": "http://127.0.0.1:1/"}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://example.com/"}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "secrets": ["plain"]}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "timeout_ms": 99}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "timeout_ms": 30001}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "failure_mode": "FAIL"}),
        json!({"trigger_point": "PRE_SIGNUP", "url": "http://127.0.0.1:1/", "color": "red"}),
    ] {
        assert_eq!(harness.send("POST", "/_emulator/interceptors", &bad).await.status, 400, "{bad}");
    }
    let first = Application::start(&harness, "PRE_SESSION_CREATION", json!({})).await;
    let secrets = json!(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"]);
    let second = Application::start(&harness, "PRE_SESSION_CREATION", json!({"secrets": secrets})).await;
    second.respond(&InterceptorResponse::allow());
    assert!(harness.authorize(&[], None).await.callback("code").is_some());
    assert_eq!(
        (first.requests().len(), second.requests().len()),
        (0, 1),
        "the second interceptor replaced the first"
    );
    let other = Application { secret: secrets[1].as_str().unwrap().into(), ..second };
    assert_eq!(other.requests().len(), 1, "the request is signed with each secret");

    let listed = harness.call("GET", "/_emulator/interceptors").await;
    let interceptor = &listed.json["interceptors"][0];
    assert_eq!(
        (&interceptor["trigger_point"], &interceptor["failure_mode"]),
        (&json!("PRE_SESSION_CREATION"), &json!("FAIL_CLOSED"))
    );
    assert!(!listed.text.contains("whsec_"));
    let calls = harness.call("GET", "/_emulator/interceptors/calls").await.json;
    assert_eq!(
        (&calls["calls"][0]["decision"], &calls["calls"][0]["interceptor_id"]),
        (&json!("ALLOW"), &interceptor["id"])
    );
    assert_eq!(harness.call("DELETE", "/_emulator/interceptors").await.status, 200);
    assert!(harness.authorize(&[], None).await.callback("code").is_some());
    assert_eq!(other.requests().len(), 1);
}
