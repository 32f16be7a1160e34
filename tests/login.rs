//! Logins against the emulator, end to end.

use std::sync::Arc;
use std::time::Duration;

use scalekit::{
    AuthorizationRequest, ClientOptions, CodeExchange, LoginOptions, LoginPrompt, LoginProvider,
    LoginTransaction, ScalekitError, SecretText, generate_pkce, local_path,
};
use scalekit_emulator::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::browser::{follow, query};
use crate::support::caller::{call, plain};
use crate::support::forge::{Draft, Key};
use crate::support::login::{CALLBACK, assert_failed, code, finish, log_in, options, secret, start};
use crate::support::raw::{self, RawServer};
use crate::support::{Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    login_completes_end_to_end,
    authorization_url_contains_the_requested_options,
    serialized_transaction_can_be_finished,
    finish_can_be_retried_after_a_failed_exchange,
    low_level_login_methods_work_separately,
    idp_initiated_login_completes,
    login_with_account_selection_switches_the_organization,
    invalid_login_arguments_are_rejected_before_sending,
);

fn login_completes_end_to_end(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let person = json!({"email": "grace@acme.example", "given_name": "Grace", "organization_id": "org_1", "external_id": "u-7"});
    emulator.script_login(json!({"approve": person})).unwrap();
    let scopes = ["openid", "profile", "email", "offline_access"].map(str::to_owned).to_vec();
    let started =
        start(&client, LoginOptions { scopes, return_to: Some("/settings?tab=2".into()), ..options() });
    assert!(emulator.requests().is_empty(), "starting a login must send nothing");
    let callback = follow(&started.authorization_url);
    let outcome = finish(&client, &callback, &started.transaction).unwrap();
    assert_eq!(outcome.claims.email.as_deref(), Some("grace@acme.example"));
    assert_eq!(outcome.claims.organization_id.as_deref(), Some("org_1"));
    assert_eq!(outcome.return_to.as_deref(), Some("/settings?tab=2"));
    let session = outcome.session;
    assert_eq!(session.subject(), outcome.claims.subject);
    assert!(!session.needs_refresh() && session.refresh_token().is_some() && session.id_token().is_some());
    assert!(session.scopes().contains(&"offline_access".to_owned()));
    let remaining = session.expires_at().to_system_time().duration_since(emulator.now()).unwrap();
    assert!((200..=300).contains(&remaining.as_secs()), "{remaining:?}");

    let audience = scalekit::TokenExpectations::for_audience(emulator.client_id());
    let token = session.access_token().reveal();
    let claims = call!(client, c => c.tokens().validate(&token, audience, None)).unwrap();
    assert_eq!((claims.subject, claims.session_id), (session.subject(), outcome.claims.session_id));

    let request = &emulator.requests_of("oauth.token")[0];
    let body = request.body.to_string();
    for part in ["authorization_code", "code_verifier", "client_id", "redirect_uri"] {
        assert!(body.contains(part), "{body}");
    }
    assert!(!request.headers.contains_key("authorization"));
}

fn authorization_url_contains_the_requested_options(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let parameters = query(&start(&client, options()).authorization_url);
    let mut names: Vec<_> = parameters.keys().map(String::as_str).collect();
    names.sort_unstable();
    let required = [
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ];
    assert_eq!(names, required);
    assert_eq!(
        (parameters["scope"].as_str(), parameters["code_challenge_method"].as_str()),
        ("openid profile email", "S256")
    );
    assert_eq!(
        (parameters["client_id"].as_str(), parameters["redirect_uri"].as_str()),
        (emulator.client_id(), CALLBACK)
    );
    assert_eq!(["state", "nonce", "code_challenge"].map(|name| parameters[name].len()), [43, 43, 43]);

    let every_option = LoginOptions {
        organization_id: Some("org_1".into()),
        connection_id: Some("conn_1".into()),
        domain: Some("acme.example".into()),
        login_hint: Some("ada+1@acme.example".into()),
        provider: Some(LoginProvider::Google),
        prompt: Some(LoginPrompt::SelectAccount),
        extra_parameters: [("ui_locales".to_owned(), "de & fr".to_owned())].into(),
        ..options()
    };
    let url = start(&client, every_option).authorization_url;
    let parameters = query(&url);
    for (name, value) in [
        ("organization_id", "org_1"),
        ("connection_id", "conn_1"),
        ("domain", "acme.example"),
        ("domain_hint", "acme.example"),
        ("login_hint", "ada+1@acme.example"),
        ("provider", "google"),
        ("prompt", "select_account"),
        ("ui_locales", "de & fr"),
    ] {
        assert_eq!(parameters[name], value);
    }
    assert!(url.starts_with(&format!("{}/oauth/authorize?", emulator.environment_url())));
    let empty = LoginOptions { organization_id: Some(String::new()), ..options() };
    assert!(
        !query(&start(&client, empty).authorization_url).contains_key("organization_id"),
        "an empty option must be omitted"
    );
    let other = query(&start(&client, options()).authorization_url);
    assert!(
        ["state", "nonce", "code_challenge"].iter().all(|name| other[*name] != parameters[*name]),
        "each login must have its own values"
    );
}

