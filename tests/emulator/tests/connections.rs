//! Connections: seeded connections, and the automatic connection of new organizations.

use serde_json::{Value, json};

use crate::support::Harness;

const PATH: &str = "/api/v1/connections";

fn ids(response: &Value) -> Vec<&str> {
    response["connections"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect()
}

async fn seed(harness: &Harness) -> Value {
    let seed = json!({"organizations": [
        {"id": "org_1", "display_name": "Acme", "connections": [
            {"id": "conn_1", "enabled": true, "domains": ["acme.example"]},
            {"id": "conn_2", "type": "SAML", "provider": "ADFS", "status": "COMPLETED"},
            {"id": "conn_3", "status": "DRAFT", "enabled": true},
        ]},
        {"id": "org_2", "display_name": "Other", "connections": []},
    ], "connections": [
        {"id": "conn_4", "organization_id": "org_2", "enabled": true,
            "oidc_config": {"client_secret": "canary"}, "domains": ["other.example", "acme.example"]},
    ]});
    let response = harness.send("POST", "/_emulator/seed", &seed).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json
}

#[tokio::test]
async fn new_organization_connection_can_be_enabled() {
    let harness = Harness::start().await;
    let organization = harness.organization("Acme").await;
    let hidden = harness.call("GET", &format!("{PATH}?organization_id={organization}")).await.json;
    assert_eq!(hidden["connections"], json!([]));
    let found = harness.call("GET", &format!("{PATH}?organization_id={organization}&include=all")).await.json;
    let connection = &found["connections"][0];
    assert_eq!(
        (&connection["type"], &connection["provider"], &connection["status"], &connection["enabled"]),
        (&json!("OIDC"), &json!("OKTA"), &json!("COMPLETED"), &json!(false))
    );

    let path =
        format!("/api/v1/organizations/{organization}/connections/{}", connection["id"].as_str().unwrap());
    for (verb, enabled) in [("enable", true), ("enable", true), ("disable", false), ("enable", true)] {
        let response = harness.call("PATCH", &format!("{path}:{verb}")).await;
        assert_eq!(response.json, json!({"enabled": enabled, "error_message": ""}), "{verb}");
        assert_eq!(harness.call("GET", &path).await.json["connection"]["enabled"], enabled);
    }
    let active = harness.call("GET", &format!("{PATH}?organization_id={organization}")).await.json;
    assert_eq!(active["connections"][0]["enabled"], true);

    harness.call("DELETE", &format!("/api/v1/organizations/{organization}")).await;
    assert_eq!(harness.call("GET", &path).await.error_code(), "NOT_FOUND");
    let remaining = harness.call("GET", &format!("{PATH}?include=all")).await.json;
    assert_eq!(remaining["connections"], json!([]), "connections are deleted with their organization");
}

#[tokio::test]
async fn automatic_connection_can_be_disabled_by_seed() {
    let harness = Harness::start().await;
    harness.send("POST", "/_emulator/seed", &json!({"auto_connection": false})).await;
    harness.organization("Acme").await;
    let path = format!("{PATH}?include=all");
    assert_eq!(harness.call("GET", &path).await.json["connections"], json!([]));
    harness.call("POST", "/_emulator/reset").await;
    harness.organization("Acme").await;
    assert_eq!(harness.call("GET", &path).await.json["connections"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn connection_list_is_filtered_by_organization_domain_and_status() {
    let harness = Harness::start().await;
    seed(&harness).await;
    for (query, expected) in [
        ("", vec!["conn_1", "conn_4"]),
        ("?include=all", vec!["conn_1", "conn_2", "conn_3", "conn_4"]),
        ("?organization_id=org_1", vec!["conn_1"]),
        ("?organization_id=org_1&include=all", vec!["conn_1", "conn_2", "conn_3"]),
        ("?domain=acme.example", vec!["conn_1", "conn_4"]),
        ("?domain=other.example", vec!["conn_4"]),
        ("?domain=acme.example&organization_id=org_2", vec!["conn_4"]),
        ("?organization_id=org_9", vec![]),
    ] {
        let response = harness.call("GET", &format!("{PATH}{query}")).await.json;
        assert_eq!(ids(&response), expected, "{query}");
    }
    let first = &harness.call("GET", PATH).await.json["connections"][0];
    assert_eq!(first["organization_name"], "Acme");
    assert_eq!(first["domains"], json!(["acme.example"]));
    assert!(first.get("oidc_config").is_none(), "list entries contain no configuration");
}

#[tokio::test]
async fn connection_contains_configuration_of_its_type() {
    let harness = Harness::start().await;
    let created = seed(&harness).await;
    let get = async |organization: &str, id: &str| {
        let path = format!("/api/v1/organizations/{organization}/connections/{id}");
        harness.call("GET", &path).await.json["connection"].clone()
    };
    let oidc = get("org_2", "conn_4").await;
    assert_eq!(oidc, created["connections"][3], "the seed returns the created connections");
    assert_eq!(oidc["oidc_config"]["client_secret"], "canary");
    assert_eq!(oidc["oidc_config"]["scopes"], json!(["openid", "profile", "email"]));
    assert!(oidc.get("saml_config").is_none());
    assert_eq!(oidc["domains"][0]["domain"], "other.example");
    assert_eq!(oidc["domains"][0]["organization_id"], "org_2");
    let saml = get("org_1", "conn_2").await;
    assert_eq!(saml["saml_config"]["idp_name_id_format"], "EMAIL");
    assert_eq!(saml["saml_config"]["idp_certificates"].as_array().unwrap().len(), 1);
    assert!(saml.get("oidc_config").is_none());
}

#[tokio::test]
async fn enabling_requires_completed_connection_of_the_organization() {
    let harness = Harness::start().await;
    seed(&harness).await;
    let draft = harness.call("PATCH", "/api/v1/organizations/org_1/connections/conn_3:enable").await;
    assert_eq!((draft.status, draft.error_code()), (400, "FAILED_PRECONDITION"));
    assert_eq!(draft.json["code"], 9);
    for path in [
        "/api/v1/organizations/org_2/connections/conn_2:enable",
        "/api/v1/organizations/org_1/connections/conn_9:enable",
        "/api/v1/organizations/org_2/connections/conn_2:disable",
    ] {
        assert_eq!(harness.call("PATCH", path).await.error_code(), "NOT_FOUND", "{path}");
    }
}

#[tokio::test]
async fn escaped_colon_in_path_is_part_of_the_id() {
    let harness = Harness::start().await;
    let seed = json!({"organizations": [{"id": "org_1", "display_name": "Acme", "connections": [
        {"id": "a:enable"}, {"id": "b/c"}, {"id": "zürich 🦀"}]}]});
    harness.send("POST", "/_emulator/seed", &seed).await;
    for (path, id) in
        [("a%3Aenable", "a:enable"), ("b%2Fc", "b/c"), ("z%C3%BCrich%20%F0%9F%A6%80", "zürich 🦀")]
    {
        let path = format!("/api/v1/organizations/org_1/connections/{path}");
        assert_eq!(harness.call("GET", &path).await.json["connection"]["id"], id);
        assert_eq!(harness.call("PATCH", &format!("{path}:enable")).await.json["enabled"], true, "{id}");
    }
    let no_verb = harness.call("PATCH", "/api/v1/organizations/org_1/connections/a%3Aenable").await;
    assert_eq!(no_verb.status, 501, "PATCH without a verb is not an operation");
}
