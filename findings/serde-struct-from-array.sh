#!/usr/bin/env bash
# serde 1.0.229 (derive), serde_json 1.0.154.
#
# Expected: a struct that denies unknown fields is read from a JSON object only; an array is `invalid type: sequence`.
# Seen: derived structs accept an array, too, and assign its elements to the fields by position. If all fields have
# defaults, `[]` is a struct of defaults. `deny_unknown_fields` and names from `rename` make no difference: a file whose
# top level or element has the wrong type is accepted. An array that is too long is rejected.
#
# Prints what each text is read as, and fails if that has changed. Needs Rust.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "probe"
version = "0.0.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "=1.0.154"
TOML
cat > "$folder/src/main.rs" <<'RUST'
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code)]
struct Limits {
    max_users: u32,
    name: String,
}

fn main() {
    let mut changed = false;
    for (text, expected) in [
        (r#"{"maxUsers": 5}"#, r#"Limits { max_users: 5, name: "" }"#),
        ("[]", r#"Limits { max_users: 0, name: "" }"#),
        ("[5]", r#"Limits { max_users: 5, name: "" }"#),
        (r#"[5, "x"]"#, r#"Limits { max_users: 5, name: "x" }"#),
        (r#"[5, "x", 1]"#, "error: trailing characters at line 1 column 10"),
        (r#"{"max_users": 5}"#, "error: unknown field `max_users`, expected `maxUsers` or `name` at line 1 column 12"),
    ] {
        let read = match serde_json::from_str::<Limits>(text) {
            Ok(limits) => format!("{limits:?}"),
            Err(error) => format!("error: {error}"),
        };
        println!("{text:<16} -> {read}");
        changed |= read != expected;
    }
    std::process::exit(i32::from(changed));
}
RUST
cargo --version
cargo run --quiet --manifest-path "$folder/Cargo.toml" --target-dir "$folder/target"
echo "as described: a struct is read from an array, by position"
