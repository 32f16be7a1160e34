//! Uses canary secrets everywhere, prints everything that can be printed, and checks that no secret appears.

use std::collections::HashMap;
use std::fmt::Debug;
use std::io::{self, Write};
use std::sync::Arc;

use scalekit::{
    AsyncScalekitClient, CallOptions, ClientOptions, ConnectedAccount, ConnectedAccountInput,
    ConnectedAccountSelector, Connection, CreateMcpSessionToken, HttpMethod, Json, ListOrganizations,
    NewClientSecret, NewM2mClient, ScalekitClient, SecretJson, SecretText, VerifyPasswordlessEmail,
};
use serde_json::json;

use crate::support::caller::call;
use crate::support::capture::{
    assert_captured, assert_not_captured, capture_logs, print, print_error, record,
};
use crate::support::child::is_child;
use crate::support::raw::{self, Next, RawServer, Request};
use crate::support::tls::{self, Authority};
use crate::support::{Caller, Style, emulator, quick, request_count, retries};

const SECRET: &str = "canary_client_secret";
const BEARER: &str = "canary_bearer";
const PROVIDER: &str = "canary_of_the_provider";
const PROXY: &str = "canary_proxy_password";
const HEADER: &str = "canary_header";

const STYLES: [Style; 3] = [Style::Tokio, Style::NoRuntime, Style::Blocking];

fn connection() -> serde_json::Value {
    json!({
        "id": "conn_1",
        "oidc_config": {"client_id": "mine", "client_secret": PROVIDER},
        "oauth_config": {"client_secret": PROVIDER, "googleads_developer_token": PROVIDER},
        "google_dwd_config": {"service_account_json": PROVIDER},
        "static_config": {"static_config": {"password": PROVIDER, "nested": {"key": [PROVIDER]}}},
    })
}

/// A connected account with every kind of credentials.
fn connected_account() -> serde_json::Value {
    json!({
        "id": "ca_1",
        "authorization_details": {
            "oauth_token": {"access_token": PROVIDER, "refresh_token": PROVIDER},
            "static_auth": {"details": {"password": PROVIDER, "nested": [PROVIDER]}},
            "google_dwd": {"access_token": PROVIDER},
            "trusted_idp": {"access_key_id": PROVIDER, "secret_access_key": PROVIDER, "session_token": PROVIDER},
        },
    })
}

/// A service that echoes what it was sent, wherever it can.
fn echo_secrets(request: &Request, to: &mut dyn Write) -> io::Result<Next> {
    let path = request.target().rsplit_once("//").map_or(request.target(), |(_, rest)| rest);
    let bearer = request.header("authorization").unwrap_or_default();
    let echo = format!("you sent {bearer} and {SECRET}");
    let violation = json!({"field": echo, "description": echo, "constraint": echo});
    let error = json!({"code": 5, "message": echo, "details": [{
        "error_code": echo,
        "request_info": {"request_id": echo},
        "validation_error_info": {"field_violations": [violation]},
    }]});
    match path.rsplit('/').next().unwrap_or_default() {
        "token" => raw::json(to, 200, &json!({"access_token": BEARER, "expires_in": 3600}).to_string()),
        path if path.starts_with("auth?") => {
            raw::json(to, 200, &json!({"connected_account": connected_account()}).to_string())
        }
        "tokens" => raw::json(to, 200, &json!({"token": PROVIDER}).to_string()),
        "conn_1" => raw::json(to, 200, &json!({"connection": connection()}).to_string()),
        "echo" => raw::json(to, 404, &error.to_string()),
        "oauth" => raw::json(to, 400, &json!({"error": echo, "error_description": echo}).to_string()),
        "text" => raw::respond(to, 500, &[], echo.as_bytes()),
        "unauthorized" => raw::json(to, 401, &error.to_string()),
        "busy" => raw::json(to, 503, &error.to_string()),
        "moved" => raw::respond(to, 307, &[("location", &format!("http://evil.example/?{bearer}"))], b""),
        "gone" => Ok(Next::Close),
        "silent" => Ok(Next::Hang),
        "broken" => raw::json(to, 200, &format!("{{{echo}")),
        "wrong" => raw::json(
            to,
            200,
            &json!({"connection": {"oidc_config": {"client_secret": [PROVIDER]},
            "static_config": PROVIDER}})
            .to_string(),
        ),
        _ => raw::json(to, 200, raw::ORGANIZATION),
    }
}

