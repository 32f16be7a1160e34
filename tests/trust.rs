//! Whom the client trusts, and how it proves who it is.

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
    an_unknown_authority_is_refused_and_not_tried_again,
    a_private_authority_can_be_trusted,
    a_certificate_for_another_host_is_refused,
    an_expired_certificate_is_refused,
    a_client_certificate_lets_us_in,
    without_a_client_certificate_nobody_gets_in,
    bad_pem_is_refused_at_once,
    a_write_that_was_never_sent_is_tried_again,
    a_server_without_tls_is_a_connection_error,
);

type Wrapper = Box<dyn Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync>;

/// A service behind a handshake. `once` ends each connection after a token.
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

/// The server is refused for good: one connection a call, and a sentence that says why.
fn assert_refused(style: Style, server: &RawServer, options: ClientOptions, why: &str) {
    let client = style.client_at(&url(server, "127.0.0.1"), options);
    let errors = [client.get("org_1").unwrap_err(), client.jwks().unwrap_err()];
    for (error, operation) in errors.iter().zip(["oauth.token", "oauth.keys"]) {
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error:?}");
        let text = error.to_string();
        let head = format!("{operation}: cannot connect: invalid peer certificate: ");
        assert!(text.starts_with(&head) && text.contains(why), "{text}");
        assert!(!error.failure().retryable);
    }
    assert_eq!((server.connections(), server.requests().len()), (2, 0), "tried again");
}

fn an_unknown_authority_is_refused_and_not_tried_again(style: Style) {
    let server = secure(&Authority::new().sign("127.0.0.1"), None);
    assert_refused(style, &server, quick(), "UnknownIssuer");
    let server = secure(&Authority::new().sign("127.0.0.1"), None);
    assert_refused(style, &server, trusting(&Authority::new()), "UnknownIssuer");
}

fn a_private_authority_can_be_trusted(style: Style) {
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

fn a_certificate_for_another_host_is_refused(style: Style) {
    let authority = Authority::new();
    let server = secure(&authority.sign("other.example"), None);
    assert_refused(style, &server, trusting(&authority), "not valid for name");
}

fn an_expired_certificate_is_refused(style: Style) {
    let authority = Authority::new();
    let server = secure(&authority.sign_until("127.0.0.1", 2020), None);
    assert_refused(style, &server, trusting(&authority), "expired");
}

#[test]
fn the_authorities_of_the_machine_are_not_asked() {
    let path = std::env::temp_dir().join(format!("scalekit-authority-{}.pem", std::process::id()));
    let test = "the_authorities_of_the_machine_are_not_asked";
    if !is_child(test, &[("SSL_CERT_FILE", path.to_str().unwrap())]) {
        std::fs::remove_file(path).unwrap();
        return;
    }
    // Whoever reads the files of the machine takes this for one that everybody trusts.
    let authority = Authority::new();
    std::fs::write(std::env::var_os("SSL_CERT_FILE").unwrap(), authority.pem()).unwrap();
    for style in [Style::Tokio, Style::Bare, Style::Blocking] {
        assert_refused(style, &secure(&authority.sign("127.0.0.1"), None), quick(), "UnknownIssuer");
    }
}

fn a_client_certificate_lets_us_in(style: Style) {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = secure(&authority.sign("127.0.0.1"), Some(&clients));
    let client = style.client_at(&url(&server, "127.0.0.1"), presenting(&clients.sign("me"), &authority));
    assert_eq!(client.get("org_1").unwrap().id, "org_1");
    assert_eq!(client.create("New").unwrap().id, "org_1");
    assert_eq!(server.requests().len(), 3);
}

fn without_a_client_certificate_nobody_gets_in(style: Style) {
    let (authority, clients) = (Authority::new(), Authority::new());
    let server = secure(&authority.sign("127.0.0.1"), Some(&clients));
    for options in [trusting(&authority), presenting(&Authority::new().sign("me"), &authority)] {
        let error = style.client_at(&url(&server, "127.0.0.1"), options).get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
    }
    assert!(server.requests().is_empty());
}

fn bad_pem_is_refused_at_once(style: Style) {
    let authority = Authority::new();
    let (mine, other) = (authority.sign("me"), authority.sign("other"));
    let garbage = "-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n";
    let broken = "-----BEGIN CERTIFICATE-----\n!canary!\n-----END CERTIFICATE-----\n";
    let refused = |options: ClientOptions, option: &str, secret: &str| {
        let error = style.try_client("https://127.0.0.1", "skc_1", "secret", options).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.starts_with(&format!("`{option}` ")), "{text}");
        assert!(secret.lines().all(|line| line.len() < 10 || !text.contains(line)), "{text}");
    };
    for pem in ["", "canary", garbage, broken, &mine.key, &format!("{}{garbage}", authority.pem())] {
        let options = ClientOptions { root_certificates_pem: Some(pem.into()), ..quick() };
        refused(options, "root_certificates_pem", pem);
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
        refused(options, "client_certificate_pem", pem);
    }
}

fn a_write_that_was_never_sent_is_tried_again(style: Style) {
    let authority = Authority::new();
    let handshake = tls::server(&authority.sign("127.0.0.1"), None);
    let connections = AtomicUsize::new(0);
    // The first connection brings the token, the next two break before anything could be sent.
    let wrap = move |stream| match connections.fetch_add(1, Ordering::SeqCst) {
        1 | 2 => None,
        _ => handshake(stream),
    };
    let server = service(Box::new(wrap), true);
    let client = style.client_at(&url(&server, "127.0.0.1"), trusting(&authority));
    assert_eq!(client.create("New").unwrap().id, "org_1");
    assert_eq!((server.connections(), server.requests_to("/api/").len()), (4, 1));
}

fn a_server_without_tls_is_a_connection_error(style: Style) {
    let server = RawServer::service(|_, to| raw::json(to, 200, raw::ORGANIZATION));
    let error = style.client_at(&url(&server, "127.0.0.1"), quick()).get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
    assert!(error.to_string().starts_with("oauth.token: cannot connect: "), "{error}");
}