fn serialized_transaction_can_be_finished(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let started = start(&client, LoginOptions { return_to: Some("/x".into()), ..options() });
    let text = started.transaction.to_text();
    let kept = LoginTransaction::from_text(&text).unwrap();
    assert_eq!(kept, *started.transaction);
    let outcome = finish(&client, &follow(&started.authorization_url), &Arc::new(kept)).unwrap();
    assert_eq!(outcome.return_to.as_deref(), Some("/x"));

    // An attacker who can change the stored transaction must not be able to redirect the user to another site.
    let changed = text.reveal().replace("\"/x\"", "\"https://evil.example\"");
    assert_eq!(LoginTransaction::from_text(&SecretText::new(&changed)).unwrap().return_to(), None);
    let state = serde_json::from_str::<Value>(&text.reveal()).unwrap()["state"].as_str().unwrap().to_owned();
    for odd in ["", "{}", "null", "x", &text.reveal().replace(&state, "")] {
        let error = LoginTransaction::from_text(&SecretText::new(odd)).unwrap_err();
        assert_eq!(error.to_string(), "`text` is not a login transaction from `to_text`");
    }
}

fn finish_can_be_retried_after_a_failed_exchange(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let started = start(&client, options());
    let callback = follow(&started.authorization_url);
    emulator.fault(Fault::status("oauth.token", 503).count(1)).unwrap();
    let error = finish(&client, &callback, &started.transaction).unwrap_err();
    assert!(matches!(error, ScalekitError::Service { .. }), "{error}");
    assert_eq!(request_count(&emulator, "oauth.token"), 1, "a code must not be sent again automatically");
    finish(&client, &callback, &started.transaction).unwrap();

    let started = start(&client, options());
    let callback = follow(&started.authorization_url);
    emulator.clear_requests();
    emulator.fault(Fault::new("oauth.token", FaultKind::Truncate {})).unwrap();
    let error = finish(&client, &callback, &started.transaction).unwrap_err();
    assert!(matches!(error, ScalekitError::Connection { .. }), "{error}");
    assert_eq!(request_count(&emulator, "oauth.token"), 1);
    // The service completed the first exchange, so it rejects the used code.
    assert_failed(finish(&client, &callback, &started.transaction), "invalid_grant");
}

fn low_level_login_methods_work_separately(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let pkce = generate_pkce().unwrap();
    assert_eq!((pkce.code_challenge.len(), pkce.code_challenge_method.as_str()), (43, "S256"));
    let request = AuthorizationRequest {
        options: options(),
        state: secret("my state"),
        nonce: Some(secret("my nonce")),
        code_challenge: Some(pkce.code_challenge.clone()),
    };
    let url = plain!(client, c => c.login().authorization_url(request.clone())).unwrap();
    let parameters = query(&url);
    assert_eq!((parameters["state"].as_str(), parameters["nonce"].as_str()), ("my state", "my nonce"));
    let exchange = |code: &str, nonce: Option<&str>, verifier: Option<Arc<SecretText>>| {
        let exchange = CodeExchange {
            code: secret(code),
            redirect_uri: CALLBACK.into(),
            code_verifier: verifier,
            nonce: nonce.map(secret),
        };
        call!(client, c => c.login().exchange_code(exchange))
    };
    let new_code = || query(&follow(&url))["code"].clone();
    let verifier = || Some(Arc::clone(&pkce.code_verifier));
    assert_eq!(exchange(&new_code(), Some("my nonce"), verifier()).unwrap().return_to, None);
    assert_eq!(code(&exchange(&new_code(), Some("your nonce"), verifier()).unwrap_err()), "wrong_nonce");
    assert_eq!(code(&exchange(&new_code(), None, verifier()).unwrap_err()), "wrong_nonce");
    assert_failed(exchange(&new_code(), Some("my nonce"), Some(secret(&"x".repeat(43)))), "invalid_grant");
    assert_failed(exchange(&new_code(), Some("my nonce"), None), "invalid_grant");
    assert_failed(exchange("unknown code", None, None), "invalid_grant");
    // Without PKCE and nonce: discouraged, but the service permits it for a client with a secret.
    let plain = AuthorizationRequest { nonce: None, code_challenge: None, ..request };
    let url = plain!(client, c => c.login().authorization_url(plain)).unwrap();
    exchange(&query(&follow(&url))["code"], None, None).unwrap();
}

