//! Organizations: operations, settings, portal links and pagination.

use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};

use crate::support::Harness;

const PATH: &str = "/api/v1/organizations";

#[tokio::test]
async fn organization_can_be_created_read_updated_and_deleted() {
    let harness = Harness::start().await;
    let body = json!({"display_name": "Acme", "external_id": "acme/1", "slug": "acme",
        "logo_url": "https://acme.example/logo.png", "metadata": {"plan": "pro"}});
    let created = harness.send("POST", PATH, &body).await;
    assert_eq!(created.status, 201);
    let organization = &created.json["organization"];
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(organization[name], *value);
    }
    let id = organization["id"].as_str().unwrap();
    assert!(id.starts_with("org_") && id.len() <= 32);
    let path = format!("{PATH}/{id}");

    assert_eq!(harness.call("GET", &path).await.json, created.json);
    let listed = harness.call("GET", PATH).await.json;
    assert_eq!(listed["organizations"], json!([organization]));
    assert_eq!(listed["total_size"], 1);
    let by_external_id = harness.call("GET", "/api/v1/organizations:external/acme%2F1").await;
    assert_eq!(by_external_id.json, created.json);

    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": 60})).await;
    let changes = json!({"display_name": "Acme Corp", "slug": "", "metadata": {"tier": "gold"}});
    let updated = harness.send("PATCH", &path, &changes).await;
    assert_eq!(updated.status, 200);
    let changed = &updated.json["organization"];
    assert_eq!(changed["display_name"], "Acme Corp");
    assert_eq!(changed["slug"], "");
    assert_eq!(changed["metadata"], json!({"tier": "gold"}));
    assert_eq!(changed["external_id"], "acme/1", "omitted fields are unchanged");
    assert_eq!(changed["create_time"], organization["create_time"]);
    let elapsed = timestamp(&changed["update_time"]) - timestamp(&organization["update_time"]);
    assert!(elapsed >= TimeDelta::seconds(60), "{elapsed}");
    assert_eq!(harness.call("GET", &path).await.json, updated.json);
    let nulls = json!({"display_name": null, "external_id": null, "metadata": null});
    let mut same = harness.send("PATCH", &path, &nulls).await.json;
    same["organization"]["update_time"] = changed["update_time"].clone();
    assert_eq!(same, updated.json, "null counts as absent");

    let deleted = harness.call("DELETE", &path).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, "{}"));
    for (method, path) in [("GET", path.clone()), ("DELETE", path.clone()), ("GET", format!("{path}/x"))] {
        assert_eq!(harness.call(method, &path).await.error_code(), "NOT_FOUND", "{method} {path}");
    }
    assert_eq!(harness.call("GET", PATH).await.json["total_size"], 0);
}

