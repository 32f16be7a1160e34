//! Which changes emit which events, and which emit none.

use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::events::Listener;
use crate::support::login::claims;

const OFFLINE: (&str, &str) = ("scope", "openid email offline_access");

/// Seeds two organizations. Ada is a member of both, Bo of the first.
async fn start() -> (Harness, Listener) {
    let harness = Harness::start_without_auto_connection().await;
    let mut listener = Listener::start(&harness).await;
    let seed = json!({
        "organizations": [{"id": "org_1", "display_name": "Acme", "metadata": {"plan": "pro"}, "features": {"sso": true}},
            {"id": "org_2", "display_name": "Two"}],
        "connections": [{"id": "conn_1", "organization_id": "org_1"}],
        "domains": [{"id": "dom_1", "organization_id": "org_1", "domain": "acme.example", "verification_method": "DNS"}],
        "directories": [{"id": "dir_1", "organization_id": "org_1", "enabled": true, "users": [{"id": "diruser_1", "email": "a@x.example"}]},
            {"id": "dir_2", "organization_id": "org_1"}],
        "permissions": [{"name": "see"}],
        "roles": [{"name": "viewer", "permissions": ["see"], "description": "Sees"}, {"name": "watcher", "extends": "viewer"},
            {"name": "crew", "organization_id": "org_1"}],
        "users": [
            {"id": "usr_1", "email": "ada@acme.example", "memberships": [
                {"organization_id": "org_1", "roles": ["crew"]}, {"organization_id": "org_2", "roles": ["viewer"]}]},
            {"id": "usr_2", "email": "bo@acme.example", "memberships": [{"organization_id": "org_1", "roles": ["viewer"]}]}],
        "sessions": [{"session_id": "ses_1", "user_id": "usr_1", "device": {"browser": "Firefox"}},
            {"session_id": "ses_2", "user_id": "usr_1", "status": "logout"},
            {"session_id": "ses_3", "user_id": "usr_9"}],
        "connected_accounts": [
            {"id": "ca_1", "connector": "gmail", "identifier": "ada", "user_id": "usr_1", "authorization_details": {"oauth_token": {"access_token": "a"}}},
            {"id": "ca_2", "connector": "slack", "organization_id": "org_1"}],
    });
    harness.emulator.seed(seed).unwrap();
    assert_eq!(listener.new_types(&harness), [""; 0], "a seed emits no events");
    (harness, listener)
}

/// Makes an API call and asserts that it succeeds.
async fn call_ok(harness: &Harness, method: &str, path: &str, body: Value) -> Value {
    let path = format!("/api/v1{path}");
    let response = match body {
        Value::Null => harness.call(method, &path).await,
        body => harness.send(method, &path, &body).await,
    };
    assert!((200..300).contains(&response.status), "{method} {path}: {}", response.text);
    response.json
}

#[tokio::test]
async fn calls_without_effect_emit_no_event() {
    let (harness, mut listener) = start().await;
    let member = "/memberships/organizations/org_1/users/usr_1";
    for (method, path, body) in [
        ("PATCH", "/organizations/org_1", json!({"display_name": "Acme", "metadata": {"plan": "pro"}})),
        ("PATCH", "/organizations/org_1/settings", json!({"features": [{"name": "sso", "enabled": true}]})),
        ("PATCH", "/organizations/org_1/directories/dir_1:enable", Value::Null),
        ("PATCH", "/organizations/org_1/connections/conn_1:disable", Value::Null),
        ("PATCH", member, json!({"roles": [{"name": "crew"}]})),
        ("PATCH", "/users/usr_1", json!({"user_profile": {"given_name": "Ada"}})),
        ("PUT", "/roles/viewer", json!({"description": "Sees", "permissions": ["see"]})),
        ("PUT", "/organizations/org_1/roles/crew", json!({})),
        ("POST", "/roles/viewer/permissions", json!({"permission_names": ["see"]})),
        ("PUT", "/permissions/see", json!({"name": "see"})),
        (
            "PUT",
            "/connected_accounts",
            json!({"id": "ca_1",
            "connected_account": {"authorization_details": {"oauth_token": {"access_token": "a"}}}}),
        ),
        ("POST", "/sessions/ses_2/revoke", Value::Null),
        ("GET", "/connected_accounts/auth?id=ca_1", Value::Null),
    ] {
        call_ok(&harness, method, path, body).await;
        assert_eq!(listener.new_types(&harness), [""; 0], "{method} {path}");
    }
    harness.emulator.verify_domain(json!({"domain_id": "dom_1", "found": true})).unwrap();
    let same = json!({"directory_id": "dir_1", "users": [{"id": "diruser_1", "email": "a@x.example", "groups": []}]});
    harness.emulator.sync_directory(same).unwrap();
    assert_eq!(listener.new_types(&harness), [""; 0]);

    for (method, path, body) in [
        ("POST", "/organizations/org_1/users", json!({"email": "ADA@acme.example"})),
        (
            "POST",
            "/organizations/org_1/users",
            json!({"email": "c@x.example", "membership": {"roles": [{"name": "no"}]}}),
        ),
        ("POST", member, json!({})),
        ("DELETE", "/roles/viewer", Value::Null),
        ("DELETE", "/permissions/see", Value::Null),
        ("POST", "/roles", json!({"name": "admin", "display_name": "Again"})),
    ] {
        let path = format!("/api/v1{path}");
        let response = if body.is_null() {
            harness.call(method, &path).await
        } else {
            harness.send(method, &path, &body).await
        };
        assert!(response.status >= 400, "{method} {path}");
    }
    assert_eq!(listener.new_types(&harness), [""; 0], "failed calls emit no events");
}

