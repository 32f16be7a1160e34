#!/usr/bin/env bash
# cbindgen 0.29.4 as a library: a header of single source files (`Builder::with_src`).
#
# The parser of single files is documented as "not following `mod`", so that each file of a crate is named.
#
# Expected: the header of `lib.rs` alone declares what is in `lib.rs`, and the header of `lib.rs` and its module declares
# everything once.
# Seen: the header of `lib.rs` alone declares the module too. Naming the module as well declares its function twice and its
# struct once. C compilers accept a repeated declaration, also with all warnings but `-Wredundant-decls`.
#
# Prints the declarations, and fails if that has changed. Needs Rust and a C linker.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src library
cat > Cargo.toml <<'TOML'
[package]
name = "header"
version = "0.0.0"
edition = "2024"

[dependencies]
cbindgen = { version = "=0.29.4", default-features = false }
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let named = std::env::args().skip(1);
    let builder = named.fold(cbindgen::Builder::new(), |builder, file| builder.with_src(file));
    builder.with_language(cbindgen::Language::C).generate().unwrap().write(std::io::stdout());
}
RUST
cat > library/lib.rs <<'RUST'
mod part;

#[unsafe(no_mangle)]
pub extern "C" fn of_the_root() {}
RUST
cat > library/part.rs <<'RUST'
#[repr(C)]
pub struct Pair {
    pub a: u8,
}

#[unsafe(no_mangle)]
pub extern "C" fn of_the_module(_: Pair) {}
RUST
declarations() {
  cargo run --quiet -- "$@" | grep -E '^(void|typedef)'
}
echo 'lib.rs alone:'
declarations library/lib.rs | tee alone
echo 'lib.rs and part.rs:'
declarations library/lib.rs library/part.rs | tee both
count() { grep -c "$1" "$2" || true; }
[ "$(count of_the_module alone)" -eq 1 ]
[ "$(count of_the_module both)" -eq 2 ]
[ "$(count of_the_root both)" -eq 1 ]
[ "$(count 'typedef struct Pair' both)" -eq 1 ]
