//! Runs every code block of the guide in `core/README.md`.

mod support;

use std::future::Future;

use scalekit::{AsyncScalekitClient, ClientOptions, RetryOptions};
use scalekit_emulator::Emulator;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn every_code_block_of_the_guide_is_tested() {
    // Ignores line breaks and indentation.
    let flat = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let (guide, here) = (include_str!("../core/README.md"), flat(include_str!("guide.rs")));
    let blocks: Vec<_> =
        guide.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 6);
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

mod login {
    use std::sync::Arc;

    use scalekit::{AsyncScalekitClient, LoginOptions, LoginOutcome, LoginTransaction, Result, SecretText};

    /// `/login`: where to send the browser, and what goes into its session on your server meanwhile.
    fn begin(client: &AsyncScalekitClient) -> Result<(String, Arc<SecretText>)> {
        let options = LoginOptions {
            redirect_uri: "http://localhost:8000/callback".into(),
            scopes: ["openid", "profile", "email", "offline_access"].map(String::from).into(),
            return_to: Some("/reports".into()), // where your own site goes on; a path that leaves it is refused
            ..LoginOptions::default()
        };
        let started = client.login().start(options)?;
        Ok((started.authorization_url, started.transaction.to_text()))
    }

    /// `/callback`: the URL that the browser came back to, or its query alone, and what was kept.
    async fn finish(client: &AsyncScalekitClient, url: &str, kept: &SecretText) -> Result<LoginOutcome> {
        let transaction = Arc::new(LoginTransaction::from_text(kept)?);
        client.login().finish(url, transaction).await
    }

    use scalekit::ScalekitError;
    use serde_json::json;

    use super::support::browser::follow;
    use super::wait;

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

    /// Before each use of a session. It calls the service only when the access token is about to end, and once for all who
    /// ask at that time; `LoginRequired` says that the session is over. Keep what it gives.
    async fn fresh(client: &AsyncScalekitClient, kept: &SecretText) -> Result<Arc<SecretText>> {
        let session = Arc::new(LoginSession::from_text(kept)?);
        Ok(client.login().refresh_if_needed(session).await?.to_text())
    }

    /// `/logout`: where to send the browser, once you have forgotten its session.
    fn farewell(client: &AsyncScalekitClient, session: &LoginSession) -> Result<String> {
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
        assert_eq!(wait(fresh(&client, &session.to_text())).unwrap(), session.to_text());
        client.advance_clock_for_test(std::time::Duration::from_secs(250));
        let next = wait(fresh(&client, &session.to_text())).unwrap();
        assert_ne!(next, session.to_text());
        let (status, _) = super::support::browser::visit(&farewell(&client, &session).unwrap());
        assert_eq!(status, 200);
        let next = LoginSession::from_text(&next).unwrap();
        let ended = wait(client.login().refresh(next.refresh_token().unwrap())).unwrap_err();
        assert!(matches!(ended, ScalekitError::LoginRequired { .. }), "{ended}");
    }
}

mod tokens {
    use scalekit::{AccessTokenClaims, AsyncScalekitClient, ScalekitError, TokenExpectations};

    /// Who calls, or the status to answer with.
    async fn caller(
        client: &AsyncScalekitClient,
        token: &str,
        audience: &str,
    ) -> Result<AccessTokenClaims, u16> {
        let expected = TokenExpectations {
            required_scopes: vec!["openid".into()],
            ..TokenExpectations::for_audience(audience)
        };
        client.tokens().validate(token, expected).await.map_err(|error| match error {
            ScalekitError::InvalidToken { .. } | ScalekitError::TokenExpired { .. } => 401,
            ScalekitError::MissingScope { .. } => 403,
            _ => 503, // the keys could not be fetched: that says nothing about the caller
        })
    }

    use serde_json::json;

    use super::wait;

