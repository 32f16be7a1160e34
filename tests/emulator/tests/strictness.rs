//! What the emulator refuses, and how.

mod support;

use serde_json::{Map, Value, json};
use support::{Answer, Bench};

const PATH: &str = "/api/v1/organizations";

/// A body that is good but for these fields.
fn with(fields: Value) -> Value {
    let mut body = json!({"display_name": "Acme"});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

fn pairs(count: usize) -> Value {
    (0..count).map(|number| (format!("key_{number}"), json!("value"))).collect::<Map<_, _>>().into()
}

#[tokio::test]
async fn bodies_that_break_a_rule() {
    let bench = Bench::start().await;
    let (x, long) = (|count: usize| "x".repeat(count), "ü".repeat(201));
    for (body, field, constraint) in [
        (json!({}), "display_name", "required"),
        (json!({"display_name": null}), "display_name", "required"),
        (json!({"display_name": ""}), "display_name", "string.min_len"),
        (json!({"display_name": long}), "display_name", "string.max_len"),
        (json!({"display_name": 7}), "display_name", "type"),
        (with(json!({"colour": "red"})), "colour", "unknown_field"),
        (with(json!({"displayName": "Acme"})), "displayName", "unknown_field"),
        (with(json!({"id": "org_1"})), "id", "output_only"),
        (with(json!({"create_time": "2026-01-01T00:00:00Z"})), "create_time", "output_only"),
        (with(json!({"update_time": "2026-01-01T00:00:00Z"})), "update_time", "output_only"),
        (with(json!({"region_code": "US"})), "region_code", "output_only"),
        (with(json!({"settings": {"features": []}})), "settings", "output_only"),
        (with(json!({"slug": ""})), "slug", "string.min_len"),
        (with(json!({"slug": "Acme"})), "slug", "string.pattern"),
        (with(json!({"slug": x(254)})), "slug", "string.max_len"),
        (with(json!({"logo_url": "http://acme.example"})), "logo_url", "string.pattern"),
        (with(json!({"logo_url": format!("https://{}", x(1017))})), "logo_url", "string.max_len"),
        (with(json!({"external_id": x(511)})), "external_id", "string.max_len"),
        (with(json!({"metadata": []})), "metadata", "type"),
        (with(json!({"metadata": pairs(11)})), "metadata", "map.max_pairs"),
        (with(json!({"metadata": {"ab": "value"}})), "metadata.ab", "string.min_len"),
        (with(json!({"metadata": {"abc": ""}})), "metadata.abc", "string.min_len"),
        (with(json!({"metadata": {"abc": x(257)}})), "metadata.abc", "string.max_len"),
        (with(json!({"metadata": {"abc": 1}})), "metadata.abc", "type"),
        (with(json!({"metadata": {"abc": null}})), "metadata.abc", "type"),
    ] {
        let answer = bench.send("POST", PATH, &body).await;
        assert_eq!((answer.status, answer.error_code()), (400, "INVALID_ARGUMENT"), "{body}");
        assert_eq!(answer.json["code"], 3);
        assert_eq!(answer.violations(), [(field, constraint)], "{body}");
    }
    assert_eq!(bench.call("GET", PATH).await.json["total_size"], 0, "nothing was created");
}

#[tokio::test]
async fn values_at_the_limits_pass() {
    let bench = Bench::start().await;
    let key = "k".repeat(25);
    let mut metadata = pairs(8);
    metadata[key] = json!("v".repeat(256));
    metadata["abc"] = json!("v");
    let logo = format!("https://{}", "x".repeat(1016));
    let label = "a".repeat(63);
    let slug = format!("{label}.{label}.{label}.{}", "a".repeat(61));
    let body = json!({"display_name": "ü".repeat(200), "external_id": "x".repeat(510), "slug": slug,
        "logo_url": logo, "metadata": metadata});
    let answer = bench.send("POST", PATH, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn every_violation_is_reported() {
    let bench = Bench::start().await;
    let answer = bench.send("POST", PATH, &json!({"colour": 1, "slug": "-", "metadata": {"a": 1}})).await;
    let mut violations = answer.violations();
    violations.sort_unstable();
    let expected = [
        ("colour", "unknown_field"),
        ("display_name", "required"),
        ("metadata.a", "string.min_len"),
        ("metadata.a", "type"),
        ("slug", "string.pattern"),
    ];
    assert_eq!(violations, expected);
}

#[tokio::test]
async fn settings_that_break_a_rule() {
    let bench = Bench::start().await;
    let path = format!("{PATH}/{}/settings", bench.organization("Acme").await);
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
        let answer = bench.send("PATCH", &path, &body).await;
        assert_eq!(answer.violations(), [(field, constraint)], "{body}");
    }
}

#[tokio::test]
async fn queries_that_break_a_rule() {
    let bench = Bench::start().await;
    for (path, field, constraint) in [
        ("/api/v1/organizations?colour=red", "colour", "unknown_field"),
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
        let answer = bench.call("GET", path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.violations(), [(field, constraint)], "{path}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_body() {
    let bench = Bench::start().await;
    let json_type = "application/json";
    for (content_type, text, constraint) in [
        (json_type, "", "required"),
        (json_type, "{", "json"),
        (json_type, "[]", "type"),
        (json_type, "null", "type"),
        ("text/plain", r#"{"display_name": "Acme"}"#, "content_type"),
        ("application/x-www-form-urlencoded", "display_name=Acme", "content_type"),
    ] {
        let request = bench.request("POST", PATH).header("content-type", content_type).body(text);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.violations(), [("body", constraint)], "{content_type} {text}");
    }
    let parameters = bench.request("POST", PATH).header("content-type", "application/json; charset=utf-8");
    let request = parameters.body(r#"{"display_name": "Acme"}"#);
    assert_eq!(request.send().await.unwrap().status(), 201);

    let unexpected = bench.send("DELETE", &format!("{PATH}/org_1"), &json!({})).await;
    assert_eq!(unexpected.violations(), [("body", "unexpected")]);
}

#[tokio::test]
async fn what_is_no_operation_says_so() {
    let bench = Bench::start().await;
    for (method, path, status) in [
        ("GET", "/api/v1/nonsense", 404),
        ("GET", "/api/v1/organizations/", 404),
        ("GET", "/api/v1/organizations//settings", 404),
        ("GET", "/elsewhere", 404),
        ("PUT", "/api/v1/organizations", 501),
        ("GET", "/oauth/token", 501),
    ] {
        let answer = bench.call(method, path).await;
        assert_eq!(answer.status, status, "{method} {path}");
        let message = answer.json["message"].as_str().unwrap();
        assert!(message.contains("emulator does not know"), "{message}");
        assert_eq!(answer.error_code(), if status == 404 { "NOT_FOUND" } else { "UNIMPLEMENTED" });
    }
    assert_eq!(bench.call("HEAD", PATH).await.status, 501);
    let unfinished = bench.emulator.requests();
    assert!(unfinished.iter().all(|request| request.completed), "{unfinished:?}");
}
