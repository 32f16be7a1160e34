//! Logins, token validation and machine tokens: the parts of the service that are not plain operations.
//!
//! ```
//! use scalekit::{AsyncPublicScalekitClient, ClientOptions, LoginOptions};
//!
//! # fn main() -> scalekit::Result<()> {
//! let client = AsyncPublicScalekitClient::new("https://acme.scalekit.com", "skc_123", ClientOptions::default())?;
//! let options = LoginOptions { redirect_uri: "https://app.example.com/callback".into(), ..Default::default() };
//! let started = client.login().start(options)?;
//! assert!(started.authorization_url.starts_with("https://acme.scalekit.com/oauth/authorize?response_type=code"));
//! assert_eq!(format!("{:?}", started.transaction.to_text()), "SecretText(..)");
//! # Ok(())
//! # }
//! ```
//!
//! A token is parsed by `jwt`, and its key is looked up in `keys`. `verify` compares its claims with the expectations
//! of `expect`, and only then creates one of the `claims`. A login starts in `login::start` and ends in
//! `login::finish`; `refresh` refreshes its session.

mod claims;
mod client_credentials;
mod expect;
mod grant;
mod keys;
mod login;
mod machine;
mod refresh;
mod tokens;
mod verify;

pub use claims::{AccessTokenClaims, IdTokenClaims, IdpInitiatedClaims, MachineTokenClaims, TokenIdentity};
pub use expect::{ExpectedAudience, IdTokenExpectations, TokenExpectations};
#[cfg(feature = "blocking")]
pub use login::Login;
pub use login::{
    AsyncLogin, AuthorizationRequest, CodeExchange, IdpInitiatedLogin, LoginOptions, LoginOutcome,
    LoginPrompt, LoginProvider, LoginTransaction, LogoutOptions, Pkce, StartedLogin, generate_pkce,
    local_path,
};
#[cfg(feature = "blocking")]
pub use machine::MachineTokens;
pub use machine::{AsyncMachineTokens, MachineClient, MachineToken};
pub use tokens::AsyncTokens;
#[cfg(feature = "blocking")]
pub use tokens::Tokens;

pub(crate) use client_credentials::authenticate;

/// Internals for `crate::fuzz`.
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz {
    pub(crate) use super::expect::CommonExpectations;
    pub(crate) use super::login::{
        Callback, authorization_url, extract_token, logout_url, parse_redirect_uri,
    };
    pub(crate) use super::verify::{Checks, IdTokenContext, payload_if_ready};
}

/// Internals for `crate::models`.
#[cfg(all(test, shuttle))]
pub(crate) mod models {
    pub(crate) use super::refresh::session_from_refresh_token;
}
