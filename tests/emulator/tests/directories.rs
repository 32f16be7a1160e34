//! Directories as large as real ones, and what becomes of things when their organization goes.

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::Bench;

async fn seed(bench: &Bench, seed: Value) -> Value {
    let answer = bench.send("POST", "/_emulator/seed", &seed).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

#[tokio::test]
async fn ten_thousand_people_page_by_page() {
    let bench = Bench::start_bare().await;
    let made = seed(
        &bench,
        json!({
            "organizations": [{"id": "org_1", "display_name": "Acme"}],
            "directories": [{"id": "dir_1", "organization_id": "org_1",
                "generate": {"users": 10_000, "groups": 40, "groups_per_user": 2}}],
        }),
    )
    .await;
    let directory = &made["directories"][0];
    assert_eq!((&directory["total_users"], &directory["total_groups"]), (&json!(10_000), &json!(40)));

    let path = "/api/v1/organizations/org_1/directories/dir_1";
    let (mut emails, mut token, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = bench.call("GET", &format!("{path}/users?page_size=30&page_token={token}")).await.json;
        assert_eq!(page["total_size"], 10_000);
        for user in page["users"].as_array().unwrap() {
            assert!(emails.insert(user["email"].as_str().unwrap().to_owned()), "twice: {user}");
            assert_eq!(user["groups"].as_array().unwrap().len(), 2);
        }
        pages += 1;
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((emails.len(), pages), (10_000, 334));

    let groups = bench.call("GET", &format!("{path}/groups?page_size=30")).await.json;
    let group = &groups["groups"][0];
    assert_eq!((&groups["total_size"], &group["total_users"]), (&json!(40), &json!(500)));
    let members = format!("{path}/users?directory_group_id={}", group["id"].as_str().unwrap());
    assert_eq!(bench.call("GET", &members).await.json["total_size"], 500);
}

#[tokio::test]
async fn a_page_has_at_most_thirty_and_filters_must_make_sense() {
    let bench = Bench::start_bare().await;
    seed(
        &bench,
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
            bench.call("GET", &format!("{path}/users?{query}")).await.violations(),
            [refused],
            "{query}"
        );
    }
    let page = bench.call("GET", &format!("{path}/users")).await.json;
    assert_eq!(page["users"].as_array().unwrap().len(), 10);
    let token = page["next_page_token"].as_str().unwrap();
    for other in ["groups", "users?directory_group_id=dirgroup_1", "users?updated_after=2020-01-01T00:00:00Z"]
    {
        let joint = if other.contains('?') { '&' } else { '?' };
        let answer = bench.call("GET", &format!("{path}/{other}{joint}page_token={token}")).await;
        assert_eq!(answer.violations(), [("page_token", "page_token")], "{other}");
    }
}

#[tokio::test]
async fn a_seed_that_cannot_be_is_refused_and_leaves_nothing() {
    let bench = Bench::start_bare().await;
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
        let answer = bench.send("POST", "/_emulator/seed", &seed).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert!(answer.json["error"].as_str().unwrap().contains(why), "{}", answer.text);
    }
    assert_eq!(bench.call("GET", "/api/v1/organizations").await.json["total_size"], 0);
}

#[tokio::test]
async fn a_deleted_organization_takes_along_all_that_it_has() {
    let bench = Bench::start_bare().await;
    let everything = |organization: &str, n: u8| {
        json!({
            "organizations": [{"id": organization, "display_name": "Acme",
                "connections": [{"id": format!("conn_{n}"), "enabled": true, "domains": [format!("sso{n}.example")]}]}],
            "directories": [{"id": format!("dir_{n}"), "organization_id": organization,
                "users": [{"id": format!("diruser_{n}"), "email": "a@b.example"}], "groups": [{"id": format!("dirgroup_{n}"), "display_name": "G"}]}],
            "domains": [{"id": format!("dom_{n}"), "organization_id": organization, "domain": format!("join{n}.example")}],
        })
    };
    seed(&bench, everything("org_1", 1)).await;
    seed(&bench, everything("org_2", 2)).await;
    let client = bench.send("POST", "/api/v1/organizations/org_1/clients", &json!({})).await.json;
    let link = bench.call("PUT", "/api/v1/organizations/org_1/portal_links").await.json;

    assert_eq!(bench.call("DELETE", "/api/v1/organizations/org_1").await.status, 200);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client["client"]["client_id"].as_str().unwrap()),
        ("client_secret", client["plain_secret"].as_str().unwrap()),
    ];
    assert_eq!(bench.token_request(&form).await.json["error"], "invalid_client");
    let portal = bench.http.get(link["link"]["location"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(portal.status(), 410);
    let connections = bench.call("GET", "/api/v1/connections?include=all").await.json;
    assert_eq!(connections["connections"].as_array().unwrap().len(), 1);
    // Under the same ids, and with the same domains, all of it can be made again: nothing was left behind.
    seed(&bench, everything("org_1", 1)).await;
    let path = "/api/v1/organizations/org_1/directories/dir_1/users";
    assert_eq!(bench.call("GET", path).await.json["total_size"], 1);
    let path = "/api/v1/organizations/org_2/directories/dir_2/users";
    assert_eq!(bench.call("GET", path).await.json["total_size"], 1, "the other organization keeps its own");
    assert_eq!(bench.call("GET", "/api/v1/organizations/org_1/clients").await.json["total_size"], 0);
}
