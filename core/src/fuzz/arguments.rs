//! Arguments of calls by name: what is accepted is JSON without unknown names, and what is rejected is named on one line.

use serde_json::Value;

use super::{CLIENT_ID, ENVIRONMENT, fields};
use crate::dispatch::Client;
use crate::error::ScalekitError;

/// The longest summary: names are shortened.
const LONGEST_SUMMARY: usize = 500;

/// The input is the name of a call, and its arguments.
pub fn arguments(data: &[u8]) {
    let [name, arguments] = fields(data);
    let client = Client::new(ENVIRONMENT, CLIENT_ID, Some("secret"), "{}").expect("the options are valid");
    let accepted = client.check(&name, &arguments).map_err(rejection).is_ok();
    if accepted {
        let value: Value = serde_json::from_str(&arguments).expect("accepted arguments are JSON");
        with_stranger(&client, &name, value);
    }
    let options = Client::new(ENVIRONMENT, CLIENT_ID, Some("secret"), &arguments);
    let _ = options.map_err(rejection);
}

/// Checks an error. Nothing was sent, so that no other kind is possible.
fn rejection(error: ScalekitError) {
    let summary = &error.failure().summary;
    assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error:?}");
    assert!(!summary.chars().any(char::is_control), "{summary:?}");
    assert!(summary.chars().count() <= LONGEST_SUMMARY, "{summary}");
}

/// Accepted arguments with one more name are rejected.
fn with_stranger(client: &Client, name: &str, value: Value) {
    let mut object = match value {
        Value::Object(object) => object,
        Value::Null => serde_json::Map::new(),
        other => panic!("{name} accepts {other}"),
    };
    object.insert("no such name".to_owned(), Value::Null);
    let stranger = client.check(name, &Value::Object(object).to_string());
    let error = stranger.expect_err("an unknown name is rejected");
    assert_eq!(error.failure().summary, "`no such name` is unknown");
}
