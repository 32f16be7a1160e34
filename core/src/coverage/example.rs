//! Answers as the service may write them, made from the shapes of the models.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

use crate::op::Probe;
use crate::types::Shape;

/// Models that hold each other end here.
const DEEPEST: u32 = 4;

/// A value as the service writes it, and as we write it when we have read it. `None`: we leave it out.
type Pair = (Value, Option<Value>);

/// Reads and writes examples of an operation's answer: any of its fields present, absent or null, with fields and
/// enumeration values that nobody knows, and integers as text.
pub(super) fn check(probe: &Probe) {
    if matches!(probe.response, Shape::Nothing) {
        return;
    }
    let inside = |value: Value| match probe.spec.inside {
        Some(key) => json!({key: value, "unheard_of": [1]}),
        None => value,
    };
    check_shape(probe.spec.id, &probe.response, inside, |body| (probe.reread)(probe.spec, body));
}

/// The same for any shape, which stands `inside` something, and which is read and written by `reread`.
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
    for _ in 0..64 {
        let (sent, expected) = examples.new_tree(&mut runner).unwrap().current();
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

/// Absent, null and zero are one and the same (see `types/lenient.rs`).
fn without_zeros(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().map(|(key, value)| (key, without_zeros(value)));
            kept.filter(|(_, value)| !is_zero(value)).collect()
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

fn same(value: Value) -> Pair {
    (value.clone(), Some(value))
}

fn pair(shape: &Shape, depth: u32) -> BoxedStrategy<Pair> {
    match shape {
        Shape::Text => "[ -~äß✓]{0,12}".prop_map(|text| same(json!(text))).boxed(),
        Shape::Integer | Shape::IntegerText => (any::<i64>(), any::<bool>()).prop_map(integer).boxed(),
        Shape::Number => any::<i32>().prop_map(|number| same(json!(f64::from(number) / 8.0))).boxed(),
        Shape::Flag => any::<bool>().prop_map(|flag| same(json!(flag))).boxed(),
        Shape::Time => (1_i64..4_000_000_000, 0_u32..1_000_000_000).prop_map(time).boxed(),
        Shape::Free => Just(same(json!({"free": [1, "x", null, {"deep": true}]}))).boxed(),
        Shape::Nothing => Just((json!({}), None)).boxed(),
        Shape::Choice(values) => choice(values),
        Shape::List(item) => vec(pair(item, depth), 0..3).prop_map(list).boxed(),
        Shape::Map(value) => btree_map("[a-z_]{3,8}", pair(value, depth), 0..3)
            .prop_map(|map| fields(map.into_iter().collect()))
            .boxed(),
        Shape::Object(..) if depth == DEEPEST => Just((json!({}), Some(json!({})))).boxed(),
        Shape::Object(_, of, required) => object(&of(), *required, depth + 1),
    }
}

fn integer((number, as_text): (i64, bool)) -> Pair {
    let sent = if as_text { json!(number.to_string()) } else { json!(number) };
    (sent, Some(json!(number)))
}

fn time((seconds, nanos): (i64, u32)) -> Pair {
    let time = chrono::DateTime::from_timestamp(seconds, nanos).unwrap();
    same(json!(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)))
}

fn choice(values: &'static [&'static str]) -> BoxedStrategy<Pair> {
    prop_oneof![
        proptest::sample::select(values).prop_map(|value| same(json!(value))),
        "[A-Z_]{1,9}".prop_map(|value| same(json!(value))),
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

/// Each field absent, null or there, unless it is required; and one that nobody knows.
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
        .prop_map(|(known, stranger)| {
            let mut all: Vec<_> = known.into_iter().flatten().collect();
            if stranger {
                all.push(("x_unheard_of".into(), (json!({"of": 1}), None)));
            }
            fields(all)
        })
        .boxed()
}
