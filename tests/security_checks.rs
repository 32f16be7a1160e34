//! `core/SECURITY-CHECKS.md` says what is so: each vector and test that it names exists and gives the error of its line,
//! and no error is left out.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::Value;

const TABLE: &str = include_str!("../core/SECURITY-CHECKS.md");

fn vectors() -> HashMap<String, Option<String>> {
    let read = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let tokens = read(include_str!("fixtures/tokens.json"));
    let webhooks = read(include_str!("fixtures/webhooks.json"));
    let list = |of: &Value| of.as_array().unwrap().clone();
    let name =
        |case: &Value| format!("{}: {}", case["kind"].as_str().unwrap(), case["name"].as_str().unwrap());
    let code = |of: &Value| of.as_str().map(str::to_owned);
    let tokens = list(&tokens["cases"]).into_iter().map(|case| (name(&case), code(&case["error"]["code"])));
    let webhooks = list(&webhooks["verify"]).into_iter().map(|case| (name(&case), code(&case["refused"])));
    tokens.chain(webhooks).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The lines of the tables: the error, and what holds it.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let cells = TABLE.lines().filter(|line| line.starts_with("| ")).map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 3, "{line}");
        (cells[1], cells[2])
    });
    let cells = cells.filter(|(error, _)| *error != "Error");
    cells.map(|(error, held)| (error.trim_matches('`'), quoted(held))).collect()
}

/// `keys::name` is in `tests/keys.rs`, `auth/keys/set::name` in the source.
fn is_a_test(reference: &str) -> bool {
    let Some((file, name)) = reference.split_once("::") else { return false };
    let folder = if file.contains('/') { "core/src" } else { "tests" };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(format!("{file}.rs"));
    let source = std::fs::read_to_string(path).unwrap_or_default();
    source.contains(&format!("fn {name}("))
}

#[test]
fn what_is_named_exists_and_gives_the_error_of_its_line() {
    let (vectors, rows) = (vectors(), rows());
    assert!(rows.len() > 50, "the tables are not read any more");
    for (error, held) in rows {
        assert!(!held.is_empty(), "nothing holds {error}");
        for reference in held {
            match vectors.get(reference) {
                Some(code) => assert_eq!(code.as_deref(), Some(error), "{reference}"),
                None => assert!(is_a_test(reference), "there is no {reference}"),
            }
        }
    }
    let named: Vec<_> =
        quoted(TABLE).into_iter().filter(|text| text.contains("::") && !text.contains('…')).collect();
    for reference in named {
        assert!(is_a_test(reference), "there is no {reference}");
    }
}

#[test]
fn no_error_is_left_out() {
    let listed: HashSet<&str> = rows().into_iter().map(|(error, _)| error).collect();
    let documentation = include_str!("../core/src/error/mod.rs");
    let (_, from) = documentation.split_once("/// A token is invalid").unwrap();
    let (of_tokens, _) = from.split_once("/// The service is unreachable").unwrap();
    // The names of other things, and the service's own words, are no codes of ours.
    let foreign = ["failure.code", "access_denied", "login_required"];
    let codes: HashSet<&str> = quoted(of_tokens).into_iter().filter(|code| !foreign.contains(code)).collect();
    assert_eq!(listed.difference(&codes).copied().collect::<Vec<_>>(), ["–"], "listed, but not documented");
    assert_eq!(codes.difference(&listed).count(), 0, "{:?}", codes.difference(&listed));
}
