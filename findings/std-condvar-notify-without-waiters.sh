#!/usr/bin/env bash
# Rust 1.95.0 on Linux, x86-64: the system calls of `Condvar::notify_all` when no thread waits.
#
# Expected: none, as with `pthread_cond_broadcast` of glibc and with parking_lot 0.12.5, which remember whether a thread
# waits. A notification after every change would then be free.
# Seen: each call of std's is a `futex` system call.
#
# Prints the number of system calls of 10,000 notifications, and fails if that has changed. Needs Rust, a C linker and strace.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "notify"
version = "0.0.0"
edition = "2024"

[dependencies]
parking_lot = "=0.12.5"
TOML
cat > src/main.rs <<'RUST'
unsafe extern "C" {
    fn pthread_cond_broadcast(condition: *mut [u64; 6]) -> i32;
}

fn main() {
    let kind = std::env::args().nth(1).unwrap();
    let (std, parking_lot) = (std::sync::Condvar::new(), parking_lot::Condvar::new());
    // The initializer of a condition variable of glibc is zeros.
    let mut glibc = [0; 6];
    for _ in 0..10_000 {
        match kind.as_str() {
            "std" => std.notify_all(),
            "parking_lot" => _ = parking_lot.notify_all(),
            _ => assert_eq!(unsafe { pthread_cond_broadcast(&mut glibc) }, 0),
        }
    }
}
RUST
rustc --version
cargo build --quiet --release
calls() {
  strace -f -e trace=futex -o "$1.calls" target/release/notify "$1"
  grep -c 'futex(' "$1.calls" || true
}
for kind in std parking_lot glibc; do
  echo "$kind: $(calls "$kind")"
done | tee seen
[ "$(grep -c ': 0$' seen)" -eq 2 ]
grep -q '^std: 10000$' seen