fn options() -> ClientOptions {
    ClientOptions { headers: HashMap::from([("x-gateway-key".into(), HEADER.into())]), ..quick() }
}

/// Makes calls that succeed and fail in every way.
fn run_calls(client: &Caller) {
    print(&client.get("org_1").unwrap());
    print(&client.create("New").unwrap());
    let connection = call!(*client, c => c.connections().get("org_1", "conn_1")).unwrap();
    print(&connection);
    record(connection.oidc_config.as_ref().unwrap().client_secret.as_ref().unwrap());
    record(connection.static_config.as_ref().unwrap().static_config.as_ref().unwrap());
    let (account, session) = (ConnectedAccountSelector::default(), CreateMcpSessionToken::default());
    let account = account.with_id("ca_1");
    let mut session = session;
    session.identifier = "ada".into();
    print(&call!(*client, c => c.connected_accounts().get_auth(account)).unwrap());
    print(&call!(*client, c => c.mcp_configs().create_session_token("cfg_1", session)).unwrap());
    for id in ["echo", "oauth", "text", "unauthorized", "busy", "moved", "gone", "broken"] {
        print_error(client.get(id));
        let patch = scalekit::UpdateOrganization::default();
        print_error(call!(*client, c => c.organizations().update(id, patch)));
    }
    print_error(call!(*client, c => c.connections().get("org_1", "wrong")));
    let raw =
        call!(*client, c => c.request(HttpMethod::Post, "/echo", HashMap::new(), Some(json!(1).into())));
    print_error(raw);
    let short_timeout = CallOptions {
        timeout_seconds: Some(0.1),
        headers: HashMap::from([("x-other-key".into(), HEADER.into())]),
        ..CallOptions::default()
    };
    print(&short_timeout);
    print_error(client.with(short_timeout).unwrap().get("silent"));
    print_error(call!(*client, c => c.panic_for_test()));
    print(client);
    client.close();
    print_error(client.get("org_1"));
}

#[test]
fn secrets_are_never_logged_or_printed() {
    if !is_child("secrets_are_never_logged_or_printed", &[]) {
        return;
    }
    capture_logs();
    log::trace!("the collector of log is there");
    tracing::trace!("the collector of tracing is there");

    let (authority, clients) = (Authority::new(), Authority::new());
    let identity = clients.sign("me");
    for style in STYLES {
        let service = RawServer::start(echo_secrets);
        run_calls(&style.try_client(&service.url(), "skc_1", SECRET, options()).unwrap());
        assert!(service.requests_to("/oauth/token")[0].body.contains(SECRET));
        let call = &service.requests_to("/api/")[0];
        assert_eq!(call.header("authorization"), Some("Bearer canary_bearer"));
        assert_eq!(call.header("x-gateway-key"), Some(HEADER));

        let through_proxy = ClientOptions {
            proxy_url: Some(service.url()),
            proxy_username: Some("user".into()),
            proxy_password: Some(Arc::new(SecretText::new(PROXY))),
            ..options()
        };
        print(&through_proxy);
        run_calls(&style.try_client("http://127.0.0.1:9", "skc_1", SECRET, through_proxy).unwrap());
        assert!(service.requests().pop().unwrap().header("proxy-authorization").is_some());

        let secure =
            RawServer::start_with(tls::server(&authority.sign("localhost"), Some(&clients)), echo_secrets);
        let pem = format!("{}{}", identity.certificate, identity.key);
        let with_certificate = ClientOptions {
            root_certificates_pem: Some(authority.pem()),
            client_certificate_pem: Some(Arc::new(SecretText::new(&pem))),
            ..options()
        };
        print(&with_certificate);
        let url = format!("https://localhost:{}", secure.port());
        run_calls(&style.try_client(&url, "skc_1", SECRET, with_certificate).unwrap());
        assert!(!secure.requests().is_empty());

        // The token endpoint echoes what it was sent.
        let rejecting = RawServer::start(|request, to| {
            let body = json!({"error": "invalid_client", "error_description": request.body, "x": SECRET});
            raw::json(to, 401, &body.to_string())
        });
        let client = style.try_client(&rejecting.url(), "skc_1", SECRET, options()).unwrap();
        print_error(client.get("org_1"));
    }

    for told in
        ["collector of log is there", "collector of tracing is there", "traced by scalekit", "retrying"]
    {
        assert_captured(told);
    }
    assert_captured("logged by reqwest");
    assert_captured("[redacted]");
    let basic = "dXNlcjpjYW5hcnlfcHJveHlfcGFzc3dvcmQ"; // user:canary_proxy_password in base64
    let key = identity.key.lines().nth(1).unwrap();
    assert_not_captured(&[SECRET, BEARER, PROVIDER, PROXY, HEADER, basic, key]);
}

