//! Requests that are written byte by byte to a socket.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Harness, LIMIT};

pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
pub const JSON: (&str, &str) = ("content-type", "application/json");

/// A response, with its head in lowercase.
#[derive(Debug)]
pub struct RawResponse {
    pub status: u16,
    pub head: String,
    pub text: String,
    pub json: Value,
}

impl RawResponse {
    /// Returns the value of a header, in lowercase. Empty if the header is absent.
    pub fn header(&self, name: &str) -> &str {
        let prefix = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default()
    }

    pub fn error(&self) -> (u16, &str) {
        (self.status, self.json["error"].as_str().unwrap_or_default())
    }
}

impl Harness {
    /// Writes a request to a new connection and reads the response until the server closes it.
    pub async fn raw(&self, line: &str, headers: &[(&str, &str)], body: &str) -> RawResponse {
        let mut request = format!("{line} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request += &format!("content-length: {}\r\n", body.len());
        }
        request += &format!("\r\n{body}");
        let mut stream = TcpStream::connect(self.emulator.addr()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(LIMIT, stream.read_to_end(&mut bytes)).await;
        read.expect("the response is complete before the timeout").unwrap();
        parse(&String::from_utf8(bytes).unwrap())
    }

    /// Writes a request with the machine token.
    pub async fn raw_api(&self, line: &str, headers: &[(&str, &str)], body: &str) -> RawResponse {
        let bearer = format!("Bearer {}", self.token);
        self.raw(line, &[&[("authorization", bearer.as_str())], headers].concat(), body).await
    }

    /// Writes a form with the credentials of the environment's client in the body.
    pub async fn raw_form(&self, path: &str, headers: &[(&str, &str)], body: &str) -> RawResponse {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        let body = format!("client_id={id}&client_secret={secret}&{body}");
        self.raw(&format!("POST {path}"), &[&[FORM], headers].concat(), &body).await
    }

    /// Returns the warnings on the last request of the log.
    pub async fn last_warnings(&self) -> Vec<String> {
        let log = self.call("GET", "/_emulator/requests").await.json;
        let last = log["requests"].as_array().unwrap().last().unwrap().clone();
        let warnings = last["warnings"].as_array().unwrap_or_else(|| panic!("no warnings: {last}"));
        warnings.iter().map(|warning| warning.as_str().unwrap().to_owned()).collect()
    }
}

fn parse(text: &str) -> RawResponse {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no complete head: {text}"));
    let head = head.to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    RawResponse { status, head, text: body.into(), json: serde_json::from_str(body).unwrap_or(Value::Null) }
}
