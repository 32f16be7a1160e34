//! Users, memberships and invitations: cases that the shared scenarios do not cover.

use serde_json::{Value, json};

use crate::support::Harness;

const USERS: &str = "/api/v1/users";

/// Creates a user in an organization and returns the ID.
async fn user(harness: &Harness, organization: &str, email: &str) -> String {
    let path = format!("/api/v1/organizations/{organization}/users");
    let response = harness.send("POST", &path, &json!({"email": email})).await;
    assert_eq!(response.status, 201, "{}", response.text);
    response.json["user"]["id"].as_str().unwrap().to_owned()
}

async fn membership(harness: &Harness, user: &str) -> Value {
    let memberships =
        harness.call("GET", &format!("{USERS}/{user}")).await.json["user"]["memberships"].clone();
    assert_eq!(memberships.as_array().unwrap().len(), 1, "{memberships}");
    memberships[0].clone()
}

/// Advances the clock and replaces the token, which has expired by then.
async fn advance_days(harness: &mut Harness, days: u64) {
    harness.emulator.advance_clock(std::time::Duration::from_secs(days * 24 * 60 * 60)).unwrap();
    harness.token = harness.new_token().await;
}

async fn emails(harness: &Harness) -> Vec<Value> {
    harness.call("GET", "/_emulator/outbox").await.json["messages"].as_array().unwrap().clone()
}

#[tokio::test]
async fn invitation_is_emailed_and_expires_after_15_days() {
    let mut harness = Harness::start_without_auto_connection().await;
    let organization = harness.organization("Acme").await;
    let ada = user(&harness, &organization, "ada@acme.example").await;
    let resend = format!("/api/v1/invites/organizations/{organization}/users/{ada}/resend");

    advance_days(&mut harness, 14).await;
    assert_eq!(membership(&harness, &ada).await["membership_status"], "PENDING_INVITE");
    let first = harness.send("PATCH", &resend, &json!({})).await.json["invite"].clone();
    assert_eq!(first["resent_count"], 1);
    advance_days(&mut harness, 2).await;
    let expired = membership(&harness, &ada).await;
    assert_eq!(
        expired["membership_status"], "INVITE_EXPIRED",
        "a resend does not extend a pending invitation"
    );
    assert_eq!(expired["expires_at"], first["expires_at"]);
    let renewed = harness.send("PATCH", &resend, &json!({})).await.json["invite"].clone();
    assert_eq!((&renewed["status"], &renewed["resent_count"]), (&json!("PENDING_INVITE"), &json!(2)));
    assert_ne!(renewed["expires_at"], first["expires_at"]);
    assert_eq!(membership(&harness, &ada).await["membership_status"], "PENDING_INVITE");

    let emails = emails(&harness).await;
    assert_eq!(emails.len(), 3);
    for email in &emails {
        assert_eq!((&email["kind"], &email["to"]), (&json!("invitation"), &json!("ada@acme.example")));
        assert_eq!((&email["organization_id"], &email["user_id"]), (&json!(organization), &json!(ada)));
        assert_eq!(email["organization_name"], "Acme");
    }
    assert_eq!(harness.emulator.outbox(), emails);
    for (to, count) in [("ada@acme.example", 3), ("eve@acme.example", 0)] {
        let picked =
            harness.call("GET", &format!("/_emulator/outbox?to={to}")).await.json["messages"].clone();
        assert_eq!(picked.as_array().unwrap().len(), count, "{to}");
    }
    harness.emulator.reset();
    assert_eq!(harness.emulator.outbox(), Vec::<Value>::new());
}

#[tokio::test]
async fn user_created_without_invitation_is_active_and_gets_no_email() {
    let harness = Harness::start_without_auto_connection().await;
    let organization = harness.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}/users?send_invitation_email=false");
    let created =
        harness.send("POST", &path, &json!({"email": "ada@acme.example"})).await.json["user"].clone();
    assert_eq!(created["memberships"][0]["membership_status"], "ACTIVE");
    assert_eq!(created["user_profile"]["email_verified"], true);
    assert_eq!(emails(&harness).await, Vec::<Value>::new());
    let odd = harness.send("POST", &path.replace("false", "no"), &json!({"email": "b@acme.example"})).await;
    assert_eq!(odd.violations(), [("send_invitation_email", "type")]);
}

