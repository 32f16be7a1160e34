//! What the tests share: an emulator with a client that has a token, and a connection on the byte level.

#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod events;
pub mod login;
pub mod receiver;

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use scalekit_emulator::{Emulator, Progress, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Only keeps a broken test from hanging; no test waits for it to pass.
pub const LIMIT: Duration = Duration::from_secs(30);

pub struct Bench {
    pub emulator: Emulator,
    pub http: reqwest::Client,
    pub token: String,
}

/// A client that does only what it is told: no proxy, no redirects.
pub fn http() -> reqwest::Client {
    // In a build of the whole workspace reqwest comes without cryptography of its own. A second installation fails,
    // and the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirects = reqwest::redirect::Policy::none();
    reqwest::Client::builder().no_proxy().redirect(redirects).timeout(LIMIT).build().unwrap()
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Bench {
    pub async fn start() -> Bench {
        Bench::start_with(Settings::default()).await
    }

    /// Without the connection that every new organization gets otherwise.
    pub async fn start_bare() -> Bench {
        Bench::start_with(Settings { auto_connection: false, ..Settings::default() }).await
    }

    async fn start_with(settings: Settings) -> Bench {
        let emulator = Emulator::start_with(settings).await.unwrap();
        let http = http();
        let mut bench = Bench { emulator, http, token: String::new() };
        bench.token = bench.new_token().await;
        bench.emulator.clear_requests();
        bench
    }

    pub async fn new_token(&self) -> String {
        let answer = self.token_request(&self.credentials()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["access_token"].as_str().unwrap().to_owned()
    }

    pub fn credentials(&self) -> [(&'static str, &str); 3] {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]
    }

    pub async fn token_request(&self, form: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.post(self.url("/oauth/token")).form(form).send().await.unwrap()).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.emulator.environment_url())
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, self.url(path)).bearer_auth(&self.token)
    }

    pub async fn call(&self, method: &str, path: &str) -> Answer {
        Answer::of(self.request(method, path).send().await.unwrap()).await
    }

    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(method, path).json(body).send().await.unwrap()).await
    }

    /// Creates an organization and gives its id.
    pub async fn organization(&self, display_name: &str) -> String {
        let body = json!({"display_name": display_name});
        let answer = self.send("POST", "/api/v1/organizations", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json["organization"]["id"].as_str().unwrap().to_owned()
    }

    pub async fn fault(&self, fault: Value) {
        let answer = self.send("POST", "/_emulator/fault", &fault).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    pub async fn wait(&self, operation: &str, count: usize, aborted: usize) {
        let reached = self.emulator.wait(operation, Progress { count, aborted }, LIMIT).await;
        assert!(reached.is_ok(), "{operation}: {reached:?}");
    }
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Answer {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, text, json }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that this is an error in the service's shape, and gives its code.
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

    /// The fields that were refused, each with the rule it broke.
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

/// A connection on which a test sees every byte.
pub struct Raw {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Raw {
    pub async fn open(bench: &Bench) -> Raw {
        Raw { stream: TcpStream::connect(bench.emulator.addr()).await.unwrap(), received: Vec::new() }
    }

    pub async fn get(&mut self, bench: &Bench, path: &str) {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {}\r\n\r\n", bench.token);
        self.stream.write_all(request.as_bytes()).await.unwrap();
    }

    /// Reads the head of an answer, and gives it in lower case.
    pub async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") {
                let rest = self.received.split_off(end + 4);
                let head = std::mem::replace(&mut self.received, rest);
                return String::from_utf8(head).unwrap().to_ascii_lowercase();
            }
            assert_ne!(self.read().await, 0, "the connection was closed before the head of the answer");
        }
    }

    /// Reads a whole answer, whose body must have the promised length.
    pub async fn answer(&mut self) -> (String, Vec<u8>) {
        let head = self.head().await;
        let length = content_length(&head);
        while self.received.len() < length {
            assert_ne!(self.read().await, 0, "the connection was closed in the body");
        }
        let rest = self.received.split_off(length);
        (head, std::mem::replace(&mut self.received, rest))
    }

    /// Everything until the other side closes.
    pub async fn rest(mut self) -> Vec<u8> {
        while self.read().await > 0 {}
        self.received
    }

    async fn read(&mut self) -> usize {
        let read = self.stream.read_buf(&mut self.received);
        tokio::time::timeout(LIMIT, read).await.expect("the connection is silent").unwrap_or(0)
    }
}

pub fn content_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    line.expect("the answer has a content-length").parse().unwrap()
}