fn timestamp(value: &Value) -> DateTime<chrono::FixedOffset> {
    let text = value.as_str().unwrap();
    assert_eq!(text.len(), "2026-01-01T00:00:00.000000000Z".len(), "{text}");
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[tokio::test]
async fn unset_organization_fields_are_returned_as_zero_values() {
    let harness = Harness::start().await;
    let mut response =
        harness.send("POST", PATH, &json!({"display_name": "Bare", "external_id": null})).await.json;
    let organization = response["organization"].as_object_mut().unwrap();
    for name in ["id", "create_time", "update_time"] {
        assert_ne!(organization.remove(name).unwrap(), "", "{name}");
    }
    let expected = json!({"display_name": "Bare", "external_id": "", "slug": "", "logo_url": "",
        "metadata": {}, "region_code": "US", "settings": {"features": []}});
    assert_eq!(response["organization"], expected);
}

#[tokio::test]
async fn organization_external_id_and_slug_are_unique() {
    let harness = Harness::start().await;
    let first = json!({"display_name": "First", "external_id": "one", "slug": "one"});
    let id = harness.send("POST", PATH, &first).await.json["organization"]["id"].clone();
    let other = harness.organization("Other").await;
    harness.organization("Without external_id and slug, like Other").await;
    for (name, value) in [("external_id", "one"), ("slug", "one")] {
        let mut body = json!({"display_name": "Second"});
        body[name] = json!(value);
        let created = harness.send("POST", PATH, &body).await;
        assert_eq!((created.status, created.error_code()), (409, "ALREADY_EXISTS"), "{name}");
        assert_eq!(created.json["code"], 6);
        let updated = harness.send("PATCH", &format!("{PATH}/{other}"), &body).await;
        assert_eq!(updated.status, 409, "{name}");
    }
    let own = format!("{PATH}/{}", id.as_str().unwrap());
    assert_eq!(
        harness.send("PATCH", &own, &first).await.status,
        200,
        "an organization does not conflict with itself"
    );
    assert_eq!(harness.call("GET", PATH).await.json["total_size"], 3);
}

#[tokio::test]
async fn organization_settings_enable_and_disable_features() {
    let harness = Harness::start().await;
    let path = format!("{PATH}/{}", harness.organization("Acme").await);
    let settings = format!("{path}/settings");
    let on = json!({"features": [{"name": "sso", "enabled": true}, {"name": "dir_sync", "enabled": true}]});
    let response = harness.send("PATCH", &settings, &on).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.json["organization"]["settings"], on);
    let off = json!({"features": [{"name": "sso", "enabled": false}]});
    harness.send("PATCH", &settings, &off).await;
    let expected =
        json!({"features": [{"name": "sso", "enabled": false}, {"name": "dir_sync", "enabled": true}]});
    assert_eq!(harness.call("GET", &path).await.json["organization"]["settings"], expected);
    assert_eq!(harness.send("PATCH", &format!("{PATH}/org_1/settings"), &off).await.status, 404);
}

#[tokio::test]
async fn portal_link_expires_one_minute_after_creation() {
    let harness = Harness::start().await;
    let path = format!("{PATH}/{}/portal_links", harness.organization("Acme").await);
    let now = async || timestamp(&harness.call("GET", "/_emulator/clock").await.json["now"]);
    let before = now().await;
    let response = harness.call("PUT", &format!("{path}?features=sso&features=dir_sync")).await;
    assert_eq!(response.status, 200);
    let link = &response.json["link"];
    assert!(link["id"].as_str().unwrap().starts_with("lnk_"));
    let location = format!("{}/portal/", harness.emulator.environment_url());
    assert!(link["location"].as_str().unwrap().starts_with(&location));
    let created_at = timestamp(&link["expire_time"]) - TimeDelta::minutes(1);
    assert!(before <= created_at && created_at <= now().await, "{created_at}");

    assert_eq!(harness.call("PUT", &path).await.status, 200);
    let wrong = harness.call("PUT", &format!("{path}?features=sso&features=directory_sync")).await;
    assert_eq!(wrong.violations(), [("features", "enum.defined_only")]);
    assert_eq!(harness.call("PUT", &format!("{PATH}/org_1/portal_links")).await.status, 404);
}

