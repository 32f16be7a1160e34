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
//! # Logins and tokens
//!
//! Send a person to log in, take them back, and check the token that they bring from then on:
//!
//! ```no_run
//! use scalekit::{AsyncScalekitClient, LoginOptions, LoginTransaction, SecretText, TokenExpectations};
//! use std::sync::Arc;
//!
//! # async fn example(client: AsyncScalekitClient, callback: &str, bearer: &str) -> scalekit::Result<()> {
//! let options = LoginOptions { redirect_uri: "https://app.example.com/callback".into(), ..Default::default() };
//! let started = client.login().start(options)?;
//! println!("send the person to {}", started.authorization_url);
//! let kept: Arc<SecretText> = started.transaction.to_text(); // in the person's session on your server
//!
//! let transaction = Arc::new(LoginTransaction::from_text(&kept)?);
//! let outcome = client.login().finish(callback, transaction).await?;
//! println!("{:?} is signed in until {}", outcome.claims.email, outcome.session.expires_at());
//!
//! let expected = TokenExpectations::for_audience("https://api.example.com");
//! let claims = client.tokens().validate(bearer, expected).await?;
//! println!("{} may write: {}", claims.subject, claims.has_permission("documents:write"));
//! # Ok(())
//! # }
//! ```
//!
//! An app that cannot keep a secret uses [`AsyncPublicScalekitClient`] or [`PublicScalekitClient`].
//!
//! Services that call each other have clients of their own. One side gets a token, which is kept and renewed; the other
//! checks it:
//!
//! ```no_run
//! use scalekit::{AsyncScalekitClient, MachineClient, TokenExpectations};
//!
//! # async fn example(client: AsyncScalekitClient, bearer: &str) -> scalekit::Result<()> {
//! let audience = "https://api.example.com";
//! let machine = MachineClient { audience: Some(audience.into()), ..MachineClient::new("m2morg_123", "secret") };
//! let token = client.machine_tokens().get(machine).await?;
//! println!("good until {}", token.expires_at);
//!
//! let claims = client.tokens().validate_machine(bearer, TokenExpectations::for_audience(audience)).await?;
//! println!("{} calls for {:?}", claims.client_id, claims.organization_id);
//! # Ok(())
//! # }
//! ```
//!
//! # Webhooks
//!
//! [`WebhookVerifier`] checks what arrives, byte for byte, and reads its event. It needs no client.
//!
//! ```
//! use scalekit::{ScalekitError, WebhookData, WebhookSigner, WebhookVerifier};
//!
//! # fn main() -> scalekit::Result<()> {
//! let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
//! let verifier = WebhookVerifier::new(vec![secret.into()], 300)?;
//! # let body = br#"{"type": "organization.created", "id": "evt_1", "data": {"id": "org_1", "display_name": "Acme"}}"#;
//! # let headers = WebhookSigner::new(secret)?.sign("msg_1", body, None);
//! match verifier.event(&headers, body, None) {
//!     Ok(event) => match event.data {
//!         WebhookData::OrganizationCreated { organization } => println!("{} is new", organization.display_name),
//!         WebhookData::Unknown { .. } => println!("{} is not known here", event.event_type),
//!         _ => {}
//!     },
//!     Err(ScalekitError::InvalidWebhook { failure }) => println!("answer 401: {}", failure.summary),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`InterceptorVerifier`] does the same for interceptors, and [`InterceptorResponse`] is what you answer.
//!
//! ```
//! use scalekit::{InterceptorResponse, InterceptorVerifier, WebhookSigner};
//!
//! # fn main() -> scalekit::Result<()> {
//! let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
//! let verifier = InterceptorVerifier::new(vec![secret.into()], 300)?;
//! # let body = br#"{"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": "a@b.example"}}"#;
//! # let headers = WebhookSigner::new(secret)?.sign_interceptor("req_1", body, None);
//! let request = verifier.request(&headers, body, None)?;
//! let answer = match request.context.user_email.as_deref() {
//!     Some(email) if email.ends_with("@acme.example") => InterceptorResponse::allow(),
//!     _ => InterceptorResponse::deny("Only people of Acme can sign up."),
//! };
//! assert_eq!(answer.body(), r#"{"decision":"DENY","error":{"message":"Only people of Acme can sign up."}}"#);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `blocking` (default): the blocking client.
//! - `ffi`: what the bindings for other languages are generated from.

#[cfg(feature = "ffi")]
uniffi::setup_scaffolding!("scalekit");

mod auth;
mod check;
mod client;
#[cfg(test)]
mod coverage;
mod decode;
mod environment;
mod error;
mod export;
#[cfg(feature = "ffi")]
mod ffi;
mod flight;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
#[cfg(all(test, shuttle))]
mod models;
mod op;
mod options;
mod panic;
mod process;
mod resources;
mod retry;
mod runtime;
mod sync;
mod token;
mod types;
mod webhook;
mod wire;
mod work;

/// The blocks of the two READMEs are compiled with the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../README.md")]
mod readme {}

pub use auth::*;
pub use client::*;
pub use error::{Failure, FailureSource, FieldViolation, Result, ScalekitError};
#[cfg(feature = "ffi")]
pub use ffi::*;
pub use op::{HttpMethod, OperationInfo};
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
pub use types::{Json, SecretJson, SecretText, Timestamp};
pub use webhook::*;
