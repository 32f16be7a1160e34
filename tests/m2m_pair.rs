//! The two services of `examples/rust`, with the emulator between them: who may come in, and what the others are told.

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

/// The emulator, the service, and a machine of a customer's.
struct Pair {
    emulator: Emulator,
    url: String,
    machine: MachineClient,
    http: reqwest::Client,
}

impl Pair {
    async fn start() -> Pair {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let emulator = Emulator::start().await.unwrap();
        emulator.seed(json!({"organizations": [{"id": "org_1", "display_name": "Acme"}]})).unwrap();
        let (url, id) = (emulator.environment_url(), emulator.client_id());
        let retry = RetryOptions { max_retries: 0, ..RetryOptions::default() };
        let options = || ClientOptions { retry: Some(retry.clone()), ..ClientOptions::default() };
        let vendor = AsyncScalekitClient::new(url, id, emulator.client_secret(), options()).unwrap();
        let wish = CreateM2mClient {
            audience: Some(vec![API.into(), "https://other.example".into()]),
            scopes: Some(vec!["reports:read".into(), "reports:write".into()]),
            ..CreateM2mClient::default()
        };
        let made = vendor.clients().create("org_1", wish).await.unwrap();
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

    /// The caller of the example, with a client of its own.
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

    /// Asks with these values of the header `authorization`.
    async fn ask(&self, authorization: &[&str]) -> (StatusCode, String) {
        let mut request = self.http.get(self.reports());
        for value in authorization {
            request = request.header("authorization", *value);
        }
        refusal(&request.send().await.unwrap())
    }

    /// Asks with a token that is right but for this.
    async fn ask_with(&self, token: Value) -> (StatusCode, String) {
        let mut claims = json!({"aud": [API], "scopes": ["reports:read"]});
        claims.as_object_mut().unwrap().extend(token["claims"].as_object().cloned().unwrap_or_default());
        let mut token = token;
        // What is wrong comes before the claims that are laid over, so that it is said by them alone.
        if token["wrong"] != "audience" {
            token["claims"] = claims;
        }
        let order =
            json!({"kind": "machine", "client_id": "m2morg_1", "scope": "reports:read", "token": token});
        let made = self.emulator.make_token(order).unwrap();
        self.ask(&[&format!("Bearer {}", made["token"].as_str().unwrap())]).await
    }
}

fn refusal(answer: &Response) -> (StatusCode, String) {
    let challenge = answer.headers().get(WWW_AUTHENTICATE);
    (answer.status(), challenge.map_or_else(String::new, |text| text.to_str().unwrap().to_owned()))
}

fn invalid(why: &str) -> (StatusCode, String) {
    let challenge = format!(r#"Bearer error="invalid_token", error_description="{why}""#);
    (StatusCode::UNAUTHORIZED, challenge)
}

#[tokio::test]
async fn the_caller_gets_what_it_asks_for() {
    let pair = Pair::start().await;
    let caller = pair.caller("reports:read", API);
    for _ in 0..3 {
        let answer = caller.get(&pair.reports()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!(body, json!({"reports": ["Q1", "Q2"], "for": "org_1", "to": pair.machine.client_id}));
    }
    let count = |operation| pair.emulator.requests_of(operation).len();
    // One token for the vendor, one for the machine.
    assert_eq!((count("oauth.token"), count("oauth.keys")), (2, 1));
    assert_eq!(pair.http.get(format!("{}/health", pair.url)).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_is_not_taken_is_fetched_anew_once() {
    let pair = Pair::start().await;
    let caller = pair.caller("reports:read", API);
    assert_eq!(caller.get(&pair.reports()).await.unwrap().status(), StatusCode::OK);
    pair.emulator.rotate_keys();
    pair.emulator.drop_old_keys();
    // The service has the old keys still, and takes the old token; one that is for somebody else it never takes.
    assert_eq!(caller.get(&pair.reports()).await.unwrap().status(), StatusCode::OK);
    let lost = pair.caller("reports:read", "https://other.example");
    let before = pair.emulator.requests_of("oauth.token").len();
    assert_eq!(refusal(&lost.get(&pair.reports()).await.unwrap()), invalid("wrong_audience"));
    assert_eq!(pair.emulator.requests_of("oauth.token").len() - before, 2);
}

#[tokio::test]
async fn without_the_scope_it_is_forbidden() {
    let pair = Pair::start().await;
    let answer = pair.caller("reports:write", API).get(&pair.reports()).await.unwrap();
    let challenge = r#"Bearer error="insufficient_scope", scope="reports:read""#.to_owned();
    assert_eq!(refusal(&answer), (StatusCode::FORBIDDEN, challenge));
}

#[tokio::test]
async fn whoever_says_nothing_is_asked_and_whoever_mumbles_is_told() {
    let pair = Pair::start().await;
    let asked = (StatusCode::UNAUTHORIZED, "Bearer".to_owned());
    assert_eq!(pair.ask(&[]).await, asked);
    assert_eq!(pair.ask(&["Basic dTpw"]).await, asked);
    assert_eq!(pair.ask(&["Bearerx y"]).await, asked);
    let malformed = (StatusCode::BAD_REQUEST, r#"Bearer error="invalid_request""#.to_owned());
    assert_eq!(pair.ask(&["Bearer"]).await, malformed);
    assert_eq!(pair.ask(&["Bearer a.b.c", "Bearer a.b.c"]).await, malformed);
    assert_eq!(pair.ask(&["bearer a.b.c"]).await, invalid("malformed"));
    assert_eq!(pair.ask(&["Bearer a b"]).await, invalid("malformed"));
}

#[tokio::test]
async fn wrong_tokens_stay_outside() {
    let pair = Pair::start().await;
    assert_eq!(pair.ask_with(json!({})).await.0, StatusCode::OK);
    for (wrong, why) in [
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
        assert_eq!(pair.ask_with(json!({"wrong": wrong})).await, invalid(why), "{wrong}");
    }
    // A person's token is none of a machine's, whatever it may do.
    let person = json!({"sid": "ses_1", "sub": "usr_1"});
    assert_eq!(pair.ask_with(json!({"claims": person})).await, invalid("wrong_token_type"));
}

#[tokio::test]
async fn without_keys_nobody_is_blamed() {
    let pair = Pair::start().await;
    pair.emulator.fault(Fault::status("oauth.keys", 503).count(100)).unwrap();
    assert_eq!(pair.ask_with(json!({})).await, (StatusCode::SERVICE_UNAVAILABLE, String::new()));
}