fn idp_initiated_login_completes(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    emulator
        .seed(json!({"organizations": [{"id": "org_7", "display_name": "Seven", "connections": [
        {"id": "conn_7", "type": "OIDC", "provider": "OKTA", "status": "COMPLETED", "enabled": true}]}]}))
        .unwrap();
    let initiate = |token: Value| {
        let order = json!({"connection_id": "conn_7", "login_hint": "grace@seven.example", "relay_state": "/deep",
            "login_uri": "http://127.0.0.1:9/login", "token": token});
        emulator.initiate_login(order).unwrap()
    };
    let initiated = initiate(json!({}));
    let (location, token) =
        (initiated["location"].as_str().unwrap(), initiated["idp_initiated_login"].as_str().unwrap());
    let login_options = LoginOptions {
        organization_id: Some("org_1".into()),
        provider: Some(LoginProvider::Google),
        return_to: Some("/home".into()),
        ..options()
    };
    for input in [location, token, location.split_once('?').unwrap().1] {
        let started =
            call!(client, c => c.login().start_idp_initiated(input, login_options.clone())).unwrap();
        let parameters = query(&started.authorization_url);
        assert_eq!(
            (parameters["organization_id"].as_str(), parameters["connection_id"].as_str()),
            ("org_7", "conn_7")
        );
        assert_eq!(parameters["login_hint"], "grace@seven.example");
        assert!(!parameters.contains_key("provider"), "a provider would override the connection");
        assert_eq!(started.claims.relay_state.as_deref(), Some("/deep"));
        let outcome = finish(&client, &follow(&started.authorization_url), &started.transaction).unwrap();
        assert_eq!(outcome.claims.organization_id.as_deref(), Some("org_7"));
        assert_eq!(outcome.return_to.as_deref(), Some("/home"));
    }
    for (wrong, expected) in [
        ("expired", "token_expired"),
        ("issuer", "wrong_issuer"),
        ("other_key", "bad_signature"),
        ("key_url", "untrusted_key_header"),
    ] {
        let initiated = initiate(json!({"wrong": wrong}));
        let location = initiated["location"].as_str().unwrap();
        let error = call!(client, c => c.login().start_idp_initiated(location, options())).unwrap_err();
        assert_eq!(
            (code(&error), error.failure().operation.as_str()),
            (expected, "login.start_idp_initiated")
        );
    }
    let error = call!(client, c => c.login().start_idp_initiated("a=b", options())).unwrap_err();
    assert_eq!(code(&error), "malformed_callback");
    let error = call!(client, c => c.login().start_idp_initiated("", options())).unwrap_err();
    assert_eq!(code(&error), "malformed");
}

fn login_with_account_selection_switches_the_organization(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    emulator.seed(json!({"organizations": [{"id": "org_2", "display_name": "Two"}]})).unwrap();
    let switch = LoginOptions {
        organization_id: Some("org_2".into()),
        prompt: Some(LoginPrompt::SelectAccount),
        ..options()
    };
    let outcome = log_in(&client, switch).unwrap();
    assert_eq!(outcome.claims.organization_id.as_deref(), Some("org_2"));
}

