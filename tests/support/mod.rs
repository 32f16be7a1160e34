//! What the tests of the core share: a client of either style, a hand-made executor, raw servers, counters.
#![allow(dead_code, unused_imports, unused_macros, reason = "each test uses a part of it")]

pub mod bare;
pub mod browser;
pub mod caller;
pub mod child;
pub mod counters;
pub mod forge;
pub mod gate;
pub mod person;
pub mod witness;

use scalekit::{ClientOptions, RetryOptions};
use scalekit_emulator::Emulator;
use serde_json::json;

pub use caller::{Caller, Style};
pub use scalekit_faults::{raw, tls};

/// Makes of each function three tests: in a Tokio runtime, in no runtime at all, and blocking.
macro_rules! in_every_style {
    ($($name:ident),* $(,)?) => { $(
        mod $name {
            use crate::support::Style;

            #[test]
            fn tokio() {
                super::$name(Style::Tokio);
            }

            #[test]
            fn bare() {
                super::$name(Style::Bare);
            }

            #[test]
            fn blocking() {
                super::$name(Style::Blocking);
            }
        }
    )* };
}
pub(crate) use in_every_style;

/// An emulator with one organization, `org_1` or `ours` from outside, and its connection `conn_1`.
pub fn emulator() -> Emulator {
    let emulator = Emulator::start_blocking().expect("the emulator starts");
    seed(&emulator);
    emulator
}

/// What `emulator` starts with.
pub fn seed(emulator: &Emulator) {
    let connection = json!({"id": "conn_1", "type": "OIDC", "provider": "OKTA", "status": "COMPLETED"});
    let organization = json!({
        "id": "org_1", "display_name": "Acme", "external_id": "ours", "connections": [connection],
    });
    emulator.seed(json!({"organizations": [organization]})).expect("the seed is good");
}

/// So many retries, with next to no waits between them.
pub fn retries(max_retries: i32) -> RetryOptions {
    RetryOptions {
        max_retries,
        base_delay_seconds: 0.001,
        max_delay_seconds: 0.002,
        ..RetryOptions::default()
    }
}

/// Options of a client that retries twice, at once.
pub fn quick() -> ClientOptions {
    ClientOptions { retry: Some(retries(2)), ..ClientOptions::default() }
}

/// How many requests of an operation arrived.
pub fn arrived(emulator: &Emulator, operation: &str) -> usize {
    emulator.requests_of(operation).len()
}
