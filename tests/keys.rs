//! Signing keys: fetched once, renewed early, rate-limited, and used during a service outage.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use scalekit::{
    AsyncScalekitClient, CallOptions, ClientOptions, Json, Result, ScalekitError, TokenExpectations,
};
use scalekit_emulator::{Emulator, Fault, FaultKind, Progress};
use serde_json::{Value, json};

use crate::support;
use crate::support::caller::{call, plain};
use crate::support::forge::{Draft, Key};
use crate::support::gate::{Gate, MAX_WAIT};
use crate::support::raw::{self, Next, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count, retries};

in_every_style!(
    thousand_concurrent_checks_fetch_the_keys_once,
    ten_thousand_unknown_key_ids_cause_one_fetch_per_cooldown,
    key_rotation_during_traffic_rejects_no_valid_token,
    new_key_is_fetched_on_its_first_token,
    withdrawn_key_is_dropped_at_the_next_fetch,
    known_keys_are_used_during_an_outage,
    long_expired_keys_are_renewed_before_use,
    unavailable_keys_return_the_fetch_error,
    failed_key_fetch_is_rate_limited,
    key_fetch_obeys_the_deadline_of_the_call,
    preloaded_keys_need_no_fetch,
    complete_preloaded_keys_are_never_fetched,
    invalid_key_set_is_replaced_by_the_next_fetch,
    key_fetch_survives_timeout_of_its_initiating_call,
);

const HOUR: Duration = Duration::from_secs(3600);
const COOLDOWN: Duration = Duration::from_secs(30);

fn token(emulator: &Emulator) -> String {
    let order = json!({"kind": "access", "token": {"claims": {"exp": 4_102_444_800_i64}}});
    emulator.make_token(order).unwrap()["token"].as_str().unwrap().to_owned()
}

fn check(client: &Caller, token: &str) -> Result<()> {
    let expectations = TokenExpectations::for_any_audience();
    call!(*client, c => c.tokens().validate(token, expectations, None)).map(drop)
}

fn keys(emulator: &Emulator) -> usize {
    request_count(emulator, "oauth.keys")
}

fn await_keys(emulator: &Emulator, count: usize) {
    emulator.wait_blocking("oauth.keys", Progress { count, aborted: 0 }, MAX_WAIT).unwrap();
}

fn code(error: &ScalekitError) -> &str {
    error.failure().code.as_deref().unwrap_or_default()
}

fn thousand_concurrent_checks_fetch_the_keys_once(style: Style) {
    let (emulator, gate) = (emulator(), Gate::default());
    let (client, token) = (style.client(&emulator, quick()), token(&emulator));
    emulator.fault(Fault::new("oauth.keys", FaultKind::Delay { ms: 100, forever: false })).unwrap();
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                gate.pass();
                for _ in 0..10 {
                    check(&client, &token).unwrap();
                }
            });
        }
        gate.await_waiting(100);
        gate.open();
    });
    assert_eq!(keys(&emulator), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousand_concurrent_tasks_fetch_the_keys_once() {
    let emulator = Emulator::start_with(scalekit_emulator::Settings::strict()).await.unwrap();
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    let client = AsyncScalekitClient::new(url, id, secret, quick()).unwrap();
    let token = token(&emulator);
    let mut checks = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (client, token) = (client.clone(), token.clone());
        checks.spawn(async move {
            client.tokens().validate(&token, TokenExpectations::for_any_audience(), None).await.is_ok()
        });
    }
    assert_eq!(checks.join_all().await, [true; 1000]);
    assert_eq!(keys(&emulator), 1);
}

fn unknown_key_tokens(count: usize) -> Vec<String> {
    let key = Key::load(2);
    let signature = key.sign(b"anything");
    let one = |n| Draft::new(&format!("snk_{n}"), json!({})).sign_by(|_| signature.clone());
    (900_000..900_000 + count).map(one).collect()
}

