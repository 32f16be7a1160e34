//! Clients configured by environment variables.

use scalekit::ScalekitError;

use crate::support::child::is_child;
use crate::support::raw::{self, RawServer};
use crate::support::tls::{self, Authority};
use crate::support::{Style, emulator, request_count};

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
    assert_rejected("invalid_environment_url_is_rejected", url, Some("skc_1"), Some("canary"), URL);
}

/// Runs as a child with good credentials and one more variable, and checks that the error names it.
fn assert_rejected_variable(test: &str, variable: &str, value: &str) {
    let variables = [(URL, "https://a.example"), (ID, "skc_1"), (SECRET, "secret"), (variable, value)];
    if !is_child(test, &variables) {
        return;
    }
    for style in STYLES {
        let error = style.client_from_env().unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        assert!(error.to_string().starts_with(&format!("`{variable}` ")), "{error}");
    }
}

#[test]
fn unusable_timeout_is_named() {
    assert_rejected_variable("unusable_timeout_is_named", "SCALEKIT_TIMEOUT_SECONDS", "20s");
}

#[test]
fn unusable_ca_file_is_named() {
    assert_rejected_variable("unusable_ca_file_is_named", "SCALEKIT_CA_FILE", "/no/such/file");
}

#[test]
fn unusable_proxy_is_named() {
    assert_rejected_variable("unusable_proxy_is_named", "SCALEKIT_PROXY_URL", "socks5://proxy.example");
}

#[test]
fn timeout_of_the_environment_ends_a_call() {
    const TEST: &str = "timeout_of_the_environment_ends_a_call";
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let timeout = ("SCALEKIT_TIMEOUT_SECONDS", "0.2");
    if !is_child(TEST, &[(URL, &url), (ID, "skc_1"), (SECRET, "secret"), timeout]) {
        return;
    }
    for style in STYLES {
        let error = style.client_from_env().unwrap().get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
        assert!(error.to_string().contains("within 0.2 s"), "{error}");
    }
}

#[test]
fn ca_file_of_the_environment_is_trusted() {
    const TEST: &str = "ca_file_of_the_environment_is_trusted";
    let authority = Authority::new();
    let file = std::env::temp_dir().join(format!("scalekit-ca-{}.pem", std::process::id()));
    std::fs::write(&file, authority.pem()).unwrap();
    let server = RawServer::start_with(tls::server(&authority.sign("127.0.0.1"), None), |request, to| {
        let token = request.target() == "/oauth/token";
        raw::json(to, 200, if token { raw::TOKEN } else { raw::ORGANIZATION })
    });
    let url = format!("https://127.0.0.1:{}", server.port());
    let ca = ("SCALEKIT_CA_FILE", file.to_str().unwrap());
    if !is_child(TEST, &[(URL, &url), (ID, "skc_1"), (SECRET, "secret"), ca]) {
        std::fs::remove_file(&file).unwrap();
        return;
    }
    for style in STYLES {
        assert_eq!(style.client_from_env().unwrap().get("org_1").unwrap().id, "org_1");
    }
}

#[test]
fn proxy_of_the_environment_is_used_with_its_credentials() {
    const TEST: &str = "proxy_of_the_environment_is_used_with_its_credentials";
    let proxy = RawServer::start(|_, to| raw::respond(to, 407, &[], b""));
    let through = proxy.url().replace("http://", "http://ada:p%40ss@");
    let variables = [
        (URL, "https://service.example"),
        (ID, "skc_1"),
        (SECRET, "secret"),
        ("SCALEKIT_PROXY_URL", &through),
    ];
    if !is_child(TEST, &variables) {
        let requests = proxy.requests();
        assert!(!requests.is_empty());
        for request in requests {
            assert!(request.line.starts_with("CONNECT service.example:443 "), "{}", request.line);
            assert_eq!(request.header("proxy-authorization"), Some("Basic YWRhOnBAc3M="));
        }
        return;
    }
    for style in STYLES {
        let error = style.client_from_env().unwrap().get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
        assert!(!error.to_string().contains("p@ss") && !error.to_string().contains("p%40ss"), "{error}");
    }
}
