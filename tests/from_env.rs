//! A client as the environment variables say.

mod support;

use scalekit::ScalekitError;
use support::child::is_child;
use support::{Style, arrived, emulator};

const STYLES: [Style; 3] = [Style::Tokio, Style::Bare, Style::Blocking];

const URL: &str = "SCALEKIT_ENVIRONMENT_URL";
const ID: &str = "SCALEKIT_CLIENT_ID";
const SECRET: &str = "SCALEKIT_CLIENT_SECRET";

#[test]
fn all_three_make_a_client() {
    let emulator = emulator();
    let slash = format!("{}/", emulator.environment_url());
    let (id, secret) = (format!(" {} ", emulator.client_id()), format!("{}\n", emulator.client_secret()));
    if !is_child("all_three_make_a_client", &[(URL, &slash), (ID, &id), (SECRET, &secret)]) {
        let lines: Vec<_> = emulator
            .requests()
            .into_iter()
            .map(|request| format!("{} {}", request.method, request.path))
            .collect();
        let once = ["POST /oauth/token", "GET /api/v1/organizations/org_1"];
        assert_eq!(lines, once.repeat(STYLES.len()));
        assert_eq!(arrived(&emulator, "organizations.get"), STYLES.len());
        return;
    }
    for style in STYLES {
        let client = style.client_from_env().unwrap();
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
    }
}

/// Runs as a child with these variables, and checks which name the error gives.
fn refused(test: &str, url: Option<&str>, id: Option<&str>, secret: Option<&str>, named: &str) {
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
fn a_missing_url_is_named() {
    refused("a_missing_url_is_named", None, Some("skc_1"), Some("canary"), URL);
}

#[test]
fn a_missing_id_is_named() {
    refused("a_missing_id_is_named", Some("https://a.example"), None, Some("canary"), ID);
}

#[test]
fn a_missing_secret_is_named() {
    refused("a_missing_secret_is_named", Some("https://a.example"), Some("skc_1"), None, SECRET);
}

#[test]
fn an_empty_secret_is_named() {
    refused("an_empty_secret_is_named", Some("https://a.example"), Some("skc_1"), Some(" "), SECRET);
}

#[test]
fn a_url_that_cannot_be_used_is_refused() {
    let url = Some("https://a.example/api");
    refused("a_url_that_cannot_be_used_is_refused", url, Some("skc_1"), Some("canary"), "environment_url");
}