    #[test]
    fn token_is_validated_or_mapped_to_a_status_code() {
        let (emulator, client) = super::start();
        let token = super::login::log_in(&client).session.access_token().reveal();
        let claims = wait(caller(&client, &token, emulator.client_id())).unwrap();
        assert!(claims.has_scope("openid"));
        assert_eq!(wait(caller(&client, &token, "another")).unwrap_err(), 401);
        let order = json!({"kind": "access", "scope": "email"});
        let narrow = emulator.make_token(order).unwrap()["token"].as_str().unwrap().to_owned();
        assert_eq!(wait(caller(&client, &narrow, emulator.client_id())).unwrap_err(), 403);
        emulator.fault(scalekit_emulator::Fault::status("oauth.keys", 503).count(100)).unwrap();
        let options = scalekit::ClientOptions::default();
        let cold =
            AsyncScalekitClient::new(emulator.environment_url(), emulator.client_id(), "-", options).unwrap();
        assert_eq!(wait(caller(&cold, &token, emulator.client_id())).unwrap_err(), 503);
    }
}

mod machines {
    use scalekit::{AsyncPublicScalekitClient, MachineClient, MachineTokenClaims, Result, TokenExpectations};

    const API: &str = "https://api.example.com";

    /// The value of the header `authorization`. Ask for it before each call: it is fetched once.
    async fn authorization(client: &AsyncPublicScalekitClient, id: &str, secret: &str) -> Result<String> {
        let machine = MachineClient {
            scopes: vec!["reports:read".into()],
            audience: Some(API.into()),
            ..MachineClient::new(id, secret)
        };
        let token = client.machine_tokens().get(machine).await?;
        Ok(format!("Bearer {}", token.access_token.reveal()))
    }

    /// The other side.
    async fn machine(client: &AsyncPublicScalekitClient, token: &str) -> Result<MachineTokenClaims> {
        client.tokens().validate_machine(token, TokenExpectations::for_audience(API)).await
    }

    use scalekit::{ClientOptions, CreateM2mClient};

    use super::wait;

    #[test]
    fn machine_token_is_accepted_by_the_receiving_service() {
        let (emulator, client) = super::start();
        let machine_client = CreateM2mClient {
            audience: Some(vec![API.into()]),
            scopes: Some(vec!["reports:read".into()]),
            ..CreateM2mClient::default()
        };
        let made = wait(client.clients().create("org_1", machine_client)).unwrap();
        let (id, secret) = (made.client.client_id, made.plain_secret.unwrap().reveal());
        let public =
            AsyncPublicScalekitClient::new(emulator.environment_url(), &id, ClientOptions::default())
                .unwrap();
        let header = wait(authorization(&public, &id, &secret)).unwrap();
        let claims = wait(machine(&public, header.strip_prefix("Bearer ").unwrap())).unwrap();
        assert_eq!((claims.client_id.as_str(), claims.has_scope("reports:read")), (id.as_str(), true));
    }
}

mod webhooks {
    use std::collections::HashMap;

    use scalekit::{Result, ScalekitError, WebhookData, WebhookVerifier};

    /// The status to answer with.
    fn receive(secret: &str, headers: &HashMap<String, String>, body: &[u8]) -> Result<u16> {
        let verifier = WebhookVerifier::new(vec![secret.into()], 300)?;
        let event = match verifier.event(headers, body, None) {
            Ok(event) => event,
            Err(ScalekitError::InvalidWebhook { .. }) => return Ok(401),
            Err(error) => return Err(error),
        };
        match event.data {
            WebhookData::OrganizationCreated { organization } => println!("welcome, {}", organization.id),
            WebhookData::Unknown { event_type, .. } => println!("newer than this library: {event_type}"),
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

    /// The body to answer with, with status 200.
    fn decide(secret: &str, headers: &HashMap<String, String>, body: &[u8]) -> Result<String> {
        let verifier = InterceptorVerifier::new(vec![secret.into()], 300)?;
        let request = verifier.request(headers, body, None)?;
        let answer = match request.context.user_email.as_deref() {
            Some(email) if email.ends_with("@acme.example") => InterceptorResponse::allow(),
            _ => InterceptorResponse::deny("Only people of Acme can sign up."),
        };
        Ok(answer.body())
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
