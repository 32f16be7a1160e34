//! Clients configured by environment variables.

mod support;

use scalekit::ScalekitError;
use support::child::is_child;
use support::{Style, emulator, request_count};

const STYLES: [Style; 3] = [Style::Tokio, Style::NoRuntime, Style::Blocking];

const URL: &str = "SCALEKIT_ENVIRONMENT_URL";
const ID: &str = "SCALEKIT_CLIENT_ID";
const SECRET: &str = "SCALEKIT_CLIENT_SECRET";

#[test]
fn environment_variables_configure_the_client() {
    let emulator = emulator();
    let slash = format!("{}/", emulator.environment_url());
    let (id, secret) = (format!(" {} ", emulator.client_id()), format!("{}\n", emulator.client_secret()));
    if !is_child("environment_variables_configure_the_client", &[(URL, &slash), (ID, &id), (SECRET, &secret)])
    {
        let lines: Vec<_> = emulator
            .requests()
            .into_iter()
            .map(|request| format!("{} {}", request.method, request.path))
            .collect();
        let once = ["POST /oauth/token", "GET /api/v1/organizations/org_1"];
        assert_eq!(lines, once.repeat(STYLES.len()));
        assert_eq!(request_count(&emulator, "organizations.get"), STYLES.len());
        return;
    }
    for style in STYLES {
        let client = style.client_from_env().unwrap();
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
    }
}

/// Runs as a child process with these variables, and checks which name the error contains.
fn assert_rejected(test: &str, url: Option<&str>, id: Option<&str>, secret: Option<&str>, named: &str) {
    let given = [(URL, url), (ID, id), (SECRET, secret)];
    let variables: Vec<_> = given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    if !is_child(test, &variables) {
        return;
    }
    for style in STYLES {
        let error = style.client_from_env().unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        let text = error.to_string();
        assert!(text.starts_with(&format!("`{named}` ")), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn missing_url_is_named_in_the_error() {
    assert_rejected("missing_url_is_named_in_the_error", None, Some("skc_1"), Some("canary"), URL);
}

#[test]
fn missing_client_id_is_named_in_the_error() {
    assert_rejected(
        "missing_client_id_is_named_in_the_error",
        Some("https://a.example"),
        None,
        Some("canary"),
        ID,
    );
}

#[test]
fn missing_client_secret_is_named_in_the_error() {
    assert_rejected(
        "missing_client_secret_is_named_in_the_error",
        Some("https://a.example"),
        Some("skc_1"),
        None,
        SECRET,
    );
}

#[test]
fn empty_client_secret_is_named_in_the_error() {
    assert_rejected(
        "empty_client_secret_is_named_in_the_error",
        Some("https://a.example"),
        Some("skc_1"),
        Some(" "),
        SECRET,
    );
}

#[test]
fn invalid_environment_url_is_rejected() {
    let url = Some("https://a.example/api");
    assert_rejected(
        "invalid_environment_url_is_rejected",
        url,
        Some("skc_1"),
        Some("canary"),
        "environment_url",
    );
}
