//! The two services of `examples/rust` with the emulator: which requests are accepted, and the responses to the others.

#[path = "../examples/rust/m2m_caller.rs"]
#[allow(dead_code, reason = "its `main` reads the environment")]
mod caller;
#[path = "../examples/rust/m2m_service.rs"]
#[allow(dead_code, reason = "its `main` reads the environment")]
mod service;

use caller::Caller;
use reqwest::header::WWW_AUTHENTICATE;
use reqwest::{Response, StatusCode};
use scalekit::{
    AsyncPublicScalekitClient, AsyncScalekitClient, ClientOptions, CreateM2mClient, MachineClient,
    RetryOptions,
};
use scalekit_emulator::{Emulator, Fault};
use serde_json::{Value, json};

const API: &str = "https://api.acme.example";

/// The emulator, the service, and a customer's machine client.
struct Pair {
    emulator: Emulator,
    url: String,
    machine: MachineClient,
    http: reqwest::Client,
}

impl Pair {
    async fn start() -> Pair {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
        emulator.seed(json!({"organizations": [{"id": "org_1", "display_name": "Acme"}]})).unwrap();
        let (url, id) = (emulator.environment_url(), emulator.client_id());
        let retry = RetryOptions { max_retries: 0, ..RetryOptions::default() };
        let options = || ClientOptions { retry: Some(retry.clone()), ..ClientOptions::default() };
        let vendor = AsyncScalekitClient::new(url, id, emulator.client_secret(), options()).unwrap();
        let new_client = CreateM2mClient::new()
            .with_audience(vec![API.into(), "https://other.example".into()])
            .with_scopes(vec!["reports:read".into(), "reports:write".into()]);
        let made = vendor.clients().create("org_1", new_client).await.unwrap();
        let machine = MachineClient {
            client_secret: made.plain_secret.unwrap(),
            ..MachineClient::new(made.client.client_id, "-")
        };

        let checks = AsyncPublicScalekitClient::new(url, id, options()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = service::app(checks.tokens(), API);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Pair { emulator, url, machine, http: reqwest::Client::new() }
    }

    /// The example's caller with its own client.
    fn caller(&self, scope: &str, audience: &str) -> Caller {
        let (url, id) = (self.emulator.environment_url(), &self.machine.client_id);
        let client = AsyncPublicScalekitClient::new(url, id, ClientOptions::default()).unwrap();
        let (scopes, audience) = (vec![scope.to_owned()], Some(audience.to_owned()));
        let machine = MachineClient { scopes, audience, ..self.machine.clone() };
        Caller { tokens: client.machine_tokens(), machine, http: self.http.clone() }
    }

    fn reports(&self) -> String {
        format!("{}/reports", self.url)
    }

    /// Sends a request with these values of the header `authorization`.
    async fn send(&self, authorization: &[&str]) -> (StatusCode, String) {
        let mut request = self.http.get(self.reports());
        for value in authorization {
            request = request.header("authorization", *value);
        }
        status_and_challenge(&request.send().await.unwrap())
    }

    /// Sends a request with a token that is valid except for these changes.
    async fn send_with_token(&self, token: Value) -> (StatusCode, String) {
        let mut claims = json!({"aud": [API], "scopes": ["reports:read"]});
        claims.as_object_mut().unwrap().extend(token["claims"].as_object().cloned().unwrap_or_default());
        let mut token = token;
        // The claims override what `wrong` changes, so they must not contain the audience when that is wrong.
        if token["wrong"] != "audience" {
            token["claims"] = claims;
        }
        let order =
            json!({"kind": "machine", "client_id": "m2morg_1", "scope": "reports:read", "token": token});
        let made = self.emulator.make_token(order).unwrap();
        self.send(&[&format!("Bearer {}", made["token"].as_str().unwrap())]).await
    }
}

fn status_and_challenge(response: &Response) -> (StatusCode, String) {
    let challenge = response.headers().get(WWW_AUTHENTICATE);
    (response.status(), challenge.map_or_else(String::new, |text| text.to_str().unwrap().to_owned()))
}

fn invalid(code: &str) -> (StatusCode, String) {
    let challenge = format!(r#"Bearer error="invalid_token", error_description="{code}""#);
    (StatusCode::UNAUTHORIZED, challenge)
}

#[tokio::test]
async fn caller_receives_the_report() {
    let pair = Pair::start().await;
    let caller = pair.caller("reports:read", API);
    for _ in 0..3 {
        let response = caller.get(&pair.reports()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(body, json!({"reports": ["Q1", "Q2"], "for": "org_1", "to": pair.machine.client_id}));
    }
    let count = |operation| pair.emulator.requests_of(operation).len();
    // One token for the vendor's client, one for the machine.
    assert_eq!((count("oauth.token"), count("oauth.keys")), (2, 1));
    assert_eq!(pair.http.get(format!("{}/health", pair.url)).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn rejected_token_is_replaced_once() {
    let pair = Pair::start().await;
    let caller = pair.caller("reports:read", API);
    assert_eq!(caller.get(&pair.reports()).await.unwrap().status(), StatusCode::OK);
    pair.emulator.rotate_keys();
    pair.emulator.drop_old_keys();
    // The service still has the old keys and accepts the old token. It never accepts a token for another audience.
    assert_eq!(caller.get(&pair.reports()).await.unwrap().status(), StatusCode::OK);
    let wrong_audience = pair.caller("reports:read", "https://other.example");
    let before = pair.emulator.requests_of("oauth.token").len();
    assert_eq!(
        status_and_challenge(&wrong_audience.get(&pair.reports()).await.unwrap()),
        invalid("wrong_audience")
    );
    assert_eq!(pair.emulator.requests_of("oauth.token").len() - before, 2);
}

#[tokio::test]
async fn missing_scope_returns_403() {
    let pair = Pair::start().await;
    let response = pair.caller("reports:write", API).get(&pair.reports()).await.unwrap();
    let challenge = r#"Bearer error="insufficient_scope", scope="reports:read""#.to_owned();
    assert_eq!(status_and_challenge(&response), (StatusCode::FORBIDDEN, challenge));
}

#[tokio::test]
async fn missing_or_malformed_authorization_is_rejected() {
    let pair = Pair::start().await;
    let challenge_only = (StatusCode::UNAUTHORIZED, "Bearer".to_owned());
    assert_eq!(pair.send(&[]).await, challenge_only);
    assert_eq!(pair.send(&["Basic dTpw"]).await, challenge_only);
    assert_eq!(pair.send(&["Bearerx y"]).await, challenge_only);
    let malformed = (StatusCode::BAD_REQUEST, r#"Bearer error="invalid_request""#.to_owned());
    assert_eq!(pair.send(&["Bearer"]).await, malformed);
    assert_eq!(pair.send(&["Bearer a.b.c", "Bearer a.b.c"]).await, malformed);
    assert_eq!(pair.send(&["bearer a.b.c"]).await, invalid("malformed"));
    assert_eq!(pair.send(&["Bearer a b"]).await, invalid("malformed"));
}

#[tokio::test]
async fn invalid_token_returns_401() {
    let pair = Pair::start().await;
    assert_eq!(pair.send_with_token(json!({})).await.0, StatusCode::OK);
    for (wrong, code) in [
        ("expired", "token_expired"),
        ("not_yet_valid", "not_yet_valid"),
        ("no_expiry", "missing_claim"),
        ("issuer", "wrong_issuer"),
        ("audience", "wrong_audience"),
        ("algorithm_none", "unsupported_algorithm"),
        ("algorithm_hmac", "unsupported_algorithm"),
        ("unknown_key", "unknown_key"),
        ("other_key", "bad_signature"),
        ("signature", "bad_signature"),
        ("embedded_key", "untrusted_key_header"),
        ("two_subjects", "duplicate_claim"),
    ] {
        assert_eq!(pair.send_with_token(json!({"wrong": wrong})).await, invalid(code), "{wrong}");
    }
    // A user's token is not a machine token, whatever its scopes.
    let person = json!({"sid": "ses_1", "sub": "usr_1"});
    assert_eq!(pair.send_with_token(json!({"claims": person})).await, invalid("wrong_token_type"));
}

#[tokio::test]
async fn unavailable_keys_return_503() {
    let pair = Pair::start().await;
    pair.emulator.fault(Fault::status("oauth.keys", 503).count(100)).unwrap();
    assert_eq!(pair.send_with_token(json!({})).await, (StatusCode::SERVICE_UNAVAILABLE, String::new()));
}
