//! `client.login()`: authorization URLs, callbacks, session refresh and logout.

mod callback;
mod finish;
mod options;
mod redirect;
mod start;
mod transaction;

pub use finish::LoginOutcome;
pub use options::{
    AuthorizationRequest, CodeExchange, LoginOptions, LoginPrompt, LoginProvider, LogoutOptions,
};
pub use redirect::local_path;
pub use start::{IdpInitiatedLogin, Pkce, StartedLogin, generate_pkce};
pub use transaction::LoginTransaction;

#[cfg(any(test, fuzzing))]
pub(crate) use {
    callback::Callback,
    redirect::parse_redirect_uri,
    start::{authorization_url, extract_token, logout_url},
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
    let session = Arc::new(refresh::session_from_refresh_token(token));
    refresh::refreshed(&wire, session).await
}

twins! {
    /// Logins: authorization URLs, callbacks, session refresh and logout.
    ///
    /// `start` returns an authorization URL to redirect the user to, and a transaction to store. `finish` takes the
    /// callback and the stored transaction. The client keeps no state in between. State, nonce and PKCE are always
    /// used, and the ID token is always verified: signature, issuer, audience, nonce, hashes and timestamps.
    pub struct Login / AsyncLogin;
    blocking "Methods that call the service block their thread.";
    async "Methods that call the service are asynchronous.";
}

twins! { impl Login / AsyncLogin {
    /// Starts a login: generates state, nonce and PKCE verifier, and returns the authorization URL and the transaction
    /// to store. Sends nothing.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if an option is invalid.
    fn start(&self, options: LoginOptions) -> Result<StartedLogin> {
        start::start(&self.wire, &options)
    }

    /// Finishes a login: verifies the callback, exchanges its authorization code, and verifies the ID token.
    ///
    /// `callback` is the callback URL or only its query. `transaction` is the one that was stored for this browser.
    ///
    /// If the token request fails with `Connection`, `Timeout`, `Service` or `RateLimited`, or is cancelled before its
    /// response arrives, the same callback can be passed again. If the code has been exchanged by then, that fails with
    /// `LoginFailed` and the code `transaction_used`. After any other error, start a new login.
    ///
    /// Calls POST /oauth/token.
    ///
    /// # Errors
    ///
    /// `LoginFailed` if the service reports an error, the callback does not belong to the transaction, or the
    /// transaction is used or expired.
    /// `LoginRequired` if the user must be prompted, after a login with the prompt `Nothing`.
    /// `InvalidToken` if the ID token is invalid.
    async fn finish(&self, callback: &str, transaction: Arc<LoginTransaction>) -> Result<LoginOutcome> {
        let work = finish::finish(Arc::clone(&self.wire), callback.to_owned(), transaction);
        Call::new(OPERATION_FINISH, work)
    }

    /// Starts a login that an identity provider initiated (IdP-initiated login): validates the token in the callback,
    /// and continues like `start` with the organization and connection of the token.
    ///
    /// `callback` is the requested URL of your initiate-login endpoint, only its query, or the token. The path to
    /// return to after the login is `options.return_to`; the identity provider's relay state is `claims.relay_state`.
    ///
    /// # Errors
    ///
    /// `LoginFailed` if the callback contains no token.
    /// `InvalidToken` if the token is invalid.
    /// `TokenExpired` if the token has expired and is valid otherwise.
    /// `InvalidArgument` if an option is invalid.
    async fn start_idp_initiated(&self, callback: &str, options: LoginOptions) -> Result<IdpInitiatedLogin> {
        let work = start::start_idp_initiated(Arc::clone(&self.wire), callback.to_owned(), options);
        Call::new(OPERATION_IDP, work)
    }

    /// Returns an authorization URL with your own state, nonce and PKCE code challenge. Sends nothing. `start`
    /// generates them for you.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if a field of the request is invalid.
    fn authorization_url(&self, request: AuthorizationRequest) -> Result<String> {
        start::authorization_url(&self.wire, &request)
    }

    /// Exchanges an authorization code for tokens, and verifies the ID token. Compare the state before you call this;
    /// `finish` does it for you.
    ///
    /// Calls POST /oauth/token.
    ///
    /// # Errors
    ///
    /// `LoginFailed` if the service rejects the code.
    /// `InvalidToken` if the ID token is invalid.
    /// `InvalidArgument` if a field is invalid.
    async fn exchange_code(&self, exchange: CodeExchange) -> Result<LoginOutcome> {
        let work = finish::exchange(Arc::clone(&self.wire), exchange);
        Call::new(OPERATION_EXCHANGE, work)
    }

    /// Returns a session whose access token is valid: the given session until one minute before its access token
    /// expires, then a refreshed session. Call it before each use of a session, and store the returned session.
    ///
    /// Concurrent callers with the same session share one refresh, and a caller up to 60 seconds later gets the same
    /// result. A session whose access token has not expired is returned unchanged if the refresh fails with
    /// `Connection`, `Timeout`, `Service` or `RateLimited`, or if the session has no refresh token.
    ///
    /// Refreshes are shared within one client in one process, not between processes. If several worker processes or
    /// hosts use the same session, keep it in a shared store and serialize its refreshes, for example with a lock in
    /// that store; or, after `LoginRequired` with the code `invalid_grant`, read the session from the store again
    /// before you sign the user out. The official SDKs assume that the service accepts a used refresh token for about
    /// 30 seconds; the service does not document this.
    ///
    /// Calls POST /oauth/token if a refresh is due.
    ///
    /// # Errors
    ///
    /// `LoginRequired` if the session has ended, or if its access token has expired and it has no refresh token
    /// (`no_refresh_token`).
    /// `InvalidToken` if the new ID token is invalid or has another subject.
    async fn refresh_if_needed(&self, session: Arc<LoginSession>) -> Result<Arc<LoginSession>> {
        Call::new(OPERATION_REFRESH, refresh::if_needed(Arc::clone(&self.wire), session))
    }

    /// Exchanges a refresh token for a new session. The refresh token is used up; the session contains the next one.
    ///
    /// Callers with the same refresh token share one exchange, within one process, as in `refresh_if_needed`.
    ///
    /// Calls POST /oauth/token.
    ///
    /// # Errors
    ///
    /// `LoginRequired` if the refresh token is used up, revoked or expired.
    /// `InvalidToken` if the new ID token is invalid.
    /// `InvalidArgument` if the refresh token is empty.
    async fn refresh(&self, refresh_token: Arc<SecretText>) -> Result<Arc<LoginSession>> {
        Call::new(OPERATION_REFRESH, refresh_now(Arc::clone(&self.wire), refresh_token))
    }

    /// Returns the logout URL. Sends nothing. Redirect the browser to this URL, because the service keeps its session
    /// in the browser's cookies, and delete your own session.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the post-logout redirect URI is invalid.
    fn logout_url(&self, options: LogoutOptions) -> Result<String> {
        start::logout_url(&self.wire, &options)
    }
} }
