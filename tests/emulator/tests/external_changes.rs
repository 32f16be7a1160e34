//! Changes by external systems: directory syncs and DNS checks of domains.

use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::events::Listener;

async fn start() -> Harness {
    let harness = Harness::start_without_auto_connection().await;
    let seed = json!({
        "organizations": [{"id": "org_1", "display_name": "Acme"}],
        "directories": [
            {"id": "dir_1", "organization_id": "org_1", "enabled": true,
                "groups": [{"id": "dirgroup_1", "display_name": "Admins", "group_detail": {"id": "g-1"}}],
                "users": [{"id": "diruser_1", "email": "ada@acme.example", "groups": ["Admins"], "user_detail": {"id": "u-1"}}],
                "role_assignments": {"assignments": [{"group_id": "dirgroup_1", "role_name": "admin"}]}},
            {"id": "dir_2", "organization_id": "org_1", "enabled": true, "groups": [{"id": "dirgroup_9", "display_name": "Far"}]},
            {"id": "dir_3", "organization_id": "org_1"}],
        "domains": [{"id": "dom_1", "organization_id": "org_1", "domain": "acme.example"}],
    });
    harness.emulator.seed(seed).unwrap();
    harness
}

async fn list(harness: &Harness, what: &str) -> Value {
    let response =
        harness.call("GET", &format!("/api/v1/organizations/org_1/directories/dir_1/{what}")).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json[what].clone()
}

