//! Secrets are planted everywhere, everything that can be printed is printed, and none of them comes out.

mod support;

use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use scalekit::{
    AsyncScalekitClient, AuthorizationRequest, CallOptions, ClientOptions, CodeExchange, Connection,
    HttpMethod, IdTokenExpectations, Json, ListOrganizations, LoginOptions, LoginTransaction, LogoutOptions,
    MachineClient, ScalekitClient, SecretJson, SecretText, Session, TokenExpectations,
};
use serde_json::json;
use support::browser::query;
use support::caller::{call, plain};
use support::child::is_child;
use support::raw::{self, Next, RawServer, Request};
use support::tls::{self, Authority};
use support::{Caller, Style, quick, retries};

const SECRET: &str = "canary_client_secret";
const BEARER: &str = "canary_bearer";
const PROVIDER: &str = "canary_of_the_provider";
const PROXY: &str = "canary_proxy_password";
const HEADER: &str = "canary_header";

const STYLES: [Style; 3] = [Style::Tokio, Style::Bare, Style::Blocking];

/// Everything that was logged or printed.
static SEEN: Mutex<String> = Mutex::new(String::new());

fn note(text: impl Display) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    *seen += &format!("{text}\n");
}

/// Prints a value as a program could.
fn print(value: &(impl Debug + ?Sized)) {
    note(format_args!("{value:?}\n{value:#?}"));
}

fn print_error<T: Debug>(result: Result<T, scalekit::ScalekitError>) {
    let error = result.unwrap_err();
    print(&error);
    print(error.failure());
    note(&error);
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        note(format_args!("{inner} {inner:?}"));
        source = inner.source();
    }
}

/// Takes down everything that goes through `tracing`.
struct Tracing;

struct Fields;

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
        note(format_args!("{field}={value:?}"));
    }
}

impl tracing::Subscriber for Tracing {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        span.record(&mut Fields);
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut Fields);
    }
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        note(format_args!("traced by {}", event.metadata().target()));
        event.record(&mut Fields);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Takes down everything that goes through `log`.
struct Logging;

impl log::Log for Logging {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        note(format_args!("logged by {}: {}", record.target(), record.args()));
    }
    fn flush(&self) {}
}

fn connection() -> serde_json::Value {
    json!({
        "id": "conn_1",
        "oidc_config": {"client_id": "mine", "client_secret": PROVIDER},
        "oauth_config": {"client_secret": PROVIDER, "googleads_developer_token": PROVIDER},
        "google_dwd_config": {"service_account_json": PROVIDER},
        "static_config": {"static_config": {"password": PROVIDER, "nested": {"key": [PROVIDER]}}},
    })
}

