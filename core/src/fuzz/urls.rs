//! URLs: what is built reads back as the same parts, and leads nowhere else.

use std::collections::HashMap;
use std::sync::Arc;

use reqwest::Url;

use super::{CLIENT_ID, ENVIRONMENT, decoded, fields, wire};
use crate::auth::fuzz::{authorization_url, logout_url, redirect_uri};
use crate::auth::{
    AuthorizationRequest, LoginOptions, LoginPrompt, LoginProvider, LogoutOptions, local_path,
};
use crate::op::{Operation, Spec};
use crate::types::SecretText;
use crate::wire::{HttpMethod, Wire};

static CALL: Spec = Spec::new(
    "fuzz.call",
    "POST /api/v1/organizations:external/{organization_id}/clients/{client_id}:enable",
    None,
    false,
);

/// An input is a row of fields with separators between them; some are used in several places.
pub fn urls(data: &[u8]) {
    let [uri, scopes, organization, connection, domain, hint, return_to, state, nonce, name, value] =
        fields(data);
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let options = LoginOptions {
        redirect_uri: uri.to_string(),
        scopes: scopes.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        organization_id: given(&organization),
        connection_id: given(&connection),
        domain: given(&domain),
        login_hint: given(&hint),
        provider: given(&domain).map(LoginProvider::from),
        prompt: given(&hint).map(LoginPrompt::from),
        return_to: given(&return_to),
        extra_parameters: given(&name).map(|name| (name, value.to_string())).into_iter().collect(),
    };
    login(options, &state, &nonce);
    logout(&uri, &state, &nonce);
    places(&uri, &return_to);
    segments(&organization, &connection, (&name, &value));
    by_hand(&return_to, (&name, &value));
}

/// Ours, at this path, with nothing before or after it but the query.
fn check(url: &Url, path: &str) {
    assert_eq!(url.origin().ascii_serialization(), ENVIRONMENT);
    assert_eq!(url.path(), path);
    assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None));
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
    pairs.sort();
    pairs
}

fn login(options: LoginOptions, state: &str, nonce: &str) {
    let request = AuthorizationRequest {
        state: Arc::new(SecretText::new(state)),
        nonce: Some(Arc::new(SecretText::new(nonce))),
        code_challenge: Some("c".repeat(43)),
        options: options.clone(),
    };
    let Ok(text) = authorization_url(wire(), &request) else { return };
    let url = Url::parse(&text).expect("a URL");
    check(&url, "/oauth/authorize");
    let scope =
        if options.scopes.is_empty() { "openid profile email".into() } else { options.scopes.join(" ") };
    assert!(scope.split(' ').any(|scope| scope == "openid"));
    let challenge = "c".repeat(43);
    let mut expected: Vec<(String, String)> = [
        ("response_type", Some("code")),
        ("client_id", Some(CLIENT_ID)),
        ("redirect_uri", Some(&options.redirect_uri)),
        ("scope", Some(&scope)),
        ("organization_id", options.organization_id.as_deref()),
        ("connection_id", options.connection_id.as_deref()),
        ("domain", options.domain.as_deref()),
        ("domain_hint", options.domain.as_deref()),
        ("login_hint", options.login_hint.as_deref()),
        ("provider", options.provider.as_ref().map(LoginProvider::as_str)),
        ("prompt", options.prompt.as_ref().map(LoginPrompt::as_str)),
        ("state", Some(state)),
        ("nonce", Some(nonce)),
        ("code_challenge", Some(&challenge)),
        ("code_challenge_method", Some("S256")),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
    .chain(options.extra_parameters)
    .collect();
    expected.sort();
    assert_eq!(pairs(&url), expected);
    assert!(expected.windows(2).all(|two| two[0].0 != two[1].0), "said twice: {expected:?}");
}

fn logout(uri: &str, state: &str, hint: &str) {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let options = LogoutOptions {
        id_token_hint: given(hint).map(|hint| Arc::new(SecretText::new(&hint))),
        post_logout_redirect_uri: given(uri),
        state: given(state),
    };
    let Ok(text) = logout_url(wire(), &options) else { return };
    let url = Url::parse(&text).expect("a URL");
    check(&url, "/oidc/logout");
    let expected: Vec<_> = [("id_token_hint", hint), ("post_logout_redirect_uri", uri), ("state", state)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(pairs(&url), expected);
}

fn places(uri: &str, path: &str) {
    if let Ok(url) = redirect_uri("redirect_uri", uri) {
        assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None));
        let runs = ["javascript", "data", "file", "vbscript", "blob", "about"];
        assert!(!runs.contains(&url.scheme()), "{uri}");
        assert!(url.scheme() != "http" || is_this_machine(&url), "{uri}");
    }
    if local_path(path).is_some() {
        let base = Url::parse("https://own.example/deep/page").expect("a URL");
        // As it is, and as a proxy that decodes once more hands it on.
        for text in [path.to_owned(), String::from_utf8_lossy(&decoded(path)).into_owned()] {
            let target = base.join(&text).expect("it leads somewhere");
            assert_eq!(target.origin(), base.origin(), "{path}");
        }
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Whatever the ids are, the request goes to the operation, with the ids in their places.
fn segments(organization: &str, client: &str, (name, value): (&str, &str)) {
    let mut operation = Operation::new(&CALL);
    let filled = operation
        .path("organization_id", "organization_id", organization)
        .and_then(|()| operation.path("client_id", "client_id", client));
    let bad = |id: &str| matches!(id, "" | "." | "..");
    assert_eq!(filled.is_err(), bad(organization) || bad(client));
    if filled.is_err() {
        return;
    }
    let query = vec![(name.to_owned().into(), value.to_owned()), ("page_size".into(), "10".into())];
    let url = wire().request("fuzz.call", HttpMethod::Post, &operation.path, &query, None).expect("good").url;
    check(&url, &operation.path);
    let expected = query.into_iter().map(|(name, value)| (name.into_owned(), value)).collect::<Vec<_>>();
    assert_eq!(url.query_pairs().into_owned().collect::<Vec<_>>(), expected);
    let parts: Vec<_> = url.path_segments().expect("a path").map(decoded).collect();
    let last = format!("{client}:enable");
    let expected = ["api", "v1", "organizations:external", organization, "clients", &last];
    assert_eq!(parts, expected.map(|part| part.as_bytes().to_vec()));
    assert!(url.path().ends_with(":enable") && url.path().matches(':').count() == 2, "{url}");
}

/// A path that a caller wrote: it is refused, or it is the path that is asked for.
fn by_hand(path: &str, (name, value): (&str, &str)) {
    if Wire::check_path(path).is_err() {
        return;
    }
    let query: Vec<_> = HashMap::from([(name.to_owned(), value.to_owned())])
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect();
    let url = wire().request("fuzz.call", HttpMethod::Get, path, &query, None).expect("good").url;
    check(&url, url.path());
    assert_eq!(decoded(url.path()), decoded(path), "{path}");
    assert_eq!(pairs(&url), [(name.to_owned(), value.to_owned())]);
}
