//! A signed-in user's tokens, and the token endpoint's response that they come from.

mod grant;
mod login_session;

pub use login_session::LoginSession;

pub(crate) use grant::{Grant, LONGEST_LIFETIME};