fn ten_thousand_unknown_key_ids_cause_one_fetch_per_cooldown(style: Style) {
    let emulator = emulator();
    let (client, good) = (style.client(&emulator, quick()), token(&emulator));
    let tokens = unknown_key_tokens(10_000);
    let check_all = |tokens: &[String]| {
        thread::scope(|scope| {
            for part in tokens.chunks(tokens.len().div_ceil(8)) {
                let client = &client;
                scope.spawn(move || {
                    for token in part {
                        assert_eq!(code(&check(client, token).unwrap_err()), "unknown_key");
                    }
                });
            }
        });
    };
    check_all(&tokens);
    assert_eq!(keys(&emulator), 1, "with a cold cache");
    check(&client, &good).unwrap();
    client.advance_clock(COOLDOWN);
    check_all(&tokens[..1000]);
    assert_eq!(keys(&emulator), 2, "after the cooldown");
    check(&client, &good).unwrap();
    client.advance_clock(COOLDOWN);
    check(&client, &good).unwrap();
    assert_eq!(keys(&emulator), 2, "a known key must need no fetch");
}

fn key_rotation_during_traffic_rejects_no_valid_token(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let (current, stop, checked) =
        (Mutex::new(token(&emulator)), AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let token = current.lock().unwrap().clone();
                    check(&client, &token).unwrap();
                    checked.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for rotation in 0..4 {
            let count = checked.load(Ordering::SeqCst);
            support::counters::eventually("the checks made no progress", || {
                checked.load(Ordering::SeqCst) >= count + 40
            });
            if rotation > 0 {
                // The first rotation directly follows the cold start; later ones are after the cooldown.
                client.advance_clock(COOLDOWN);
            }
            emulator.rotate_keys();
            *current.lock().unwrap() = token(&emulator);
        }
        let count = checked.load(Ordering::SeqCst);
        support::counters::eventually("the checks made no progress", || {
            checked.load(Ordering::SeqCst) >= count + 40
        });
        stop.store(true, Ordering::SeqCst);
    });
    assert_eq!(keys(&emulator), 5, "one cold fetch, and one for each new key");
}

fn new_key_is_fetched_on_its_first_token(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let old = token(&emulator);
    check(&client, &old).unwrap();
    emulator.rotate_keys();
    assert_eq!(keys(&emulator), 1, "keys must not be fetched before the new key is used");
    let new = token(&emulator);
    check(&client, &new).unwrap();
    assert_eq!(keys(&emulator), 2);
    check(&client, &old).unwrap();
    check(&client, &new).unwrap();
    assert_eq!(keys(&emulator), 2);
}

fn withdrawn_key_is_dropped_at_the_next_fetch(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let old = token(&emulator);
    check(&client, &old).unwrap();
    emulator.rotate_keys();
    emulator.drop_old_keys();
    check(&client, &old).unwrap();
    client.advance_clock(HOUR);
    // The stale key is used once more while the keys are renewed in the background.
    check(&client, &old).unwrap();
    await_keys(&emulator, 2);
    support::counters::eventually("the withdrawn key is still used", || {
        check(&client, &old).is_err_and(|error| code(&error) == "unknown_key")
    });
}

fn known_keys_are_used_during_an_outage(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..quick() });
    let token = token(&emulator);
    check(&client, &token).unwrap();
    emulator.fault(Fault::status("oauth.keys", 503).count(1000)).unwrap();
    // A renewal runs in the background; the next one starts after it has ended.
    let assert_renewed = |count| {
        support::counters::eventually("the keys were not fetched", || {
            check(&client, &token).unwrap();
            keys(&emulator) >= count
        });
        assert_eq!(keys(&emulator), count, "a failed fetch must not be repeated immediately");
    };
    for hours in 1..5 {
        client.advance_clock(HOUR);
        assert_renewed(1 + hours);
    }
    client.advance_clock(COOLDOWN);
    assert_renewed(6);
    emulator.clear_faults();
    client.advance_clock(COOLDOWN * 2);
    assert_renewed(7);
}

