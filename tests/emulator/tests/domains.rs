//! Domains, and their connections.

use serde_json::json;

use crate::support::Harness;

#[tokio::test]
async fn connection_domains_belong_to_the_organization() {
    let harness = Harness::start_without_auto_connection().await;
    let seed = json!({"organizations": [{"id": "org_1", "display_name": "Acme",
        "connections": [{"id": "conn_1", "enabled": true, "domains": ["acme.example", "mail.acme.example"]}]}]});
    harness.send("POST", "/_emulator/seed", &seed).await;
    let domains = harness.call("GET", "/api/v1/organizations/org_1/domains").await.json;
    assert_eq!(domains["domains"][0]["domain"], "acme.example");
    assert_eq!(domains["domains"][0]["verification_status"], "VERIFIED");
    let connection = "/api/v1/organizations/org_1/connections/conn_1";
    assert_eq!(harness.call("GET", connection).await.json["connection"]["domains"], domains["domains"]);

    let id = domains["domains"][0]["id"].as_str().unwrap();
    assert_eq!(harness.call("DELETE", &format!("/api/v1/organizations/org_1/domains/{id}")).await.text, "{}");
    let left = harness.call("GET", connection).await.json;
    assert_eq!(left["connection"]["domains"], json!([domains["domains"][1]]));
    let found = async |domain: &str| {
        let path = format!("/api/v1/connections?domain={domain}");
        harness.call("GET", &path).await.json["connections"].as_array().unwrap().len()
    };
    assert_eq!((found("acme.example").await, found("mail.acme.example").await), (0, 1));
}

#[tokio::test]
async fn domain_names_are_lowercased_and_unique() {
    let harness = Harness::start_without_auto_connection().await;
    let path = format!("/api/v1/organizations/{}/domains", harness.organization("Acme").await);
    let created = harness.send("POST", &path, &json!({"domain": "ACME.example"})).await;
    assert_eq!((created.status, &created.json["domain"]["domain"]), (200, &json!("acme.example")));
    let again = harness.send("POST", &path, &json!({"domain": "acme.Example"})).await;
    assert_eq!((again.status, again.error_code()), (409, "ALREADY_EXISTS"));
    for bad in ["localhost", "a b.example", "-a.example", "a@b.example", "https://a.example"] {
        let refused = harness.send("POST", &path, &json!({"domain": bad})).await;
        assert_eq!(refused.violations(), [("domain", "string.pattern")], "{bad}");
    }
    let sent = json!({"domain": "b.example", "verification_status": "VERIFIED"});
    let refused = harness.send("POST", &path, &sent).await;
    assert_eq!(refused.violations(), [("verification_status", "output_only")]);
}
