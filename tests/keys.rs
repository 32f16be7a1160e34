//! The environment's keys: fetched once, renewed in time, never in a flood, and used when the service is away.

mod support;

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
use support::caller::{call, plain};
use support::forge::{Draft, Key};
use support::gate::{Gate, PATIENCE};
use support::raw::{self, Next, RawServer};
use support::{Caller, Style, arrived, emulator, in_every_style, quick, retries};

in_every_style!(
    a_thousand_cold_checks_fetch_the_keys_once,
    ten_thousand_invented_key_ids_lead_to_one_fetch_a_cooldown,
    a_rotation_in_the_middle_of_traffic_refuses_nobody,
    a_new_key_is_fetched_when_it_is_met,
    withdrawn_keys_are_forgotten_with_the_next_fetch,
    known_keys_serve_while_the_service_is_away,
    keys_that_slept_are_renewed_before_they_are_used,
    without_keys_the_error_says_so_and_is_not_the_tokens,
    a_fetch_that_fails_does_not_flood_either,
    the_keys_obey_the_time_of_the_call,
    keys_can_be_brought_along,
    keys_that_are_all_there_are_lead_to_no_fetch,
    odd_key_sets_are_survived,
    the_fetch_outlives_the_call_that_began_it,
);

const HOUR: Duration = Duration::from_secs(3600);
const COOLDOWN: Duration = Duration::from_secs(30);

fn token(emulator: &Emulator) -> String {
    let order = json!({"kind": "access", "token": {"claims": {"exp": 4_102_444_800_i64}}});
    emulator.make_token(order).unwrap()["token"].as_str().unwrap().to_owned()
}

fn check(client: &Caller, token: &str) -> Result<()> {
    let expectations = TokenExpectations::for_any_audience();
    call!(*client, c => c.tokens().validate(token, expectations)).map(drop)
}

fn keys(emulator: &Emulator) -> usize {
    arrived(emulator, "oauth.keys")
}

fn await_keys(emulator: &Emulator, count: usize) {
    emulator.wait_blocking("oauth.keys", Progress { count, aborted: 0 }, PATIENCE).unwrap();
}

fn code(error: &ScalekitError) -> &str {
    error.failure().code.as_deref().unwrap_or_default()
}

fn a_thousand_cold_checks_fetch_the_keys_once(style: Style) {
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
async fn a_thousand_cold_tasks_fetch_the_keys_once() {
    let emulator = Emulator::start().await.unwrap();
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    let client = AsyncScalekitClient::new(url, id, secret, quick()).unwrap();
    let token = token(&emulator);
    let mut checks = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (client, token) = (client.clone(), token.clone());
        checks.spawn(async move {
            client.tokens().validate(&token, TokenExpectations::for_any_audience()).await.is_ok()
        });
    }
    assert_eq!(checks.join_all().await, [true; 1000]);
    assert_eq!(keys(&emulator), 1);
}

fn invented(count: usize) -> Vec<String> {
    let key = Key::load(2);
    let signature = key.sign(b"anything");
    let one = |n| Draft::new(&format!("snk_{n}"), json!({})).sealed(|_| signature.clone());
    (900_000..900_000 + count).map(one).collect()
}

fn ten_thousand_invented_key_ids_lead_to_one_fetch_a_cooldown(style: Style) {
    let emulator = emulator();
    let (client, good) = (style.client(&emulator, quick()), token(&emulator));
    let tokens = invented(10_000);
    let all = |tokens: &[String]| {
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
    all(&tokens);
    assert_eq!(keys(&emulator), 1, "from cold");
    check(&client, &good).unwrap();
    client.advance_clock(COOLDOWN);
    all(&tokens[..1000]);
    assert_eq!(keys(&emulator), 2, "after the cooldown");
    check(&client, &good).unwrap();
    client.advance_clock(COOLDOWN);
    check(&client, &good).unwrap();
    assert_eq!(keys(&emulator), 2, "a known key needs none");
}

fn a_rotation_in_the_middle_of_traffic_refuses_nobody(style: Style) {
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
            let so_far = checked.load(Ordering::SeqCst);
            support::counters::eventually("the traffic stands still", || {
                checked.load(Ordering::SeqCst) >= so_far + 40
            });
            if rotation > 0 {
                // The first rotation follows the cold start at once; the others wait for the cooldown.
                client.advance_clock(COOLDOWN);
            }
            emulator.rotate_keys();
            *current.lock().unwrap() = token(&emulator);
        }
        let so_far = checked.load(Ordering::SeqCst);
        support::counters::eventually("the traffic stands still", || {
            checked.load(Ordering::SeqCst) >= so_far + 40
        });
        stop.store(true, Ordering::SeqCst);
    });
    assert_eq!(keys(&emulator), 5, "one cold fetch, and one for each new key");
}