#[tokio::test]
async fn deleting_organization_deletes_memberships_and_roles_but_keeps_users() {
    let harness = Harness::start_without_auto_connection().await;
    let (one, two) = (harness.organization("One").await, harness.organization("Two").await);
    let ada = user(&harness, &one, "ada@acme.example").await;
    let other = format!("/api/v1/memberships/organizations/{two}/users/{ada}");
    assert_eq!(harness.send("POST", &other, &json!({})).await.status, 201);
    let roles = format!("/api/v1/organizations/{one}/roles");
    let role = json!({"name": "crew", "display_name": "Crew", "extends": "admin"});
    assert_eq!(harness.send("POST", &roles, &role).await.status, 201);
    let dependents =
        async || harness.call("GET", "/api/v1/roles/admin/dependents").await.json["roles"].clone();
    assert_eq!(dependents().await[0]["name"], "crew");

    assert_eq!(harness.call("DELETE", &format!("/api/v1/organizations/{one}")).await.status, 200);
    assert_eq!(membership(&harness, &ada).await["organization_id"], json!(two));
    assert_eq!(dependents().await, json!([]));
    assert_eq!(harness.call("GET", &roles).await.status, 404);

    assert_eq!(harness.call("DELETE", &format!("/api/v1/organizations/{two}")).await.status, 200);
    let left = harness.call("GET", &format!("{USERS}/{ada}")).await.json["user"].clone();
    assert_eq!((&left["id"], &left["memberships"]), (&json!(ada), &json!([])));
}

#[tokio::test]
async fn deleting_last_membership_deletes_the_user() {
    let harness = Harness::start_without_auto_connection().await;
    let (one, two) = (harness.organization("One").await, harness.organization("Two").await);
    let ada = user(&harness, &one, "ada@acme.example").await;
    let in_organization = |id: &str| format!("/api/v1/memberships/organizations/{id}/users/{ada}");
    harness.send("POST", &in_organization(&two), &json!({})).await;
    harness.call("DELETE", &in_organization(&one)).await;
    assert_eq!(membership(&harness, &ada).await["organization_id"], json!(two));
    harness.call("DELETE", &in_organization(&two)).await;
    assert_eq!(harness.call("GET", &format!("{USERS}/{ada}")).await.status, 404);
    user(&harness, &one, "ada@acme.example").await;
}

#[tokio::test]
async fn user_email_and_external_id_are_unique() {
    let harness = Harness::start_without_auto_connection().await;
    let organization = harness.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}/users");
    let first = json!({"email": "ada@acme.example", "external_id": "one"});
    let ada = harness.send("POST", &path, &first).await.json["user"]["id"].clone();
    for taken in
        [json!({"email": "Ada@ACME.example"}), json!({"email": "b@acme.example", "external_id": "one"})]
    {
        let response = harness.send("POST", &path, &taken).await;
        assert_eq!((response.status, response.error_code()), (409, "ALREADY_EXISTS"), "{taken}");
    }
    assert_eq!(harness.call("GET", USERS).await.json["total_size"], 1);
    assert_eq!(emails(&harness).await.len(), 1, "rejected requests send no invitation");
    let own = format!("{USERS}/{}", ada.as_str().unwrap());
    assert_eq!(harness.send("PATCH", &own, &json!({"external_id": "one"})).await.status, 200);
}

#[tokio::test]
async fn invalid_user_parameters_are_rejected_with_violations() {
    let harness = Harness::start_without_auto_connection().await;
    let organization = harness.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}/users");
    let response = harness
        .send(
            "POST",
            &path,
            &json!({
                "email": "ada", "shoe_size": 43, "user_profile": {"email_verified": true, "first_name": "Ada"},
                "membership": {"roles": [{"id": "role_1", "name": "a b"}], "inviter_email": "x"},
            }),
        )
        .await;
    let mut violations = response.violations();
    violations.sort_unstable();
    let expected = [
        ("email", "string.pattern"),
        ("membership.inviter_email", "string.min_len"),
        ("membership.roles[0].id", "output_only"),
        ("membership.roles[0].name", "string.pattern"),
        ("shoe_size", "unknown_field"),
        ("user_profile.email_verified", "output_only"),
        ("user_profile.first_name", "unknown_field"),
    ];
    assert_eq!(violations, expected);
    let ada = user(&harness, &organization, "ada@acme.example").await;
    let changed =
        harness.send("PATCH", &format!("{USERS}/{ada}"), &json!({"email": "eve@acme.example"})).await;
    assert_eq!(changed.violations(), [("email", "output_only")]);
    let old = json!({"user_profile": {"first_name": "Ada", "last_name": "Byron", "family_name": "King"}});
    let changed =
        harness.send("PATCH", &format!("{USERS}/{ada}"), &old).await.json["user"]["user_profile"].clone();
    assert_eq!((&changed["given_name"], &changed["family_name"]), (&json!("Ada"), &json!("King")));
    for (query, field) in
        [("query=ad", "query"), ("query=", "query"), ("", "query"), ("query=ada&page_size=31", "page_size")]
    {
        let response = harness.call("GET", &format!("{USERS}:search?{query}")).await;
        assert_eq!(response.violations()[0].0, field, "{query}");
    }
}