fn assert_redacted(value: &impl Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn public_values_redact_secrets() {
    let secret = SecretText::new("canary");
    assert_redacted(&secret);
    assert_redacted(&Some(Arc::new(secret.clone())));
    assert_eq!((secret.to_string().as_str(), secret.reveal().as_str()), ("SecretText(..)", "canary"));
    let secret = SecretJson::from(Json::from(json!({"key": "canary"})));
    assert_redacted(&secret);
    assert_eq!(secret.to_string(), "SecretJson(..)");
    assert_eq!(secret.reveal().value()["key"], "canary");

    let options = options();
    assert_redacted(&options);
    let changes = CallOptions { headers: options.headers.clone(), ..CallOptions::default() };
    assert_redacted(&changes);
    // Header names are printed, so that a log shows which are set.
    assert!(format!("{options:?} {changes:?}").matches("x-gateway-key").count() == 2);

    let connection: Connection = serde_json::from_value(connection()).unwrap();
    assert_redacted(&connection);
    assert_redacted(&(&connection.oidc_config, &connection.oauth_config));
    assert_redacted(&(&connection.static_config, &connection.google_dwd_config));

    let account: ConnectedAccount = serde_json::from_value(connected_account()).unwrap();
    assert_redacted(&account);
    let input: ConnectedAccountInput = serde_json::from_value(connected_account()).unwrap();
    assert_redacted(&input);
    assert!(
        serde_json::to_string(&input).unwrap().matches("canary").count() == 4,
        "the serialized request must contain the secrets"
    );
    let created = json!({"client": {"secrets": [{"plain_secret": "canary"}]}, "secret": {"plain_secret": "canary"},
        "plain_secret": "canary"});
    assert_redacted(&serde_json::from_value::<NewM2mClient>(created.clone()).unwrap());
    assert_redacted(&serde_json::from_value::<NewClientSecret>(created).unwrap());
    let canary = || Some(Arc::new(SecretText::new("canary")));
    let mut verification = VerifyPasswordlessEmail::new();
    verification.code = canary();
    verification.link_token = canary();
    assert_redacted(&verification);

    let url = "https://service.example";
    let retry = Some(retries(1));
    let client =
        ScalekitClient::new(url, "skc_1", SECRET, ClientOptions { retry, ..options.clone() }).unwrap();
    assert_redacted(&client);
    assert_redacted(&(client.organizations(), client.connections()));
    assert_redacted(&client.organizations().list_all(ListOrganizations::default()));
    assert_redacted(&client.with_options(changes.clone()).unwrap());
    let client = AsyncScalekitClient::new(url, "skc_1", SECRET, options).unwrap();
    assert_redacted(&client);
    assert_redacted(&(client.organizations(), client.connections()));
    assert_redacted(&client.organizations().list_all(ListOrganizations::default()));
    assert_redacted(&client.with_options(changes).unwrap());
}

#[test]
fn client_secret_is_accepted_as_text_or_secret_text() {
    let emulator = emulator();
    let (url, id) = (emulator.environment_url(), emulator.client_id());
    let secret = Arc::new(SecretText::new(emulator.client_secret()));
    let clients = [
        ScalekitClient::new(url, id, emulator.client_secret(), quick()),
        ScalekitClient::new(url, id, emulator.client_secret().to_owned(), quick()),
        ScalekitClient::new(url, id, secret.as_ref(), quick()),
        ScalekitClient::new(url, id, &secret, quick()),
    ];
    for client in clients {
        client.unwrap().organizations().get("org_1").unwrap();
    }
    let client = AsyncScalekitClient::new(url, id, secret, quick()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.organizations().get("org_1")).unwrap();
    assert_eq!(request_count(&emulator, "organizations.get"), 5);

    let error = ScalekitClient::new(url, id, SecretText::new(" "), quick()).unwrap_err();
    assert_eq!(error.to_string(), "`client_secret` must not be empty");
    let invalid = ScalekitClient::new("ftp://x", id, SecretText::new(SECRET), quick()).unwrap_err();
    assert_redacted(&invalid);
}
