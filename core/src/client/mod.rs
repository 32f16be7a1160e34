//! The clients: with a secret and public, blocking and asynchronous.

mod accessors;
mod display;
#[cfg(feature = "test-hooks")]
mod hooks;
mod public;
mod raw;
mod service;

pub use accessors::operations;
#[cfg(all(test, feature = "dispatch"))]
pub(crate) use accessors::pager_names;
#[cfg(test)]
pub(crate) use accessors::probes;
#[cfg(feature = "dispatch")]
pub(crate) use accessors::{named_call, named_pager};
pub use public::AsyncPublicScalekitClient;
#[cfg(feature = "blocking")]
pub use public::PublicScalekitClient;
pub use raw::RawResponse;
#[cfg(feature = "dispatch")]
pub(crate) use raw::raw;
pub use service::AsyncScalekitClient;
#[cfg(feature = "blocking")]
pub use service::ScalekitClient;
#[cfg(feature = "dispatch")]
pub(crate) use service::{keys, wire_from_env};
