//! Proxies, from the options and from the environment.

mod support;

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use scalekit::{ClientOptions, ScalekitError, SecretText};
use support::child::is_child;
use support::raw::{self, RawServer};
use support::tls::{self, Authority};
use support::{Style, arrived, emulator, in_every_style, quick};

in_every_style!(bad_proxies_are_refused);

const STYLES: [Style; 3] = [Style::Tokio, Style::Bare, Style::Blocking];

/// `user:pass word` as HTTP Basic writes it.
const BASIC: &str = "Basic dXNlcjpwYXNzIHdvcmQ=";

fn through(proxy: &str) -> ClientOptions {
    ClientOptions {
        proxy_url: Some(proxy.into()),
        proxy_username: Some("user".into()),
        proxy_password: Some(Arc::new(SecretText::new("pass word"))),
        ..quick()
    }
}

/// A proxy that answers itself, as if it had asked the service.
fn answering() -> RawServer {
    RawServer::start(|request, to| match request.target() {
        target if target.ends_with("/oauth/token") => raw::json(to, 200, raw::TOKEN),
        _ => raw::json(to, 200, raw::ORGANIZATION),
    })
}

#[test]
fn a_proxy_is_used_with_name_and_password() {
    if !is_child("a_proxy_is_used_with_name_and_password", &[("NO_PROXY", "10.0.0.0/8,other.example")]) {
        return;
    }
    for style in STYLES {
        let (proxy, service) = (answering(), RawServer::service(|_, to| raw::json(to, 200, "{}")));
        let client = style.client_at(&service.url(), through(&proxy.url()));
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

        let nameless = ClientOptions { proxy_username: None, ..through(&proxy.url()) };
        style.client_at(&service.url(), nameless).jwks().unwrap();
        assert_eq!(proxy.requests().pop().unwrap().header("proxy-authorization"), None);
    }
}

/// A proxy that connects every name to one server, and keeps the heads of what it was asked.
fn tunnel(to: u16) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, heads) = (format!("http://{}", listener.local_addr().unwrap()), Arc::default());
    let seen: Arc<Mutex<Vec<String>>> = Arc::clone(&heads);
    let serve = move |mut client: TcpStream, seen: &Mutex<Vec<String>>| -> io::Result<()> {
        let (mut head, mut reader) = (String::new(), BufReader::new(client.try_clone()?));
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
        seen.lock().unwrap().push(head);
        let mut server = TcpStream::connect(("127.0.0.1", to))?;
        client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
        let (mut from_server, mut to_client) = (server.try_clone()?, client);
        thread::spawn(move || io::copy(&mut from_server, &mut to_client));
        io::copy(&mut reader, &mut server)?;
        server.shutdown(std::net::Shutdown::Write)
    };
    // Lives as long as the test's process.
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let seen = Arc::clone(&seen);
            thread::spawn(move || serve(client, &seen));
        }
    });
    (url, heads)
}

/// A service behind TLS that calls itself `service.example`, and the options to trust it.
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
fn https_goes_through_a_tunnel_and_the_password_stays_outside() {
    if !is_child("https_goes_through_a_tunnel_and_the_password_stays_outside", &[]) {
        return;
    }
    for style in STYLES {
        let (service, trusting) = service_example();
        let (proxy, heads) = tunnel(service.port());
        let options =
            ClientOptions { root_certificates_pem: trusting.root_certificates_pem, ..through(&proxy) };
        // There is no such host: only the proxy knows the way.
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
fn https_proxy_of_the_environment_is_used() {
    const TEST: &str = "https_proxy_of_the_environment_is_used";
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
fn no_proxy_is_honoured() {
    if !is_child("no_proxy_is_honoured", &[("NO_PROXY", "other.example,127.0.0.1")]) {
        return;
    }
    for style in STYLES {
        let (proxy, emulator) = (answering(), emulator());
        assert_eq!(style.client(&emulator, through(&proxy.url())).get("org_1").unwrap().id, "org_1");
        assert_eq!((proxy.connections(), arrived(&emulator, "organizations.get")), (0, 1));
    }
}

/// Whether a request to the emulator bypasses the proxy of the options.
fn bypasses(style: Style) -> bool {
    let (proxy, emulator) = (answering(), emulator());
    assert_eq!(style.client(&emulator, through(&proxy.url())).get("org_1").unwrap().id, "org_1");
    let direct = arrived(&emulator, "organizations.get") == 1;
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
        let arrived = [&listed, &other].map(|emulator| arrived(emulator, "organizations.get"));
        assert_eq!(arrived, [STYLES.len(), 0]);
        return;
    }
    let variable = |name| std::env::var(name).unwrap();
    let credentials = variable("TEST_CREDENTIALS");
    let (id, secret) = credentials.split_once(' ').unwrap();
    for style in STYLES {
        for (name, through_proxy) in [("TEST_LISTED", false), ("TEST_OTHER", true)] {
            let proxy = answering();
            let client = style.try_client(&variable(name), id, secret, through(&proxy.url())).unwrap();
            assert_eq!(client.get("org_1").unwrap().id, "org_1");
            assert_eq!(proxy.connections() > 0, through_proxy, "{name}");
        }
    }
}

#[test]
fn no_proxy_with_a_domain_and_port_bypasses_the_proxy_of_the_environment() {
    const TEST: &str = "no_proxy_with_a_domain_and_port_bypasses_the_proxy_of_the_environment";
    let proxy = answering();
    let url = proxy.url();
    if !is_child(TEST, &[("HTTPS_PROXY", &url), ("NO_PROXY", ".invalid:443")]) {
        // Only `other.invalid:8443` goes through the proxy.
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
fn proxies_of_the_environment_are_not_used_for_this_machine() {
    const TEST: &str = "proxies_of_the_environment_are_not_used_for_this_machine";
    let proxy = answering();
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
fn a_proxy_that_refuses_is_a_connection_error() {
    if !is_child("a_proxy_that_refuses_is_a_connection_error", &[]) {
        return;
    }
    for style in STYLES {
        let proxy = RawServer::start(|_, to| {
            raw::respond(to, 407, &[("proxy-authenticate", "Basic realm=proxy")], b"")
        });
        let error =
            style.client_at("https://service.example", through(&proxy.url())).get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
        assert!(error.to_string().contains("proxy"), "{error}");
        assert!(!error.to_string().contains("pass word") && !error.to_string().contains("dXNl"), "{error}");
    }
}

fn bad_proxies_are_refused(style: Style) {
    for (url, why) in [
        ("", "must be a URL such as"),
        ("proxy.example:3128", "must begin with http:// or https://"),
        ("proxy.example", "must be a URL such as"),
        ("socks5://proxy.example:1080", "must begin with http:// or https://"),
        ("http://", "must be a URL such as"),
        ("http://canary_user:canary_pass@proxy.example", "must not hold credentials"),
        ("http://canary_user@proxy.example", "must not hold credentials"),
    ] {
        let options = ClientOptions { proxy_url: Some(url.into()), ..quick() };
        let error = style.try_client("https://service.example", "skc_1", "secret", options).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        let text = error.to_string();
        assert!(text.starts_with("`proxy_url` ") && text.contains(why), "{url}: {text}");
        assert!(!text.contains("canary"), "{text}");
    }
}
