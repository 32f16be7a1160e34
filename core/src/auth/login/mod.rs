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

#[cfg(any(test, fuzzing))]
pub(crate) use {
    callback::Callback,
    place::redirect_uri,
    start::{authorization_url, logout_url, token_in},
};

use std::sync::Arc;

use super::refresh;
use crate::error::Result;
use crate::session::LoginSession;
use crate::twins::twins;
use crate::types::SecretText;
use crate::wire::Wire;
use crate::work::Call;

const OPERATION_START: &str = "login.start";
const OPERATION_IDP: &str = "login.start_idp_initiated";
const OPERATION_FINISH: &str = "login.finish";
const OPERATION_EXCHANGE: &str = "login.exchange_code";
const OPERATION_REFRESH: &str = "login.refresh";

async fn refresh_now(wire: Arc<Wire>, token: Arc<SecretText>) -> Result<Arc<LoginSession>> {
    let session = Arc::new(refresh::session_of(token));
    refresh::refreshed(&wire, session).await
}

twins! {
    /// Logs people in and out.
    ///
    /// `start` gives a URL to send the person to, and a transaction to keep; `finish` takes what they come back
    /// with. In between nothing is open. State, nonce and PKCE are always used, and an ID token is always verified:
    /// signature, issuer, audience, nonce, hashes and times.
    pub struct Login / AsyncLogin;
    blocking "Calls to the service block their thread.";
    async "Calls to the service are asynchronous.";
}

twins! { impl Login / AsyncLogin {
    /// Starts a login: makes its secrets, and the URL to send the person to. Nothing is sent from here.
    fn start(&self, options: LoginOptions) -> Result<StartedLogin> {
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
    async fn finish(&self, callback: &str, transaction: Arc<LoginTransaction>) -> Result<LoginOutcome> {
        let work = finish::finish(Arc::clone(&self.wire), callback.to_owned(), transaction);
        Call::new(OPERATION_FINISH, work)
    }

    /// Starts the login that an identity provider began. Takes the URL of yours that was called (or its query,
    /// or the token in it), verifies the token, and goes on as `start` does, with the organization and the
    /// connection that the token names. Where the login is to lead is for `options.return_to` to say; the
    /// provider's own wish is in `claims.relay_state`.
    async fn start_idp_initiated(&self, callback: &str, options: LoginOptions) -> Result<IdpInitiatedLogin> {
        let work = start::start_idp_initiated(Arc::clone(&self.wire), callback.to_owned(), options);
        Call::new(OPERATION_IDP, work)
    }

    /// The URL to send a person to, with a state, a nonce and a challenge of your own. `start` makes them for
    /// you.
    fn authorization_url(&self, request: AuthorizationRequest) -> Result<String> {
        start::authorization_url(&self.wire, &request)
    }

    /// Exchanges a code for tokens, and verifies the ID token. The state is yours to compare before: `finish`
    /// does it for you.
    ///
    /// Calls POST /oauth/token
    async fn exchange_code(&self, exchange: CodeExchange) -> Result<LoginOutcome> {
        let work = finish::exchange(Arc::clone(&self.wire), exchange);
        Call::new(OPERATION_EXCHANGE, work)
    }

    /// The session itself while it is good for another minute, or else the next one. Call it before you use the
    /// session, and keep what it gives.
    ///
    /// Of all who call with the same session, one refreshes for all; who comes up to a minute late gets the same.
    /// While the service cannot be reached, a session that is not over is given back as it is. Fails with
    /// `LoginRequired` when the session is over for good.
    ///
    /// Calls POST /oauth/token when it is due.
    async fn refresh_if_needed(&self, session: Arc<LoginSession>) -> Result<Arc<LoginSession>> {
        Call::new(OPERATION_REFRESH, refresh::if_needed(Arc::clone(&self.wire), session))
    }

    /// Exchanges a refresh token for the next session. It is used up by that; the next one is in the session.
    /// Callers with the same token share one exchange, as in `refresh_if_needed`. Fails with `LoginRequired`
    /// when the token is used up, revoked or too old.
    ///
    /// Calls POST /oauth/token
    async fn refresh(&self, refresh_token: Arc<SecretText>) -> Result<Arc<LoginSession>> {
        Call::new(OPERATION_REFRESH, refresh_now(Arc::clone(&self.wire), refresh_token))
    }

    /// The URL to send a person to for logging out: the browser has to go there, since the session is in its
    /// cookies. Forget your own session as well.
    fn logout_url(&self, options: LogoutOptions) -> Result<String> {
        start::logout_url(&self.wire, &options)
    }
} }
