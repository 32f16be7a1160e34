#!/usr/bin/env bash
# cargo without rustup's proxy, and a dependency whose package contains a `rust-toolchain.toml`.
#
# Tools often store the path of the toolchain's own cargo, as `rustup which cargo` prints it, and call it later, without the
# variable RUSTUP_TOOLCHAIN that rustup's proxy sets. cargo then calls `rustc`, which is the proxy. The package
# simd_cesu8 1.2.0 contains a `rust-toolchain.toml` with the channel `nightly`.
#
# Expected: one compiler for all crates. Such a file says how its own repository is developed, and cargo ignores other
# settings of dependencies, such as their profiles and their `.cargo/config.toml`.
# Seen: cargo runs the compiler of a crate in the folder of its sources, where the proxy finds the file. This crate is compiled
# by nightly, and its dependencies by stable: error E0514. Through rustup's cargo, the same command succeeds.
#
# Prints the compilers and both results, and fails if that has changed. Needs rustup with stable and nightly.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
echo 'pub use simd_cesu8;' > src/lib.rs
cat > Cargo.toml <<'TOML'
[package]
name = "example"
version = "0.1.0"
edition = "2021"

[dependencies]
simd_cesu8 = "=1.2.0"
simdutf8 = "=0.1.5"

[workspace]
TOML

unset RUSTUP_TOOLCHAIN RUSTC RUSTC_WRAPPER RUSTFLAGS CARGO_TARGET_DIR
for channel in stable nightly; do
  echo "$channel: $(rustup run "$channel" rustc --version)"
done

# Prints what a cargo does with the package.
result() {
  rm -rf target
  if "$@" check > log 2>&1; then
    echo "succeeds"
  else
    grep --only-matching --max-count 1 'error\[E[0-9]*\]' log || { cat log >&2; return 1; }
  fi
}

proxy=$(result rustup run stable cargo)
own=$(PATH="$(dirname "$(command -v rustup)"):$PATH" result "$(rustup which --toolchain stable cargo)")
echo "through rustup: $proxy"
echo "by the path of cargo: $own"
[ "$proxy" = "succeeds" ] && [ "$own" = "error[E0514]" ]
