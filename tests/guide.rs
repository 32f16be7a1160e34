//! Runs every code block of the guide in `core/README.md`.

use std::future::Future;

use scalekit::{AsyncScalekitClient, ClientOptions, RetryOptions};
use scalekit_emulator::Emulator;

use crate::support;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn every_code_block_of_the_guide_is_tested() {
    // Ignores line breaks and indentation.
    let flat = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let (guide, here) = (include_str!("../core/README.md"), flat(include_str!("guide.rs")));
    let fenced = guide.split("```rust").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks: Vec<_> = fenced.map(|block| block.split_once('\n').unwrap().1).collect();
    assert_eq!(blocks.len(), 16);
    for block in blocks {
        assert!(here.contains(&flat(block)), "this block is not tested here:\n{block}");
    }
}

fn start() -> (Emulator, AsyncScalekitClient) {
    let emulator = support::emulator();
    let retry = RetryOptions { max_retries: 0, ..RetryOptions::default() };
    let options = ClientOptions { retry: Some(retry), ..ClientOptions::default() };
    let (url, id) = (emulator.environment_url(), emulator.client_id());
    let client = AsyncScalekitClient::new(url, id, emulator.client_secret(), options).unwrap();
    (emulator, client)
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

mod first_call {
    use scalekit::{AsyncScalekitClient, ClientOptions, CreateOrganization, Result};

    #[tokio::main]
    async fn main() -> Result<()> {
        let client = AsyncScalekitClient::from_env(ClientOptions::default())?;
        let acme = CreateOrganization::new("Acme");
        let acme = client.organizations().create(acme).await?;
        println!("created {} ({})", acme.display_name, acme.id);
        Ok(())
    }

    use crate::support::child::is_child;
    use crate::support::emulator;

    #[test]
    fn first_call_creates_an_organization() {
        let emulator = emulator();
        let variables = [
            ("SCALEKIT_ENVIRONMENT_URL", emulator.environment_url()),
            ("SCALEKIT_CLIENT_ID", emulator.client_id()),
            ("SCALEKIT_CLIENT_SECRET", emulator.client_secret()),
        ];
        if is_child("first_call::first_call_creates_an_organization", &variables) {
            main().unwrap();
        } else {
            assert_eq!(crate::support::request_count(&emulator, "organizations.create"), 1);
        }
    }
}

mod credentials {
    use scalekit::{AsyncScalekitClient, ClientOptions, Result};

    fn connect(environment_url: &str, client_id: &str, client_secret: &str) -> Result<AsyncScalekitClient> {
        AsyncScalekitClient::new(environment_url, client_id, client_secret, ClientOptions::default())
    }

    #[test]
    fn client_connects_with_explicit_credentials() {
        let (emulator, _) = super::start();
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let client = connect(url, id, secret).unwrap();
        assert_eq!(super::wait(client.organizations().get("org_1")).unwrap().display_name, "Acme");
        assert!(connect("http://example.com", id, secret).is_err());
    }
}

mod blocking {
    use scalekit::{Organization, Result, ScalekitClient};

    fn find_customer(client: &ScalekitClient, customer_id: &str) -> Result<Organization> {
        client.organizations().get_by_external_id(customer_id)
    }

    use scalekit::{ClientOptions, ScalekitError};

    #[test]
    fn blocking_call_fails_inside_an_async_runtime() {
        let (emulator, _) = super::start();
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let client = ScalekitClient::new(url, id, secret, ClientOptions::default()).unwrap();
        assert_eq!(find_customer(&client, "ours").unwrap().id, "org_1");
        let error = super::wait(async { find_customer(&client, "ours") }).unwrap_err();
        assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
    }
}

mod pages {
    use futures_util::TryStreamExt;
    use scalekit::{AsyncScalekitClient, ListOrganizations, OrganizationPage, Result, ScalekitClient};

    /// Returns one page.
    async fn first_page(client: &AsyncScalekitClient) -> Result<OrganizationPage> {
        let params = ListOrganizations::new().with_page_size(50);
        client.organizations().list(params).await
    }

    /// Requests all pages, one after another.
    async fn all_names(client: &AsyncScalekitClient) -> Result<Vec<String>> {
        let pager = client.organizations().list_all(ListOrganizations::new());
        pager.map_ok(|organization| organization.display_name).try_collect().await
    }

    /// The same with the blocking client.
    fn all_names_blocking(client: &ScalekitClient) -> Result<Vec<String>> {
        let pager = client.organizations().list_all(ListOrganizations::new());
        pager.map(|organization| Ok(organization?.display_name)).collect()
    }

    use scalekit::CreateOrganization;

    use super::wait;

    #[test]
    fn list_returns_one_page_and_list_all_every_item() {
        let (emulator, client) = super::start();
        for number in 1..=60 {
            let new = CreateOrganization::new(format!("Customer {number}"));
            wait(client.organizations().create(new)).unwrap();
        }
        let page = wait(first_page(&client)).unwrap();
        assert_eq!((page.organizations.len(), page.next_page_token.is_some()), (50, true));
        let names = wait(all_names(&client)).unwrap();
        assert_eq!(names.len(), 61);
        assert!(names.iter().any(|name| name == "Customer 60"));
        let (url, id) = (emulator.environment_url(), emulator.client_id());
        let blocking = ScalekitClient::new(url, id, emulator.client_secret(), Default::default());
        assert_eq!(all_names_blocking(&blocking.unwrap()).unwrap(), names);
    }
}

mod errors {
    use scalekit::{AsyncScalekitClient, Organization, Result, ScalekitError};

    /// Returns the organization, or `None` if it does not exist.
    async fn find(client: &AsyncScalekitClient, id: &str) -> Result<Option<Organization>> {
        match client.organizations().get(id).await {
            Ok(organization) => Ok(Some(organization)),
            Err(ScalekitError::NotFound { .. }) => Ok(None),
            Err(error) => {
                let failure = error.failure();
                eprintln!("{error} (status {:?}, request ID {:?})", failure.status, failure.request_id);
                Err(error)
            }
        }
    }

    use scalekit_emulator::Fault;

    use super::wait;

    #[test]
    fn missing_organization_is_none_and_other_errors_are_returned() {
        let (emulator, client) = super::start();
        assert_eq!(wait(find(&client, "org_1")).unwrap().unwrap().display_name, "Acme");
        assert_eq!(wait(find(&client, "org_2")).unwrap(), None);
        emulator.fault(Fault::status("organizations.get", 403)).unwrap();
        let error = wait(find(&client, "org_1")).unwrap_err();
        assert!(matches!(error, ScalekitError::PermissionDenied { .. }), "{error}");
    }
}

mod options {
    use std::sync::Arc;

    use scalekit::{AsyncScalekitClient, CallOptions, ClientOptions, Result, RetryOptions, SecretText};

    fn options(proxy_password: &str, ca_certificates_pem: String) -> ClientOptions {
        ClientOptions {
            timeout_seconds: Some(5.0),
            attempt_timeout_seconds: Some(2.0),
            retry: Some(RetryOptions { max_retries: 4, ..RetryOptions::default() }),
            proxy_url: Some("http://proxy.example.com:3128".into()),
            proxy_username: Some("billing".into()),
            proxy_password: Some(Arc::new(SecretText::new(proxy_password))),
            root_certificates_pem: Some(ca_certificates_pem),
            user_agent_suffix: Some("billing/1.4".into()),
            ..ClientOptions::default()
        }
    }

    /// Returns a copy with a shorter timeout. It shares connections and access token with `client`.
    fn impatient(client: &AsyncScalekitClient) -> Result<AsyncScalekitClient> {
        client.with_options(CallOptions { timeout_seconds: Some(1.0), ..CallOptions::default() })
    }

    use crate::support::child::is_child;
    use crate::support::raw::{self, RawServer};
    use crate::support::tls::Authority;

    #[test]
    fn options_are_accepted_and_the_proxy_is_used() {
        if !is_child("options::options_are_accepted_and_the_proxy_is_used", &[]) {
            return;
        }
        let proxy = RawServer::start(|request, to| match request.target() {
            target if target.ends_with("/oauth/token") => raw::json(to, 200, raw::TOKEN),
            _ => raw::json(to, 200, raw::ORGANIZATION),
        });
        let options =
            ClientOptions { proxy_url: Some(proxy.url()), ..options("hunter2", Authority::new().pem()) };
        let client = AsyncScalekitClient::new("http://127.0.0.1:9", "skc_1", "secret", options).unwrap();
        let copy = impatient(&client).unwrap();
        super::wait(async {
            client.organizations().get("org_1").await.unwrap();
            copy.organizations().get("org_1").await.unwrap();
        });
        let requests = proxy.requests();
        assert_eq!(requests.len(), 3);
        for request in requests {
            assert_eq!(request.header("proxy-authorization"), Some("Basic YmlsbGluZzpodW50ZXIy"));
            assert!(request.header("user-agent").unwrap().ends_with(" billing/1.4"));
        }
    }
}

mod updates {
    use scalekit::{AsyncScalekitClient, Organization, Result, UpdateOrganization};

    /// Updates one field. Omitted fields are unchanged.
    async fn rename(client: &AsyncScalekitClient, id: &str, name: &str) -> Result<Organization> {
        let update = UpdateOrganization::new().with_display_name(name);
        client.organizations().update(id, update).await
    }

    /// Reads, changes and writes back.
    async fn capitalize(client: &AsyncScalekitClient, id: &str) -> Result<Organization> {
        let organization = client.organizations().get(id).await?;
        let mut update = organization.to_update();
        update.display_name = Some(organization.display_name.to_uppercase());
        client.organizations().update(id, update).await
    }

    use super::wait;

    #[test]
    fn update_changes_only_the_display_name() {
        let (_emulator, client) = super::start();
        assert_eq!(wait(rename(&client, "org_1", "Acme Europe")).unwrap().display_name, "Acme Europe");
        let organization = wait(capitalize(&client, "org_1")).unwrap();
        assert_eq!(organization.display_name, "ACME EUROPE");
        assert_eq!(organization.external_id.as_deref(), Some("ours"));
    }
}

mod other_operations {
    use std::collections::HashMap;

    use scalekit::{AsyncScalekitClient, HttpMethod, RawResponse, Result};

    async fn raw_list(client: &AsyncScalekitClient) -> Result<RawResponse> {
        let query = HashMap::from([("page_size".to_owned(), vec!["10".to_owned()])]);
        client.request(HttpMethod::Get, "/api/v1/organizations", query, None).await
    }

    #[test]
    fn request_returns_status_and_json() {
        let (_emulator, client) = super::start();
        let response = super::wait(raw_list(&client)).unwrap();
        assert_eq!(response.status, 200);
        assert_eq!(response.body.value()["organizations"][0]["id"], "org_1");
    }
}

mod secrets {
    use scalekit::SecretText;

    fn redacted() -> String {
        format!("{:?}", SecretText::new("hunter2")) // "SecretText(..)"
    }

    #[test]
    fn secret_is_redacted() {
        assert_eq!(redacted(), "SecretText(..)");
    }
}

mod testing {
    use scalekit::{ClientOptions, CreateOrganization, ScalekitClient, ScalekitError};
    use scalekit_emulator::{Emulator, Fault};

    #[test]
    fn failed_create_is_reported() {
        let emulator = Emulator::start_blocking().unwrap();
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let client = ScalekitClient::new(url, id, secret, ClientOptions::default()).unwrap();
        emulator.fault(Fault::status("organizations.create", 500)).unwrap();

        let acme = CreateOrganization::new("Acme");
        let error = client.organizations().create(acme.clone()).unwrap_err();
        assert!(matches!(error, ScalekitError::Service { .. }));
        assert_eq!(client.organizations().create(acme).unwrap().display_name, "Acme");
    }
}

mod login {
    use std::sync::Arc;

    use scalekit::{AsyncScalekitClient, LoginOptions, LoginOutcome, LoginTransaction, Result, SecretText};

    /// `/login`: redirect the browser to the URL, and store the transaction in the browser's session on your server.
    fn begin(client: &AsyncScalekitClient) -> Result<(String, Arc<SecretText>)> {
        let options = LoginOptions {
            redirect_uri: "http://localhost:8000/callback".into(),
            scopes: ["openid", "profile", "email", "offline_access"].map(String::from).into(),
            return_to: Some("/reports".into()), // a path on your own site; other URLs are rejected
            ..LoginOptions::default()
        };
        let started = client.login().start(options)?;
        Ok((started.authorization_url, started.transaction.to_text()))
    }

    /// `/callback`: pass the callback URL or its query string, and the stored transaction.
    async fn finish(client: &AsyncScalekitClient, url: &str, stored: &SecretText) -> Result<LoginOutcome> {
        let transaction = Arc::new(LoginTransaction::from_text(stored)?);
        client.login().finish(url, transaction).await
    }

    use scalekit::ScalekitError;
    use serde_json::json;

    use super::wait;
    use crate::support::browser::follow;

    #[test]
    fn login_returns_claims_or_the_denial() {
        let (emulator, client) = super::start();
        let (url, kept) = begin(&client).unwrap();
        let outcome = wait(finish(&client, &follow(&url), &kept)).unwrap();
        assert_eq!(outcome.claims.email.as_deref(), Some("ada@example.com"));
        assert_eq!(outcome.return_to.as_deref(), Some("/reports"));
        emulator.script_login(json!({"deny": {"error": "access_denied"}})).unwrap();
        let (url, kept) = begin(&client).unwrap();
        let error = wait(finish(&client, &follow(&url), &kept)).unwrap_err();
        assert!(
            matches!(&error, ScalekitError::LoginFailed { failure } if failure.code.as_deref() == Some("access_denied"))
        );
    }

    /// Logs in, for the other modules.
    pub fn log_in(client: &AsyncScalekitClient) -> LoginOutcome {
        let (url, kept) = begin(client).unwrap();
        wait(finish(client, &follow(&url), &kept)).unwrap()
    }
}

mod sessions {
    use std::sync::Arc;

    use scalekit::{AsyncScalekitClient, LoginSession, LogoutOptions, Result, SecretText};

    /// Returns the session to store. Calls the service only if the access token is about to expire; concurrent callers with
    /// the same session share one refresh. `LoginRequired` if the session has ended.
    async fn refreshed(client: &AsyncScalekitClient, stored: &SecretText) -> Result<Arc<SecretText>> {
        let session = Arc::new(LoginSession::from_text(stored)?);
        Ok(client.login().refresh_if_needed(session).await?.to_text())
    }

    /// `/logout`: delete your own session, then redirect the browser to this URL.
    fn logout_url(client: &AsyncScalekitClient, session: &LoginSession) -> Result<String> {
        client
            .login()
            .logout_url(LogoutOptions { id_token_hint: session.id_token(), ..LogoutOptions::default() })
    }

    use scalekit::ScalekitError;

    use super::wait;

    #[test]
    fn session_is_refreshed_and_ends_at_logout() {
        let (_emulator, client) = super::start();
        let session = super::login::log_in(&client).session;
        assert_eq!(wait(refreshed(&client, &session.to_text())).unwrap(), session.to_text());
        client.advance_clock_for_test(std::time::Duration::from_secs(250));
        let next = wait(refreshed(&client, &session.to_text())).unwrap();
        assert_ne!(next, session.to_text());
        let (status, _) = crate::support::browser::visit(&logout_url(&client, &session).unwrap());
        assert_eq!(status, 200);
        let next = LoginSession::from_text(&next).unwrap();
        let ended = wait(client.login().refresh(next.refresh_token().unwrap())).unwrap_err();
        assert!(matches!(ended, ScalekitError::LoginRequired { .. }), "{ended}");
    }
}

mod tokens {
    use scalekit::{AccessTokenClaims, AsyncScalekitClient, ScalekitError, TokenExpectations};

    /// Returns the caller's claims, or the status code to respond with.
    async fn authenticate(
        client: &AsyncScalekitClient,
        token: &str,
        audience: &str,
    ) -> Result<AccessTokenClaims, u16> {
        let expected = TokenExpectations {
            required_scopes: vec!["openid".into()],
            ..TokenExpectations::for_audience(audience)
        };
        client.tokens().validate(token, expected, None).await.map_err(|error| match error {
            ScalekitError::InvalidToken { .. } | ScalekitError::TokenExpired { .. } => 401,
            ScalekitError::MissingScope { .. } => 403,
            _ => 503, // the signing keys are unavailable; the token may be valid
        })
    }

    use serde_json::json;

    use super::wait;

    #[test]
    fn token_is_validated_or_mapped_to_a_status_code() {
        let (emulator, client) = super::start();
        let token = super::login::log_in(&client).session.access_token().reveal();
        let claims = wait(authenticate(&client, &token, emulator.client_id())).unwrap();
        assert!(claims.has_scope("openid"));
        assert_eq!(wait(authenticate(&client, &token, "another")).unwrap_err(), 401);
        let order = json!({"kind": "access", "scope": "email"});
        let narrow = emulator.make_token(order).unwrap()["token"].as_str().unwrap().to_owned();
        assert_eq!(wait(authenticate(&client, &narrow, emulator.client_id())).unwrap_err(), 403);
        emulator.fault(scalekit_emulator::Fault::status("oauth.keys", 503).count(100)).unwrap();
        let options = scalekit::ClientOptions::default();
        let cold =
            AsyncScalekitClient::new(emulator.environment_url(), emulator.client_id(), "-", options).unwrap();
        assert_eq!(wait(authenticate(&cold, &token, emulator.client_id())).unwrap_err(), 503);
    }
}

mod machines {
    use scalekit::{AsyncPublicScalekitClient, MachineClient, MachineTokenClaims, Result, TokenExpectations};

    const API: &str = "https://api.example.com";

    /// Returns the `authorization` header. Call this before each request; the token is cached.
    async fn authorization(client: &AsyncPublicScalekitClient, id: &str, secret: &str) -> Result<String> {
        let machine = MachineClient {
            scopes: vec!["reports:read".into()],
            audience: Some(API.into()),
            ..MachineClient::new(id, secret)
        };
        let token = client.machine_tokens().get(machine).await?;
        Ok(format!("Bearer {}", token.access_token.reveal()))
    }

    /// Validates the token in the called service.
    async fn validate(client: &AsyncPublicScalekitClient, token: &str) -> Result<MachineTokenClaims> {
        client.tokens().validate_machine(token, TokenExpectations::for_audience(API), None).await
    }

    use scalekit::{ClientOptions, CreateM2mClient};

    use super::wait;

    #[test]
    fn machine_token_is_accepted_by_the_receiving_service() {
        let (emulator, client) = super::start();
        let machine_client =
            CreateM2mClient::new().with_audience(vec![API.into()]).with_scopes(vec!["reports:read".into()]);
        let made = wait(client.clients().create("org_1", machine_client)).unwrap();
        let (id, secret) = (made.client.client_id, made.plain_secret.unwrap().reveal());
        let public =
            AsyncPublicScalekitClient::new(emulator.environment_url(), &id, ClientOptions::default())
                .unwrap();
        let header = wait(authorization(&public, &id, &secret)).unwrap();
        let claims = wait(validate(&public, header.strip_prefix("Bearer ").unwrap())).unwrap();
        assert_eq!((claims.client_id.as_str(), claims.has_scope("reports:read")), (id.as_str(), true));
    }
}

mod webhooks {
    use std::collections::HashMap;

    use scalekit::{Result, ScalekitError, WebhookData, WebhookVerifier};

    /// Returns the status code to respond with.
    fn receive(secret: &str, headers: &HashMap<String, String>, body: &[u8]) -> Result<u16> {
        let verifier = WebhookVerifier::new([secret], 300)?;
        let event = match verifier.event(headers, body, None) {
            Ok(event) => event,
            Err(ScalekitError::InvalidWebhook { .. }) => return Ok(401),
            Err(error) => return Err(error),
        };
        match event.data {
            WebhookData::OrganizationCreated { organization } => println!("created {}", organization.id),
            WebhookData::Unknown { event_type, .. } => println!("unknown event type {event_type}"),
            _ => {}
        }
        Ok(204)
    }

    use scalekit::WebhookSigner;

    use super::SECRET;

    #[test]
    fn signed_webhook_is_accepted_and_modified_webhook_is_rejected() {
        let signer = WebhookSigner::new(SECRET).unwrap();
        for (body, status) in [
            (
                r#"{"type": "organization.created", "id": "evt_1", "data": {"id": "org_1", "display_name": "Acme"}}"#,
                Ok(204),
            ),
            (r#"{"type": "from.the.future", "id": "evt_2"}"#, Ok(204)),
        ] {
            let headers = signer.sign("msg_1", body.as_bytes(), None);
            assert_eq!(receive(SECRET, &headers, body.as_bytes()), status);
            assert_eq!(receive(SECRET, &headers, format!("{body} ").as_bytes()), Ok(401));
        }
        let headers = signer.sign("msg_1", b"[]", None);
        assert!(matches!(receive(SECRET, &headers, b"[]"), Err(ScalekitError::Decode { .. })));
    }
}

mod interceptors {
    use std::collections::HashMap;

    use scalekit::{InterceptorResponse, InterceptorVerifier, Result};

    /// Returns the body of the response. Its status code must be 200.
    fn decide(secret: &str, headers: &HashMap<String, String>, body: &[u8]) -> Result<String> {
        let verifier = InterceptorVerifier::new([secret], 300)?;
        let request = verifier.request(headers, body, None)?;
        let response = match request.context.user_email.as_deref() {
            Some(email) if email.ends_with("@acme.example") => InterceptorResponse::allow(),
            _ => InterceptorResponse::deny("Only employees of Acme can sign up."),
        };
        Ok(response.body())
    }

    use scalekit::WebhookSigner;
    use serde_json::json;

    use super::SECRET;

    #[test]
    fn interceptor_request_gets_a_decision() {
        let signer = WebhookSigner::new(SECRET).unwrap();
        for (email, decision) in [("ada@acme.example", "ALLOW"), ("eve@evil.example", "DENY")] {
            let body = json!({"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": email}})
                .to_string();
            let headers = signer.sign_interceptor("req_1", body.as_bytes(), None);
            let answer: serde_json::Value =
                serde_json::from_str(&decide(SECRET, &headers, body.as_bytes()).unwrap()).unwrap();
            assert_eq!(answer["decision"], decision);
            assert!(decide(SECRET, &headers, b"{}").is_err());
        }
    }
}
