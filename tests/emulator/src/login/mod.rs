//! The login: authorization endpoint, sign-in, sessions, and logout. [`login_state`](crate::login_state) stores what it
//! needs.
//!
//! `authorize` handles the authorization request, `selector` selects the connection, `page` lets a person decide,
//! `sign_in` completes an approved login, `callback` returns its result to the application, and `sweep` removes what has
//! ended. `inspect` answers questions of other endpoints, and `commands` contains the control-plane commands.

mod authorize;
mod callback;
mod claims;
mod commands;
mod grant;
mod html;
mod idp_initiated;
mod inspect;
mod logout;
mod page;
mod parameters;
mod selector;
mod session;
mod sign_in;
mod sweep;

pub(crate) use authorize::authorize;
pub(crate) use claims::{Binding, TokenContext};
pub(crate) use commands::{handle, initiate, register, script, settings, token};
pub(crate) use inspect::{refresh_token_info, revoke_refresh_token, user_claims};
pub(crate) use logout::logout;
pub(crate) use page::{decide, show};
pub(crate) use session::{get_active, has_active_session, record_use};
pub(crate) use sweep::sweep;
