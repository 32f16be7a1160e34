#!/usr/bin/env bash
# cargo-zigbuild 0.24.0 with zig 0.17.1: the exports of a `cdylib` for Windows (`-gnu`).
#
# rustc hands the linker a list of the symbols that a `cdylib` exports: those that are `extern` and not mangled.
#
# Expected: the DLL exports the one function of the crate, as with MinGW's linker.
# Seen: it exports the runtime of Rust and the startup code of MinGW as well, hundreds of symbols. For Linux, the same
# crate and the same tool export the one function and at most some of the linker's own.
#
# Prints the number of exports of both, and fails if that has changed. Needs Rust with rustup, and Python 3 with venv.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "one"
version = "0.0.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[profile.release]
strip = false
TOML
cat > src/lib.rs <<'RUST'
#[unsafe(no_mangle)]
pub extern "C" fn one() -> usize {
    format!("{}", std::process::id()).len()
}
RUST
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cargo-zigbuild==0.24.0 ziglang==0.17.1 lief==0.17.6
export PATH="$folder/venv/bin:$PATH"
targets=(x86_64-pc-windows-gnu x86_64-unknown-linux-gnu)
rustup --quiet target add "${targets[@]}"
for target in "${targets[@]}"; do
  if ! cargo zigbuild --quiet --release --target "$target" > log 2>&1; then
    cat log >&2
    exit 1
  fi
done
cat > exports.py <<'PYTHON'
import lief

windows = lief.PE.parse("target/x86_64-pc-windows-gnu/release/one.dll")
linux = lief.ELF.parse("target/x86_64-unknown-linux-gnu/release/libone.so")
of_windows = len(windows.get_export().entries)
of_linux = [symbol.name for symbol in linux.exported_symbols]
print("exports of the DLL:", of_windows)
print("exports for Linux:", *of_linux)
raise SystemExit(not (of_windows > 50 and len(of_linux) < 5))
PYTHON
python3 exports.py
