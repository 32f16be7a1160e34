//! The clients: with a secret and public, blocking and asynchronous.

mod accessors;
#[cfg(feature = "test-hooks")]
mod hooks;
mod public;
mod raw;
mod service;

pub use accessors::operations;
#[cfg(test)]
pub(crate) use accessors::probes;
pub use public::AsyncPublicScalekitClient;
#[cfg(feature = "blocking")]
pub use public::PublicScalekitClient;
pub use raw::RawResponse;
pub use service::AsyncScalekitClient;
#[cfg(feature = "blocking")]
pub use service::ScalekitClient;
