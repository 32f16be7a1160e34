//! Path encoding: no ID can change the path of a request.

use std::collections::HashMap;

use scalekit::{HttpMethod, ListOrganizations, OrganizationSettings, ScalekitError, UpdateOrganization};

use crate::paths;
use crate::support::caller::call;
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, in_every_style, quick};

in_every_style!(
    id_is_encoded_in_every_path_parameter,
    invalid_path_segment_is_rejected,
    url_beyond_the_limit_is_rejected,
    raw_path_is_sent_unchanged,
    invalid_raw_path_is_rejected,
);

/// An ID, and its encoded form.
const IDS: &[(&str, &str)] = &[
    ("org_1-2.3~4", "org_1-2.3~4"),
    ("a/b", "a%2Fb"),
    ("../users", "..%2Fusers"),
    ("a/../../b", "a%2F..%2F..%2Fb"),
    ("/", "%2F"),
    ("a:enable", "a%3Aenable"),
    (":external", "%3Aexternal"),
    ("50%", "50%25"),
    ("%2e%2e", "%252e%252e"),
    ("%2F", "%252F"),
    ("a b", "a%20b"),
    (" ", "%20"),
    ("a+b", "a%2Bb"),
    ("a?x=1&y=2", "a%3Fx%3D1%26y%3D2"),
    ("a#b", "a%23b"),
    ("a\\..\\b", "a%5C..%5Cb"),
    ("ä", "%C3%A4"),
    ("日本", "%E6%97%A5%E6%9C%AC"),
    ("👋", "%F0%9F%91%8B"),
    ("e\u{301}", "e%CC%81"),
    ("\u{202e}", "%E2%80%AE"),
    ("a\r\nx-evil: 1", "a%0D%0Ax-evil%3A%201"),
    ("a\tb", "a%09b"),
    ("\0", "%00"),
    ("\u{7f}", "%7F"),
    ("{id}", "%7Bid%7D"),
    ("{organization_id}", "%7Borganization_id%7D"),
    ("...", "..."),
    (".a", ".a"),
    ("@example.com", "%40example.com"),
    ("a;b=c", "a%3Bb%3Dc"),
    ("'\"<>|^`[]", "%27%22%3C%3E%7C%5E%60%5B%5D"),
];

/// A response body with the key of every response that `calls` decodes.
const RESPONSE: &str = r#"{"organization": {}, "link": {}, "connection": {}, "policy": {}, "settings": {},
    "directories": [], "directory": {}, "domain": {}, "client": {"client_id": "c"}, "secret": {"id": "s"}, "session_id": "s", "user": {}, "invite": {}, "role": {},
    "default_member": {}, "permission": {}, "session": {}, "revoked_session": {}, "provider": {}, "config": {}, "credential": {}}"#;

fn server() -> RawServer {
    RawServer::service(|_, to| raw::json(to, 200, RESPONSE))
}

/// Calls each operation with an ID in its path. Returns the expected request lines, with `*` for the ID, in the order
/// of arrival, and the results.
fn calls(client: &Caller, id: &str) -> Vec<paths::Called> {
    let mut calls = organizations_and_connections(client, id);
    calls.extend(paths::tenants::calls(client, id));
    calls.extend(paths::people::calls(client, id));
    calls.extend(paths::agents::calls(client, id));
    calls
}

fn organizations_and_connections(client: &Caller, id: &str) -> Vec<paths::Called> {
    let (update, settings) = (UpdateOrganization::default, OrganizationSettings::default);
    vec![
        ("GET /api/v1/organizations/*", call!(*client, c => c.organizations().get(id)).map(drop)),
        (
            "GET /api/v1/organizations:external/*",
            call!(*client, c => c.organizations().get_by_external_id(id)).map(drop),
        ),
        (
            "PATCH /api/v1/organizations/*",
            call!(*client, c => c.organizations().update(id, update())).map(drop),
        ),
        ("DELETE /api/v1/organizations/*", call!(*client, c => c.organizations().delete(id))),
        (
            "PUT /api/v1/organizations/*/portal_links",
            call!(*client, c => c.organizations().generate_portal_link(id, vec![])).map(drop),
        ),
        (
            "PATCH /api/v1/organizations/*/settings",
            call!(*client, c => c.organizations().update_settings(id, settings())).map(drop),
        ),
        (
            "GET /api/v1/organizations/*/connections/c",
            call!(*client, c => c.connections().get(id, "c")).map(drop),
        ),
        (
            "GET /api/v1/organizations/o/connections/*",
            call!(*client, c => c.connections().get("o", id)).map(drop),
        ),
        (
            "PATCH /api/v1/organizations/*/connections/c:enable",
            call!(*client, c => c.connections().enable(id, "c")).map(drop),
        ),
        (
            "PATCH /api/v1/organizations/o/connections/*:enable",
            call!(*client, c => c.connections().enable("o", id)).map(drop),
        ),
        (
            "PATCH /api/v1/organizations/*/connections/c:disable",
            call!(*client, c => c.connections().disable(id, "c")).map(drop),
        ),
        (
            "PATCH /api/v1/organizations/o/connections/*:disable",
            call!(*client, c => c.connections().disable("o", id)).map(drop),
        ),
    ]
}

