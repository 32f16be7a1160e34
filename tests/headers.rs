//! Request headers, and the handling of responses: encodings, length limits, redirects.

mod support;

use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use scalekit::{CallOptions, ClientOptions, ScalekitError};
use support::counters::peak_memory;
use support::raw::{self, Next, RawServer, Request};
use support::{Style, in_every_style, quick};

in_every_style!(
    requests_have_exactly_the_expected_headers,
    user_agent_suffix_is_appended,
    extra_headers_are_sent_with_api_calls_only,
    copy_overrides_and_adds_headers,
    reserved_and_invalid_headers_are_rejected,
    compressed_response_is_decoded,
    truncated_encoding_fails_with_connection_error,
    endless_response_is_rejected,
    oversized_decompressed_response_is_rejected,
    endless_error_response_is_truncated,
    long_error_message_is_truncated,
    redirects_are_not_followed,
    plain_http_is_accepted_for_loopback_only,
);

/// Header names and values.
type Pairs<'a> = &'a [(&'a str, &'a str)];

fn with(headers: Pairs) -> HashMap<String, String> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn service() -> RawServer {
    RawServer::service(|_, to| raw::json(to, 200, raw::ORGANIZATION))
}

fn own_user_agent() -> String {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("scalekit-rs/{} (rust; {os}; {arch})", env!("CARGO_PKG_VERSION"))
}

