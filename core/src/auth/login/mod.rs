//! `client.login()`: sending people to log in, and taking them back.

mod callback;
mod finish;
mod options;
mod place;
mod start;
mod transaction;

pub use finish::LoginOutcome;
pub use options::{
    AuthorizationRequest, CodeExchange, LoginOptions, LoginPrompt, LoginProvider, LogoutOptions,
};
pub use place::local_path;
pub use start::{IdpInitiatedLogin, Pkce, StartedLogin, generate_pkce};
pub use transaction::LoginTransaction;

pub(crate) use transaction::Finished;
#[cfg(any(test, fuzzing))]
pub(crate) use {
    callback::Callback,
    place::redirect_uri,
    start::{authorization_url, logout_url, token_in},
};

use std::sync::Arc;

use super::refresh;
use super::session::LoginSession;
use crate::error::{Result, ScalekitError};
use crate::types::SecretText;
use crate::wire::Wire;

const OPERATION_START: &str = "login.start";
const OPERATION_IDP: &str = "login.start_idp_initiated";
const OPERATION_FINISH: &str = "login.finish";
const OPERATION_EXCHANGE: &str = "login.exchange_code";
const OPERATION_REFRESH: &str = "login.refresh";

async fn refresh_now(wire: Arc<Wire>, token: Arc<SecretText>) -> Result<Arc<LoginSession>> {
    let session = Arc::new(refresh::known_by(token));
    refresh::now_or_later(&wire, session).await
}

/// The methods of both styles; `$call` runs the work as the style does.
macro_rules! login {
    ($(#[$meta:meta])* struct $Login:ident if $cfg:meta, $call:ident $(, $async:ident, $await:ident)?) => {
        $(#[$meta])*
        ///
        /// `start` gives a URL to send the person to, and a transaction to keep; `finish` takes what they come back
        /// with. In between nothing is open. State, nonce and PKCE are always used, and an ID token is always verified:
        /// signature, issuer, audience, nonce, hashes and times.
        #[cfg($cfg)]
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Login {
            pub(crate) wire: Arc<Wire>,
        }

        #[cfg($cfg)]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Login {
            /// Starts a login: makes its secrets, and the URL to send the person to. Nothing is sent from here.
            pub fn start(&self, options: LoginOptions) -> Result<StartedLogin, ScalekitError> {
                start::start(&self.wire, &options)
            }

            /// Finishes a login: takes the URL that the person came back to (or its query alone) and the transaction
            /// that was kept for them.
            ///
            /// Fails with `LoginFailed` when the login went wrong at the service, or when the callback does not belong
            /// to the transaction; with `LoginRequired` when somebody has to be asked (after the prompt `Nothing`); with
            /// `InvalidToken` when what came back cannot be trusted. After a `Connection` or `Timeout`, or a call that was
            /// given up before its answer came, the same callback may be tried again; after anything else start anew.
            ///
            /// Calls POST /oauth/token
            pub $($async)? fn finish(&self, callback: &str, transaction: Arc<LoginTransaction>) -> Result<LoginOutcome, ScalekitError> {
                let work = finish::finish(Arc::clone(&self.wire), callback.to_owned(), transaction);
                crate::work::$call(OPERATION_FINISH, work)$(.$await)?
            }

            /// Starts the login that an identity provider began. Takes the URL of yours that was called (or its query,
            /// or the token in it), verifies the token, and goes on as `start` does, with the organization and the
            /// connection that the token names. Where the login is to lead is for `options.return_to` to say; the
            /// provider's own wish is in `claims.relay_state`.
            pub $($async)? fn start_idp_initiated(&self, callback: &str, options: LoginOptions) -> Result<IdpInitiatedLogin, ScalekitError> {
                let work = start::start_idp_initiated(Arc::clone(&self.wire), callback.to_owned(), options);
                crate::work::$call(OPERATION_IDP, work)$(.$await)?
            }

            /// The URL to send a person to, with a state, a nonce and a challenge of your own. `start` makes them for
            /// you.
            pub fn authorization_url(&self, request: AuthorizationRequest) -> Result<String, ScalekitError> {
                start::authorization_url(&self.wire, &request)
            }

            /// Exchanges a code for tokens, and verifies the ID token. The state is yours to compare before: `finish`
            /// does it for you.
            ///
            /// Calls POST /oauth/token
            pub $($async)? fn exchange_code(&self, exchange: CodeExchange) -> Result<LoginOutcome, ScalekitError> {
                let work = finish::exchange(Arc::clone(&self.wire), exchange);
                crate::work::$call(OPERATION_EXCHANGE, work)$(.$await)?
            }

            /// The session itself while it is good for another minute, or else the next one. Call it before you use the
            /// session, and keep what it gives.
            ///
            /// Of all who call with the same session, one refreshes for all; who comes up to a minute late gets the same.
            /// While the service cannot be reached, a session that is not over is given back as it is. Fails with
            /// `LoginRequired` when the session is over for good.
            ///
            /// Calls POST /oauth/token when it is due.
            pub $($async)? fn refresh_if_needed(&self, session: Arc<LoginSession>) -> Result<Arc<LoginSession>, ScalekitError> {
                crate::work::$call(OPERATION_REFRESH, refresh::if_needed(Arc::clone(&self.wire), session))$(.$await)?
            }

            /// Exchanges a refresh token for the next session. It is used up by that; the next one is in the session.
            /// Callers with the same token share one exchange, as in `refresh_if_needed`. Fails with `LoginRequired`
            /// when the token is used up, revoked or too old.
            ///
            /// Calls POST /oauth/token
            pub $($async)? fn refresh(&self, refresh_token: Arc<SecretText>) -> Result<Arc<LoginSession>, ScalekitError> {
                crate::work::$call(OPERATION_REFRESH, refresh_now(Arc::clone(&self.wire), refresh_token))$(.$await)?
            }

            /// The URL to send a person to for logging out: the browser has to go there, since the session is in its
            /// cookies. Forget your own session as well.
            pub fn logout_url(&self, options: LogoutOptions) -> Result<String, ScalekitError> {
                start::logout_url(&self.wire, &options)
            }
        }
    };
}

login! {
    /// Logs people in and out. Calls to the service block their thread.
    struct Login if feature = "blocking", wait
}
login! {
    /// Logs people in and out. Calls to the service are asynchronous.
    struct AsyncLogin if not(any()), run, async, await
}
