//! Requests that the service accepts although its documentation does not describe them.

use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::raw::JSON;

const ORGANIZATIONS: &str = "/api/v1/organizations";

async fn organization(harness: &Harness) -> String {
    format!("{ORGANIZATIONS}/{}", harness.organization("Acme").await)
}

#[tokio::test]
async fn every_spelling_of_a_query_boolean_is_accepted() {
    let harness = Harness::start_lenient().await;
    let users = format!("{}/users", organization(&harness).await);
    let spellings = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    for (index, spelling) in spellings.iter().enumerate() {
        let body = json!({"email": format!("user{index}@acme.example")}).to_string();
        let line = format!("POST {users}?send_invitation_email={spelling}");
        let response = harness.raw_api(&line, &[JSON], &body).await;
        assert_eq!(response.status, 201, "{spelling}: {}", response.text);
        let status = &response.json["user"]["memberships"][0]["membership_status"];
        let expected = if index < 6 { "PENDING_INVITE" } else { "ACTIVE" };
        assert_eq!(status, expected, "{spelling}");
    }
    for bad in ["yes", "tRUE", "2", "on"] {
        let line = format!("POST {users}?send_invitation_email={bad}");
        let response = harness.raw_api(&line, &[JSON], r#"{"email": "b@acme.example"}"#).await;
        assert_eq!(response.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn unknown_names_and_undocumented_bodies_are_ignored_with_a_warning() {
    let harness = Harness::start_lenient().await;
    let path = organization(&harness).await;
    let response =
        harness.raw_api(&format!("PUT {path}/portal_links"), &[JSON], r#"{"features":["sso"]}"#).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert!(harness.last_warnings().await[0].contains("body"), "{:?}", harness.last_warnings().await);

    let response = harness.raw_api(&format!("GET {ORGANIZATIONS}?color=red&page_size=1&_=1"), &[], "").await;
    assert_eq!((response.status, &response.json["total_size"]), (200, &json!(1)), "{}", response.text);
    let warnings = harness.last_warnings().await;
    assert!(
        warnings.len() == 2 && warnings[0].contains("color") && warnings[1].contains('_'),
        "{warnings:?}"
    );

    let body = r#"{"display_name": "Two", "color": "red", "metadata": {"anything": "kept"}}"#;
    let response = harness.raw_api(&format!("POST {ORGANIZATIONS}"), &[JSON], body).await;
    let created = &response.json["organization"];
    assert_eq!((response.status, &created["metadata"]), (201, &json!({"anything": "kept"})));
    assert_eq!(harness.last_warnings().await.len(), 1);
    assert!(harness.last_warnings().await[0].contains("color"));

    harness.raw_api(&format!("GET {ORGANIZATIONS}?page_size=1"), &[], "").await;
    assert_eq!(harness.last_warnings().await, [""; 0]);
}

#[tokio::test]
async fn empty_query_value_that_is_not_text_is_rejected() {
    let harness = Harness::start_lenient().await;
    let organization = organization(&harness).await;
    for line in [
        "GET /api/v1/permissions?type=".into(),
        format!("GET {organization}/domains?domain_type="),
        format!("PUT {organization}/portal_links?features="),
        "GET /api/v1/users/usr_1/sessions?filter.start_time=".into(),
        "GET /api/v1/logs/authentication/requests?start_time=".into(),
        format!("POST {organization}/users?send_invitation_email="),
        format!("GET {ORGANIZATIONS}?page_size="),
    ] {
        let body = if line.starts_with("POST") { r#"{"email": "a@acme.example"}"# } else { "" };
        let response = harness.raw_api(&line, &[JSON], body).await;
        assert_eq!(response.status, 400, "{line}: {}", response.text);
        assert_eq!(response.json["code"], 3, "{line}");
    }
    let text = harness.raw_api(&format!("GET {ORGANIZATIONS}?external_id=&page_token="), &[], "").await;
    assert_eq!(text.status, 200, "empty text is unset: {}", text.text);
}

#[tokio::test]
async fn enum_numbers_and_lower_camel_case_names_are_accepted() {
    let harness = Harness::start_lenient().await;
    let path = organization(&harness).await;
    let body = r#"{"displayName": "Camel", "externalId": "c-1", "logoUrl": "https://acme.example/l.png"}"#;
    let created = harness.raw_api(&format!("POST {ORGANIZATIONS}"), &[JSON], body).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let created = &created.json["organization"];
    assert_eq!((&created["display_name"], &created["external_id"]), (&json!("Camel"), &json!("c-1")));

    let listed = harness.raw_api(&format!("GET {ORGANIZATIONS}?externalId=c-1&pageSize=1"), &[], "").await;
    assert_eq!((listed.status, &listed.json["total_size"]), (200, &json!(1)), "{}", listed.text);

    let body = r#"{"domain": "acme.example", "domainType": 2}"#;
    let domain = harness.raw_api(&format!("POST {path}/domains"), &[JSON], body).await;
    assert_eq!(domain.json["domain"]["domain_type"], "ORGANIZATION_DOMAIN", "{}", domain.text);
    for (query, count) in [("domain_type=2", 1), ("domainType=1", 0), ("domain_type=0", 1)] {
        let listed = harness.raw_api(&format!("GET {path}/domains?{query}"), &[], "").await;
        assert_eq!(listed.json["domains"].as_array().map(Vec::len), Some(count), "{query}: {}", listed.text);
    }
    let link =
        harness.raw_api(&format!("PUT {path}/portal_links?features=2&features=dir_sync"), &[], "").await;
    assert_eq!(link.status, 200, "{}", link.text);
    for bad in ["domain_type=3", "domain_type=organization_domain", "domain_type=DOMAIN"] {
        let listed = harness.raw_api(&format!("GET {path}/domains?{bad}"), &[], "").await;
        assert_eq!(listed.status, 400, "{bad}");
    }
    let twice = r#"{"displayName": "A", "display_name": "B"}"#;
    let twice = harness.raw_api(&format!("POST {ORGANIZATIONS}"), &[JSON], twice).await;
    assert_eq!(twice.status, 400, "{}", twice.text);
    assert_eq!(harness.last_warnings().await, [""; 0]);
}

#[tokio::test]
async fn head_is_like_get_without_body() {
    let harness = Harness::start_lenient().await;
    let organization = organization(&harness).await;
    for path in [
        "/keys",
        ORGANIZATIONS,
        &organization,
        "/api/v1/organizations/org_9",
        "/.well-known/openid-configuration",
    ] {
        let get = harness.raw_api(&format!("GET {path}"), &[], "").await;
        let head = harness.raw_api(&format!("HEAD {path}"), &[], "").await;
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-length"), get.text.len().to_string(), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
    let log = harness.emulator.requests_of("oauth.keys");
    assert_eq!((log[1].method.as_str(), log[1].completed, log[1].status), ("HEAD", true, Some(200)));
    assert_eq!(harness.raw("HEAD /oauth/token", &[], "").await.status, 501);
}

#[tokio::test]
async fn strict_mode_rejects_what_an_sdk_must_not_send() {
    let harness = Harness::start().await;
    let path = organization(&harness).await;
    let body = r#"{"displayName": "A"}"#;
    for (line, body) in [
        (format!("GET {ORGANIZATIONS}?color=red"), ""),
        (format!("GET {ORGANIZATIONS}?pageSize=1"), ""),
        (format!("GET {path}/domains?domain_type=2"), ""),
        (format!("PUT {path}/portal_links"), r#"{"features":["sso"]}"#),
        (format!("POST {ORGANIZATIONS}"), body),
        (format!("POST {path}/users?send_invitation_email=1"), r#"{"email": "a@b.example"}"#),
    ] {
        let response = harness.raw_api(&line, &[JSON], body).await;
        assert_eq!(response.status, 400, "{line}: {}", response.text);
    }
    assert_eq!(harness.emulator.requests_of("organizations.list")[0].status, Some(400));
    let _: Value = harness.call("GET", "/_emulator/requests").await.json;
}
