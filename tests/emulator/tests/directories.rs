//! Large directories, directory seeds, and deletion of an organization with its objects.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Harness;

async fn seed(harness: &Harness, seed: Value) -> Value {
    let response = harness.send("POST", "/_emulator/seed", &seed).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json
}

#[tokio::test]
async fn directory_with_10000_users_is_paged_completely() {
    let harness = Harness::start_without_auto_connection().await;
    let created = seed(
        &harness,
        json!({
            "organizations": [{"id": "org_1", "display_name": "Acme"}],
            "directories": [{"id": "dir_1", "organization_id": "org_1",
                "generate": {"users": 10_000, "groups": 40, "groups_per_user": 2}}],
        }),
    )
    .await;
    let directory = &created["directories"][0];
    assert_eq!((&directory["total_users"], &directory["total_groups"]), (&json!(10_000), &json!(40)));

    let path = "/api/v1/organizations/org_1/directories/dir_1";
    let (mut emails, mut token, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = harness.call("GET", &format!("{path}/users?page_size=30&page_token={token}")).await.json;
        assert_eq!(page["total_size"], 10_000);
        for user in page["users"].as_array().unwrap() {
            assert!(emails.insert(user["email"].as_str().unwrap().to_owned()), "returned twice: {user}");
            assert_eq!(user["groups"].as_array().unwrap().len(), 2);
        }
        pages += 1;
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((emails.len(), pages), (10_000, 334));

    let groups = harness.call("GET", &format!("{path}/groups?page_size=30")).await.json;
    let group = &groups["groups"][0];
    assert_eq!((&groups["total_size"], &group["total_users"]), (&json!(40), &json!(500)));
    let members = format!("{path}/users?directory_group_id={}", group["id"].as_str().unwrap());
    assert_eq!(harness.call("GET", &members).await.json["total_size"], 500);
}

#[tokio::test]
async fn directory_page_size_is_at_most_30_and_filters_are_validated() {
    let harness = Harness::start_without_auto_connection().await;
    seed(
        &harness,
        json!({
            "organizations": [{"id": "org_1", "display_name": "Acme"}],
            "directories": [{"id": "dir_1", "organization_id": "org_1", "generate": {"users": 11}}],
        }),
    )
    .await;
    let path = "/api/v1/organizations/org_1/directories/dir_1";
    for (query, refused) in [
        ("page_size=31", ("page_size", "int.lte")),
        ("updated_after=yesterday", ("updated_after", "string.pattern")),
        ("include_detail=maybe", ("include_detail", "type")),
        ("include_external_groups=true", ("include_external_groups", "unknown_field")),
    ] {
        assert_eq!(
            harness.call("GET", &format!("{path}/users?{query}")).await.violations(),
            [refused],
            "{query}"
        );
    }
    let page = harness.call("GET", &format!("{path}/users")).await.json;
    assert_eq!(page["users"].as_array().unwrap().len(), 10);
    let token = page["next_page_token"].as_str().unwrap();
    for other in ["groups", "users?directory_group_id=dirgroup_1", "users?updated_after=2020-01-01T00:00:00Z"]
    {
        let joint = if other.contains('?') { '&' } else { '?' };
        let response = harness.call("GET", &format!("{path}/{other}{joint}page_token={token}")).await;
        assert_eq!(response.violations(), [("page_token", "page_token")], "{other}");
    }
}

#[tokio::test]
async fn invalid_directory_seed_is_rejected_and_changes_nothing() {
    let harness = Harness::start_without_auto_connection().await;
    let organization = json!([{"id": "org_1", "display_name": "Acme"}]);
    for (directory, why) in [
        (json!({"organization_id": "org_2"}), "there is no organization org_2"),
        (json!({"organization_id": "org_1", "generate": {"users": 1_000_000}}), "at most 100000"),
        (
            json!({"organization_id": "org_1", "users": [{"email": "a@b.example", "groups": ["None"]}]}),
            "has no group None",
        ),
        (
            json!({"organization_id": "org_1", "groups": [{"display_name": "A", "updated_at": "now"}]}),
            "not a time",
        ),
        (
            json!({"organization_id": "org_1", "users": [{"id": "diruser_1", "email": "a@b.example"}, {"id": "diruser_1", "email": "c@d.example"}]}),
            "exists already",
        ),
    ] {
        let seed = json!({"organizations": organization, "directories": [directory]});
        let response = harness.send("POST", "/_emulator/seed", &seed).await;
        assert_eq!(response.status, 400, "{}", response.text);
        assert!(response.json["error"].as_str().unwrap().contains(why), "{}", response.text);
    }
    assert_eq!(harness.call("GET", "/api/v1/organizations").await.json["total_size"], 0);
}

#[tokio::test]
async fn deleting_organization_deletes_everything_it_owns() {
    let harness = Harness::start_without_auto_connection().await;
    let everything = |organization: &str, n: u8| {
        json!({
            "organizations": [{"id": organization, "display_name": "Acme",
                "connections": [{"id": format!("conn_{n}"), "enabled": true, "domains": [format!("sso{n}.example")]}]}],
            "directories": [{"id": format!("dir_{n}"), "organization_id": organization,
                "users": [{"id": format!("diruser_{n}"), "email": "a@b.example"}], "groups": [{"id": format!("dirgroup_{n}"), "display_name": "G"}]}],
            "domains": [{"id": format!("dom_{n}"), "organization_id": organization, "domain": format!("join{n}.example")}],
        })
    };
    seed(&harness, everything("org_1", 1)).await;
    seed(&harness, everything("org_2", 2)).await;
    let client = harness.send("POST", "/api/v1/organizations/org_1/clients", &json!({})).await.json;
    let link = harness.call("PUT", "/api/v1/organizations/org_1/portal_links").await.json;

    assert_eq!(harness.call("DELETE", "/api/v1/organizations/org_1").await.status, 200);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client["client"]["client_id"].as_str().unwrap()),
        ("client_secret", client["plain_secret"].as_str().unwrap()),
    ];
    assert_eq!(harness.token_request(&form).await.json["error"], "invalid_client");
    let portal = harness.http.get(link["link"]["location"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(portal.status(), 410);
    let connections = harness.call("GET", "/api/v1/connections?include=all").await.json;
    assert_eq!(connections["connections"].as_array().unwrap().len(), 1);
    // The seed succeeds again with the same IDs and domains, so the deletion left nothing behind.
    seed(&harness, everything("org_1", 1)).await;
    let path = "/api/v1/organizations/org_1/directories/dir_1/users";
    assert_eq!(harness.call("GET", path).await.json["total_size"], 1);
    let path = "/api/v1/organizations/org_2/directories/dir_2/users";
    assert_eq!(
        harness.call("GET", path).await.json["total_size"],
        1,
        "the other organization keeps its directory"
    );
    assert_eq!(harness.call("GET", "/api/v1/organizations/org_1/clients").await.json["total_size"], 0);
}