fn long_expired_keys_are_renewed_before_use(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let old = token(&emulator);
    check(&client, &old).unwrap();
    emulator.rotate_keys();
    emulator.drop_old_keys();
    client.advance_clock(HOUR * 3);
    assert_eq!(code(&check(&client, &old).unwrap_err()), "unknown_key");
    assert_eq!(keys(&emulator), 2);
    // If the renewal fails, the old keys are used.
    emulator.fault(Fault::status("oauth.keys", 503).count(1000)).unwrap();
    client.advance_clock(HOUR * 3);
    check(&client, &token(&emulator)).unwrap();
}

fn unavailable_keys_return_the_fetch_error(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..quick() });
    let good = token(&emulator);
    emulator.fault(Fault::status("oauth.keys", 503)).unwrap();
    let error = check(&client, &good).unwrap_err();
    assert!(matches!(error, ScalekitError::Service { .. }), "{error}");
    assert_eq!(error.failure().operation, "oauth.keys");
    client.advance_clock(Duration::from_secs(5));
    check(&client, &good).unwrap();
    // The same for a new key during an outage, because the token may be valid.
    emulator.rotate_keys();
    let new = token(&emulator);
    emulator.fault(Fault::status("oauth.keys", 503)).unwrap();
    for _ in 0..2 {
        assert!(matches!(check(&client, &new).unwrap_err(), ScalekitError::Service { .. }));
    }
    check(&client, &good).unwrap();
    client.advance_clock(COOLDOWN);
    check(&client, &new).unwrap();
}

fn failed_key_fetch_is_rate_limited(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..quick() });
    emulator.fault(Fault::status("oauth.keys", 503).count(1000)).unwrap();
    for token in unknown_key_tokens(100) {
        assert!(matches!(check(&client, &token).unwrap_err(), ScalekitError::Service { .. }));
    }
    assert_eq!(keys(&emulator), 1);
}

fn key_fetch_obeys_the_deadline_of_the_call(style: Style) {
    let silent = RawServer::start(|_, _| Ok(Next::Hang));
    let client = style.client_at(&silent.url(), ClientOptions { timeout_seconds: Some(20.0), ..quick() });
    let short_timeout =
        client.with(CallOptions { timeout_seconds: Some(0.2), ..CallOptions::default() }).unwrap();
    let error = check(&short_timeout, &unknown_key_tokens(1)[0]).unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    assert_eq!(error.to_string(), "tokens.validate: no response within 0.2 s (waiting for the signing keys)");
}

fn published(emulator: &Emulator, style: Style) -> Json {
    style.client(emulator, quick()).jwks().unwrap()
}

