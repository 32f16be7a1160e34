//! What holds for any input: one function for each place where strangers choose the bytes.
//!
//! Each takes anything and panics where something is accepted, or said, that must not be. `make fuzz` runs them for
//! minutes with inputs that libFuzzer grows (`tests/fuzz`), `make test` with some hundred that proptest makes (`any`).
//! Nothing of this is in a build that ships.

mod callbacks;
mod errors;
mod tokens;
mod urls;
mod webhooks;

#[cfg(test)]
mod any;
#[cfg(test)]
mod seeds;

pub use callbacks::callbacks;
pub use errors::errors;
pub use tokens::tokens;
pub use urls::urls;
pub use webhooks::webhooks;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::options::ClientOptions;
use crate::wire::Wire;

/// Separates the fields of an input. No text in UTF-8 holds it.
const SEPARATOR: u8 = 0xff;

const ENVIRONMENT: &str = "https://acme.scalekit.example";
const CLIENT_ID: &str = "skc_1234";

/// A client that never sends anything.
fn wire() -> &'static Arc<Wire> {
    static WIRE: OnceLock<Arc<Wire>> = OnceLock::new();
    WIRE.get_or_init(public_wire)
}

/// Another one.
fn public_wire() -> Arc<Wire> {
    let wire = Wire::public(ENVIRONMENT, CLIENT_ID, &ClientOptions::default(), crate::auth::authenticate);
    wire.expect("the options are good")
}

/// The fields of an input, as text; absent ones are empty.
fn fields<const N: usize>(data: &[u8]) -> [Cow<'_, str>; N] {
    let mut parts = data.splitn(N, |byte| *byte == SEPARATOR);
    std::array::from_fn(|_| String::from_utf8_lossy(parts.next().unwrap_or_default()))
}

/// A text with its `%XX` undone, by other code than the library's.
fn decoded(text: &str) -> Vec<u8> {
    let (bytes, mut plain, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let value = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok().filter(|_| !hex.contains('+')));
        match value.filter(|_| bytes[at] == b'%') {
            Some(value) => (plain.push(value), at += 3).1,
            None => (plain.push(bytes[at]), at += 1).1,
        }
    }
    plain
}
