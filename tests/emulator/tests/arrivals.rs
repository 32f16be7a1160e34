//! What a login does for its person: invitations, signing up, sessions.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::Bench;
use support::events::Listener;
use support::login::{claims, parameter};

async fn invite(bench: &Bench, organization: &str, email: &str) -> String {
    let path = format!("/api/v1/organizations/{organization}/users");
    let made = bench.send("POST", &path, &json!({"email": email})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json["user"]["id"].as_str().unwrap().to_owned()
}

async fn user(bench: &Bench, id: &str) -> Value {
    bench.call("GET", &format!("/api/v1/users/{id}")).await.json["user"].clone()
}

#[tokio::test]
async fn a_login_accepts_the_invitations_to_its_address() {
    let bench = Bench::start_bare().await;
    let acme = bench.organization("Acme").await;
    let id = invite(&bench, &acme, "grace@acme.example").await;
    let mut listener = Listener::start(&bench).await;
    bench.emulator.script_login(json!({"deny": {"error": "access_denied"}})).unwrap();
    bench.authorize(&[("login_hint", "grace@acme.example")], None).await;
    assert_eq!(listener.types(&bench), [""; 0]);
    assert_eq!(user(&bench, &id).await["memberships"][0]["membership_status"], "PENDING_INVITE");

    bench.emulator.script_login(json!({"approve": {"email": "Grace@ACME.example"}})).unwrap();
    let tokens = bench.log_in(&[]).await;
    let own = claims(&tokens["id_token"]);
    assert_eq!((&own["sub"], &own["oid"]), (&json!(id), &json!(acme)), "to where they were invited");
    let bodies = listener.bodies(&bench);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["user.organization_membership_created", "user.login"]);
    assert_eq!(bodies[0]["organization_id"], acme);
    assert!(bodies[1]["data"]["user"]["last_login_time"].is_string());
    let grace = user(&bench, &id).await;
    let membership = &grace["memberships"][0];
    assert_eq!(
        (&membership["membership_status"], &membership["provisioning_method"]),
        (&json!("ACTIVE"), &json!("invitation"))
    );
    assert!(membership["accepted_at"].is_string() && membership["accepted_at"] == membership["join_time"]);
    assert_eq!(grace["user_profile"]["email_verified"], true);

    bench.log_in(&[("login_hint", "grace@acme.example")]).await;
    assert_eq!(listener.types(&bench), ["user.login"], "an invitation is accepted once");
    let resend = format!("/api/v1/invites/organizations/{acme}/users/{id}/resend");
    assert_eq!(bench.send("PATCH", &resend, &json!({})).await.error_code(), "FAILED_PRECONDITION");
}

#[tokio::test]
async fn an_invitation_that_is_over_is_not_accepted() {
    let bench = Bench::start_bare().await;
    let (acme, two) = (bench.organization("Acme").await, bench.organization("Two").await);
    let id = invite(&bench, &acme, "grace@acme.example").await;
    bench.emulator.advance_clock(Duration::from_secs(15 * 24 * 3600)).unwrap();
    let bench = Bench { token: bench.new_token().await, ..bench };
    let path = format!("/api/v1/memberships/organizations/{two}/users/{id}");
    assert_eq!(bench.send("POST", &path, &json!({})).await.status, 201);
    bench.log_in(&[("login_hint", "grace@acme.example")]).await;
    let memberships = user(&bench, &id).await["memberships"].clone();
    let statuses: Vec<_> =
        memberships.as_array().unwrap().iter().map(|own| &own["membership_status"]).collect();
    assert_eq!(statuses, ["INVITE_EXPIRED", "ACTIVE"]);
}

#[tokio::test]
async fn somebody_new_signs_up_with_an_organization() {
    let bench = Bench::start().await;
    let mut listener = Listener::start(&bench).await;
    let create = [("prompt", "create"), ("login_hint", "ada.lovelace@engines.example")];
    let tokens = bench.log_in(&create).await;
    assert_eq!(
        listener.types(&bench),
        [
            "organization.created",
            "organization.sso_created",
            "user.organization_membership_created",
            "user.signup",
            "user.login"
        ]
    );
    let own = claims(&tokens["id_token"]);
    let user = user(&bench, own["sub"].as_str().unwrap()).await;
    let profile = &user["user_profile"];
    assert_eq!(
        (&user["email"], &profile["name"]),
        (&json!("ada.lovelace@engines.example"), &json!("Ada Lovelace"))
    );
    let membership = &user["memberships"][0];
    assert_eq!(
        (&membership["organization_id"], &membership["roles"][0]["name"], &membership["provisioning_method"]),
        (&own["oid"], &json!("admin"), &json!("org_creator"))
    );
    assert_eq!(
        (&membership["membership_status"], &membership["name"]),
        (&json!("ACTIVE"), &json!("engines.example"))
    );

    bench.log_in(&create).await;
    assert_eq!(listener.types(&bench), ["user.login"], "who is known signs in");
    bench.log_in(&[("login_hint", "eve@x.example")]).await;
    assert_eq!(listener.types(&bench), ["user.login"], "only prompt=create signs up");
}

#[tokio::test]
async fn a_switch_keeps_the_session_and_no_login_asks_for_a_second_factor() {
    let bench = Bench::start_bare().await;
    let seed = json!({"organizations": [
        {"id": "org_1", "display_name": "Acme", "connections": [{"id": "conn_1", "enabled": true}]},
        {"id": "org_2", "display_name": "Two"}]});
    bench.emulator.seed(seed).unwrap();
    let mut listener = Listener::start(&bench).await;
    let first = bench.authorize(&[("organization_id", "org_1")], None).await;
    let code = first.callback("code").expect("one step leads to the code");
    let one = claims(&bench.exchange(&code, &[]).await.json["id_token"]);
    assert_eq!(one["amr"], json!(["conn_1"]), "nothing but the connection");
    assert_eq!(listener.types(&bench), ["user.login"]);
    let switch = [("prompt", "select_account"), ("organization_id", "org_2")];
    let answer = bench.authorize(&switch, Some(&first.cookie())).await;
    let code = parameter(answer.header("location"), "code").unwrap();
    let two = claims(&bench.exchange(&code, &[]).await.json["id_token"]);
    assert_eq!((&two["sid"], &two["oid"]), (&one["sid"], &json!("org_2")));
    assert_eq!(listener.types(&bench), [""; 0], "a switch is no login");
    let session = bench.call("GET", &format!("/api/v1/sessions/{}", one["sid"].as_str().unwrap())).await.json;
    assert_eq!(session["organization_id"], "org_2");
    assert_eq!(session["authenticated_organizations"], json!(["org_1", "org_2"]));
}
