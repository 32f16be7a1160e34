//! Async and blocking clients for [Scalekit](https://www.scalekit.com)'s REST API: organizations, single sign-on (SSO),
//! directory synchronization (SCIM), users, roles and agent tools for B2B applications.
//!
//! ```no_run
//! use scalekit::{AsyncScalekitClient, ClientOptions, CreateOrganization};
//!
//! # async fn example() -> scalekit::Result<()> {
//! let client = AsyncScalekitClient::from_env(ClientOptions::default())?;
//! let acme = CreateOrganization::new("Acme");
//! let acme = client.organizations().create(acme).await?;
//! println!("created {} ({})", acme.display_name, acme.id);
//! # Ok(())
//! # }
//! ```
//!
//! [`AsyncScalekitClient`] is the async client, and [`ScalekitClient`] the blocking client with the same methods. Both
//! retry requests that are safe to repeat, share one access token among all calls, and enforce a timeout for each call.
//! All errors are [`ScalekitError`]s.
//!
//! # Logins and tokens
//!
//! Start a login, finish it with the callback, and validate the access token of later requests:
//!
//! ```no_run
//! use scalekit::{AsyncScalekitClient, LoginOptions, LoginTransaction, SecretText, TokenExpectations};
//! use std::sync::Arc;
//!
//! # async fn example(client: AsyncScalekitClient, callback: &str, bearer: &str) -> scalekit::Result<()> {
//! let options = LoginOptions { redirect_uri: "https://app.example.com/callback".into(), ..Default::default() };
//! let started = client.login().start(options)?;
//! println!("redirect the browser to {}", started.authorization_url);
//! let stored: Arc<SecretText> = started.transaction.to_text(); // in the browser's session on your server
//!
//! let transaction = Arc::new(LoginTransaction::from_text(&stored)?);
//! let outcome = client.login().finish(callback, transaction).await?;
//! println!("{:?} is signed in until {}", outcome.claims.email, outcome.session.expires_at());
//!
//! let expected = TokenExpectations::for_audience("https://api.example.com");
//! let claims = client.tokens().validate(bearer, expected, None).await?;
//! println!("{} may write: {}", claims.subject, claims.has_permission("documents:write"));
//! # Ok(())
//! # }
//! ```
//!
//! An application that cannot keep a secret uses [`AsyncPublicScalekitClient`] or [`PublicScalekitClient`].
//!
//! Services that call each other use machine clients. The caller requests a token, which is cached and refreshed. The
//! called service validates it:
//!
//! ```no_run
//! use scalekit::{AsyncScalekitClient, MachineClient, TokenExpectations};
//!
//! # async fn example(client: AsyncScalekitClient, bearer: &str) -> scalekit::Result<()> {
//! let audience = "https://api.example.com";
//! let machine = MachineClient { audience: Some(audience.into()), ..MachineClient::new("m2morg_123", "secret") };
//! let token = client.machine_tokens().get(machine).await?;
//! println!("expires at {}", token.expires_at);
//!
//! let claims = client.tokens().validate_machine(bearer, TokenExpectations::for_audience(audience), None).await?;
//! println!("called by {} of {:?}", claims.client_id, claims.organization_id);
//! # Ok(())
//! # }
//! ```
//!
//! # Webhooks
//!
//! [`WebhookVerifier`] verifies the raw bytes of a delivery and parses its event. It needs no client.
//!
//! ```
//! use scalekit::{ScalekitError, WebhookData, WebhookSigner, WebhookVerifier};
//!
//! # fn main() -> scalekit::Result<()> {
//! let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
//! let verifier = WebhookVerifier::new([secret], 300)?;
//! # let body = br#"{"type": "organization.created", "id": "evt_1", "data": {"id": "org_1", "display_name": "Acme"}}"#;
//! # let headers = WebhookSigner::new(secret)?.sign("msg_1", body, None);
//! match verifier.event(&headers, body, None) {
//!     Ok(event) => match event.data {
//!         WebhookData::OrganizationCreated { organization } => println!("created {}", organization.display_name),
//!         WebhookData::Unknown { .. } => println!("unknown event type {}", event.event_type),
//!         _ => {}
//!     },
//!     Err(ScalekitError::InvalidWebhook { failure }) => println!("respond with 401: {}", failure.summary),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`InterceptorVerifier`] verifies interceptor requests, and [`InterceptorResponse`] builds the responses.
//!
//! ```
//! use scalekit::{InterceptorResponse, InterceptorVerifier, WebhookSigner};
//!
//! # fn main() -> scalekit::Result<()> {
//! let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
//! let verifier = InterceptorVerifier::new([secret], 300)?;
//! # let body = br#"{"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": "a@b.example"}}"#;
//! # let headers = WebhookSigner::new(secret)?.sign_interceptor("req_1", body, None);
//! let request = verifier.request(&headers, body, None)?;
//! let response = match request.context.user_email.as_deref() {
//!     Some(email) if email.ends_with("@acme.example") => InterceptorResponse::allow(),
//!     _ => InterceptorResponse::deny("Only employees of Acme can sign up."),
//! };
//! assert_eq!(response.body(), r#"{"decision":"DENY","error":{"message":"Only employees of Acme can sign up."}}"#);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `blocking` (default): the blocking clients.
//! - `brotli` (default): responses compressed with brotli, besides gzip.
//! - `dispatch`: calls by name, with JSON, for the C library; not for applications.
//! - `ffi`: the exports from which the bindings for other languages are generated.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "ffi")]
uniffi::setup_scaffolding!("scalekit");

mod auth;
mod cache;
mod check;
mod client;
#[cfg(test)]
mod coverage;
mod decode;
#[cfg(feature = "dispatch")]
#[doc(hidden)]
pub mod dispatch;
mod environment;
mod error;
#[cfg(feature = "ffi")]
mod ffi;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod jwt;
#[cfg(any(feature = "dispatch", feature = "ffi"))]
mod log_events;
mod model;
#[cfg(all(test, shuttle))]
mod models;
mod op;
mod options;
mod panic;
mod process;
mod resources;
mod retry;
mod runtime;
mod session;
mod sync;
mod twins;
mod types;
mod webhook;
mod wire;
mod work;

/// Compiles the code blocks of the two READMEs as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../README.md")]
mod readme {}

pub use auth::*;
pub use client::*;
pub use error::{Failure, FailureSource, FieldViolation, Result, ScalekitError};
#[cfg(feature = "ffi")]
pub use ffi::*;
pub use op::OperationInfo;
pub use options::{CallOptions, ClientOptions, TrustedRoots};
pub use resources::auth_logs::*;
pub use resources::clients::*;
pub use resources::connected_accounts::*;
pub use resources::connections::*;
pub use resources::custom_providers::*;
pub use resources::directories::*;
pub use resources::domains::*;
pub use resources::mcp_configs::*;
pub use resources::memberships::*;
pub use resources::organization_roles::*;
pub use resources::organizations::*;
pub use resources::passkeys::*;
pub use resources::passwordless::*;
pub use resources::permissions::*;
pub use resources::roles::*;
pub use resources::sessions::*;
pub use resources::tools::*;
pub use resources::users::*;
pub use retry::RetryOptions;
pub use session::LoginSession;
pub use types::{Json, SecretJson, SecretText, Timestamp};
pub use webhook::*;
pub use wire::HttpMethod;