fn names(request: &Request) -> Vec<&str> {
    let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

fn requests_have_exactly_the_expected_headers(style: Style) {
    let server = service();
    let client = style.client_at(&server.url(), quick());
    client.get("org_1").unwrap();
    client.create("New").unwrap();
    client.jwks().unwrap();
    let requests = server.requests();
    for request in &requests {
        assert_eq!(request.header("user-agent"), Some(own_user_agent().as_str()), "{request:?}");
        let sdk = concat!("scalekit-rs/", env!("CARGO_PKG_VERSION"));
        assert_eq!(request.header("x-sdk-version"), Some(sdk), "{request:?}");
        assert_eq!(request.header("accept"), Some("application/json"), "{request:?}");
        assert_eq!(request.header("accept-encoding"), Some("gzip,br"), "{request:?}");
        assert_eq!(request.header("host"), server.url().strip_prefix("http://"), "{request:?}");
    }
    // No other header is sent.
    let [token, get, create, keys] = &requests[..] else { panic!("expected four requests: {requests:?}") };
    let common = ["accept", "accept-encoding", "host", "user-agent", "x-sdk-version"];
    let with_common = |additional: &[&'static str]| {
        let mut names = [&common[..], additional].concat();
        names.sort_unstable();
        names
    };
    assert_eq!(names(token), with_common(&["content-length", "content-type"]));
    assert_eq!(names(get), with_common(&["authorization"]));
    assert_eq!(names(create), with_common(&["authorization", "content-length", "content-type"]));
    assert_eq!(names(keys), with_common(&[]));
    assert_eq!(create.header("content-type"), Some("application/json"));
}

fn user_agent_suffix_is_appended(style: Style) {
    let server = service();
    let with = |suffix: &str| ClientOptions { user_agent_suffix: Some(suffix.into()), ..quick() };
    style.client_at(&server.url(), with("my-service/1.4 (staging)")).get("org_1").unwrap();
    let expected = format!("{} my-service/1.4 (staging)", own_user_agent());
    for request in server.requests() {
        assert_eq!(request.header("user-agent"), Some(expected.as_str()));
    }
    style.client_at(&server.url(), with("")).jwks().unwrap();
    assert_eq!(server.requests().pop().unwrap().header("user-agent"), Some(own_user_agent().as_str()));
    for odd in ["a\nb", "ä", "\u{0}", "a\tb"] {
        let error = style.try_client(&server.url(), "skc_1", "secret", with(odd)).unwrap_err();
        assert_eq!(error.to_string(), "`user_agent_suffix` must be printable ASCII", "{odd:?}");
    }
}

fn extra_headers_are_sent_with_api_calls_only(style: Style) {
    let server = service();
    let options = ClientOptions { headers: with(&[("X-Team", "core"), ("x-empty", "")]), ..quick() };
    let client = style.client_at(&server.url(), options);
    client.get("org_1").unwrap();
    client.jwks().unwrap();
    for request in server.requests() {
        let expected = request.target().starts_with("/api/").then_some("core");
        assert_eq!(request.header("x-team"), expected, "{}", request.line);
        assert_eq!(request.header("x-empty"), expected.map(|_| ""), "{}", request.line);
    }
}

fn copy_overrides_and_adds_headers(style: Style) {
    let server = service();
    let options = ClientOptions { headers: with(&[("x-team", "core"), ("x-kept", "1")]), ..quick() };
    let client = style.client_at(&server.url(), options);
    let changes =
        CallOptions { headers: with(&[("X-TEAM", "other"), ("x-additional", "2")]), ..Default::default() };
    let copy = client.with(changes).unwrap();
    let second = CallOptions { headers: with(&[("x-additional", "3")]), ..Default::default() };
    for (client, team, additional) in [
        (&client, "core", None),
        (&copy, "other", Some("2")),
        (&copy.with(second).unwrap(), "other", Some("3")),
        (&client, "core", None),
    ] {
        client.get("org_1").unwrap();
        let request = server.requests().pop().unwrap();
        assert_eq!(request.header("x-team"), Some(team));
        assert_eq!(request.headers.iter().filter(|(name, _)| name == "x-team").count(), 1);
        assert_eq!((request.header("x-additional"), request.header("x-kept")), (additional, Some("1")));
    }
}

fn reserved_and_invalid_headers_are_rejected(style: Style) {
    let server = service();
    let client = style.client_at(&server.url(), quick());
    for (name, value) in [
        ("authorization", "Bearer canary"),
        ("Authorization", "canary"),
        ("host", "canary.example"),
        ("content-length", "1"),
        ("content-type", "canary"),
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("accept", "canary"),
        ("accept-encoding", "canary"),
        ("x-sdk-version", "canary"),
        ("x y", "canary"),
        ("", "canary"),
        ("x-a", "canary\r\nx-evil: 1"),
        ("x-a\r\nx-evil", "canary"),
    ] {
        let headers = with(&[(name, value)]);
        let options = ClientOptions { headers: headers.clone(), ..quick() };
        for error in [
            style.try_client(&server.url(), "skc_1", "secret", options).unwrap_err(),
            client.with(CallOptions { headers, ..Default::default() }).unwrap_err(),
        ] {
            assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
            let text = error.to_string();
            assert!(text.starts_with("`headers` cannot hold") && !text.contains("canary"), "{text}");
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Brotli without compression (RFC 7932, section 9.2: one uncompressed block and an empty last one).
fn brotli(body: &[u8]) -> Vec<u8> {
    let head = ((u32::try_from(body.len()).unwrap() - 1) << 4) | (1 << 20);
    [&head.to_le_bytes()[..3], body, &[3]].concat()
}

type Encoding = (&'static str, fn(&[u8]) -> Vec<u8>);
const ENCODINGS: [Encoding; 2] = [("gzip", gzip), ("br", brotli)];

fn compressed_response_is_decoded(style: Style) {
    for (name, encode) in ENCODINGS {
        let server = RawServer::start(move |request, to| match request.target() {
            "/oauth/token" => {
                raw::respond(to, 200, &[("content-encoding", name)], &encode(raw::TOKEN.as_bytes()))
            }
            "/keys" => {
                let body = encode(br#"{"error": "slow_down", "error_description": "busy"}"#);
                raw::respond(to, 500, &[("content-encoding", name)], &body)
            }
            _ => raw::respond(to, 200, &[("content-encoding", name)], &encode(raw::ORGANIZATION.as_bytes())),
        });
        let client = style.client_at(&server.url(), quick());
        assert_eq!(client.get("org_1").unwrap().display_name, "Acme", "{name}");
        assert_eq!(client.jwks().unwrap_err().to_string(), "oauth.keys: 500 slow_down: busy", "{name}");
    }
}

fn truncated_encoding_fails_with_connection_error(style: Style) {
    for (name, encode) in ENCODINGS {
        let server = RawServer::service(move |_, to| {
            let whole = encode(raw::ORGANIZATION.as_bytes());
            raw::respond(to, 200, &[("content-encoding", name)], &whole[..whole.len() / 2])
        });
        let error = style.client_at(&server.url(), quick()).get("org_1").unwrap_err();
        assert!(matches!(error, ScalekitError::Connection { .. }), "{name}: {error:?}");
    }
}

/// Writes chunks until the client closes the connection.
fn endless(to: &mut dyn Write, status: u16) -> std::io::Result<Next> {
    let chunk = [b' '; 65536];
    write!(to, "HTTP/1.1 {status} Said\r\ntransfer-encoding: chunked\r\n\r\n")?;
    loop {
        write!(to, "{:x}\r\n", chunk.len())?;
        to.write_all(&chunk)?;
        to.write_all(b"\r\n")?;
    }
}

fn assert_too_long(style: Style, server: &RawServer) {
    let client = style.client_at(&server.url(), quick());
    let before = peak_memory();
    for error in [client.get("org_1").unwrap_err(), client.create("New").unwrap_err()] {
        assert!(matches!(error, ScalekitError::Decode { .. }), "{error}");
        assert!(error.to_string().ends_with("the response is longer than 33554432 bytes"), "{error}");
    }
    assert_eq!(server.requests_to("/api/").len(), 2, "an oversized response must not be retried");
    let grown = peak_memory().saturating_sub(before);
    assert!(grown < 500_000, "{grown} kB");
}

fn endless_response_is_rejected(style: Style) {
    assert_too_long(style, &RawServer::service(|_, to| endless(to, 200)));
}

fn oversized_decompressed_response_is_rejected(style: Style) {
    static PACKED: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&vec![b' '; 33 * 1024 * 1024]));
    let server = RawServer::service(|_, to| {
        assert!(PACKED.len() < 1024 * 1024);
        raw::respond(to, 200, &[("content-encoding", "gzip")], &PACKED)
    });
    assert_too_long(style, &server);
}

fn endless_error_response_is_truncated(style: Style) {
    let server = RawServer::service(|_, to| endless(to, 404));
    let error = style.client_at(&server.url(), quick()).get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::NotFound { .. }), "{error}");
    assert_eq!(error.to_string(), "organizations.get: 404");
}

fn long_error_message_is_truncated(style: Style) {
    let long = "long ".repeat(2_000);
    let body = serde_json::json!({"message": long, "details": [{"error_code": long,
        "validation_error_info": {"field_violations": [{"field": long, "description": long}]}}]});
    let server = RawServer::service(move |_, to| raw::json(to, 400, &body.to_string()));
    let error = style.client_at(&server.url(), quick()).get("org_1").unwrap_err();
    assert!(matches!(error, ScalekitError::InvalidRequest { .. }), "{error}");
    assert!(error.to_string().len() < 2_000 && error.to_string().contains('…'), "{error}");
}

fn redirects_are_not_followed(style: Style) {
    let target = service();
    for status in [301, 302, 303, 307, 308] {
        let location = target.url();
        let server = RawServer::service(move |request, to| {
            let location = format!("{location}{}", request.target());
            raw::respond(to, status, &[("location", &location)], b"")
        });
        let client = style.client_at(&server.url(), quick());
        let results =
            [client.get("org_1").map(drop), client.create("New").map(drop), client.jwks().map(drop)];
        for error in results.map(Result::unwrap_err) {
            assert!(matches!(error, ScalekitError::Service { .. }), "{error}");
            assert_eq!(error.failure().status, Some(status.into()));
            assert!(error.to_string().contains("redirects are not followed"), "{error}");
        }
        assert_eq!(server.requests().len(), 4);
        let location = target.url();
        let server = RawServer::start(move |_, to| {
            raw::respond(to, status, &[("location", &format!("{location}/oauth/token"))], b"")
        });
        let error = style.client_at(&server.url(), quick()).get("org_1").unwrap_err();
        assert_eq!(error.failure().operation, "oauth.token");
    }
    assert_eq!(target.connections(), 0, "a followed redirect would disclose secrets");
}

fn plain_http_is_accepted_for_loopback_only(style: Style) {
    for url in
        ["http://example.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "http://localhost.example"]
    {
        let error = style.try_client(url, "skc_1", "secret", quick()).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        assert!(error.to_string().contains("must start with https://"), "{error}");
    }
    for url in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "https://example.com"] {
        style.try_client(url, "skc_1", "secret", quick()).unwrap();
    }
}
