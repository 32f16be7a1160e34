//! Shared helpers of the core's integration tests: clients of every style, a minimal executor, raw servers, counters.
#![allow(dead_code, unused_imports, unused_macros, reason = "each test uses only some of the helpers")]

pub mod browser;
pub mod caller;
pub mod capture;
pub mod child;
pub mod counters;
pub mod executor;
pub mod forge;
pub mod gate;
pub mod login;

use scalekit::{ClientOptions, RetryOptions};
use scalekit_emulator::Emulator;
use serde_json::json;

pub use caller::{Caller, Style};
pub use scalekit_faults::{raw, tls};

/// Generates three tests from each function: async in a Tokio runtime, async without a runtime, and blocking.
macro_rules! in_every_style {
    ($($name:ident),* $(,)?) => { $(
        mod $name {
            use crate::support::Style;

            #[test]
            fn tokio() {
                super::$name(Style::Tokio);
            }

            #[test]
            fn no_runtime() {
                super::$name(Style::NoRuntime);
            }

            #[test]
            fn blocking() {
                super::$name(Style::Blocking);
            }
        }
    )* };
}
pub(crate) use in_every_style;

/// Starts an emulator with one organization, `org_1` (external ID `ours`), and its connection `conn_1`.
pub fn emulator() -> Emulator {
    let emulator =
        Emulator::start_blocking_with(scalekit_emulator::Settings::strict()).expect("the emulator starts");
    seed(&emulator);
    emulator
}

/// Adds the initial state of `emulator`.
pub fn seed(emulator: &Emulator) {
    let connection = json!({"id": "conn_1", "type": "OIDC", "provider": "OKTA", "status": "COMPLETED"});
    let organization = json!({
        "id": "org_1", "display_name": "Acme", "external_id": "ours", "connections": [connection],
    });
    emulator.seed(json!({"organizations": [organization]})).expect("the seed is good");
}

/// Retry options with `max_retries` and delays of 1 to 2 ms.
pub fn retries(max_retries: i32) -> RetryOptions {
    RetryOptions {
        max_retries,
        base_delay_seconds: 0.001,
        max_delay_seconds: 0.002,
        ..RetryOptions::default()
    }
}

/// Client options with two retries and almost no delay between them.
pub fn quick() -> ClientOptions {
    ClientOptions { retry: Some(retries(2)), ..ClientOptions::default() }
}

/// The number of requests of an operation that the emulator received.
pub fn request_count(emulator: &Emulator, operation: &str) -> usize {
    emulator.requests_of(operation).len()
}
