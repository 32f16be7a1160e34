//! Effects of a login on its user: accepted invitations, sign-up, and sessions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::events::Listener;
use crate::support::login::{claims, query_parameter};

async fn invite(harness: &Harness, organization: &str, email: &str) -> String {
    let path = format!("/api/v1/organizations/{organization}/users");
    let created = harness.send("POST", &path, &json!({"email": email})).await;
    assert_eq!(created.status, 201, "{}", created.text);
    created.json["user"]["id"].as_str().unwrap().to_owned()
}

async fn user(harness: &Harness, id: &str) -> Value {
    harness.call("GET", &format!("/api/v1/users/{id}")).await.json["user"].clone()
}

#[tokio::test]
async fn login_accepts_invitations_to_its_email() {
    let harness = Harness::start_without_auto_connection().await;
    let acme = harness.organization("Acme").await;
    let id = invite(&harness, &acme, "grace@acme.example").await;
    let mut listener = Listener::start(&harness).await;
    harness.emulator.script_login(json!({"deny": {"error": "access_denied"}})).unwrap();
    harness.authorize(&[("login_hint", "grace@acme.example")], None).await;
    assert_eq!(listener.new_types(&harness), [""; 0]);
    assert_eq!(user(&harness, &id).await["memberships"][0]["membership_status"], "PENDING_INVITE");

    harness.emulator.script_login(json!({"approve": {"email": "Grace@ACME.example"}})).unwrap();
    let tokens = harness.log_in(&[]).await;
    let token_claims = claims(&tokens["id_token"]);
    assert_eq!(
        (&token_claims["sub"], &token_claims["oid"]),
        (&json!(id), &json!(acme)),
        "the login goes to the inviting organization"
    );
    let bodies = listener.new_events(&harness);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["user.organization_membership_created", "user.login"]);
    assert_eq!(bodies[0]["organization_id"], acme);
    assert!(bodies[1]["data"]["user"]["last_login_time"].is_string());
    let grace = user(&harness, &id).await;
    let membership = &grace["memberships"][0];
    assert_eq!(
        (&membership["membership_status"], &membership["provisioning_method"]),
        (&json!("ACTIVE"), &json!("invitation"))
    );
    assert!(membership["accepted_at"].is_string() && membership["accepted_at"] == membership["join_time"]);
    assert_eq!(grace["user_profile"]["email_verified"], true);

    harness.log_in(&[("login_hint", "grace@acme.example")]).await;
    assert_eq!(listener.new_types(&harness), ["user.login"], "an invitation is accepted only once");
    let resend = format!("/api/v1/invites/organizations/{acme}/users/{id}/resend");
    assert_eq!(harness.send("PATCH", &resend, &json!({})).await.error_code(), "FAILED_PRECONDITION");
}

#[tokio::test]
async fn login_does_not_accept_expired_invitation() {
    let harness = Harness::start_without_auto_connection().await;
    let (acme, two) = (harness.organization("Acme").await, harness.organization("Two").await);
    let id = invite(&harness, &acme, "grace@acme.example").await;
    harness.emulator.advance_clock(Duration::from_secs(15 * 24 * 3600)).unwrap();
    let harness = Harness { token: harness.new_token().await, ..harness };
    let path = format!("/api/v1/memberships/organizations/{two}/users/{id}");
    assert_eq!(harness.send("POST", &path, &json!({})).await.status, 201);
    harness.log_in(&[("login_hint", "grace@acme.example")]).await;
    let memberships = user(&harness, &id).await["memberships"].clone();
    let statuses: Vec<_> =
        memberships.as_array().unwrap().iter().map(|membership| &membership["membership_status"]).collect();
    assert_eq!(statuses, ["INVITE_EXPIRED", "ACTIVE"]);
}

#[tokio::test]
async fn prompt_create_signs_up_new_user_with_new_organization() {
    let harness = Harness::start().await;
    let mut listener = Listener::start(&harness).await;
    let create = [("prompt", "create"), ("login_hint", "ada.lovelace@engines.example")];
    let tokens = harness.log_in(&create).await;
    assert_eq!(
        listener.new_types(&harness),
        [
            "organization.created",
            "organization.sso_created",
            "user.organization_membership_created",
            "user.signup",
            "user.login"
        ]
    );
    let token_claims = claims(&tokens["id_token"]);
    let user = user(&harness, token_claims["sub"].as_str().unwrap()).await;
    let profile = &user["user_profile"];
    assert_eq!(
        (&user["email"], &profile["name"]),
        (&json!("ada.lovelace@engines.example"), &json!("Ada Lovelace"))
    );
    let membership = &user["memberships"][0];
    assert_eq!(
        (&membership["organization_id"], &membership["roles"][0]["name"], &membership["provisioning_method"]),
        (&token_claims["oid"], &json!("admin"), &json!("org_creator"))
    );
    assert_eq!(
        (&membership["membership_status"], &membership["name"]),
        (&json!("ACTIVE"), &json!("engines.example"))
    );

    harness.log_in(&create).await;
    assert_eq!(listener.new_types(&harness), ["user.login"], "an existing user signs in");
    harness.log_in(&[("login_hint", "eve@x.example")]).await;
    assert_eq!(
        listener.new_types(&harness),
        ["user.login"],
        "a login without prompt=create does not sign up"
    );
}

#[tokio::test]
async fn organization_switch_keeps_session_and_login_needs_no_second_factor() {
    let harness = Harness::start_without_auto_connection().await;
    let seed = json!({"organizations": [
        {"id": "org_1", "display_name": "Acme", "connections": [{"id": "conn_1", "enabled": true}]},
        {"id": "org_2", "display_name": "Two"}]});
    harness.emulator.seed(seed).unwrap();
    let mut listener = Listener::start(&harness).await;
    let first = harness.authorize(&[("organization_id", "org_1")], None).await;
    let code = first.callback("code").expect("the first response contains the code");
    let one = claims(&harness.exchange(&code, &[]).await.json["id_token"]);
    assert_eq!(one["amr"], json!(["conn_1"]), "amr contains only the connection");
    assert_eq!(listener.new_types(&harness), ["user.login"]);
    let switch = [("prompt", "select_account"), ("organization_id", "org_2")];
    let response = harness.authorize(&switch, Some(&first.cookie())).await;
    let code = query_parameter(response.header("location"), "code").unwrap();
    let two = claims(&harness.exchange(&code, &[]).await.json["id_token"]);
    assert_eq!((&two["sid"], &two["oid"]), (&one["sid"], &json!("org_2")));
    assert_eq!(listener.new_types(&harness), [""; 0], "an organization switch emits no login event");
    let session =
        harness.call("GET", &format!("/api/v1/sessions/{}", one["sid"].as_str().unwrap())).await.json;
    assert_eq!(session["organization_id"], "org_2");
    assert_eq!(session["authenticated_organizations"], json!(["org_1", "org_2"]));
}
