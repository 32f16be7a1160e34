//! Proxies from the client options and from environment variables.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use scalekit::{ClientOptions, ScalekitError, SecretText};

use crate::support::child::is_child;
use crate::support::raw::{self, RawServer};
use crate::support::tls::{self, Authority};
use crate::support::{Style, emulator, in_every_style, quick, request_count};

in_every_style!(invalid_proxy_url_is_rejected);

const STYLES: [Style; 3] = [Style::Tokio, Style::NoRuntime, Style::Blocking];

/// The HTTP Basic credentials of `user:pass word`.
const BASIC: &str = "Basic dXNlcjpwYXNzIHdvcmQ=";

fn through_proxy(proxy: &str) -> ClientOptions {
    ClientOptions {
        proxy_url: Some(proxy.into()),
        proxy_username: Some("user".into()),
        proxy_password: Some(Arc::new(SecretText::new("pass word"))),
        ..quick()
    }
}

/// A proxy that responds itself in place of the service.
fn responding_proxy() -> RawServer {
    RawServer::start(|request, to| match request.target() {
        target if target.ends_with("/oauth/token") => raw::json(to, 200, raw::TOKEN),
        _ => raw::json(to, 200, raw::ORGANIZATION),
    })
}

#[test]
fn proxy_is_used_with_its_credentials() {
    if !is_child("proxy_is_used_with_its_credentials", &[("NO_PROXY", "10.0.0.0/8,other.example")]) {
        return;
    }
    for style in STYLES {
        let (proxy, service) = (responding_proxy(), RawServer::service(|_, to| raw::json(to, 200, "{}")));
        let client = style.client_at(&service.url(), through_proxy(&proxy.url()));
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
        let lines: Vec<_> = proxy.requests().into_iter().map(|request| request.line).collect();
        let url = service.url();
        assert_eq!(
            lines,
            [
                format!("POST {url}/oauth/token HTTP/1.1"),
                format!("GET {url}/api/v1/organizations/org_1 HTTP/1.1")
            ]
        );
        for request in proxy.requests() {
            assert_eq!(request.header("proxy-authorization"), Some(BASIC), "{}", request.line);
        }
        assert_eq!(service.connections(), 0);

        let without_username = ClientOptions { proxy_username: None, ..through_proxy(&proxy.url()) };
        style.client_at(&service.url(), without_username).jwks().unwrap();
        assert_eq!(proxy.requests().pop().unwrap().header("proxy-authorization"), None);
    }
}

/// A proxy that tunnels every host to one server, and records the request heads it receives.
fn tunnel(to: u16) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, heads) = (format!("http://{}", listener.local_addr().unwrap()), Arc::default());
    let recorded: Arc<Mutex<Vec<String>>> = Arc::clone(&heads);
    let serve = move |mut client: TcpStream, recorded: &Mutex<Vec<String>>| -> io::Result<()> {
        let (mut head, mut reader) = (String::new(), BufReader::new(client.try_clone()?));
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
        recorded.lock().unwrap().push(head);
        let mut server = TcpStream::connect(("127.0.0.1", to))?;
        client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
        let (mut from_server, mut to_client) = (server.try_clone()?, client);
        thread::spawn(move || io::copy(&mut from_server, &mut to_client));
        io::copy(&mut reader, &mut server)?;
        server.shutdown(std::net::Shutdown::Write)
    };
    // Runs until the test process ends.
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let recorded = Arc::clone(&recorded);
            thread::spawn(move || serve(client, &recorded));
        }
    });
    (url, heads)
}

/// A TLS service with a certificate for `service.example`, and the options to trust it.
fn service_example() -> (RawServer, ClientOptions) {
    let authority = Authority::new();
    let server =
        RawServer::start_with(tls::server(&authority.sign("service.example"), None), |request, to| {
            let token = request.target() == "/oauth/token";
            raw::json(to, 200, if token { raw::TOKEN } else { raw::ORGANIZATION })
        });
    (server, ClientOptions { root_certificates_pem: Some(authority.pem()), ..quick() })
}

