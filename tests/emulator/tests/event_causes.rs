//! Which events a change causes, and which it does not.

mod support;

use serde_json::{Value, json};
use support::Bench;
use support::events::Listener;
use support::login::claims;

const OFFLINE: (&str, &str) = ("scope", "openid email offline_access");

/// Two organizations; Ada is in both, Bo in the first.
async fn start() -> (Bench, Listener) {
    let bench = Bench::start_bare().await;
    let mut listener = Listener::start(&bench).await;
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
    bench.emulator.seed(seed).unwrap();
    assert_eq!(listener.types(&bench), [""; 0], "a seed is no event");
    (bench, listener)
}

async fn act(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let path = format!("/api/v1{path}");
    let answer = match body {
        Value::Null => bench.call(method, &path).await,
        body => bench.send(method, &path, &body).await,
    };
    assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text);
    answer.json
}

#[tokio::test]
async fn what_changes_nothing_is_no_event() {
    let (bench, mut listener) = start().await;
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
        act(&bench, method, path, body).await;
        assert_eq!(listener.types(&bench), [""; 0], "{method} {path}");
    }
    bench.emulator.verify_domain(json!({"domain_id": "dom_1", "found": true})).unwrap();
    let same = json!({"directory_id": "dir_1", "users": [{"id": "diruser_1", "email": "a@x.example", "groups": []}]});
    bench.emulator.sync_directory(same).unwrap();
    assert_eq!(listener.types(&bench), [""; 0]);

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
        let answer = if body.is_null() {
            bench.call(method, &path).await
        } else {
            bench.send(method, &path, &body).await
        };
        assert!(answer.status >= 400, "{method} {path}");
    }
    assert_eq!(listener.types(&bench), [""; 0], "what fails is no event");
}