/// A service that repeats what it was told, wherever it can.
fn indiscreet(request: &Request, to: &mut dyn Write) -> io::Result<Next> {
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

/// A round of calls that succeed and fail in every way.
fn round(client: &Caller) {
    print(&client.get("org_1").unwrap());
    print(&client.create("New").unwrap());
    let connection = call!(*client, c => c.connections().get("org_1", "conn_1")).unwrap();
    print(&connection);
    note(connection.oidc_config.as_ref().unwrap().client_secret.as_ref().unwrap());
    note(connection.static_config.as_ref().unwrap().static_config.as_ref().unwrap());
    for id in ["echo", "oauth", "text", "unauthorized", "busy", "moved", "gone", "broken"] {
        print_error(client.get(id));
        let patch = scalekit::UpdateOrganization::default();
        print_error(call!(*client, c => c.organizations().update(id, patch)));
    }
    print_error(call!(*client, c => c.connections().get("org_1", "wrong")));
    let raw =
        call!(*client, c => c.request(HttpMethod::Post, "/echo", HashMap::new(), Some(json!(1).into())));
    print_error(raw);
    let hasty = CallOptions {
        timeout_seconds: Some(0.1),
        headers: HashMap::from([("x-other-key".into(), HEADER.into())]),
        ..CallOptions::default()
    };
    print(&hasty);
    print_error(client.with(hasty).unwrap().get("silent"));
    print_error(call!(*client, c => c.panic_for_test()));
    print(client);
    client.close();
    print_error(client.get("org_1"));
}

const CODE: &str = "canary_code";
const REFRESH: &str = "canary_refresh_token";
const VERIFIER: &str = "canary_verifier_that_is_long_enough_for_pkce_";
const MACHINE: &str = "canary_machine_secret";

fn planted(text: &str) -> Arc<SecretText> {
    Arc::new(SecretText::new(text))
}

fn session() -> Arc<Session> {
    let text = json!({"subject": "usr_1", "access_token": BEARER, "refresh_token": REFRESH, "id_token": BEARER,
        "expires_at": "2020-01-01T00:00:00Z", "refresh_at": "2020-01-01T00:00:00Z"});
    Arc::new(Session::from_text(&SecretText::new(&text.to_string())).unwrap())
}

/// Logins and tokens, with a service that refuses them in ever other words and repeats what it was sent. Gives the
/// secrets that the library made for itself.
fn log_in_round(client: &Caller) -> Vec<String> {
    let options = LoginOptions { redirect_uri: "https://app.example/cb".into(), ..LoginOptions::default() };
    let started = plain!(*client, c => c.login().start(options.clone())).unwrap();
    print(&started.transaction);
    note(&started.transaction);
    let kept: serde_json::Value = serde_json::from_str(&started.transaction.to_text().reveal()).unwrap();
    print(&started.transaction.to_text());
    let state = query(&started.authorization_url)["state"].clone();
    for callback in [
        format!("code={CODE}&state={state}"),
        format!("code={CODE}&state=wrong"),
        format!("error=x&code={CODE}"),
    ] {
        let transaction = Arc::clone(&started.transaction);
        print_error(call!(*client, c => c.login().finish(&callback, transaction)));
    }
    let code_verifier = Some(planted(VERIFIER));
    let exchange = CodeExchange {
        code: planted(CODE),
        redirect_uri: options.redirect_uri.clone(),
        code_verifier,
        nonce: Some(planted(VERIFIER)),
    };
    print(&exchange);
    print_error(call!(*client, c => c.login().exchange_code(exchange)));
    let request = AuthorizationRequest {
        options,
        state: planted(CODE),
        nonce: Some(planted(CODE)),
        code_challenge: None,
    };
    print(&request);
    let machine = MachineClient::new("m2morg_1", MACHINE);
    print(&machine);
    print_error(call!(*client, c => c.machine_tokens().get(machine)));
    print(&session());
    note(session());
    print_error(call!(*client, c => c.login().refresh_if_needed(session())));
    print_error(call!(*client, c => c.login().refresh(planted(REFRESH))));
    print(&LogoutOptions { id_token_hint: Some(planted(BEARER)), ..LogoutOptions::default() });
    for token in [
        BEARER.to_owned(),
        format!("Bearer {BEARER}"),
        format!("a.{BEARER}.b"),
        format!("e30.{BEARER}.{BEARER}"),
    ] {
        print_error(call!(*client, c => c.tokens().validate(&token, TokenExpectations::for_any_audience())));
        let expected = IdTokenExpectations {
            nonce: Some(planted(CODE)),
            access_token: Some(planted(BEARER)),
            ..Default::default()
        };
        print(&expected);
        print_error(call!(*client, c => c.tokens().validate_id_token(&token, expected)));
    }
    let odd = SecretText::new(&format!("{{\"subject\": \"{REFRESH}\"}}"));
    print_error(Session::from_text(&odd));
    print_error(LoginTransaction::from_text(&odd));
    ["state", "nonce", "code_verifier"].iter().map(|name| kept[*name].as_str().unwrap().to_owned()).collect()
}

#[test]
fn logins_and_tokens_print_no_secret() {
    if !is_child("logins_and_tokens_print_no_secret", &[]) {
        return;
    }
    tracing::subscriber::set_global_default(Tracing).unwrap();
    log::set_logger(&Logging).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let mut made = Vec::new();
    for style in STYLES {
        for status in [400, 401, 403, 429, 503] {
            // Repeats the form, decoded and as it came.
            let server = RawServer::start(move |request, to| {
                let form: Vec<_> = url::form_urlencoded::parse(request.body.as_bytes())
                    .map(|(_, value)| value.into_owned())
                    .collect();
                let echo = format!("you sent {} that is {}", form.join(" and "), request.body);
                raw::json(
                    to,
                    status,
                    &json!({"error": "invalid_grant", "error_description": echo, "message": echo})
                        .to_string(),
                )
            });
            let client = style.try_client(&server.url(), "skc_1", SECRET, quick()).unwrap();
            made.extend(log_in_round(&client));
            print(&client);
            let sent: String = server.requests().iter().map(|request| request.body.clone()).collect();
            assert!(
                [CODE, REFRESH, VERIFIER, MACHINE, SECRET].iter().all(|secret| sent.contains(secret)),
                "{sent}"
            );
        }
    }
    assert_seen("[redacted]");
    assert_seen("traced by scalekit");
    assert_silent(&[SECRET, BEARER, CODE, REFRESH, VERIFIER, MACHINE]);
    assert_silent(&made.iter().map(String::as_str).collect::<Vec<_>>());
}

fn assert_silent(planted: &[&str]) {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for secret in planted {
        let found = seen.lines().find(|line| line.contains(secret));
        assert!(found.is_none(), "{secret} came out: {}", found.unwrap_or_default());
    }
}

fn assert_seen(text: &str) {
    assert!(SEEN.lock().unwrap_or_else(PoisonError::into_inner).contains(text), "nobody said {text}");
}

#[test]
fn nothing_that_is_logged_or_printed_holds_a_secret() {
    if !is_child("nothing_that_is_logged_or_printed_holds_a_secret", &[]) {
        return;
    }
    tracing::subscriber::set_global_default(Tracing).unwrap();
    log::set_logger(&Logging).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    log::trace!("the collector of log is there");
    tracing::trace!("the collector of tracing is there");

    let (authority, clients) = (Authority::new(), Authority::new());
    let identity = clients.sign("me");
    for style in STYLES {
        let service = RawServer::start(indiscreet);
        round(&style.try_client(&service.url(), "skc_1", SECRET, options()).unwrap());
        assert!(service.requests_to("/oauth/token")[0].body.contains(SECRET));
        let call = &service.requests_to("/api/")[0];
        assert_eq!(call.header("authorization"), Some("Bearer canary_bearer"));
        assert_eq!(call.header("x-gateway-key"), Some(HEADER));

        let through = ClientOptions {
            proxy_url: Some(service.url()),
            proxy_username: Some("user".into()),
            proxy_password: Some(Arc::new(SecretText::new(PROXY))),
            ..options()
        };
        print(&through);
        round(&style.try_client("http://127.0.0.1:9", "skc_1", SECRET, through).unwrap());
        assert!(service.requests().pop().unwrap().header("proxy-authorization").is_some());

        let secure =
            RawServer::start_with(tls::server(&authority.sign("localhost"), Some(&clients)), indiscreet);
        let pem = format!("{}{}", identity.certificate, identity.key);
        let certified = ClientOptions {
            root_certificates_pem: Some(authority.pem()),
            client_certificate_pem: Some(Arc::new(SecretText::new(&pem))),
            ..options()
        };
        print(&certified);
        let url = format!("https://localhost:{}", secure.port());
        round(&style.try_client(&url, "skc_1", SECRET, certified).unwrap());
        assert!(!secure.requests().is_empty());

        // The token endpoint repeats what it was told.
        let refusing = RawServer::start(|request, to| {
            let body = json!({"error": "invalid_client", "error_description": request.body, "x": SECRET});
            raw::json(to, 401, &body.to_string())
        });
        let client = style.try_client(&refusing.url(), "skc_1", SECRET, options()).unwrap();
        print_error(client.get("org_1"));
    }

    for told in
        ["collector of log is there", "collector of tracing is there", "traced by scalekit", "trying again"]
    {
        assert_seen(told);
    }
    assert_seen("logged by reqwest");
    assert_seen("[redacted]");
    let basic = "dXNlcjpjYW5hcnlfcHJveHlfcGFzc3dvcmQ"; // user:canary_proxy_password in base64
    let key = identity.key.lines().nth(1).unwrap();
    assert_silent(&[SECRET, BEARER, PROVIDER, PROXY, HEADER, basic, key]);
}

fn silent(value: &impl Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn no_public_value_prints_a_secret() {
    let secret = SecretText::new("canary");
    silent(&secret);
    silent(&Some(Arc::new(secret.clone())));
    assert_eq!((secret.to_string().as_str(), secret.reveal().as_str()), ("SecretText(..)", "canary"));
    let secret = SecretJson::from(Json::from(json!({"key": "canary"})));
    silent(&secret);
    assert_eq!(secret.to_string(), "SecretJson(..)");
    assert_eq!(secret.reveal().value()["key"], "canary");

    let options = options();
    silent(&options);
    let changes = CallOptions { headers: options.headers.clone(), ..CallOptions::default() };
    silent(&changes);
    // The names may be seen, so that a log says what was set.
    assert!(format!("{options:?} {changes:?}").matches("x-gateway-key").count() == 2);

    let connection: Connection = serde_json::from_value(connection()).unwrap();
    silent(&connection);
    silent(&(&connection.oidc_config, &connection.oauth_config));
    silent(&(&connection.static_config, &connection.google_dwd_config));

    let url = "https://service.example";
    let retry = Some(retries(1));
    let client =
        ScalekitClient::new(url, "skc_1", SECRET, ClientOptions { retry, ..options.clone() }).unwrap();
    silent(&client);
    silent(&(client.organizations(), client.connections()));
    silent(&client.organizations().list_all(ListOrganizations::default()));
    silent(&client.with_options(changes.clone()).unwrap());
    let client = AsyncScalekitClient::new(url, "skc_1", SECRET, options).unwrap();
    silent(&client);
    silent(&(client.organizations(), client.connections()));
    silent(&client.organizations().list_all(ListOrganizations::default()));
    silent(&client.with_options(changes).unwrap());
}