#[test]
fn https_tunnel_keeps_proxy_credentials_from_the_service() {
    if !is_child("https_tunnel_keeps_proxy_credentials_from_the_service", &[]) {
        return;
    }
    for style in STYLES {
        let (service, trusting) = service_example();
        let (proxy, heads) = tunnel(service.port());
        let options =
            ClientOptions { root_certificates_pem: trusting.root_certificates_pem, ..through_proxy(&proxy) };
        // The host does not exist: only the proxy can reach the service.
        let client = style.client_at("https://service.example", options);
        assert_eq!(client.get("org_1").unwrap().id, "org_1");
        let head = heads.lock().unwrap()[0].to_lowercase();
        assert!(head.starts_with("connect service.example:443 http/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("proxy-authorization: {}", BASIC.to_lowercase())), "{head}");
        assert!(!head.contains("bearer") && !head.contains("secret"), "{head}");
        for request in service.requests() {
            assert_eq!(request.header("proxy-authorization"), None, "{}", request.line);
        }
        assert_eq!(service.requests()[1].line, "GET /api/v1/organizations/org_1 HTTP/1.1");
    }
}

#[test]
fn https_proxy_variable_is_used() {
    const TEST: &str = "https_proxy_variable_is_used";
    let (service, options) = service_example();
    let (proxy, heads) = tunnel(service.port());
    let pem = options.root_certificates_pem.unwrap();
    if !is_child(TEST, &[("HTTPS_PROXY", &proxy), ("TEST_PEM", &pem)]) {
        let heads = heads.lock().unwrap();
        assert!(heads.iter().all(|head| head.starts_with("CONNECT service.example:443 ")), "{heads:?}");
        assert_eq!(service.requests_to("/api/").len(), STYLES.len());
        return;
    }
    for style in STYLES {
        let options = ClientOptions { root_certificates_pem: std::env::var("TEST_PEM").ok(), ..quick() };
        assert_eq!(style.client_at("https://service.example", options).get("org_1").unwrap().id, "org_1");
    }
}

#[test]
fn no_proxy_variable_is_honored() {
    if !is_child("no_proxy_variable_is_honored", &[("NO_PROXY", "other.example,127.0.0.1")]) {
        return;
    }
    for style in STYLES {
        let (proxy, emulator) = (responding_proxy(), emulator());
        assert_eq!(style.client(&emulator, through_proxy(&proxy.url())).get("org_1").unwrap().id, "org_1");
        assert_eq!((proxy.connections(), request_count(&emulator, "organizations.get")), (0, 1));
    }
}

/// Whether a request to the emulator bypasses the proxy of the options.
fn bypasses(style: Style) -> bool {
    let (proxy, emulator) = (responding_proxy(), emulator());
    assert_eq!(style.client(&emulator, through_proxy(&proxy.url())).get("org_1").unwrap().id, "org_1");
    let direct = request_count(&emulator, "organizations.get") == 1;
    assert_eq!(proxy.connections() == 0, direct);
    direct
}

/// Runs `test` as a child with a `NO_PROXY`.
fn assert_no_proxy(test: &str, list: &str, bypassed: bool) {
    if is_child(test, &[("NO_PROXY", list)]) {
        STYLES.into_iter().for_each(|style| assert_eq!(bypasses(style), bypassed, "{list} {style:?}"));
    }
}

#[test]
fn no_proxy_with_a_wildcard_bypasses_the_proxy() {
    assert_no_proxy("no_proxy_with_a_wildcard_bypasses_the_proxy", "*", true);
}

#[test]
fn no_proxy_with_a_network_bypasses_the_proxy() {
    assert_no_proxy("no_proxy_with_a_network_bypasses_the_proxy", "10.0.0.0/8, 127.0.0.0/8", true);
}

#[test]
fn no_proxy_with_another_host_keeps_the_proxy() {
    assert_no_proxy("no_proxy_with_another_host_keeps_the_proxy", "127.0.0.2,0.0.1,.example", false);
}

#[test]
fn no_proxy_with_another_port_keeps_the_proxy() {
    // Port 1 is never the emulator's.
    assert_no_proxy("no_proxy_with_another_port_keeps_the_proxy", "127.0.0.1:1,*:1", false);
}

#[test]
fn no_proxy_with_a_port_bypasses_the_proxy_for_that_port() {
    const TEST: &str = "no_proxy_with_a_port_bypasses_the_proxy_for_that_port";
    let (listed, other) = (emulator(), emulator());
    let origin = |emulator: &scalekit_emulator::Emulator| emulator.environment_url().replace("http://", "");
    let (list, urls) =
        (format!("x.example,{}", origin(&listed)), [&listed, &other].map(|e| e.environment_url().to_owned()));
    let credentials = |emulator: &scalekit_emulator::Emulator| {
        format!("{} {}", emulator.client_id(), emulator.client_secret())
    };
    let variables = [
        ("NO_PROXY", list.as_str()),
        ("TEST_LISTED", urls[0].as_str()),
        ("TEST_OTHER", urls[1].as_str()),
        ("TEST_CREDENTIALS", &credentials(&listed)),
    ];
    if !is_child(TEST, &variables) {
        let arrived = [&listed, &other].map(|emulator| request_count(emulator, "organizations.get"));
        assert_eq!(arrived, [STYLES.len(), 0]);
        return;
    }
    let variable = |name| std::env::var(name).unwrap();
    let credentials = variable("TEST_CREDENTIALS");
    let (id, secret) = credentials.split_once(' ').unwrap();
    for style in STYLES {
        for (name, is_proxied) in [("TEST_LISTED", false), ("TEST_OTHER", true)] {
            let proxy = responding_proxy();
            let client = style.try_client(&variable(name), id, secret, through_proxy(&proxy.url())).unwrap();
            assert_eq!(client.get("org_1").unwrap().id, "org_1");
            assert_eq!(proxy.connections() > 0, is_proxied, "{name}");
        }
    }
}

#[test]
fn no_proxy_with_a_domain_and_port_bypasses_the_proxy_of_the_environment() {
    const TEST: &str = "no_proxy_with_a_domain_and_port_bypasses_the_proxy_of_the_environment";
    let proxy = responding_proxy();
    let url = proxy.url();
    if !is_child(TEST, &[("HTTPS_PROXY", &url), ("NO_PROXY", ".invalid:443")]) {
        // Only `a.invalid:8443` goes through the proxy.
        let lines: Vec<_> = proxy.requests().into_iter().map(|request| request.line).collect();
        assert!(
            !lines.is_empty() && lines.iter().all(|line| line.starts_with("CONNECT a.invalid:8443 ")),
            "{lines:?}"
        );
        return;
    }
    for style in STYLES {
        for origin in ["https://a.invalid", "https://a.invalid:8443"] {
            // There is no such host.
            let error = style.client_at(origin, quick()).jwks().unwrap_err();
            assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
        }
    }
}

#[test]
fn proxy_variables_are_ignored_for_loopback() {
    const TEST: &str = "proxy_variables_are_ignored_for_loopback";
    let proxy = responding_proxy();
    let url = proxy.url();
    let all = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    if !is_child(TEST, &all.map(|name| (name, url.as_str()))) {
        assert_eq!(proxy.connections(), 0);
        return;
    }
    for style in STYLES {
        let emulator = emulator();
        assert_eq!(style.client(&emulator, quick()).get("org_1").unwrap().id, "org_1");
        let authority = Authority::new();
        let service = RawServer::start_with(tls::server(&authority.sign("localhost"), None), |_, to| {
            raw::json(to, 200, r#"{"keys": []}"#)
        });
        let options = ClientOptions { root_certificates_pem: Some(authority.pem()), ..quick() };
        let url = format!("https://localhost:{}", service.port());
        style.client_at(&url, options).jwks().unwrap();
    }
}

#[test]
fn rejecting_proxy_causes_a_connection_error() {
    if !is_child("rejecting_proxy_causes_a_connection_error", &[]) {
        return;
    }
    for style in STYLES {
        let proxy = RawServer::start(|_, to| {
            raw::respond(to, 407, &[("proxy-authenticate", "Basic realm=proxy")], b"")
        });
        let error =
            style.client_at("https://service.example", through_proxy(&proxy.url())).get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
        assert!(error.to_string().contains("proxy"), "{error}");
        assert!(!error.to_string().contains("pass word") && !error.to_string().contains("dXNl"), "{error}");
    }
}

fn invalid_proxy_url_is_rejected(style: Style) {
    for (url, reason) in [
        ("", "must be a URL such as"),
        ("proxy.example:3128", "must start with http:// or https://"),
        ("proxy.example", "must be a URL such as"),
        ("socks5://proxy.example:1080", "must start with http:// or https://"),
        ("http://", "must be a URL such as"),
        ("http://canary_user:canary_pass@proxy.example", "must not contain credentials"),
        ("http://canary_user@proxy.example", "must not contain credentials"),
    ] {
        let options = ClientOptions { proxy_url: Some(url.into()), ..quick() };
        let error = style.try_client("https://service.example", "skc_1", "secret", options).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        let text = error.to_string();
        assert!(text.starts_with("`proxy_url` ") && text.contains(reason), "{url}: {text}");
        assert!(!text.contains("canary"), "{text}");
    }
}
