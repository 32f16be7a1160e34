//! The text is that of serde_json.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::types::{Json, Timestamp};

/// Compares with serde_json, from too little room and from enough.
fn agrees(value: &(impl Serialize + ?Sized)) {
    let expected = serde_json::to_string(value).unwrap();
    for room in [0, 1024] {
        assert_eq!(to_json_of(value, room), Ok(expected.clone()));
    }
}

#[test]
fn every_character_is_escaped_at_every_position() {
    for special in (0..=0x7f_u8).map(char::from).chain(['é', '\u{2028}', '😀']) {
        for before in 0..17 {
            agrees(&format!("{}{special}{}", "a".repeat(before), "b".repeat(before % 9)));
        }
    }
    agrees("");
}

#[test]
fn numbers_and_literals_agree() {
    for integer in [0, 1, -1, i64::MAX, i64::MIN] {
        agrees(&integer);
    }
    agrees(&u64::MAX);
    for double in [0.0, -0.0, 1.0, 0.1, 1e21, 1e-7, 5e-324, f64::MAX, f64::INFINITY, f64::NAN] {
        agrees(&double);
    }
    agrees(&[Some(true), Some(false), None]);
    agrees(&(1, "two"));
}

#[test]
fn arbitrary_json_keeps_all_digits_and_the_order_of_keys() {
    for text in [
        r#"{"z":[],"a":{},"wei":1000000000000000000000000000000,"text":"\"\\\u0001\n"}"#,
        "[18446744073709551616,-0.5,null,true]",
        "-100000000000000000000000000000",
    ] {
        let json: Json = text.parse().unwrap();
        agrees(&json);
        assert_eq!(to_json(&json).unwrap(), text.parse::<Json>().unwrap().to_string());
        agrees(&BTreeMap::from([("inside", [&json, &json])]));
    }
}

#[test]
fn timestamps_of_all_years_agree() {
    let moment = |text: &str| text.parse::<Timestamp>().unwrap();
    agrees(&moment("2026-01-02T03:04:05.678Z"));
    agrees(&moment("2026-12-31T23:59:60Z"));
    let far = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(300_000_000_000);
    agrees(&Timestamp::from(far));
}

#[test]
fn keys_that_are_not_strings_are_errors() {
    assert_eq!(to_json(&HashMap::from([(1, "one")])), Err(Unwritable));
    assert_eq!(to_json(&HashMap::from([(None::<String>, "none")])), Err(Unwritable));
    agrees(&HashMap::from([("a \"quoted\" key", 1)]));
}

#[test]
fn values_that_no_model_has_are_errors() {
    assert_eq!(to_json(&'c'), Err(Unwritable));
    assert_eq!(to_json(&[1_f32]), Err(Unwritable));
}

fn arbitrary() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!(null)),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(".{0,12}", inner, 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_agrees(value in arbitrary()) {
        agrees(&value);
    }
}