fn invalid_login_arguments_are_rejected_before_sending(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let with = |change: fn(&mut LoginOptions)| {
        let mut options = options();
        change(&mut options);
        options
    };
    for (message, options) in [
        ("`redirect_uri` must be an absolute", with(|o| o.redirect_uri = String::new())),
        ("`redirect_uri` must be an absolute", with(|o| o.redirect_uri = "/callback".into())),
        ("`redirect_uri` must not have a fragment", with(|o| o.redirect_uri += "#x")),
        (
            "`redirect_uri` must start with https://",
            with(|o| o.redirect_uri = "http://app.example/cb".into()),
        ),
        ("`redirect_uri` must start with https://", with(|o| o.redirect_uri = "javascript:alert(1)".into())),
        ("`scopes` must include `openid`", with(|o| o.scopes = vec!["email".into()])),
        ("`scopes` must contain one", with(|o| o.scopes = vec!["openid email".into()])),
        ("`login_hint` must have at most", with(|o| o.login_hint = Some("x".repeat(3000)))),
        ("`return_to` must be a path", with(|o| o.return_to = Some("https://evil.example".into()))),
        ("`return_to` must be a path", with(|o| o.return_to = Some("//evil.example".into()))),
        ("`return_to` must be a path", with(|o| o.return_to = Some("/\\evil.example".into()))),
        (
            "`extra_parameters` must not contain `state`",
            with(|o| drop(o.extra_parameters.insert("state".into(), "x".into()))),
        ),
        (
            "`extra_parameters` must not contain `scope`",
            with(|o| drop(o.extra_parameters.insert("scope".into(), "x".into()))),
        ),
    ] {
        let error = plain!(client, c => c.login().start(options.clone())).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        assert!(error.to_string().starts_with(message), "{error}");
        assert_eq!(
            call!(client, c => c.login().start_idp_initiated("x", options.clone())).unwrap_err(),
            error
        );
    }
    let request = |state: &str, nonce: &str, challenge: &str| AuthorizationRequest {
        options: options(),
        state: secret(state),
        nonce: Some(secret(nonce)),
        code_challenge: Some(challenge.into()),
    };
    let challenge = "x".repeat(43);
    for (message, request) in [
        ("`state` must not be empty", request(" ", "n", &challenge)),
        ("`nonce` must not be empty", request("s", "", &challenge)),
        ("`code_challenge` must be", request("s", "n", "short")),
    ] {
        let error = plain!(client, c => c.login().authorization_url(request)).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }
    let exchange =
        CodeExchange { code: secret(""), redirect_uri: CALLBACK.into(), code_verifier: None, nonce: None };
    let error = call!(client, c => c.login().exchange_code(exchange.clone())).unwrap_err();
    assert_eq!(error.to_string(), "`code` must not be empty");
    let short = CodeExchange { code: secret("c"), code_verifier: Some(secret("short")), ..exchange.clone() };
    let error = call!(client, c => c.login().exchange_code(short)).unwrap_err();
    assert!(error.to_string().starts_with("`code_verifier` must have 43 to 128"), "{error}");
    let exchange = CodeExchange { code: secret("c"), redirect_uri: "/x".into(), ..exchange };
    let error = call!(client, c => c.login().exchange_code(exchange)).unwrap_err();
    assert!(error.to_string().starts_with("`redirect_uri` must be"), "{error}");
    assert!(emulator.requests().is_empty());
}

/// A production environment prefixes the audience with `prd_`, and its custom domain is the issuer.
#[test]
fn production_audience_and_custom_issuer_are_accepted() {
    let key = Key::load(0);
    let jwks = json!({"keys": [key.jwk("snk_1")]}).to_string();
    let nonce = Arc::new(std::sync::Mutex::new(String::new()));
    let expected = Arc::clone(&nonce);
    let server = RawServer::start(move |request, to| match request.target() {
        "/keys" => raw::json(to, 200, &jwks),
        _ => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
            let claims = json!({"iss": "https://auth.acme.example", "aud": "prd_skc_1", "azp": "prd_skc_1", "sub": "usr_1",
                "iat": now, "exp": now + 60, "nonce": *expected.lock().unwrap()});
            let id_token = Draft::new("snk_1", claims).sign(&key);
            let response = json!({"access_token": "opaque", "id_token": id_token, "expires_in": 18_446_744_064_486_179_580_u64});
            raw::json(to, 200, &response.to_string())
        }
    });
    let issuers = vec!["https://auth.acme.example".to_owned()];
    let client = Style::Blocking.client_at(&server.url(), ClientOptions { issuers, ..quick() });
    let started = start(&client, options());
    let parameters = query(&started.authorization_url);
    nonce.lock().unwrap().clone_from(&parameters["nonce"]);
    let outcome =
        finish(&client, &format!("?code=c&state={}", parameters["state"]), &started.transaction).unwrap();
    let remaining =
        outcome.session.expires_at().to_system_time().duration_since(std::time::SystemTime::now()).unwrap();
    assert!(remaining <= Duration::from_secs(300), "an implausible lifetime must be ignored: {remaining:?}");
    assert_eq!(local_path("/a").as_deref(), Some("/a"));
}
