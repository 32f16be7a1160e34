//! Arbitrary JSON keeps every number and the order of keys, in requests and in responses.

use scalekit::{ExecuteTool, HttpMethod, Json, ScalekitError};
use serde_json::json;

use crate::support::caller::call;
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, emulator, in_every_style, quick};

in_every_style!(
    hard_numbers_survive_both_ways,
    key_order_survives_both_ways,
    number_beyond_a_double_in_a_response_is_a_decode_error,
    random_doubles_survive_a_tool_call,
);

/// As JSON text, in the spelling that the library itself writes.
const HARD: &[&str] = &[
    "5e-324",
    "2.2250738585072014e-308",
    "1.7976931348623157e+308",
    "0.30000000000000004",
    "0.23596292851475154",
    "-0.0",
    "1e+21",
    "123456789012345680",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "1000000000000000000000000000000",
    "1.5",
    "0",
];

/// A server that returns the body of each request.
fn echo() -> RawServer {
    RawServer::service(|request, to| raw::json(to, 200, &request.body))
}

fn post(caller: &Caller, body: &str) -> scalekit::Result<Json> {
    let body = Some(body.parse::<Json>()?);
    let path = "/api/v1/anything";
    let none = std::collections::HashMap::new;
    call!(*caller, client => client.request(HttpMethod::Post, path, none(), body.clone()))
        .map(|response| response.body)
}

fn hard_numbers_survive_both_ways(style: Style) {
    let (server, list) = (echo(), format!("[{}]", HARD.join(",")));
    let caller = style.client_at(&server.url(), quick());
    for text in HARD.iter().copied().chain([list.as_str()]) {
        let object = format!(r#"{{"n":{text}}}"#);
        let received = post(&caller, &object).unwrap();
        assert_eq!(server.requests_to("/api/").last().unwrap().body, object, "sent");
        assert_eq!(received.to_string(), object, "received");
    }
}

fn key_order_survives_both_ways(style: Style) {
    let server = echo();
    let caller = style.client_at(&server.url(), quick());
    let text = r#"{"z":1,"a":{"y":[{"d":1,"c":2}],"b":2},"m":null}"#;
    assert_eq!(post(&caller, text).unwrap().to_string(), text);
    assert_eq!(server.requests_to("/api/").last().unwrap().body, text);
}

fn number_beyond_a_double_in_a_response_is_a_decode_error(style: Style) {
    for number in ["1e400", "-1e400"] {
        let server = RawServer::service(move |_, to| raw::json(to, 200, &format!(r#"{{"n": [{number}]}}"#)));
        let caller = style.client_at(&server.url(), quick());
        let error = post(&caller, "{}").unwrap_err();
        assert!(matches!(error, ScalekitError::Decode { .. }), "{error:?}");
        assert!(error.to_string().contains("number beyond the range"), "{error}");
    }
}

#[test]
fn text_that_is_not_json_is_an_invalid_argument() {
    for (text, why) in [
        ("1e400", "number beyond the range"),
        ("[-1e400]", "number beyond the range"),
        ("NaN", "not valid JSON"),
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("1 2", "not valid JSON"),
    ] {
        let error = text.parse::<Json>().unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error:?}");
        assert!(error.to_string().starts_with("`json` ") && error.to_string().contains(why), "{error}");
    }
}

#[test]
fn integer_beyond_64_bits_keeps_its_digits() {
    let text = "{ \"s\" : \"a \\\" 1\", \"n\": [ -1000000000000000000000000000000 ,\n1.5 ] }";
    let json: Json = text.parse().unwrap();
    let compact = r#"{"s":"a \" 1","n":[-1000000000000000000000000000000,1.5]}"#;
    assert_eq!(json.to_string(), compact);
    assert_eq!(serde_json::to_string(&json).unwrap(), compact);
    assert_eq!(json, compact.parse().unwrap());
    assert_ne!(json, compact.replace("00,", "01,").parse().unwrap());
    assert_eq!(json.value()["n"][0], json!(-1e30));
}

/// Any finite double, each bit pattern equally likely.
fn doubles(mut seed: u64) -> impl Iterator<Item = f64> {
    let bits = std::iter::repeat_with(move || {
        // SplitMix64.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    });
    bits.map(f64::from_bits).filter(|number| number.is_finite())
}

fn random_doubles_survive_a_tool_call(style: Style) {
    let emulator = emulator();
    emulator
        .seed(json!({"connected_accounts": [{"id": "ca_1", "connector": "emulator", "identifier": "ada"}]}))
        .unwrap();
    let caller = style.client(&emulator, quick());
    for seed in 0..8 {
        // Half of them between 0 and 1, where programs have most of theirs.
        let all = doubles(seed).take(500);
        let numbers: Vec<f64> = all
            .map(|number| {
                if number.to_bits() % 2 == 0 {
                    number
                } else {
                    (number.to_bits() >> 11) as f64 / 9007199254740992.0
                }
            })
            .collect();
        // Rust writes the shortest digits that are read as the same number.
        let list = numbers.iter().map(|number| format!("{number:e}")).collect::<Vec<_>>().join(",");
        let tool = ExecuteTool::new("emulator_echo")
            .with_params(format!(r#"{{"value":[{list}]}}"#).parse::<Json>().unwrap())
            .with_connected_account_id("ca_1");
        let executed = call!(caller, client => client.tools().execute(tool.clone())).unwrap();
        let text = executed.data.to_string();
        let inner = text.strip_prefix(r#"{"value":["#).unwrap().strip_suffix("]}").unwrap();
        let received: Vec<f64> = inner.split(',').map(|number| number.parse().unwrap()).collect();
        assert_eq!(received.len(), numbers.len());
        for (sent, received) in numbers.iter().zip(received) {
            assert_eq!(sent.to_bits(), received.to_bits(), "{sent:e} became {received:e}");
        }
    }
}
