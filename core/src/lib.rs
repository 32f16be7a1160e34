//! Scalekit's REST API: organizations, single sign-on, and what else a B2B application needs to let people in.
//!
//! ```no_run
//! use scalekit::{AsyncScalekitClient, ClientOptions, CreateOrganization};
//!
//! # async fn example() -> scalekit::Result<()> {
//! let client = AsyncScalekitClient::from_env(ClientOptions::default())?;
//! let acme = CreateOrganization { display_name: "Acme".into(), ..Default::default() };
//! let acme = client.organizations().create(acme).await?;
//! println!("{} is {}", acme.display_name, acme.id);
//! # Ok(())
//! # }
//! ```
//!
//! Every operation comes in two styles: [`AsyncScalekitClient`] for async code and [`ScalekitClient`] for threads, with
//! the same methods. Both retry what is safe to retry, keep one access token for all calls, and end every call within
//! its timeout. Everything that fails is a [`ScalekitError`].
//!
//! # Features
//!
//! - `blocking` (default): the blocking client.
//! - `ffi`: what the bindings for other languages are generated from.

#[cfg(feature = "ffi")]
uniffi::setup_scaffolding!("scalekit");

mod check;
mod client;
#[cfg(test)]
mod coverage;
mod decode;
mod error;
mod export;
#[cfg(feature = "ffi")]
mod ffi;
mod op;
mod options;
mod panic;
mod process;
mod resources;
mod retry;
mod runtime;
mod token;
mod types;
mod webhook;
mod wire;

pub use client::*;
pub use error::{Failure, FailureSource, FieldViolation, Result, ScalekitError};
#[cfg(feature = "ffi")]
pub use ffi::*;
pub use op::{HttpMethod, OperationInfo};
pub use options::{CallOptions, ClientOptions};
pub use resources::connections::*;
pub use resources::domains::*;
pub use resources::organizations::*;
pub use retry::RetryOptions;
pub use types::{Json, SecretJson, SecretText, Timestamp};
pub use webhook::*;