fn a_new_key_is_fetched_when_it_is_met(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let old = token(&emulator);
    check(&client, &old).unwrap();
    emulator.rotate_keys();
    assert_eq!(keys(&emulator), 1, "nobody asks before it is met");
    let new = token(&emulator);
    check(&client, &new).unwrap();
    assert_eq!(keys(&emulator), 2);
    check(&client, &old).unwrap();
    check(&client, &new).unwrap();
    assert_eq!(keys(&emulator), 2);
}

fn withdrawn_keys_are_forgotten_with_the_next_fetch(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let old = token(&emulator);
    check(&client, &old).unwrap();
    emulator.rotate_keys();
    emulator.drop_old_keys();
    check(&client, &old).unwrap();
    client.advance_clock(HOUR);
    // The key is still used once, while the keys are renewed behind the scenes.
    check(&client, &old).unwrap();
    await_keys(&emulator, 2);
    support::counters::eventually("the withdrawn key is still used", || {
        check(&client, &old).is_err_and(|error| code(&error) == "unknown_key")
    });
}

fn known_keys_serve_while_the_service_is_away(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..quick() });
    let token = token(&emulator);
    check(&client, &token).unwrap();
    emulator.fault(Fault::status("oauth.keys", 503).count(1000)).unwrap();
    // A renewal goes on behind the scenes, and the next one begins when it is over.
    let renewed = |count| {
        support::counters::eventually("nobody asks for the keys", || {
            check(&client, &token).unwrap();
            keys(&emulator) >= count
        });
        assert_eq!(keys(&emulator), count, "a failure is not repeated at once");
    };
    for hours in 1..5 {
        client.advance_clock(HOUR);
        renewed(1 + hours);
    }
    client.advance_clock(COOLDOWN);
    renewed(6);
    emulator.clear_faults();
    client.advance_clock(COOLDOWN * 2);
    renewed(7);
}

fn keys_that_slept_are_renewed_before_they_are_used(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let old = token(&emulator);
    check(&client, &old).unwrap();
    emulator.rotate_keys();
    emulator.drop_old_keys();
    client.advance_clock(HOUR * 3);
    assert_eq!(code(&check(&client, &old).unwrap_err()), "unknown_key");
    assert_eq!(keys(&emulator), 2);
    // Where they cannot be renewed they serve all the same.
    emulator.fault(Fault::status("oauth.keys", 503).count(1000)).unwrap();
    client.advance_clock(HOUR * 3);
    check(&client, &token(&emulator)).unwrap();
}

fn without_keys_the_error_says_so_and_is_not_the_tokens(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..quick() });
    let good = token(&emulator);
    emulator.fault(Fault::status("oauth.keys", 503)).unwrap();
    let error = check(&client, &good).unwrap_err();
    assert!(matches!(error, ScalekitError::Service { .. }), "{error}");
    assert_eq!(error.failure().operation, "oauth.keys");
    client.advance_clock(Duration::from_secs(5));
    check(&client, &good).unwrap();
    // The same for a key that is new while the service is away: it may be good.
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

fn a_fetch_that_fails_does_not_flood_either(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, ClientOptions { retry: Some(retries(0)), ..quick() });
    emulator.fault(Fault::status("oauth.keys", 503).count(1000)).unwrap();
    for token in invented(100) {
        assert!(matches!(check(&client, &token).unwrap_err(), ScalekitError::Service { .. }));
    }
    assert_eq!(keys(&emulator), 1);
}

