//! TLS: trusted certificate authorities and client certificates.

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scalekit::{ClientOptions, ScalekitError, SecretText, TrustedRoots};

use crate::support::child::is_child;
use crate::support::raw::{self, Next, RawServer, Stream};
use crate::support::tls::{self, Authority, Identity};
use crate::support::{Style, in_every_style, quick};

in_every_style!(
    unknown_authority_is_rejected_without_retry,
    configured_private_authority_is_trusted,
    certificate_of_another_host_is_rejected,
    expired_certificate_is_rejected,
    client_certificate_is_accepted,
    missing_or_untrusted_client_certificate_is_rejected,
    invalid_pem_is_rejected_at_construction,
    unsent_write_is_retried,
    server_without_tls_causes_a_connection_error,
);

type Wrapper = Box<dyn Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync>;

/// A service whose streams go through `wrap`. `once` closes each connection after a token response.
fn service(wrap: Wrapper, once: bool) -> RawServer {
    RawServer::start_with(wrap, move |request, to| match request.target() {
        "/oauth/token" if once => {
            raw::respond(to, 200, &[("connection", "close")], raw::TOKEN.as_bytes())?;
            Ok(Next::Close)
        }
        "/oauth/token" => raw::json(to, 200, raw::TOKEN),
        _ => raw::json(to, 200, raw::ORGANIZATION),
    })
}

fn secure(identity: &Identity, clients: Option<&Authority>) -> RawServer {
    service(Box::new(tls::server(identity, clients)), false)
}

fn url(server: &RawServer, host: &str) -> String {
    format!("https://{host}:{}", server.port())
}

fn trusting(authority: &Authority) -> ClientOptions {
    ClientOptions { root_certificates_pem: Some(authority.pem()), ..quick() }
}

fn presenting(identity: &Identity, authority: &Authority) -> ClientOptions {
    let pem = format!("{}\n{}", identity.certificate, identity.key);
    ClientOptions { client_certificate_pem: Some(Arc::new(SecretText::new(&pem))), ..trusting(authority) }
}

/// Asserts that the server is rejected permanently: one connection per call, and an error that contains `reason`.
fn assert_rejected(style: Style, server: &RawServer, options: ClientOptions, reason: &str) {
    let client = style.client_at(&url(server, "127.0.0.1"), options);
    let errors = [client.get("org_1").unwrap_err(), client.jwks().unwrap_err()];
    for (error, operation) in errors.iter().zip(["oauth.token", "oauth.keys"]) {
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error:?}");
        let text = error.to_string();
        let head = format!("{operation}: cannot connect: invalid peer certificate: ");
        assert!(text.starts_with(&head) && text.contains(reason), "{text}");
        assert!(!error.failure().retryable);
    }
    assert_eq!(
        (server.connections(), server.requests().len()),
        (2, 0),
        "a rejected server must not be retried"
    );
}

fn unknown_authority_is_rejected_without_retry(style: Style) {
    let server = secure(&Authority::new().sign("127.0.0.1"), None);
    assert_rejected(style, &server, quick(), "UnknownIssuer");
    let server = secure(&Authority::new().sign("127.0.0.1"), None);
    assert_rejected(style, &server, trusting(&Authority::new()), "UnknownIssuer");
}

fn configured_private_authority_is_trusted(style: Style) {
    let (authority, other) = (Authority::new(), Authority::new());
    for host in ["127.0.0.1", "localhost"] {
        let server = secure(&authority.sign(host), None);
        let bundle = format!("# Ours\n{}\n# Theirs\r\n{}\n", other.pem(), authority.pem());
        for pem in [authority.pem(), bundle] {
            let options = ClientOptions { root_certificates_pem: Some(pem), ..quick() };
            let client = style.client_at(&url(&server, host), options);
            assert_eq!(client.get("org_1").unwrap().id, "org_1");
            assert_eq!(client.create("New").unwrap().id, "org_1");
        }
    }
}

fn certificate_of_another_host_is_rejected(style: Style) {
    let authority = Authority::new();
    let server = secure(&authority.sign("other.example"), None);
    assert_rejected(style, &server, trusting(&authority), "not valid for name");
}

fn expired_certificate_is_rejected(style: Style) {
    let authority = Authority::new();
    let server = secure(&authority.sign_until("127.0.0.1", 2020), None);
    assert_rejected(style, &server, trusting(&authority), "expired");
}

const STYLES: [Style; 3] = [Style::Tokio, Style::NoRuntime, Style::Blocking];

