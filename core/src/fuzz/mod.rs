//! Fuzz targets: properties that hold for any input, one function for each parser of untrusted bytes.
//!
//! A target panics if something is accepted or reported that must not be. `make fuzz` runs the targets for minutes with
//! inputs of libFuzzer (`tests/fuzz`); `make test` runs them with some hundred inputs of proptest (`generated`).
//! Shipped builds contain none of this.

#[cfg(feature = "dispatch")]
mod arguments;
mod callbacks;
mod errors;
mod tokens;
mod urls;
mod webhooks;

#[cfg(test)]
mod generated;
#[cfg(test)]
mod seeds;

#[cfg(feature = "dispatch")]
pub use arguments::arguments;
pub use callbacks::callbacks;
pub use errors::errors;
pub use tokens::tokens;
pub use urls::urls;
pub use webhooks::webhooks;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::options::ClientOptions;
use crate::wire::Wire;

/// Separates the fields of an input. Never part of UTF-8 text.
const SEPARATOR: u8 = 0xff;

const ENVIRONMENT: &str = "https://acme.scalekit.example";
const CLIENT_ID: &str = "skc_1234";

/// A shared client that never sends anything.
fn wire() -> &'static Arc<Wire> {
    static WIRE: OnceLock<Arc<Wire>> = OnceLock::new();
    WIRE.get_or_init(public_wire)
}

/// Creates a client that never sends anything.
fn public_wire() -> Arc<Wire> {
    let wire = Wire::public(ENVIRONMENT, CLIENT_ID, &ClientOptions::default(), crate::auth::authenticate);
    wire.expect("the options are valid")
}

/// Splits an input into fields. Missing fields are empty.
fn fields<const N: usize>(data: &[u8]) -> [Cow<'_, str>; N] {
    let mut parts = data.splitn(N, |byte| *byte == SEPARATOR);
    std::array::from_fn(|_| String::from_utf8_lossy(parts.next().unwrap_or_default()))
}

/// Percent-decodes a text, independently of the library's code.
fn percent_decoded(text: &str) -> Vec<u8> {
    let (bytes, mut decoded, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let value = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok().filter(|_| !hex.contains('+')));
        match value.filter(|_| bytes[at] == b'%') {
            Some(value) => (decoded.push(value), at += 3).1,
            None => (decoded.push(bytes[at]), at += 1).1,
        }
    }
    decoded
}