fn the_keys_obey_the_time_of_the_call(style: Style) {
    let silent = RawServer::start(|_, _| Ok(Next::Hang));
    let client = style.client_at(&silent.url(), ClientOptions { timeout_seconds: Some(20.0), ..quick() });
    let hasty = client.with(CallOptions { timeout_seconds: Some(0.2), ..CallOptions::default() }).unwrap();
    let error = check(&hasty, &invented(1)[0]).unwrap_err();
    assert!(matches!(error, ScalekitError::Timeout { .. }), "{error}");
    assert_eq!(error.to_string(), "tokens.validate: no answer within 0.2 s (waiting for the keys)");
}

fn published(emulator: &Emulator, style: Style) -> Json {
    style.client(emulator, quick()).jwks().unwrap()
}

fn keys_can_be_brought_along(style: Style) {
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
    assert_eq!(keys(&emulator), 1, "a new key is fetched all the same");
    client.advance_clock(HOUR);
    check(&client, &old).unwrap();
    await_keys(&emulator, 2);
    for (odd, says) in [
        (json!({}), "`keys` has no `keys` array"),
        (json!({"keys": [{"kty": "EC"}]}), "`keys` contains no usable RS256 key"),
        (json!(null), "`keys` has no `keys` array"),
    ] {
        let error = plain!(client, c => c.tokens().preload_keys(Json::from(odd.clone()), true)).unwrap_err();
        assert_eq!(error.to_string(), says);
    }
}

fn keys_that_are_all_there_are_lead_to_no_fetch(style: Style) {
    let emulator = emulator();
    let (jwks, good) = (published(&emulator, style), token(&emulator));
    let nowhere = raw::Nowhere::new();
    let issuers = vec![emulator.environment_url().to_owned()];
    let client = style.client_at(&nowhere.url(), ClientOptions { issuers, ..quick() });
    plain!(client, c => c.tokens().preload_keys(jwks, true)).unwrap();
    check(&client, &good).unwrap();
    assert_eq!(code(&check(&client, &invented(1)[0]).unwrap_err()), "unknown_key");
    client.advance_clock(HOUR * 48);
    check(&client, &good).unwrap();
    // Others take their place.
    emulator.rotate_keys();
    emulator.drop_old_keys();
    let new = token(&emulator);
    plain!(client, c => c.tokens().preload_keys(published(&emulator, style), true)).unwrap();
    check(&client, &new).unwrap();
    assert_eq!(code(&check(&client, &good).unwrap_err()), "unknown_key");
}

/// Answers `/keys` with one body after the other, the last one for ever.
fn serving(bodies: Vec<(u16, Vec<u8>)>) -> RawServer {
    let served = AtomicUsize::new(0);
    RawServer::start(move |_, to| {
        let (status, body) = &bodies[served.fetch_add(1, Ordering::SeqCst).min(bodies.len() - 1)];
        raw::respond(to, *status, &[("content-type", "application/json")], body)
    })
}

fn odd_key_sets_are_survived(style: Style) {
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
        let server = serving(vec![(status, body.clone()), (200, good.to_string().into_bytes())]);
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

fn the_fetch_outlives_the_call_that_began_it(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let good = token(&emulator);
    emulator.fault(Fault::new("oauth.keys", FaultKind::Delay { ms: 500, forever: false })).unwrap();
    let hasty = client.with(CallOptions { timeout_seconds: Some(0.1), ..CallOptions::default() }).unwrap();
    assert!(matches!(check(&hasty, &good).unwrap_err(), ScalekitError::Timeout { .. }));
    check(&client, &good).unwrap();
    assert_eq!(keys(&emulator), 1, "what the first one began served the second");
}

/// What comes compressed is read all the same.
#[test]
fn compressed_keys_are_read() {
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
    let seen: HashSet<Value> =
        server.requests().iter().map(|request| json!(request.header("authorization"))).collect();
    assert_eq!(seen, HashSet::from([Value::Null]), "the keys are public");
}
