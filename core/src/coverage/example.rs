//! Generated example responses, derived from the shapes of the models.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

use crate::op::Probe;
use crate::types::Shape;

/// Depth at which recursive models end.
const MAX_DEPTH: u32 = 4;

/// A value as the service sends it, and as the library writes it after reading it. `None` if the library omits it.
type Pair = (Value, Option<Value>);

/// Reads and writes examples of an operation's response: fields present, absent or null, unknown fields and enumeration
/// values, integers as strings, and names that occur twice.
pub(super) fn check(probe: &Probe) {
    if matches!(probe.response, Shape::Nothing) {
        return;
    }
    let inside = |value: Value| match probe.spec.inside {
        Some(key) => json!({key: value, "unknown_field": [1]}),
        None => value,
    };
    check_shape(probe.spec.id, &probe.response, inside, |body| (probe.reread)(probe.spec, body));
}

/// The same for any shape. `inside` wraps a value into the complete body, and `reread` reads and writes a body.
pub(super) fn check_shape(
    name: &str,
    shape: &Shape,
    inside: impl Fn(Value) -> Value,
    reread: impl Fn(&[u8]) -> Result<Value, String>,
) {
    // The same examples in every run.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config { cases: 64, ..Config::default() }, rng);
    let examples = pair(shape, 0);
    let mut previous = Value::Null;
    for _ in 0..64 {
        let (sent, expected) = examples.new_tree(&mut runner).unwrap().current();
        let body = inside(json!("value")).to_string().replacen("\"value\"", &twice(&previous, &sent), 1);
        reread(body.as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}: {body}"));
        previous.clone_from(&sent);
        let sent = inside(sent);
        let read = reread(sent.to_string().as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}: {sent}"));
        assert_eq!(
            without_zeros(read.clone()),
            without_zeros(expected.unwrap_or_default()),
            "{name}: {sent}"
        );
        let body = inside(read.clone()).to_string();
        assert_eq!(reread(body.as_bytes()), Ok(read), "{name}");
    }
}

/// An object with the fields of both values, so that a name may occur twice, as may those of the objects inside.
fn twice(first: &Value, last: &Value) -> String {
    let (Value::Object(first), Value::Object(last)) = (first, last) else { return last.to_string() };
    let field = |name: &str, value: &str| format!("{}:{value}", Value::from(name));
    let mut fields: Vec<_> = first.iter().map(|(name, value)| field(name, &value.to_string())).collect();
    for (name, value) in last {
        fields.push(field(name, &twice(first.get(name).unwrap_or(&Value::Null), value)));
    }
    format!("{{{}}}", fields.join(","))
}

/// Removes absent, null and zero values, which are equivalent (see `types/lenient.rs`).
fn without_zeros(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (key, without_zeros(value)));
            fields.filter(|(_, value)| !is_zero(value)).collect()
        }
        Value::Array(items) => items.into_iter().map(without_zeros).collect(),
        other => other,
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

fn unchanged(value: Value) -> Pair {
    (value.clone(), Some(value))
}

fn pair(shape: &Shape, depth: u32) -> BoxedStrategy<Pair> {
    match shape {
        Shape::Text => "[ -~äß✓]{0,12}".prop_map(|text| unchanged(json!(text))).boxed(),
        Shape::Integer | Shape::IntegerText => (any::<i64>(), any::<bool>()).prop_map(integer).boxed(),
        Shape::Number => any::<i32>().prop_map(|number| unchanged(json!(f64::from(number) / 8.0))).boxed(),
        Shape::Flag => any::<bool>().prop_map(|flag| unchanged(json!(flag))).boxed(),
        Shape::Time => (1_i64..4_000_000_000, 0_u32..1_000_000_000).prop_map(time).boxed(),
        Shape::Free => Just(unchanged(json!({"free": [1, "x", null, {"deep": true}]}))).boxed(),
        Shape::Nothing => Just((json!({}), None)).boxed(),
        Shape::Choice(values) => choice(values),
        Shape::List(item) => vec(pair(item, depth), 0..3).prop_map(list).boxed(),
        // Few keys, so that examples share some.
        Shape::Map(value) => btree_map("[ab]{2}", pair(value, depth), 0..3)
            .prop_map(|map| fields(map.into_iter().collect()))
            .boxed(),
        Shape::Object(..) if depth == MAX_DEPTH => Just((json!({}), Some(json!({})))).boxed(),
        Shape::Object(_, of, required) => object(&of(), *required, depth + 1),
    }
}

fn integer((number, as_text): (i64, bool)) -> Pair {
    let sent = if as_text { json!(number.to_string()) } else { json!(number) };
    (sent, Some(json!(number)))
}

fn time((seconds, nanos): (i64, u32)) -> Pair {
    let time = chrono::DateTime::from_timestamp(seconds, nanos).unwrap();
    unchanged(json!(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)))
}

fn choice(values: &'static [&'static str]) -> BoxedStrategy<Pair> {
    prop_oneof![
        proptest::sample::select(values).prop_map(|value| unchanged(json!(value))),
        "[A-Z_]{1,9}".prop_map(|value| unchanged(json!(value))),
    ]
    .boxed()
}

fn list(items: Vec<Pair>) -> Pair {
    let (sent, expected): (Vec<_>, Vec<_>) = items.into_iter().unzip();
    (Value::Array(sent), Some(expected.into_iter().flatten().collect()))
}

fn fields(pairs: Vec<(String, Pair)>) -> Pair {
    let mut both = (Map::new(), Map::new());
    for (name, (sent, expected)) in pairs {
        both.0.insert(name.clone(), sent);
        if let Some(expected) = expected {
            both.1.insert(name, expected);
        }
    }
    (Value::Object(both.0), Some(Value::Object(both.1)))
}

/// An object whose fields are absent, null or present unless required, with or without an unknown field.
fn object(
    shape: &[(&'static str, Shape)],
    required: Option<&'static str>,
    depth: u32,
) -> BoxedStrategy<Pair> {
    let field = |(name, shape): &(&'static str, Shape)| {
        let name = *name;
        if required == Some(name) {
            let is_filled = |(_, read): &Pair| !is_zero(&without_zeros(read.clone().unwrap_or_default()));
            let value = pair(shape, depth).prop_filter("required", is_filled);
            return value.prop_map(move |pair| Some((name.to_owned(), pair))).boxed();
        }
        let value = prop_oneof![
            1 => Just(None),
            1 => Just(Some((Value::Null, None))),
            4 => pair(shape, depth).prop_map(Some),
        ];
        value.prop_map(move |pair| pair.map(|pair| (name.to_owned(), pair))).boxed()
    };
    let all: Vec<_> = shape.iter().map(field).collect();
    (all, any::<bool>())
        .prop_map(|(known, has_unknown)| {
            let mut all: Vec<_> = known.into_iter().flatten().collect();
            if has_unknown {
                all.push(("x_unknown_field".into(), (json!({"of": 1}), None)));
            }
            fields(all)
        })
        .boxed()
}
