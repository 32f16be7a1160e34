//! HTTPS.

use std::time::Duration;

use reqwest::Certificate;
use scalekit_emulator::{Emulator, Settings};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support;

fn settings() -> Settings {
    Settings { tls: true, ..Settings::strict() }
}

/// A client that trusts this certificate authority and no other.
fn client_with(pem: &str) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = Certificate::from_pem(pem.as_bytes()).unwrap();
    let builder = reqwest::Client::builder().no_proxy().timeout(support::LIMIT);
    builder.tls_certs_only([root]).build().unwrap()
}

#[tokio::test]
async fn client_that_trusts_the_certificate_verifies_each_name() {
    let url = "https://scalekit.test:1".to_owned();
    let emulator =
        Emulator::start_with(Settings { environment_url: Some(url.clone()), ..settings() }).await.unwrap();
    let client = client_with(emulator.certificate_pem().unwrap());
    for host in ["127.0.0.1", "localhost"] {
        let discovery = format!("https://{host}:{}/.well-known/openid-configuration", emulator.addr().port());
        let response = client.get(discovery).send().await.unwrap();
        assert_eq!(response.json::<Value>().await.unwrap()["issuer"], url.as_str());
    }
    let resolved = reqwest::Client::builder().no_proxy().resolve("scalekit.test", emulator.addr());
    let root = Certificate::from_pem(emulator.certificate_pem().unwrap().as_bytes()).unwrap();
    let client = resolved.tls_certs_only([root]).build().unwrap();
    let response = client.get(format!("https://scalekit.test:{}/keys", emulator.addr().port())).send().await;
    assert_eq!(response.unwrap().status(), 200);
}

#[tokio::test]
async fn client_that_trusts_another_certificate_rejects_the_connection() {
    let (emulator, other) =
        (Emulator::start_with(settings()).await.unwrap(), Emulator::start_with(settings()).await.unwrap());
    assert!(emulator.environment_url().starts_with("https://127.0.0.1:"));
    let client = client_with(other.certificate_pem().unwrap());
    let error = client.get(format!("{}/keys", emulator.environment_url())).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn connection_without_a_handshake_is_closed() {
    let timeout = Duration::from_millis(100);
    let emulator = Emulator::start_with(Settings { read_timeout: timeout, ..settings() }).await.unwrap();
    for text in ["", "GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = TcpStream::connect(emulator.addr()).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        let end = tokio::time::timeout(support::LIMIT, stream.read_to_end(&mut received)).await;
        assert!(end.is_ok(), "the connection stays open");
        assert!(!received.starts_with(b"HTTP"), "{received:?}");
    }
}
