//! Hooks for the tests of this library, with the feature `test-hooks`. No other language has them.

use std::time::Duration;

use super::{AsyncPublicScalekitClient, AsyncScalekitClient};
#[cfg(feature = "blocking")]
use super::{PublicScalekitClient, ScalekitClient};
use crate::error::Result;
use crate::work::Call;

const PANIC: &str = "panic_for_test";

#[allow(clippy::unused_async, clippy::panic, reason = "panics on purpose, inside a future")]
async fn panicking() -> Result<()> {
    panic!("a panic on purpose")
}

#[doc(hidden)]
impl AsyncScalekitClient {
    /// Panics inside, to test that a panic becomes `Internal`.
    pub async fn panic_for_test(&self) -> Result<()> {
        Call::new(PANIC, panicking()).run().await
    }
}

#[cfg(feature = "blocking")]
#[doc(hidden)]
impl ScalekitClient {
    /// Panics inside, to test that a panic becomes `Internal`.
    pub fn panic_for_test(&self) -> Result<()> {
        Call::new(PANIC, panicking()).wait()
    }
}

macro_rules! clocks {
    ($($(#[$cfg:meta])? $Client:ident),*) => { $(
        $(#[$cfg])?
        #[doc(hidden)]
        impl $Client {
            /// Advances the client's clock.
            pub fn advance_clock_for_test(&self, by: Duration) {
                self.wire.advance_clock(by);
            }
        }
    )* };
}

clocks! {
    AsyncScalekitClient,
    AsyncPublicScalekitClient,
    #[cfg(feature = "blocking")] ScalekitClient,
    #[cfg(feature = "blocking")] PublicScalekitClient
}
