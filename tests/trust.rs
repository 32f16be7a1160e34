//! TLS: trusted certificate authorities and client certificates.

mod support;

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scalekit::{ClientOptions, ScalekitError, SecretText};
use support::child::is_child;
use support::raw::{self, Next, RawServer, Stream};
use support::tls::{self, Authority, Identity};
use support::{Style, in_every_style, quick};

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

#[test]
fn system_certificate_authorities_are_ignored() {
    let path = std::env::temp_dir().join(format!("scalekit-authority-{}.pem", std::process::id()));
    let test = "system_certificate_authorities_are_ignored";
    if !is_child(test, &[("SSL_CERT_FILE", path.to_str().unwrap())]) {
        std::fs::remove_file(path).unwrap();
        return;
    }
    // A client that reads the system's certificate files would trust this authority.
    let authority = Authority::new();
    std::fs::write(std::env::var_os("SSL_CERT_FILE").unwrap(), authority.pem()).unwrap();
    for style in [Style::Tokio, Style::NoRuntime, Style::Blocking] {
        assert_rejected(style, &secure(&authority.sign("127.0.0.1"), None), quick(), "UnknownIssuer");
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
