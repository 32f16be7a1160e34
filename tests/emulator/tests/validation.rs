//! Validation of requests: bodies, queries, paths and methods.

use serde_json::{Map, Value, json};

use crate::support::{Harness, Response};

const PATH: &str = "/api/v1/organizations";

/// Returns a valid body with these additional fields.
fn body_with(fields: Value) -> Value {
    let mut body = json!({"display_name": "Acme"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

fn pairs(count: usize) -> Value {
    (0..count).map(|number| (format!("key_{number}"), json!("value"))).collect::<Map<_, _>>().into()
}

#[tokio::test]
async fn invalid_organization_body_is_rejected_with_violation() {
    let harness = Harness::start().await;
    let (x, long) = (|count: usize| "x".repeat(count), "ü".repeat(201));
    for (body, field, constraint) in [
        (json!({}), "display_name", "required"),
        (json!({"display_name": null}), "display_name", "required"),
        (json!({"display_name": ""}), "display_name", "string.min_len"),
        (json!({"display_name": long}), "display_name", "string.max_len"),
        (json!({"display_name": 7}), "display_name", "type"),
        (body_with(json!({"color": "red"})), "color", "unknown_field"),
        (body_with(json!({"displayName": "Acme"})), "displayName", "unknown_field"),
        (body_with(json!({"id": "org_1"})), "id", "output_only"),
        (body_with(json!({"create_time": "2026-01-01T00:00:00Z"})), "create_time", "output_only"),
        (body_with(json!({"update_time": "2026-01-01T00:00:00Z"})), "update_time", "output_only"),
        (body_with(json!({"region_code": "US"})), "region_code", "output_only"),
        (body_with(json!({"settings": {"features": []}})), "settings", "output_only"),
        (body_with(json!({"slug": ""})), "slug", "string.min_len"),
        (body_with(json!({"slug": "Acme"})), "slug", "string.pattern"),
        (body_with(json!({"slug": x(254)})), "slug", "string.max_len"),
        (body_with(json!({"logo_url": "http://acme.example"})), "logo_url", "string.pattern"),
        (body_with(json!({"logo_url": format!("https://{}", x(1017))})), "logo_url", "string.max_len"),
        (body_with(json!({"external_id": x(511)})), "external_id", "string.max_len"),
        (body_with(json!({"metadata": []})), "metadata", "type"),
        (body_with(json!({"metadata": pairs(11)})), "metadata", "map.max_pairs"),
        (body_with(json!({"metadata": {"ab": "value"}})), "metadata.ab", "string.min_len"),
        (body_with(json!({"metadata": {"abc": ""}})), "metadata.abc", "string.min_len"),
        (body_with(json!({"metadata": {"abc": x(257)}})), "metadata.abc", "string.max_len"),
        (body_with(json!({"metadata": {"abc": 1}})), "metadata.abc", "type"),
        (body_with(json!({"metadata": {"abc": null}})), "metadata.abc", "type"),
    ] {
        let response = harness.send("POST", PATH, &body).await;
        assert_eq!((response.status, response.error_code()), (400, "INVALID_ARGUMENT"), "{body}");
        assert_eq!(response.json["code"], 3);
        assert_eq!(response.violations(), [(field, constraint)], "{body}");
    }
    assert_eq!(harness.call("GET", PATH).await.json["total_size"], 0, "no organization was created");
}

#[tokio::test]
async fn values_at_the_limits_are_accepted() {
    let harness = Harness::start().await;
    let key = "k".repeat(25);
    let mut metadata = pairs(8);
    metadata[key] = json!("v".repeat(256));
    metadata["abc"] = json!("v");
    let logo = format!("https://{}", "x".repeat(1016));
    let label = "a".repeat(63);
    let slug = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    let body = json!({"display_name": "ü".repeat(200), "external_id": "x".repeat(510), "slug": slug,
        "logo_url": logo, "metadata": metadata});
    let response = harness.send("POST", PATH, &body).await;
    assert_eq!(response.status, 201, "{}", response.text);
}

#[tokio::test]
async fn every_violation_of_a_body_is_reported() {
    let harness = Harness::start().await;
    let response = harness.send("POST", PATH, &json!({"color": 1, "slug": "-", "metadata": {"a": 1}})).await;
    let mut violations = response.violations();
    violations.sort_unstable();
    let expected = [
        ("color", "unknown_field"),
        ("display_name", "required"),
        ("metadata.a", "string.min_len"),
        ("metadata.a", "type"),
        ("slug", "string.pattern"),
    ];
    assert_eq!(violations, expected);
}

#[tokio::test]
async fn invalid_settings_body_is_rejected_with_violation() {
    let harness = Harness::start().await;
    let path = format!("{PATH}/{}/settings", harness.organization("Acme").await);
    let feature = |feature: Value| json!({"features": [feature]});
    for (body, field, constraint) in [
        (json!({}), "features", "required"),
        (json!({"features": {}}), "features", "type"),
        (feature(json!("sso")), "features[0]", "type"),
        (feature(json!({"name": "sso"})), "features[0].enabled", "required"),
        (feature(json!({"name": "sso", "enabled": "true"})), "features[0].enabled", "type"),
        (
            feature(json!({"name": "directory_sync", "enabled": true})),
            "features[0].name",
            "enum.defined_only",
        ),
        (feature(json!({"name": "sso", "enabled": true, "x": 1})), "features[0].x", "unknown_field"),
    ] {
        let response = harness.send("PATCH", &path, &body).await;
        assert_eq!(response.violations(), [(field, constraint)], "{body}");
    }
}

#[tokio::test]
async fn invalid_query_is_rejected_with_violation() {
    let harness = Harness::start().await;
    for (path, field, constraint) in [
        ("/api/v1/organizations?color=red", "color", "unknown_field"),
        ("/api/v1/organizations?page_size=101", "page_size", "int.lte"),
        ("/api/v1/organizations?page_size=-1", "page_size", "int.gte"),
        ("/api/v1/organizations?page_size=ten", "page_size", "type"),
        ("/api/v1/organizations?page_size=1.5", "page_size", "type"),
        ("/api/v1/organizations?page_size=1&page_size=2", "page_size", "repeated"),
        ("/api/v1/organizations?external_id=%FF", "query", "encoding"),
        ("/api/v1/organizations/org_1?page_size=1", "page_size", "unknown_field"),
        ("/api/v1/organizations/%FF", "path", "encoding"),
        ("/api/v1/connections?include=ALL", "include", "enum.defined_only"),
        ("/api/v1/connections?domain=a-name-that-is-too-long.example.com", "domain", "string.max_len"),
        ("/api/v1/connections?page_size=10", "page_size", "unknown_field"),
    ] {
        let response = harness.call("GET", path).await;
        assert_eq!(response.status, 400, "{path}");
        assert_eq!(response.violations(), [(field, constraint)], "{path}");
    }
}

#[tokio::test]
async fn missing_malformed_or_unexpected_body_is_rejected() {
    let harness = Harness::start().await;
    let json_type = "application/json";
    for (content_type, text, constraint) in [
        (json_type, "", "required"),
        (json_type, "{", "json"),
        (json_type, "[]", "type"),
        (json_type, "null", "type"),
        ("text/plain", r#"{"display_name": "Acme"}"#, "content_type"),
        ("application/x-www-form-urlencoded", "display_name=Acme", "content_type"),
    ] {
        let request = harness.request("POST", PATH).header("content-type", content_type).body(text);
        let response = Response::of(request.send().await.unwrap()).await;
        assert_eq!(response.violations(), [("body", constraint)], "{content_type} {text}");
    }
    let parameters = harness.request("POST", PATH).header("content-type", "application/json; charset=utf-8");
    let request = parameters.body(r#"{"display_name": "Acme"}"#);
    assert_eq!(request.send().await.unwrap().status(), 201);

    let unexpected = harness.send("DELETE", &format!("{PATH}/org_1"), &json!({})).await;
    assert_eq!(unexpected.violations(), [("body", "unexpected")]);
}

#[tokio::test]
async fn unknown_path_and_method_return_404_and_501() {
    let harness = Harness::start().await;
    for (method, path, status) in [
        ("GET", "/api/v1/nonsense", 404),
        ("GET", "/api/v1/organizations/", 404),
        ("GET", "/api/v1/organizations//settings", 404),
        ("GET", "/elsewhere", 404),
        ("PUT", "/api/v1/organizations", 501),
        ("GET", "/oauth/token", 501),
    ] {
        let response = harness.call(method, path).await;
        assert_eq!(response.status, status, "{method} {path}");
        let message = response.json["message"].as_str().unwrap();
        assert!(message.contains("emulator does not know"), "{message}");
        assert_eq!(response.error_code(), if status == 404 { "NOT_FOUND" } else { "UNIMPLEMENTED" });
    }
    assert_eq!(harness.call("OPTIONS", PATH).await.status, 501);
    let unfinished = harness.emulator.requests();
    assert!(unfinished.iter().all(|request| request.completed), "{unfinished:?}");
}