#[tokio::test]
async fn members_come_change_and_go() {
    let (bench, mut listener) = start().await;
    let new = json!({"email": "c@x.example", "membership": {"roles": [{"name": "crew"}]}});
    let user = act(&bench, "POST", "/organizations/org_1/users?send_invitation_email=false", new).await;
    let id = user["user"]["id"].as_str().unwrap();
    let bodies = listener.bodies(&bench);
    assert_eq!(bodies[0]["type"], "user.organization_membership_created");
    let data = &bodies[0]["data"];
    assert_eq!((&data["organization"]["id"], &data["user"]["id"]), (&json!("org_1"), &json!(id)));
    assert_eq!(data["user"]["user_profile"]["email_verified"], true);

    let second = format!("/memberships/organizations/org_2/users/{id}");
    act(&bench, "POST", &second, json!({})).await;
    let resend = format!("/invites/organizations/org_2/users/{id}/resend");
    act(&bench, "PATCH", &resend, json!({})).await;
    act(&bench, "PATCH", &second, json!({"metadata": {"desk": "12"}})).await;
    act(&bench, "DELETE", &second, Value::Null).await;
    assert_eq!(
        listener.types(&bench),
        [
            "user.organization_invitation",
            "user.organization_invitation",
            "user.organization_membership_updated",
            "user.organization_membership_deleted"
        ]
    );
    act(&bench, "DELETE", &format!("/memberships/organizations/org_1/users/{id}"), Value::Null).await;
    assert_eq!(listener.types(&bench), ["user.organization_membership_deleted"], "the last one, once");
    assert_eq!(bench.call("GET", &format!("/api/v1/users/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_user_who_is_deleted_is_logged_out_first() {
    let (bench, mut listener) = start().await;
    let tokens = bench.log_in(&[("login_hint", "ada@acme.example"), OFFLINE]).await;
    assert_eq!(listener.types(&bench), ["user.login"]);
    act(&bench, "DELETE", "/users/usr_1", Value::Null).await;
    let bodies = listener.bodies(&bench);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    let gone = "user.organization_membership_deleted";
    assert_eq!(types, ["user.logout", "user.logout", "connected_account.deleted", gone, gone]);
    let (seeded, own) = (&bodies[0]["data"], &bodies[1]["data"]);
    assert_eq!(
        (&seeded["user_session"]["session_id"], &seeded["user_session"]["status"]),
        (&json!("ses_1"), &json!("REVOKED"))
    );
    assert_eq!(seeded["user_session"]["device"]["browser"], "Firefox");
    assert_eq!(own["user_session"]["session_id"], claims(&tokens["access_token"])["sid"]);
    assert_eq!(own["user"]["email"], "ada@acme.example");
    assert_eq!(
        bench.refresh(tokens["refresh_token"].as_str().unwrap()).await.oauth_error(),
        (400, "invalid_grant")
    );
    let hint = tokens["id_token"].as_str().unwrap();
    bench.call("GET", &format!("/oidc/logout?id_token_hint={hint}")).await;
    assert_eq!(listener.types(&bench), [""; 0], "who is out cannot log out");
}

#[tokio::test]
async fn revoked_sessions_are_logouts_and_those_that_ran_out_are_none() {
    let (bench, mut listener) = start().await;
    act(&bench, "POST", "/sessions/ses_3/revoke", Value::Null).await;
    act(&bench, "POST", "/users/usr_9/sessions/revoke", Value::Null).await;
    let bodies = listener.bodies(&bench);
    assert_eq!(bodies.len(), 1);
    assert_eq!(
        (&bodies[0]["type"], &bodies[0]["data"]["user"]),
        (&json!("user.logout"), &json!({"id": "usr_9"}))
    );
    bench.emulator.advance_clock(std::time::Duration::from_secs(8 * 24 * 3600)).unwrap();
    let bench = Bench { token: bench.new_token().await, ..bench };
    act(&bench, "POST", "/users/usr_1/sessions/revoke", Value::Null).await;
    act(&bench, "DELETE", "/users/usr_1", Value::Null).await;
    assert!(!listener.types(&bench).contains(&"user.logout".into()));
}

#[tokio::test]
async fn an_organization_goes_last() {
    let (bench, mut listener) = start().await;
    act(&bench, "DELETE", "/organizations/org_1", Value::Null).await;
    let bodies = listener.bodies(&bench);
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
async fn a_role_that_goes_changes_those_who_had_it() {
    let (bench, mut listener) = start().await;
    act(&bench, "POST", "/roles/watcher/permissions", json!({"permission_names": ["see"]})).await;
    act(&bench, "DELETE", "/roles/watcher/permissions/see", Value::Null).await;
    assert_eq!(listener.types(&bench), ["role.updated", "role.updated"]);
    act(&bench, "DELETE", "/roles/viewer?reassign_role_name=member", Value::Null).await;
    let bodies = listener.bodies(&bench);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    let changed = "user.organization_membership_updated";
    assert_eq!(types, ["role.updated", changed, changed, "role.deleted"]);
    assert_eq!(
        (&bodies[0]["data"]["name"], &bodies[0]["data"]["extends"]),
        (&json!("watcher"), &json!("member"))
    );
    assert_eq!(bodies[1]["data"]["user"]["id"], "usr_1");
}

#[tokio::test]
async fn accounts_say_how_they_were_connected() {
    let (bench, mut listener) = start().await;
    let link = async |body: Value| {
        let made = act(&bench, "POST", "/connected_accounts/magic_link", body).await;
        let answer = bench.http.get(made["link"].as_str().unwrap()).send().await.unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    let bo = |connector: &str| json!({"connector": connector, "identifier": "bo"});
    act(&bench, "POST", "/connected_accounts", bo("gmail")).await;
    let mut with_check = bo("gmail");
    with_check["user_verify_url"] = "http://127.0.0.1:9/verify".into();
    let location = link(with_check).await;
    let request = location.split_once("auth_request_id=").unwrap().1;
    let verify = json!({"auth_request_id": request, "identifier": "bo"});
    act(&bench, "POST", "/connected_accounts/user/verify", verify).await;
    let bodies = listener.bodies(&bench);
    let told: Vec<_> = bodies
        .iter()
        .map(|body| (body["type"].as_str().unwrap(), body["data"]["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
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
    assert!(bodies.iter().all(|body| !body.to_string().contains("access_")), "no credentials");

    act(&bench, "POST", "/connected_accounts", bo("emulator")).await;
    link(bo("emulator")).await;
    let types = listener.types(&bench);
    assert_eq!(
        types[2..],
        ["connected_account.updated", "connected_account.status_updated"],
        "a key is no OAuth"
    );
    act(
        &bench,
        "PUT",
        "/connected_accounts",
        json!({"connector": "emulator", "identifier": "bo",
        "connected_account": {"api_config": {"a": 1}}}),
    )
    .await;
    assert_eq!(listener.types(&bench), ["connected_account.updated"]);
}