#[tokio::test]
async fn directory_sync_applies_changes_and_emits_events() {
    let harness = start().await;
    let mut listener = Listener::start(&harness).await;
    let sync = json!({"directory_id": "dir_1",
        "groups": [{"display_name": "Crew"}, {"id": "dirgroup_1", "display_name": "Chiefs"}],
        "users": [{"email": "bo@acme.example", "given_name": "Bo", "family_name": "Ek", "groups": ["Crew", "dirgroup_1", "Crew"],
            "attributes": {"department": "R&D"}}, {"id": "diruser_1", "active": false, "groups": []}]});
    let created = harness.send("POST", "/_emulator/directories/sync", &sync).await;
    assert_eq!(created.status, 200, "{}", created.text);
    let (crew, bo) = (&created.json["groups"][0], &created.json["users"][0]);
    assert_eq!(
        (&created.json["groups"][1], &created.json["users"][1]),
        (&json!("dirgroup_1"), &json!("diruser_1"))
    );

    let bodies = listener.new_events(&harness);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    let event = |what: &str| format!("organization.directory.{what}");
    assert_eq!(
        types,
        [event("group_created"), event("group_updated"), event("user_created"), event("user_updated")]
    );
    assert_eq!(bodies[1]["data"]["external_id"], "g-1");
    let data = &bodies[2]["data"];
    for (name, value) in [
        ("name", json!("Bo Ek")),
        ("active", json!(true)),
        ("department", json!("R&D")),
        ("groups", json!([{"id": crew, "name": "Crew"}, {"id": "dirgroup_1", "name": "Chiefs"}])),
        ("roles", json!([{"role_name": "admin"}])),
        ("organization_id", json!("org_1")),
    ] {
        assert_eq!(data[name], value, "{name}");
    }
    let data = &bodies[3]["data"];
    assert_eq!(
        (&data["active"], &data["groups"], &data["dp_id"]),
        (&json!(false), &json!([]), &json!("u-1"))
    );

    let groups = list(&harness, "groups").await;
    let counts: Vec<_> =
        groups.as_array().unwrap().iter().map(|own| (&own["display_name"], &own["total_users"])).collect();
    assert_eq!(counts, [(&json!("Chiefs"), &json!(1)), (&json!("Crew"), &json!(1))]);

    let deletions = json!({"directory_id": "dir_1", "delete_groups": [crew], "delete_users": ["diruser_1"]});
    harness.emulator.sync_directory(deletions).unwrap();
    let bodies = listener.new_events(&harness);
    let types: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    assert_eq!(types, [event("user_deleted"), event("user_updated"), event("group_deleted")]);
    let ada =
        json!({"id": "diruser_1", "organization_id": "org_1", "dp_id": "u-1", "email": "ada@acme.example"});
    assert_eq!(bodies[0]["data"], ada, "a deletion event contains no other fields");
    assert_eq!((&bodies[1]["data"]["id"], &bodies[2]["data"]["dp_id"]), (bo, crew));
    let users = list(&harness, "users").await;
    assert_eq!(
        (users.as_array().unwrap().len(), &users[0]["groups"][0]["display_name"]),
        (1, &json!("Chiefs"))
    );
    assert_eq!(list(&harness, "groups").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn rejected_directory_sync_changes_nothing() {
    let harness = start().await;
    let mut listener = Listener::start(&harness).await;
    let (groups, users) = (list(&harness, "groups").await, list(&harness, "users").await);
    for bad in [
        json!({"directory_id": "dir_9"}),
        json!({"directory_id": "dir_3", "users": [{"email": "a@b.example"}]}),
        json!({"directory_id": "dir_1", "color": "red"}),
        json!({"directory_id": "dir_1", "groups": [{"display_name": "New"}], "users": [{"given_name": "No address"}]}),
        json!({"directory_id": "dir_1", "groups": [{"display_name": "New"}, {"id": "dirgroup_7"}]}),
        json!({"directory_id": "dir_1", "groups": [{"id": "dirgroup_9", "display_name": "Mine"}]}),
        json!({"directory_id": "dir_1", "users": [{"email": "a@b.example", "groups": ["Far"]}]}),
        json!({"directory_id": "dir_1", "users": [{"email": "a@b.example", "attributes": {"shoe": "42"}}]}),
        json!({"directory_id": "dir_1", "users": [{"email": "a@b.example", "attributes": {"address": "Paris"}}]}),
        json!({"directory_id": "dir_1", "delete_users": ["diruser_1", "diruser_1"]}),
        json!({"directory_id": "dir_1", "delete_groups": ["dirgroup_1", "dirgroup_9"]}),
    ] {
        let response = harness.send("POST", "/_emulator/directories/sync", &bad).await;
        assert_eq!(response.status, 400, "{bad}");
        assert!(
            response.json["error"].as_str().unwrap().starts_with("directory: ") || bad["color"] == "red",
            "{}",
            response.text
        );
    }
    assert_eq!((list(&harness, "groups").await, list(&harness, "users").await), (groups, users));
    assert_eq!(listener.new_types(&harness), [""; 0]);
}

#[tokio::test]
async fn domain_check_updates_verification_status() {
    let harness = start().await;
    let path = "/api/v1/organizations/org_1/domains";
    let created =
        harness.send("POST", path, &json!({"domain": "two.example"})).await.json["domain"]["id"].clone();
    let mut listener = Listener::start(&harness).await;
    for (found, status, what) in [
        (false, "FAILED", "failed"),
        (false, "FAILED", ""),
        (true, "VERIFIED", "success"),
        (true, "VERIFIED", ""),
    ] {
        let check = json!({"domain_id": created, "found": found});
        let response = harness.send("POST", "/_emulator/domains/verify", &check).await;
        assert_eq!((response.status, &response.json["domain"]["verification_status"]), (200, &json!(status)));
        let expected = if what.is_empty() {
            vec![]
        } else {
            vec![format!("organization.domain_dns_verification_{what}")]
        };
        assert_eq!(listener.new_types(&harness), expected);
    }
    let seen = harness.call("GET", &format!("{path}/{}", created.as_str().unwrap())).await.json;
    assert_eq!(seen["domain"]["verification_status"], "VERIFIED");
    for bad in [
        json!({"domain_id": "dom_9", "found": true}),
        json!({"domain_id": "dom_1", "found": true}),
        json!({"domain_id": "dom_1"}),
    ] {
        assert_eq!(harness.send("POST", "/_emulator/domains/verify", &bad).await.status, 400, "{bad}");
    }
}
