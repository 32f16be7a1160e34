//! Shared test helpers: an emulator with an authenticated HTTP client, and a raw TCP connection.

pub mod events;
pub mod login;
pub mod raw;
pub mod receiver;

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use scalekit_emulator::{Emulator, Progress, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Timeout that only failing tests reach.
pub const LIMIT: Duration = Duration::from_secs(30);

/// An emulator, an HTTP client, and a machine token of the environment's client.
pub struct Harness {
    pub emulator: Emulator,
    pub http: reqwest::Client,
    pub token: String,
}

/// Creates an HTTP client without proxies and redirects.
pub fn http() -> reqwest::Client {
    // In a build of the whole workspace reqwest has no default crypto provider. A repeated installation fails and is
    // ignored.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirects = reqwest::redirect::Policy::none();
    reqwest::Client::builder().no_proxy().redirect(redirects).timeout(LIMIT).build().unwrap()
}

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Harness {
    pub async fn start() -> Harness {
        Harness::start_with(Settings::strict()).await
    }

    /// Starts an emulator that creates no connection for new organizations.
    pub async fn start_without_auto_connection() -> Harness {
        Harness::start_with(Settings { auto_connection: false, ..Settings::strict() }).await
    }

    /// Starts an emulator that treats requests like the service, instead of rejecting mistakes.
    pub async fn start_lenient() -> Harness {
        Harness::start_with(Settings::default()).await
    }

    pub async fn start_with(settings: Settings) -> Harness {
        let emulator = Emulator::start_with(settings).await.unwrap();
        let http = http();
        let mut harness = Harness { emulator, http, token: String::new() };
        harness.token = harness.new_token().await;
        harness.emulator.clear_requests();
        harness
    }

    pub async fn new_token(&self) -> String {
        let response = self.token_request(&self.credentials()).await;
        assert_eq!(response.status, 200, "{}", response.text);
        response.json["access_token"].as_str().unwrap().to_owned()
    }

    pub fn credentials(&self) -> [(&'static str, &str); 3] {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]
    }

    pub async fn token_request(&self, form: &[(&str, &str)]) -> Response {
        Response::of(self.http.post(self.url("/oauth/token")).form(form).send().await.unwrap()).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.environment_url())
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, self.url(path)).bearer_auth(&self.token)
    }

    pub async fn call(&self, method: &str, path: &str) -> Response {
        Response::of(self.request(method, path).send().await.unwrap()).await
    }

    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Response {
        Response::of(self.request(method, path).json(body).send().await.unwrap()).await
    }

    /// Creates an organization and returns its ID.
    pub async fn organization(&self, display_name: &str) -> String {
        let body = json!({"display_name": display_name});
        let response = self.send("POST", "/api/v1/organizations", &body).await;
        assert_eq!(response.status, 201, "{}", response.text);
        response.json["organization"]["id"].as_str().unwrap().to_owned()
    }

    pub async fn fault(&self, fault: Value) {
        let response = self.send("POST", "/_emulator/fault", &fault).await;
        assert_eq!(response.status, 200, "{}", response.text);
    }

    pub async fn wait(&self, operation: &str, count: usize, aborted: usize) {
        let reached = self.emulator.wait(operation, Progress { count, aborted }, LIMIT).await;
        assert!(reached.is_ok(), "{operation}: {reached:?}");
    }
}

impl Response {
    pub async fn of(response: reqwest::Response) -> Response {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Response { status, headers, text, json }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that this is an error in the service's format and returns its `error_code`.
    pub fn error_code(&self) -> &str {
        let info = self.error_info();
        assert!(self.json["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", self.text);
        info["error_code"].as_str().unwrap()
    }

    pub fn error_info(&self) -> &Value {
        let info = &self.json["details"][0];
        assert_eq!(info["@type"], "type.googleapis.com/scalekit.v1.errdetails.ErrorInfo", "{}", self.text);
        assert_eq!(info["request_info"]["request_id"], self.header("x-trace-id"));
        assert_eq!(self.header("x-trace-id").len(), 32);
        info
    }

    /// Returns the rejected fields, each with the violated constraint.
    pub fn violations(&self) -> Vec<(&str, &str)> {
        let list = self.error_info()["validation_error_info"]["field_violations"].as_array();
        let list = list.map(Vec::as_slice).unwrap_or_default();
        let pairs = list.iter().map(|violation| {
            assert!(!violation["description"].as_str().unwrap().is_empty());
            (violation["field"].as_str().unwrap(), violation["constraint"].as_str().unwrap())
        });
        pairs.collect()
    }
}

/// A TCP connection for tests that check the bytes of a response.
pub struct RawConnection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl RawConnection {
    pub async fn open(harness: &Harness) -> RawConnection {
        RawConnection {
            stream: TcpStream::connect(harness.emulator.addr()).await.unwrap(),
            received: Vec::new(),
        }
    }

    pub async fn get(&mut self, harness: &Harness, path: &str) {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {}\r\n\r\n", harness.token);
        self.stream.write_all(request.as_bytes()).await.unwrap();
    }

    /// Reads the status line and headers of a response and returns them in lowercase.
    pub async fn read_head(&mut self) -> String {
        loop {
            if let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") {
                let rest = self.received.split_off(end + 4);
                let head = std::mem::replace(&mut self.received, rest);
                return String::from_utf8(head).unwrap().to_ascii_lowercase();
            }
            assert_ne!(self.read().await, 0, "the connection was closed before the end of the headers");
        }
    }

    /// Reads a complete response and asserts that its body has the length in `content-length`.
    pub async fn read_response(&mut self) -> (String, Vec<u8>) {
        let head = self.read_head().await;
        let length = content_length(&head);
        while self.received.len() < length {
            assert_ne!(self.read().await, 0, "the connection was closed before the end of the body");
        }
        let rest = self.received.split_off(length);
        (head, std::mem::replace(&mut self.received, rest))
    }

    /// Reads until the server closes the connection.
    pub async fn read_to_end(mut self) -> Vec<u8> {
        while self.read().await > 0 {}
        self.received
    }

    async fn read(&mut self) -> usize {
        let read = self.stream.read_buf(&mut self.received);
        tokio::time::timeout(LIMIT, read).await.expect("no data was received before the timeout").unwrap_or(0)
    }
}

pub fn content_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.expect("the response has a content-length header").parse().unwrap()
}