/// A folder with an authority in `authority.pem`, and what else may lie beside it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(test: &str, authority: &Authority) -> Folder {
        let folder = std::env::temp_dir().join(format!("scalekit-{test}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        std::fs::write(folder.join("authority.pem"), authority.pem()).unwrap();
        std::fs::write(folder.join("README"), "no certificate").unwrap();
        std::fs::write(folder.join("blob"), b"\xff\x00-----BEGIN").unwrap();
        std::fs::write(folder.join("empty.pem"), "").unwrap();
        Folder(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs `test` as a child with a variable, while a server with a certificate of a private authority listens.
fn with_variable(test: &str, variable: &str, value: impl Fn(&Folder) -> String, check: impl Fn(Style, &str)) {
    let authority = Authority::new();
    let folder = Folder::new(test, &authority);
    let server = secure(&authority.sign("127.0.0.1"), None);
    let url = url(&server, "127.0.0.1");
    if is_child(test, &[(variable, &value(&folder)), ("TEST_URL", &url)]) {
        let url = std::env::var("TEST_URL").unwrap();
        STYLES.into_iter().for_each(|style| check(style, &url));
    }
}

fn is_trusted(style: Style, url: &str, trusted_roots: Option<TrustedRoots>) {
    let client = style.client_at(url, ClientOptions { trusted_roots, ..quick() });
    assert_eq!(client.get("org_1").unwrap().id, "org_1", "{style:?}");
}

fn is_unknown(style: Style, url: &str, trusted_roots: Option<TrustedRoots>) {
    let error = style.client_at(url, ClientOptions { trusted_roots, ..quick() }).get("org_1").unwrap_err();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
}

#[test]
fn ssl_cert_file_is_trusted() {
    with_variable(
        "ssl_cert_file_is_trusted",
        "SSL_CERT_FILE",
        |folder| folder.path("authority.pem"),
        |style, url| {
            is_trusted(style, url, None);
            is_trusted(style, url, Some(TrustedRoots::Bundled));
        },
    );
}

#[test]
fn ssl_cert_dir_is_trusted() {
    let folders = |folder: &Folder| format!("{}:{}", folder.path("sub"), folder.path(""));
    with_variable("ssl_cert_dir_is_trusted", "SSL_CERT_DIR", folders, |style, url| {
        is_trusted(style, url, None)
    });
}

#[test]
fn system_store_is_trusted_on_request() {
    // On Linux these variables name the system's store.
    let file = |folder: &Folder| folder.path("authority.pem");
    with_variable("system_store_is_trusted_on_request", "SSL_CERT_FILE", file, |style, url| {
        is_trusted(style, url, Some(TrustedRoots::System));
    });
}

#[test]
fn system_store_does_not_replace_root_certificates_pem() {
    for style in STYLES {
        let authority = Authority::new();
        let server = secure(&authority.sign("127.0.0.1"), None);
        let options = ClientOptions { trusted_roots: Some(TrustedRoots::System), ..trusting(&authority) };
        let client = style.client_at(&url(&server, "127.0.0.1"), options);
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
    }
}

#[test]
fn bundled_only_ignores_the_environment() {
    let file = |folder: &Folder| folder.path("authority.pem");
    with_variable("bundled_only_ignores_the_environment", "SSL_CERT_FILE", file, |style, url| {
        is_unknown(style, url, Some(TrustedRoots::BundledOnly));
    });
}

#[test]
fn bundled_only_ignores_a_broken_variable() {
    let file = |folder: &Folder| folder.path("missing");
    with_variable("bundled_only_ignores_a_broken_variable", "SSL_CERT_FILE", file, |style, url| {
        is_unknown(style, url, Some(TrustedRoots::BundledOnly));
    });
}

#[test]
fn requests_ca_bundle_is_for_python_only() {
    let file = |folder: &Folder| folder.path("authority.pem");
    with_variable("requests_ca_bundle_is_for_python_only", "REQUESTS_CA_BUNDLE", file, |style, url| {
        is_unknown(style, url, None);
    });
}

#[test]
fn empty_variable_is_ignored() {
    with_variable(
        "empty_variable_is_ignored",
        "SSL_CERT_FILE",
        |_| String::new(),
        |style, url| {
            is_unknown(style, url, None);
        },
    );
}

/// A variable that cannot be used is named when a client is created.
fn assert_unusable(test: &str, variable: &'static str, file: &'static str, why: &'static str) {
    with_variable(
        test,
        variable,
        |folder| folder.path(file),
        |style, url| {
            let error = style.try_client(url, "skc_1", "secret", quick()).unwrap_err();
            assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.starts_with(&format!("`{variable}` names ")) && text.contains(file), "{text}");
            assert!(text.contains(why), "{text}");
        },
    );
}

#[test]
fn missing_ssl_cert_file_is_named() {
    assert_unusable("missing_ssl_cert_file_is_named", "SSL_CERT_FILE", "missing", "cannot be read");
}

#[test]
fn ssl_cert_file_without_pem_is_named() {
    assert_unusable(
        "ssl_cert_file_without_pem_is_named",
        "SSL_CERT_FILE",
        "README",
        "no usable certificate in PEM",
    );
}

#[test]
fn ssl_cert_file_that_is_a_folder_is_named() {
    assert_unusable("ssl_cert_file_that_is_a_folder_is_named", "SSL_CERT_FILE", "sub", "cannot be read");
}

#[test]
fn missing_ssl_cert_dir_is_named() {
    assert_unusable("missing_ssl_cert_dir_is_named", "SSL_CERT_DIR", "missing", "cannot be read");
}

#[test]
fn unknown_issuer_names_the_settings_that_help() {
    for style in STYLES {
        let server = secure(&Authority::new().sign("127.0.0.1"), None);
        let error = style.client_at(&url(&server, "127.0.0.1"), quick()).get("org_1").unwrap_err();
        let hint = "UnknownIssuer; trust a private authority with `root_certificates_pem` or `SSL_CERT_FILE`";
        assert!(error.to_string().ends_with(hint), "{error}");
    }
}

fn client_certificate_is_accepted(style: Style) {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = secure(&authority.sign("127.0.0.1"), Some(&clients));
    let client = style.client_at(&url(&server, "127.0.0.1"), presenting(&clients.sign("me"), &authority));
    assert_eq!(client.get("org_1").unwrap().id, "org_1");
    assert_eq!(client.create("New").unwrap().id, "org_1");
    assert_eq!(server.requests().len(), 3);
}

fn missing_or_untrusted_client_certificate_is_rejected(style: Style) {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = secure(&authority.sign("127.0.0.1"), Some(&clients));
    for options in [trusting(&authority), presenting(&Authority::new().sign("me"), &authority)] {
        let error = style.client_at(&url(&server, "127.0.0.1"), options).get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
    }
    assert!(server.requests().is_empty());
}

fn invalid_pem_is_rejected_at_construction(style: Style) {
    let authority = Authority::new();
    let (mine, other) = (authority.sign("me"), authority.sign("other"));
    let garbage = "-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n";
    let broken = "-----BEGIN CERTIFICATE-----\n!canary!\n-----END CERTIFICATE-----\n";
    let assert_invalid = |options: ClientOptions, option: &str, secret: &str| {
        let error = style.try_client("https://127.0.0.1", "skc_1", "secret", options).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.starts_with(&format!("`{option}` ")), "{text}");
        assert!(secret.lines().all(|line| line.len() < 10 || !text.contains(line)), "{text}");
    };
    for pem in ["", "canary", garbage, broken, &mine.key, &format!("{}{garbage}", authority.pem())] {
        let options = ClientOptions { root_certificates_pem: Some(pem.into()), ..quick() };
        assert_invalid(options, "root_certificates_pem", pem);
    }
    let (certificate, key) = (&mine.certificate, &mine.key);
    for pem in [
        "",
        "canary",
        certificate,
        key,
        &format!("{certificate}{}", other.key),
        &format!("{garbage}{key}"),
        &format!("{certificate}-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n"),
    ] {
        let secret = Some(Arc::new(SecretText::new(pem)));
        let options = ClientOptions { client_certificate_pem: secret, ..quick() };
        assert_invalid(options, "client_certificate_pem", pem);
    }
}

fn unsent_write_is_retried(style: Style) {
    let authority = Authority::new();
    let handshake = tls::server(&authority.sign("127.0.0.1"), None);
    let connections = AtomicUsize::new(0);
    // The first connection returns the token; the next two break before anything is sent.
    let wrap = move |stream| match connections.fetch_add(1, Ordering::SeqCst) {
        1 | 2 => None,
        _ => handshake(stream),
    };
    let server = service(Box::new(wrap), true);
    let client = style.client_at(&url(&server, "127.0.0.1"), trusting(&authority));
    assert_eq!(client.create("New").unwrap().id, "org_1");
    assert_eq!((server.connections(), server.requests_to("/api/").len()), (4, 1));
}

fn server_without_tls_causes_a_connection_error(style: Style) {
    let server = RawServer::service(|_, to| raw::json(to, 200, raw::ORGANIZATION));
    let error = style.client_at(&url(&server, "127.0.0.1"), quick()).get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
    assert!(error.to_string().starts_with("oauth.token: cannot connect: "), "{error}");
}