fn id_is_encoded_in_every_path_parameter(style: Style) {
    let server = server();
    let client = style.client_at(&server.url(), quick());
    for (id, encoded) in IDS {
        let before = server.requests_to("/api/").len();
        let expected: Vec<_> = calls(&client, id)
            .into_iter()
            .map(|(line, result)| {
                assert_eq!(result, Ok(()), "{id:?} {line}");
                format!("{} HTTP/1.1", line.replace('*', encoded))
            })
            .collect();
        let arrived = &server.requests_to("/api/")[before..];
        let lines: Vec<_> = arrived.iter().map(|request| request.line.clone()).collect();
        assert_eq!(lines, expected, "{id:?}");
        assert!(arrived.iter().all(|request| request.header("x-evil").is_none()), "{id:?}");
    }
}

#[test]
fn every_path_parameter_is_covered() {
    let (server, ids) = (server(), |path: &str| path.matches('{').count());
    let client = Style::Blocking.client_at(&server.url(), quick());
    let parameters: usize = scalekit::operations().iter().map(|operation| ids(&operation.path)).sum();
    assert_eq!(calls(&client, "x").len(), parameters, "add the new operations to `calls`");
}

fn url_beyond_the_limit_is_rejected(style: Style) {
    let server = server();
    let client = style.client_at(&server.url(), quick());
    let most = 65_534 - server.url().len() - "/api/v1/organizations/".len();
    // Whatever the response is.
    let _ = client.get(&"a".repeat(most));
    let error = client.get(&"a".repeat(most + 1)).unwrap_err();
    assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error:?}");
    let expected = "organizations.get: the URL is longer than 65534 bytes, most of it its path";
    assert_eq!(error.to_string(), expected);
    let params = ListOrganizations::new().with_page_token("a".repeat(70_000));
    let error = call!(client, c => c.organizations().list(params)).unwrap_err();
    assert!(error.to_string().ends_with("most of it `page_token`"), "{error}");
    assert_eq!(server.requests_to("/api/").len(), 1, "the longest URL was not sent, or a longer one was");
}

fn invalid_path_segment_is_rejected(style: Style) {
    let server = server();
    let client = style.client_at(&server.url(), quick());
    for id in ["", ".", ".."] {
        for (line, result) in calls(&client, id) {
            let error = result.unwrap_err();
            assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{id:?} {line}: {error}");
            assert!(error.to_string().contains("` must not be "), "{id:?} {line}: {error}");
        }
    }
    assert!(server.requests().is_empty(), "a request was sent");
}

fn request(client: &Caller, path: &str) -> Result<(), ScalekitError> {
    let query = HashMap::from([("q ä".to_owned(), vec!["1&2".to_owned(), "#/?".to_owned()])]);
    call!(*client, c => c.request(HttpMethod::Get, path, query, None)).map(drop)
}

fn raw_path_is_sent_unchanged(style: Style) {
    let server = server();
    let client = style.client_at(&server.url(), quick());
    for path in ["/api/v1/x", "/api/v1/a%2Fb:verb", "/api/%20%C3%A4", "/api/a..b/...", "/api/v1//x/"] {
        request(&client, path).unwrap();
        let arrived = server.requests().pop().unwrap();
        assert_eq!(arrived.line, format!("GET {path}?q+%C3%A4=1%262&q+%C3%A4=%23%2F%3F HTTP/1.1"));
    }
}

fn invalid_raw_path_is_rejected(style: Style) {
    let server = server();
    let client = style.client_at(&server.url(), quick());
    for path in [
        "",
        "api",
        "//evil.example/x",
        "/\\evil.example",
        "/a/../b",
        "/a/%2e%2E/b",
        "/./b",
        "/a?b",
        "/a#b",
        "/a b",
        "/a\r\nb",
        "/a\tb",
        "http://evil.example/",
        "/a/..",
        "/%2e",
    ] {
        let error = request(&client, path).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{path:?}: {error}");
    }
    assert!(server.requests().is_empty(), "a request was sent");
}
