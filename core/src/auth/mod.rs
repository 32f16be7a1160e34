//! Logins and tokens: the half of the service that is not a table of operations.
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
//! A token is taken apart in `jws`, its key comes from `keys`, its claims are held against `expect` in `verify`, and
//! only then become `claims`. A login begins in `login::start` and ends in `login::finish`; `refresh` goes on from
//! there.

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
    pub(crate) use super::expect::Checked;
    pub(crate) use super::login::{Callback, authorization_url, logout_url, redirect_uri, token_in};
    pub(crate) use super::verify::{Checks, Login, at_hand};
}

/// Internals for `crate::models`.
#[cfg(all(test, shuttle))]
pub(crate) mod models {
    pub(crate) use super::refresh::session_of;
}