#[tokio::test]
async fn portal_link_opens_once_within_one_minute() {
    let harness = Harness::start().await;
    let path = format!("{PATH}/{}/portal_links", harness.organization("Acme").await);
    let link = async |query: &str| {
        let response = harness.call("PUT", &format!("{path}{query}")).await.json;
        response["link"]["location"].as_str().unwrap().to_owned()
    };
    let open = async |location: &str| {
        let response = harness.http.get(location).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let first = link("?features=dir_sync").await;
    assert_eq!(open(&first).await, (200, "Admin portal of Acme: dir_sync\n".into()));
    assert_eq!(open(&first).await.0, 410, "the link was already opened");

    let (late, used) = (link("").await, link("").await);
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": 59})).await;
    assert_eq!(open(&used).await, (200, "Admin portal of Acme: sso, dir_sync\n".into()));
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": 1})).await;
    assert_eq!(open(&late).await.0, 410, "the link has expired");
    assert_eq!(open(&harness.url("/portal/lnk_404")).await.0, 410, "the link does not exist");
}

#[tokio::test]
async fn organization_pages_link_forward_and_backward() {
    let harness = Harness::start_without_auto_connection().await;
    for number in 0..25 {
        harness.organization(&format!("Organization {number}")).await;
    }
    let (mut names, mut token, mut pages) = (Vec::new(), String::new(), Vec::new());
    loop {
        let page = harness.call("GET", &format!("{PATH}?page_token={token}")).await.json;
        assert_eq!(page["total_size"], 25);
        let own = page["organizations"].as_array().unwrap().clone();
        names.extend(own.iter().map(|organization| organization["display_name"].clone()));
        token = page["next_page_token"].as_str().unwrap().to_owned();
        pages.push(page);
        if token.is_empty() {
            break;
        }
    }
    let sizes: Vec<_> = pages.iter().map(|page| page["organizations"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(names, (0..25).map(|number| json!(format!("Organization {number}"))).collect::<Vec<_>>());

    assert_eq!(pages[0]["prev_page_token"], "");
    for index in [1, 2] {
        let token = pages[index]["prev_page_token"].as_str().unwrap();
        let before = harness.call("GET", &format!("{PATH}?page_token={token}")).await.json;
        assert_eq!(before["organizations"], pages[index - 1]["organizations"], "before page {index}");
    }
    let all = harness.call("GET", &format!("{PATH}?page_size=100")).await.json;
    assert_eq!(all["organizations"].as_array().unwrap().len(), 25);
    let few = harness.call("GET", &format!("{PATH}?page_size=1")).await.json;
    assert_eq!(few["organizations"].as_array().unwrap().len(), 1);
    let default = harness.call("GET", &format!("{PATH}?page_size=0")).await.json;
    assert_eq!(default["organizations"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn deletion_between_pages_skips_no_organization() {
    let harness = Harness::start_without_auto_connection().await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(harness.organization(&format!("Organization {number}")).await);
    }
    let first = harness.call("GET", &format!("{PATH}?page_size=2")).await.json;
    for id in &ids[..2] {
        harness.call("DELETE", &format!("{PATH}/{id}")).await;
    }
    let token = first["next_page_token"].as_str().unwrap();
    let second = harness.call("GET", &format!("{PATH}?page_size=2&page_token={token}")).await.json;
    let got: Vec<_> =
        second["organizations"].as_array().unwrap().iter().map(|own| own["id"].clone()).collect();
    assert_eq!(got, [json!(ids[2]), json!(ids[3])]);
}

#[tokio::test]
async fn page_token_of_other_list_or_filter_is_rejected() {
    let harness = Harness::start_without_auto_connection().await;
    for _ in 0..2 {
        harness.organization("Acme").await;
    }
    let page = harness.call("GET", &format!("{PATH}?page_size=1")).await.json;
    let token = page["next_page_token"].as_str().unwrap();
    for query in [format!("external_id=x&page_token={token}"), "page_token=nonsense".into()] {
        let response = harness.call("GET", &format!("{PATH}?{query}")).await;
        assert_eq!(response.violations(), [("page_token", "page_token")], "{query}");
    }
}

#[tokio::test]
async fn organization_list_is_filtered_by_external_id() {
    let harness = Harness::start_without_auto_connection().await;
    harness.organization("Other").await;
    harness.send("POST", PATH, &json!({"display_name": "Acme", "external_id": "a b&c"})).await;
    let page = harness.call("GET", &format!("{PATH}?external_id=a+b%26c")).await.json;
    assert_eq!(page["organizations"][0]["display_name"], "Acme");
    assert_eq!(page["total_size"], 1);
    let none = harness.call("GET", &format!("{PATH}?external_id=unknown")).await.json;
    assert_eq!((none["organizations"].clone(), none["total_size"].clone()), (json!([]), json!(0)));
}
