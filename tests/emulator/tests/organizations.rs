//! The life of an organization.

mod support;

use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use support::Bench;

const PATH: &str = "/api/v1/organizations";

#[tokio::test]
async fn create_get_list_update_delete() {
    let bench = Bench::start().await;
    let body = json!({"display_name": "Acme", "external_id": "acme/1", "slug": "acme",
        "logo_url": "https://acme.example/logo.png", "metadata": {"plan": "pro"}});
    let created = bench.send("POST", PATH, &body).await;
    assert_eq!(created.status, 201);
    let organization = &created.json["organization"];
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(organization[name], *value);
    }
    let id = organization["id"].as_str().unwrap();
    assert!(id.starts_with("org_") && id.len() <= 32);
    let path = format!("{PATH}/{id}");

    assert_eq!(bench.call("GET", &path).await.json, created.json);
    let listed = bench.call("GET", PATH).await.json;
    assert_eq!(listed["organizations"], json!([organization]));
    assert_eq!(listed["total_size"], 1);
    let by_external_id = bench.call("GET", "/api/v1/organizations:external/acme%2F1").await;
    assert_eq!(by_external_id.json, created.json);

    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": 60})).await;
    let changes = json!({"display_name": "Acme Corp", "slug": "", "metadata": {"tier": "gold"}});
    let updated = bench.send("PATCH", &path, &changes).await;
    assert_eq!(updated.status, 200);
    let changed = &updated.json["organization"];
    assert_eq!(changed["display_name"], "Acme Corp");
    assert_eq!(changed["slug"], "");
    assert_eq!(changed["metadata"], json!({"tier": "gold"}));
    assert_eq!(changed["external_id"], "acme/1", "what was not sent must stay");
    assert_eq!(changed["create_time"], organization["create_time"]);
    let elapsed = time(&changed["update_time"]) - time(&organization["update_time"]);
    assert!(elapsed >= TimeDelta::seconds(60), "{elapsed}");
    assert_eq!(bench.call("GET", &path).await.json, updated.json);
    let nulls = json!({"display_name": null, "external_id": null, "metadata": null});
    let mut same = bench.send("PATCH", &path, &nulls).await.json;
    same["organization"]["update_time"] = changed["update_time"].clone();
    assert_eq!(same, updated.json, "null is like absent");

    let deleted = bench.call("DELETE", &path).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, "{}"));
    for (method, path) in [("GET", path.clone()), ("DELETE", path.clone()), ("GET", format!("{path}/x"))] {
        assert_eq!(bench.call(method, &path).await.error_code(), "NOT_FOUND", "{method} {path}");
    }
    assert_eq!(bench.call("GET", PATH).await.json["total_size"], 0);
}

fn time(value: &Value) -> DateTime<chrono::FixedOffset> {
    let text = value.as_str().unwrap();
    assert_eq!(text.len(), "2026-01-01T00:00:00.000000000Z".len(), "{text}");
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[tokio::test]
async fn fields_that_are_not_set_are_sent_with_their_zero_value() {
    let bench = Bench::start().await;
    let mut answer =
        bench.send("POST", PATH, &json!({"display_name": "Bare", "external_id": null})).await.json;
    let organization = answer["organization"].as_object_mut().unwrap();
    for name in ["id", "create_time", "update_time"] {
        assert_ne!(organization.remove(name).unwrap(), "", "{name}");
    }
    let expected = json!({"display_name": "Bare", "external_id": "", "slug": "", "logo_url": "",
        "metadata": {}, "region_code": "US", "settings": {"features": []}});
    assert_eq!(answer["organization"], expected);
}

#[tokio::test]
async fn external_ids_and_slugs_are_unique() {
    let bench = Bench::start().await;
    let first = json!({"display_name": "First", "external_id": "one", "slug": "one"});
    let id = bench.send("POST", PATH, &first).await.json["organization"]["id"].clone();
    let other = bench.organization("Other").await;
    bench.organization("Without either, like the other").await;
    for (name, value) in [("external_id", "one"), ("slug", "one")] {
        let mut body = json!({"display_name": "Second"});
        body[name] = json!(value);
        let created = bench.send("POST", PATH, &body).await;
        assert_eq!((created.status, created.error_code()), (409, "ALREADY_EXISTS"), "{name}");
        assert_eq!(created.json["code"], 6);
        let updated = bench.send("PATCH", &format!("{PATH}/{other}"), &body).await;
        assert_eq!(updated.status, 409, "{name}");
    }
    let own = format!("{PATH}/{}", id.as_str().unwrap());
    assert_eq!(bench.send("PATCH", &own, &first).await.status, 200, "its own values are no conflict");
    assert_eq!(bench.call("GET", PATH).await.json["total_size"], 3);
}

#[tokio::test]
async fn settings_switch_features_on_and_off() {
    let bench = Bench::start().await;
    let path = format!("{PATH}/{}", bench.organization("Acme").await);
    let settings = format!("{path}/settings");
    let on = json!({"features": [{"name": "sso", "enabled": true}, {"name": "dir_sync", "enabled": true}]});
    let answer = bench.send("PATCH", &settings, &on).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["organization"]["settings"], on);
    let off = json!({"features": [{"name": "sso", "enabled": false}]});
    bench.send("PATCH", &settings, &off).await;
    let expected =
        json!({"features": [{"name": "sso", "enabled": false}, {"name": "dir_sync", "enabled": true}]});
    assert_eq!(bench.call("GET", &path).await.json["organization"]["settings"], expected);
    assert_eq!(bench.send("PATCH", &format!("{PATH}/org_1/settings"), &off).await.status, 404);
}

