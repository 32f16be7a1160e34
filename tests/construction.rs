//! Constructing a client has no observable effects. The only test of its program, because the resource counters cover the
//! whole process.

mod support;

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::Arc;

use scalekit::{
    AsyncScalekitClient, CallOptions, ClientOptions, ListOrganizations, ScalekitClient, SecretText,
};
use support::counters::{descriptors, threads};
use support::executor::block_on;

fn options() -> ClientOptions {
    ClientOptions {
        user_agent_suffix: Some("quiet/1".into()),
        proxy_url: Some("http://127.0.0.1:9".into()),
        proxy_username: Some("me".into()),
        proxy_password: Some(Arc::new(SecretText::new("proxy_secret"))),
        ..ClientOptions::default()
    }
}

#[test]
fn new_client_starts_no_thread_and_opens_no_connection() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let before = (threads(), descriptors());

    let mut clients = Vec::new();
    for index in 0..100 {
        let options = if index % 2 == 0 { options() } else { ClientOptions::default() };
        let blocking = ScalekitClient::new(&url, "skc_1", "secret", options.clone()).unwrap();
        let asynchronous = AsyncScalekitClient::new(&url, "skc_1", "secret", options).unwrap();
        let blocking = blocking.with_options(CallOptions::default()).unwrap();
        let asynchronous = asynchronous.with_options(CallOptions::default()).unwrap();
        let pager = blocking.organizations().list_all(ListOrganizations::default());
        let async_pager = asynchronous.organizations().list_all(ListOrganizations::default());
        // A future does nothing before it is polled.
        drop(asynchronous.jwks());
        clients.push((blocking, asynchronous, pager, async_pager));
    }
    assert_eq!((threads(), descriptors()), before);
    assert_eq!(server.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "a client connected");

    // The counters do see the resources of calls: a blocking call runs on the caller's thread, an async call starts a
    // thread of the library.
    let short_timeout = || CallOptions { timeout_seconds: Some(0.05), ..CallOptions::default() };
    assert!(clients[1].0.with_options(short_timeout()).unwrap().jwks().is_err());
    let blocking = (threads(), descriptors());
    assert_eq!(blocking.0, before.0);
    assert!(blocking.1 > before.1 && server.accept().is_ok());
    assert!(block_on(clients[1].1.with_options(short_timeout()).unwrap().jwks()).is_err());
    assert!(threads() > blocking.0 && descriptors() > blocking.1 && server.accept().is_ok());
}
