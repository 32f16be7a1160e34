#!/usr/bin/env bash
# reqwest 0.13.5 (hyper-util 0.1.21), environment variables HTTP_PROXY and NO_PROXY.
#
# Expected, from curl, Go and Python's requests: an entry `host:port` in NO_PROXY bypasses the proxy for that port, and
# `*` bypasses it for every host.
# Seen: an entry with a port matches nothing, so that the request goes to the proxy without a warning; `*` matches host
# names but no IP addresses.
#
# Prints one line for each NO_PROXY value with where the request went, and fails if that has changed.
# Needs Rust. Everything happens on loopback, in a temporary folder.
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
reqwest = { version = "=0.13.5", default-features = false, features = ["blocking", "system-proxy"] }
hyper-util = "=0.1.21"
TOML
cat > "$folder/src/main.rs" <<'RUST'
use std::io::{Read, Write};
use std::net::TcpListener;

/// Answers every request with its own name.
fn serve(name: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let length = name.len();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{name}").unwrap();
        }
    });
    port
}

fn main() {
    let (server, proxy) = (serve("server"), serve("proxy"));
    let mut changed = false;
    for (host, entry, expected) in [
        ("localhost", "localhost".to_owned(), "server"),
        ("localhost", format!("localhost:{server}"), "proxy"),
        ("127.0.0.1", format!("127.0.0.1:{server}"), "proxy"),
        ("localhost", "*".to_owned(), "server"),
        ("127.0.0.1", "*".to_owned(), "proxy"),
    ] {
        // SAFETY: the other threads of this program only serve sockets and read no environment.
        unsafe {
            std::env::set_var("HTTP_PROXY", format!("http://127.0.0.1:{proxy}"));
            std::env::set_var("NO_PROXY", &entry);
        }
        let client = reqwest::blocking::Client::new();
        let reached = client.get(format!("http://{host}:{server}/")).send().unwrap().text().unwrap();
        let entry = entry.replace(&server.to_string(), "PORT");
        println!("NO_PROXY={entry:<16} http://{host}:PORT -> {reached}");
        changed |= reached != expected;
    }
    std::process::exit(i32::from(changed));
}
RUST
cargo --version
cargo run --quiet --manifest-path "$folder/Cargo.toml" --target-dir "$folder/target"
echo "as described: entries with a port, and * for IP addresses, do not bypass the proxy"
