//! The emulator as a Rust library.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use scalekit_emulator::{Emulator, Fault, FaultKind, Progress, Settings};
use serde_json::{Value, json};

use crate::support;

fn get_keys(emulator: &Emulator) -> String {
    let mut stream = TcpStream::connect(emulator.addr()).unwrap();
    stream.write_all(b"GET /keys HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn blocking_emulator_needs_no_runtime() {
    let emulator = Emulator::start_blocking().unwrap();
    assert!(get_keys(&emulator).contains("\"kty\":\"RSA\""));
    emulator.fault(Fault::status("oauth.keys", 503).error_code("X").header("retry-after", "1")).unwrap();
    let response = get_keys(&emulator);
    assert!(response.starts_with("HTTP/1.1 503") && response.contains("retry-after: 1"), "{response}");
    let wanted = Progress { count: 2, aborted: 0 };
    assert_eq!(emulator.wait_blocking("oauth.keys", wanted, support::LIMIT), Ok(wanted));
    let more = Progress { count: 3, aborted: 0 };
    assert_eq!(emulator.wait_blocking("oauth.keys", more, Duration::ZERO), Err(wanted));
    emulator.reset();
    assert!(emulator.requests().is_empty());
}

#[test]
fn dropping_emulator_frees_the_port() {
    let emulator = Emulator::start_blocking().unwrap();
    let addr = emulator.addr();
    drop(emulator);
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn dropping_emulator_closes_open_connections() {
    let harness = support::Harness::start().await;
    let mut connection = support::RawConnection::open(&harness).await;
    connection.get(&harness, "/keys").await;
    connection.read_response().await;
    drop(harness);
    assert!(connection.read_to_end().await.is_empty());
}

#[test]
fn control_plane_is_available_as_methods() {
    let emulator = Emulator::start_blocking().unwrap();
    let created = emulator.seed(json!({"organizations": [{"display_name": "Acme"}]})).unwrap();
    assert_eq!(created["connections"].as_array().unwrap().len(), 1);
    assert!(emulator.seed(json!({"color": "red"})).unwrap_err().to_string().contains("color"));
    let before = emulator.now();
    emulator.advance_clock(Duration::from_secs(3600)).unwrap();
    assert!(emulator.now() >= before + Duration::from_secs(3600));
    assert!(emulator.advance_clock(Duration::MAX).is_err());
    let kid = emulator.rotate_keys();
    assert_eq!(get_keys(&emulator).matches("snk_").count(), 2);
    emulator.drop_old_keys();
    let keys = get_keys(&emulator);
    assert!(keys.contains(&kid) && keys.matches("snk_").count() == 1, "{keys}");
    let fault = Fault::new("oauth.keys", FaultKind::DropBefore {}).count(2).after(1);
    emulator.fault(fault.clone()).unwrap();
    assert_eq!(emulator.faults(), [fault]);
    emulator.clear_faults();
    assert!(emulator.faults().is_empty());
    assert!(emulator.fault(Fault::status("keys", 503)).is_err());
}

#[test]
fn custom_credentials_are_used_and_redacted_in_debug() {
    let settings = Settings {
        client_id: Some("skc_7".into()),
        client_secret: Some("canary".into()),
        ..Settings::default()
    };
    assert!(!format!("{settings:?}").contains("canary"));
    let emulator = Emulator::start_blocking_with(settings).unwrap();
    assert_eq!((emulator.client_id(), emulator.client_secret()), ("skc_7", "canary"));
    assert!(!format!("{emulator:?}").contains("canary"));
    let other = Emulator::start_blocking().unwrap();
    assert!(other.client_id().starts_with("skc_"));
    assert_ne!(other.client_secret(), Emulator::start_blocking().unwrap().client_secret());
}

#[test]
fn non_loopback_address_requires_allow_remote() {
    let open = Settings { addr: ([0, 0, 0, 0], 0).into(), ..Settings::default() };
    let refused = Emulator::start_blocking_with(open.clone()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert!(Emulator::start_blocking_with(Settings { allow_remote: true, ..open }).is_ok());
}

#[test]
fn empty_client_secret_is_rejected() {
    let settings = Settings { client_secret: Some(String::new()), ..Settings::default() };
    assert_eq!(Emulator::start_blocking_with(settings).unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn environment_url_is_the_issuer_also_if_it_is_not_the_address() {
    let url = "http://scalekit.test:80".to_owned();
    let settings = Settings { environment_url: Some(url.clone()), ..Settings::default() };
    let emulator = Emulator::start_with(settings).await.unwrap();
    let discovery = format!("http://{}/.well-known/openid-configuration", emulator.addr());
    let discovery: Value = support::http().get(discovery).send().await.unwrap().json().await.unwrap();
    assert_eq!((emulator.environment_url(), &discovery["issuer"]), (url.as_str(), &Value::from(url.clone())));
}

#[tokio::test]
async fn environment_url_of_an_unspecified_address_is_localhost() {
    let settings = Settings { addr: "0.0.0.0:0".parse().unwrap(), allow_remote: true, ..Settings::default() };
    let emulator = Emulator::start_with(settings).await.unwrap();
    assert_eq!(emulator.environment_url(), format!("http://localhost:{}", emulator.addr().port()));
}