#[tokio::test]
async fn membership_changes_emit_membership_events() {
    let (harness, mut listener) = start().await;
    let new = json!({"email": "c@x.example", "membership": {"roles": [{"name": "crew"}]}});
    let user = call_ok(&harness, "POST", "/organizations/org_1/users?send_invitation_email=false", new).await;
    let id = user["user"]["id"].as_str().unwrap();
    let bodies = listener.new_events(&harness);
    assert_eq!(bodies[0]["type"], "user.organization_membership_created");
    let data = &bodies[0]["data"];
    assert_eq!((&data["organization"]["id"], &data["user"]["id"]), (&json!("org_1"), &json!(id)));
    assert_eq!(data["user"]["user_profile"]["email_verified"], true);

    let second = format!("/memberships/organizations/org_2/users/{id}");
    call_ok(&harness, "POST", &second, json!({})).await;
    let resend = format!("/invites/organizations/org_2/users/{id}/resend");
    call_ok(&harness, "PATCH", &resend, json!({})).await;
    call_ok(&harness, "PATCH", &second, json!({"metadata": {"desk": "12"}})).await;
    call_ok(&harness, "DELETE", &second, Value::Null).await;
    assert_eq!(
        listener.new_types(&harness),
        [
            "user.organization_invitation",
            "user.organization_invitation",
            "user.organization_membership_updated",
            "user.organization_membership_deleted"
        ]
    );
    call_ok(&harness, "DELETE", &format!("/memberships/organizations/org_1/users/{id}"), Value::Null).await;
    assert_eq!(
        listener.new_types(&harness),
        ["user.organization_membership_deleted"],
        "deleting the last membership emits one event"
    );
    assert_eq!(harness.call("GET", &format!("/api/v1/users/{id}")).await.status, 404);
}

#[tokio::test]
async fn deleting_user_emits_logouts_before_deletions() {
    let (harness, mut listener) = start().await;
    let tokens = harness.log_in(&[("login_hint", "ada@acme.example"), OFFLINE]).await;
    assert_eq!(listener.new_types(&harness), ["user.login"]);
    call_ok(&harness, "DELETE", "/users/usr_1", Value::Null).await;
    let bodies = listener.new_events(&harness);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    let membership_deleted = "user.organization_membership_deleted";
    assert_eq!(
        types,
        ["user.logout", "user.logout", "connected_account.deleted", membership_deleted, membership_deleted]
    );
    let (seeded, own) = (&bodies[0]["data"], &bodies[1]["data"]);
    assert_eq!(
        (&seeded["user_session"]["session_id"], &seeded["user_session"]["status"]),
        (&json!("ses_1"), &json!("REVOKED"))
    );
    assert_eq!(seeded["user_session"]["device"]["browser"], "Firefox");
    assert_eq!(own["user_session"]["session_id"], claims(&tokens["access_token"])["sid"]);
    assert_eq!(own["user"]["email"], "ada@acme.example");
    assert_eq!(
        harness.refresh(tokens["refresh_token"].as_str().unwrap()).await.oauth_error(),
        (400, "invalid_grant")
    );
    let hint = tokens["id_token"].as_str().unwrap();
    harness.call("GET", &format!("/oidc/logout?id_token_hint={hint}")).await;
    assert_eq!(listener.new_types(&harness), [""; 0], "an ended session emits no second logout");
}

#[tokio::test]
async fn revoked_sessions_emit_logout_and_expired_sessions_do_not() {
    let (harness, mut listener) = start().await;
    call_ok(&harness, "POST", "/sessions/ses_3/revoke", Value::Null).await;
    call_ok(&harness, "POST", "/users/usr_9/sessions/revoke", Value::Null).await;
    let bodies = listener.new_events(&harness);
    assert_eq!(bodies.len(), 1);
    assert_eq!(
        (&bodies[0]["type"], &bodies[0]["data"]["user"]),
        (&json!("user.logout"), &json!({"id": "usr_9"}))
    );
    harness.emulator.advance_clock(std::time::Duration::from_secs(8 * 24 * 3600)).unwrap();
    let harness = Harness { token: harness.new_token().await, ..harness };
    call_ok(&harness, "POST", "/users/usr_1/sessions/revoke", Value::Null).await;
    call_ok(&harness, "DELETE", "/users/usr_1", Value::Null).await;
    assert!(!listener.new_types(&harness).contains(&"user.logout".into()));
}