fn preloaded_keys_need_no_fetch(style: Style) {
    let emulator = emulator();
    let (jwks, old) = (published(&emulator, style), token(&emulator));
    emulator.clear_requests();
    let client = style.client(&emulator, quick());
    plain!(client, c => c.tokens().preload_keys(jwks, false)).unwrap();
    check(&client, &old).unwrap();
    check(&client.with(CallOptions::default()).unwrap(), &old).unwrap();
    assert_eq!(keys(&emulator), 0);
    emulator.rotate_keys();
    check(&client, &token(&emulator)).unwrap();
    check(&client, &old).unwrap();
    assert_eq!(keys(&emulator), 1, "a new key must still be fetched");
    client.advance_clock(HOUR);
    check(&client, &old).unwrap();
    await_keys(&emulator, 2);
    for (odd, message) in [
        (json!({}), "`keys` has no `keys` array"),
        (json!({"keys": [{"kty": "EC"}]}), "`keys` contains no usable RS256 key"),
        (json!(null), "`keys` has no `keys` array"),
    ] {
        let error = plain!(client, c => c.tokens().preload_keys(Json::from(odd.clone()), true)).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

fn complete_preloaded_keys_are_never_fetched(style: Style) {
    let emulator = emulator();
    let (jwks, good) = (published(&emulator, style), token(&emulator));
    let nowhere = raw::Nowhere::new();
    let issuers = vec![emulator.environment_url().to_owned()];
    let client = style.client_at(&nowhere.url(), ClientOptions { issuers, ..quick() });
    plain!(client, c => c.tokens().preload_keys(jwks, true)).unwrap();
    check(&client, &good).unwrap();
    assert_eq!(code(&check(&client, &unknown_key_tokens(1)[0]).unwrap_err()), "unknown_key");
    client.advance_clock(HOUR * 48);
    check(&client, &good).unwrap();
    // Preloading again replaces the keys.
    emulator.rotate_keys();
    emulator.drop_old_keys();
    let new = token(&emulator);
    plain!(client, c => c.tokens().preload_keys(published(&emulator, style), true)).unwrap();
    check(&client, &new).unwrap();
    assert_eq!(code(&check(&client, &good).unwrap_err()), "unknown_key");
}

/// Responds with one body after another, and repeats the last.
fn key_server(bodies: Vec<(u16, Vec<u8>)>) -> RawServer {
    let served = AtomicUsize::new(0);
    RawServer::start(move |_, to| {
        let (status, body) = &bodies[served.fetch_add(1, Ordering::SeqCst).min(bodies.len() - 1)];
        raw::respond(to, *status, &[("content-type", "application/json")], body)
    })
}

fn invalid_key_set_is_replaced_by_the_next_fetch(style: Style) {
    let key = Key::load(0);
    let good = json!({"keys": [7, {"kty": "EC", "kid": "a"}, {"kty": "RSA"}, key.jwk("snk_1"), Key::load(1).jwk("snk_1")]});
    let large = format!("{{\"keys\":[],\"filler\":\"{}\"}}", "x".repeat(400_000));
    let odd: [(u16, Vec<u8>); 7] = [
        (200, b"".to_vec()),
        (200, b"<html>".to_vec()),
        (200, b"{}".to_vec()),
        (200, br#"{"keys":[]}"#.to_vec()),
        (200, large.into_bytes()),
        (404, b"{}".to_vec()),
        (302, b"".to_vec()),
    ];
    for (status, body) in odd {
        let server = key_server(vec![(status, body.clone()), (200, good.to_string().into_bytes())]);
        let issuer = server.url();
        let claims = json!({"iss": issuer, "sub": "usr_1", "exp": 4_102_444_800_i64});
        let token = Draft::new("snk_1", claims).sign(&key);
        let client = style.client_at(&issuer, ClientOptions { retry: Some(retries(0)), ..quick() });
        let error = check(&client, &token).unwrap_err();
        assert_eq!(error.failure().operation, "oauth.keys", "{error}");
        client.advance_clock(Duration::from_secs(5));
        check(&client, &token).unwrap_or_else(|error| panic!("after {}: {error}", body.len()));
    }
}

fn key_fetch_survives_timeout_of_its_initiating_call(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let good = token(&emulator);
    emulator.fault(Fault::new("oauth.keys", FaultKind::Delay { ms: 500, forever: false })).unwrap();
    let short_timeout =
        client.with(CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() }).unwrap();
    assert!(matches!(check(&short_timeout, &good).unwrap_err(), ScalekitError::Timeout { .. }));
    check(&client, &good).unwrap();
    assert_eq!(keys(&emulator), 1, "the second call must use the fetch of the first");
}

#[test]
fn compressed_key_set_is_decoded() {
    use std::io::Write as _;
    let key = Key::load(0);
    let text = json!({"keys": [key.jwk("snk_1")]}).to_string();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    let body = gzip.finish().unwrap();
    let server = RawServer::start(move |_, to| raw::respond(to, 200, &[("content-encoding", "gzip")], &body));
    let claims = json!({"iss": server.url(), "sub": "usr_1", "exp": 4_102_444_800_i64});
    let client = Style::Blocking.client_at(&server.url(), quick());
    check(&client, &Draft::new("snk_1", claims).sign(&key)).unwrap();
    let authorizations: HashSet<Value> =
        server.requests().iter().map(|request| json!(request.header("authorization"))).collect();
    assert_eq!(authorizations, HashSet::from([Value::Null]), "the keys are public");
}