#[tokio::test]
async fn page_token_of_other_user_search_is_rejected() {
    let harness = Harness::start_without_auto_connection().await;
    let organization = harness.organization("Acme").await;
    for name in ["ada1", "ada2"] {
        user(&harness, &organization, &format!("{name}@acme.example")).await;
    }
    let page = harness.call("GET", &format!("{USERS}:search?query=ADA&page_size=1")).await.json;
    assert_eq!(page["total_size"], 2);
    let token = page["next_page_token"].as_str().unwrap();
    let next =
        harness.call("GET", &format!("{USERS}:search?query=ADA&page_size=1&page_token={token}")).await.json;
    assert_eq!(next["users"][0]["email"], "ada2@acme.example");
    for other in [
        format!("{USERS}?"),
        format!("{USERS}:search?query=acme&"),
        format!("/api/v1/organizations/{organization}/users:search?query=ADA&"),
    ] {
        let response = harness.call("GET", &format!("{other}page_token={token}")).await;
        assert_eq!(response.violations(), [("page_token", "page_token")], "{other}");
    }
}

#[tokio::test]
async fn user_seed_sets_service_managed_fields_and_is_atomic() {
    let harness = Harness::start_without_auto_connection().await;
    let seed = json!({
        "organizations": [{"id": "org_1", "display_name": "Acme"}],
        "permissions": [{"name": "sk:manage", "is_scalekit_permission": true}],
        "roles": [{"name": "crew", "organization_id": "org_1", "permissions": ["sk:manage"]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example",
            "user_profile": {"email_verified": true, "external_identities": [{"connection_id": "conn_1"}]},
            "memberships": [{"organization_id": "org_1", "roles": ["crew"], "status": "ON_HOLIDAY"}]}],
    });
    let created = harness.emulator.seed(seed).unwrap();
    let seen = harness.call("GET", &format!("{USERS}/usr_1")).await.json["user"].clone();
    assert_eq!(created["users"], json!([seen]));
    assert_eq!(seen["memberships"][0]["membership_status"], "ON_HOLIDAY");
    assert_eq!(seen["memberships"][0]["permissions"], json!(["sk:manage"]));
    assert_eq!(seen["user_profile"]["external_identities"], json!([{"connection_id": "conn_1"}]));

    for (seed, why) in [
        (json!({"users": [{"email": "ADA@acme.example"}]}), "already exists"),
        (json!({"users": [{"id": "usr_1", "email": "b@acme.example"}]}), "usr_1 exists already"),
        (
            json!({"users": [{"email": "b@acme.example", "memberships": [{"organization_id": "org_2"}]}]}),
            "no organization org_2",
        ),
        (
            json!({"users": [{"email": "b@acme.example", "memberships": [{"organization_id": "org_1", "roles": ["x"]}]}]}),
            "no such role",
        ),
        (json!({"users": [{"email": "b@acme.example", "hobby": "chess"}]}), "unknown field"),
        (json!({"roles": [{"name": "crew"}]}), "already exists"),
        (json!({"roles": [{"name": "x", "extends": "y"}]}), "no such role"),
        (json!({"permissions": [{"name": "sk:manage"}]}), "sk:manage exists already"),
        (json!({"default_roles": {"member": "crew"}}), "no role crew"),
    ] {
        let error = harness.emulator.seed(seed.clone()).unwrap_err().to_string();
        assert!(error.contains(why), "{seed}: {error}");
    }
    assert_eq!(harness.call("GET", USERS).await.json["total_size"], 1, "a rejected seed creates nothing");
}
