#!/usr/bin/env bash
# uniffi 0.32.2: `uniffi-bindgen generate --library`, in a workspace with two libraries of the same name.
#
# The crate `alpha` has a uniffi.toml with the Kotlin package `com.example.alpha`. The crate `alpha-c` wraps it for C,
# and gives its library the same name, so that its file is libalpha.a. It does not use UniFFI.
#
# Expected: the settings beside `alpha`, whose metadata the library contains.
# Seen: the settings are searched for by the name of the library target, and the folder of another crate with this name
# is taken. It has no uniffi.toml, so that the defaults apply, without a warning.
#
# Prints the Kotlin package without and with the second crate, and fails if that has changed. Needs Rust.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p alpha/src alpha-c/src bindgen/src
cat > alpha/Cargo.toml <<'TOML'
[package]
name = "alpha"
version = "0.0.0"
edition = "2024"

[lib]
crate-type = ["cdylib", "rlib"]

[dependencies]
uniffi = "=0.32.2"
TOML
cat > alpha/uniffi.toml <<'TOML'
[bindings.kotlin]
package_name = "com.example.alpha"
TOML
cat > alpha/src/lib.rs <<'RUST'
uniffi::setup_scaffolding!();

#[uniffi::export]
pub fn one() -> i32 {
    1
}
RUST
cat > alpha-c/Cargo.toml <<'TOML'
[package]
name = "alpha-c"
version = "0.0.0"
edition = "2024"

[lib]
name = "alpha"
crate-type = ["staticlib"]
TOML
touch alpha-c/src/lib.rs
cat > bindgen/Cargo.toml <<'TOML'
[package]
name = "bindgen"
version = "0.0.0"
edition = "2024"

[dependencies]
uniffi = { version = "=0.32.2", features = ["cli"] }
TOML
echo 'fn main() { uniffi::uniffi_bindgen_main() }' > bindgen/src/main.rs

package() { # MEMBER…: the Kotlin package that is generated in a workspace of these crates
  printf '[workspace]\nresolver = "3"\nmembers = [%s]\n' "$1" > Cargo.toml
  cargo build --quiet --package alpha
  rm -rf out
  cargo run --quiet --package bindgen -- generate --library target/debug/libalpha.so --language kotlin --no-format \
    --out-dir out
  grep -rh '^package ' out
}

cargo --version
alone=$(package '"alpha", "bindgen"')
both=$(package '"alpha", "alpha-c", "bindgen"')
echo "alpha alone: $alone"
echo "with alpha-c: $both"
[ "$alone" = 'package com.example.alpha' ] && [ "$both" = 'package uniffi.alpha' ]
echo "as described: with a second library of this name, the settings are ignored"