#[tokio::test]
async fn portal_links_live_for_a_minute() {
    let bench = Bench::start().await;
    let path = format!("{PATH}/{}/portal_links", bench.organization("Acme").await);
    let now = async || time(&bench.call("GET", "/_emulator/clock").await.json["now"]);
    let before = now().await;
    let answer = bench.call("PUT", &format!("{path}?features=sso&features=dir_sync")).await;
    assert_eq!(answer.status, 200);
    let link = &answer.json["link"];
    assert!(link["id"].as_str().unwrap().starts_with("lnk_"));
    let location = format!("{}/portal/", bench.emulator.environment_url());
    assert!(link["location"].as_str().unwrap().starts_with(&location));
    let made = time(&link["expire_time"]) - TimeDelta::minutes(1);
    assert!(before <= made && made <= now().await, "{made}");

    assert_eq!(bench.call("PUT", &path).await.status, 200);
    let wrong = bench.call("PUT", &format!("{path}?features=sso&features=directory_sync")).await;
    assert_eq!(wrong.violations(), [("features", "enum.defined_only")]);
    assert_eq!(bench.call("PUT", &format!("{PATH}/org_1/portal_links")).await.status, 404);
}

#[tokio::test]
async fn a_portal_link_opens_once_within_a_minute() {
    let bench = Bench::start().await;
    let path = format!("{PATH}/{}/portal_links", bench.organization("Acme").await);
    let link = async |query: &str| {
        let answer = bench.call("PUT", &format!("{path}{query}")).await.json;
        answer["link"]["location"].as_str().unwrap().to_owned()
    };
    let open = async |location: &str| {
        let answer = bench.http.get(location).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let first = link("?features=dir_sync").await;
    assert_eq!(open(&first).await, (200, "Admin portal of Acme: dir_sync\n".into()));
    assert_eq!(open(&first).await.0, 410, "a second time");

    let (late, used) = (link("").await, link("").await);
    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": 59})).await;
    assert_eq!(open(&used).await, (200, "Admin portal of Acme: sso, dir_sync\n".into()));
    bench.send("POST", "/_emulator/clock", &json!({"advance_seconds": 1})).await;
    assert_eq!(open(&late).await.0, 410, "after a minute");
    assert_eq!(open(&bench.url("/portal/lnk_404")).await.0, 410, "one that never was");
}

#[tokio::test]
async fn pages_follow_each_other_both_ways() {
    let bench = Bench::start_bare().await;
    for number in 0..25 {
        bench.organization(&format!("Organization {number}")).await;
    }
    let (mut names, mut token, mut pages) = (Vec::new(), String::new(), Vec::new());
    loop {
        let page = bench.call("GET", &format!("{PATH}?page_token={token}")).await.json;
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
        let before = bench.call("GET", &format!("{PATH}?page_token={token}")).await.json;
        assert_eq!(before["organizations"], pages[index - 1]["organizations"], "before page {index}");
    }
    let all = bench.call("GET", &format!("{PATH}?page_size=100")).await.json;
    assert_eq!(all["organizations"].as_array().unwrap().len(), 25);
    let few = bench.call("GET", &format!("{PATH}?page_size=1")).await.json;
    assert_eq!(few["organizations"].as_array().unwrap().len(), 1);
    let default = bench.call("GET", &format!("{PATH}?page_size=0")).await.json;
    assert_eq!(default["organizations"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn deleting_while_paging_skips_nothing() {
    let bench = Bench::start_bare().await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(bench.organization(&format!("Organization {number}")).await);
    }
    let first = bench.call("GET", &format!("{PATH}?page_size=2")).await.json;
    for id in &ids[..2] {
        bench.call("DELETE", &format!("{PATH}/{id}")).await;
    }
    let token = first["next_page_token"].as_str().unwrap();
    let second = bench.call("GET", &format!("{PATH}?page_size=2&page_token={token}")).await.json;
    let got: Vec<_> =
        second["organizations"].as_array().unwrap().iter().map(|own| own["id"].clone()).collect();
    assert_eq!(got, [json!(ids[2]), json!(ids[3])]);
}

#[tokio::test]
async fn a_page_token_belongs_to_its_list_and_filter() {
    let bench = Bench::start_bare().await;
    for _ in 0..2 {
        bench.organization("Acme").await;
    }
    let page = bench.call("GET", &format!("{PATH}?page_size=1")).await.json;
    let token = page["next_page_token"].as_str().unwrap();
    for query in [format!("external_id=x&page_token={token}"), "page_token=nonsense".into()] {
        let answer = bench.call("GET", &format!("{PATH}?{query}")).await;
        assert_eq!(answer.violations(), [("page_token", "page_token")], "{query}");
    }
}

#[tokio::test]
async fn the_list_can_be_filtered_by_external_id() {
    let bench = Bench::start_bare().await;
    bench.organization("Other").await;
    bench.send("POST", PATH, &json!({"display_name": "Acme", "external_id": "a b&c"})).await;
    let page = bench.call("GET", &format!("{PATH}?external_id=a+b%26c")).await.json;
    assert_eq!(page["organizations"][0]["display_name"], "Acme");
    assert_eq!(page["total_size"], 1);
    let none = bench.call("GET", &format!("{PATH}?external_id=nobody")).await.json;
    assert_eq!((none["organizations"].clone(), none["total_size"].clone()), (json!([]), json!(0)));
}