#[tokio::test]
async fn deleting_organization_emits_its_own_event_last() {
    let (harness, mut listener) = start().await;
    call_ok(&harness, "DELETE", "/organizations/org_1", Value::Null).await;
    let bodies = listener.new_events(&harness);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    assert_eq!(
        types,
        [
            "organization.sso_deleted",
            "organization.domain_deleted",
            "organization.directory_disabled",
            "connected_account.deleted",
            "user.organization_membership_deleted",
            "user.organization_membership_deleted",
            "role.deleted",
            "organization.deleted"
        ]
    );
    assert_eq!(bodies[2]["data"]["enabled"], false);
    for name in ["role.deleted", "connected_account.deleted"] {
        let event = bodies.iter().find(|body| body["type"] == name).unwrap();
        assert!(event.get("organization_id").is_none(), "{event}");
    }
}

#[tokio::test]
async fn deleting_role_emits_updates_for_its_members_and_dependents() {
    let (harness, mut listener) = start().await;
    call_ok(&harness, "POST", "/roles/watcher/permissions", json!({"permission_names": ["see"]})).await;
    call_ok(&harness, "DELETE", "/roles/watcher/permissions/see", Value::Null).await;
    assert_eq!(listener.new_types(&harness), ["role.updated", "role.updated"]);
    call_ok(&harness, "DELETE", "/roles/viewer?reassign_role_name=member", Value::Null).await;
    let bodies = listener.new_events(&harness);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    let membership_updated = "user.organization_membership_updated";
    assert_eq!(types, ["role.updated", membership_updated, membership_updated, "role.deleted"]);
    assert_eq!(
        (&bodies[0]["data"]["name"], &bodies[0]["data"]["extends"]),
        (&json!("watcher"), &json!("member"))
    );
    assert_eq!(bodies[1]["data"]["user"]["id"], "usr_1");
}

#[tokio::test]
async fn connected_account_events_show_how_it_was_connected() {
    let (harness, mut listener) = start().await;
    let link = async |body: Value| {
        let created = call_ok(&harness, "POST", "/connected_accounts/magic_link", body).await;
        let response = harness.http.get(created["link"].as_str().unwrap()).send().await.unwrap();
        response.headers()["location"].to_str().unwrap().to_owned()
    };
    let bo = |connector: &str| json!({"connector": connector, "identifier": "bo"});
    call_ok(&harness, "POST", "/connected_accounts", bo("gmail")).await;
    let mut with_check = bo("gmail");
    with_check["user_verify_url"] = "http://127.0.0.1:9/verify".into();
    let location = link(with_check).await;
    let request = location.split_once("auth_request_id=").unwrap().1;
    let verify = json!({"auth_request_id": request, "identifier": "bo"});
    call_ok(&harness, "POST", "/connected_accounts/user/verify", verify).await;
    let bodies = listener.new_events(&harness);
    let types_and_statuses: Vec<_> = bodies
        .iter()
        .map(|body| (body["type"].as_str().unwrap(), body["data"]["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        types_and_statuses,
        [
            ("connected_account.created", "PENDING_AUTH"),
            ("connected_account.magic_link_generated", "PENDING_AUTH"),
            ("connected_account.oauth_succeeded", "PENDING_VERIFICATION"),
            ("connected_account.status_updated", "PENDING_VERIFICATION"),
            ("connected_account.oauth_tokens_fetched", "ACTIVE"),
            ("connected_account.status_updated", "ACTIVE"),
        ]
    );
    assert_eq!(bodies[5]["data"]["old_status"], "PENDING_VERIFICATION");
    assert!(bodies.iter().all(|body| !body.to_string().contains("access_")), "events contain no credentials");

    call_ok(&harness, "POST", "/connected_accounts", bo("emulator")).await;
    link(bo("emulator")).await;
    let types = listener.new_types(&harness);
    assert_eq!(
        types[2..],
        ["connected_account.updated", "connected_account.status_updated"],
        "an API key connection emits no OAuth events"
    );
    call_ok(
        &harness,
        "PUT",
        "/connected_accounts",
        json!({"connector": "emulator", "identifier": "bo",
        "connected_account": {"api_config": {"a": 1}}}),
    )
    .await;
    assert_eq!(listener.new_types(&harness), ["connected_account.updated"]);
}
