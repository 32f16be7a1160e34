//! The HTTP client: authentication, attempts, retries, deadlines. Nothing here knows a resource.

mod clock;
mod exchange;
mod identity;
mod method;
mod request;
mod shared;
mod tls;
mod transport;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Client;
use tokio::time::Instant;

use crate::cache::{Fetch, Memory, PreloadedKeys, Token};
use crate::error::{Result, ScalekitError, ServiceError};
use crate::options::{CallOptions, CallSettings, ClientOptions};
use crate::retry::{Outcome, Progress, decide};

pub(crate) use exchange::Response;
#[cfg(any(feature = "ffi", feature = "dispatch"))]
pub(crate) use identity::identify_caller;
pub use method::HttpMethod;
pub(crate) use request::{Body, LONGEST_GRANT, Request};
use shared::Shared;
pub(crate) use tls::authorities_in;

/// Requests the client's own access token. Passed in from above, because the wire knows HTTP but not OAuth.
pub(crate) type Authenticate = fn(Wire) -> Fetch<Token>;

/// A client's connection to the service. Copies with other call settings share connections and access token.
#[derive(Clone)]
pub(crate) struct Wire {
    shared: Arc<Shared>,
    call: CallSettings,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("origin", &self.shared.origin().as_str()).finish_non_exhaustive()
    }
}

/// The failure of one attempt.
struct AttemptError {
    outcome: Outcome,
    error: ScalekitError,
    /// Whether the service rejected the access token, so that a new one may help.
    token_rejected: bool,
}

impl Wire {
    pub(crate) fn new(
        url: &str,
        client_id: &str,
        client_secret: &str,
        options: &ClientOptions,
        authenticate: Authenticate,
    ) -> Result<Arc<Self>> {
        Self::build(url, client_id, Some(client_secret), options, authenticate)
    }

    /// A client without a secret: it can log users in and validate tokens, but call no operation.
    pub(crate) fn public(
        url: &str,
        client_id: &str,
        options: &ClientOptions,
        authenticate: Authenticate,
    ) -> Result<Arc<Self>> {
        Self::build(url, client_id, None, options, authenticate)
    }

    fn build(
        url: &str,
        client_id: &str,
        client_secret: Option<&str>,
        options: &ClientOptions,
        authenticate: Authenticate,
    ) -> Result<Arc<Self>> {
        let call = CallSettings::new(options)?;
        let shared = Shared::new(url, client_id, client_secret, options, call.clone(), authenticate)?;
        Ok(Arc::new(Self { shared: Arc::new(shared), call }))
    }

    pub(crate) fn with(&self, options: &CallOptions) -> Result<Arc<Self>> {
        Ok(Arc::new(Self { shared: Arc::clone(&self.shared), call: self.call.with(options)? }))
    }

    /// Closes idle connections and drops the access token. Calls in flight finish; later ones fail with `Closed`.
    pub(crate) fn close(&self) {
        self.shared.close();
    }

    /// Advances the client's clock, for tests of token renewal.
    #[cfg(any(test, feature = "test-hooks"))]
    pub(crate) fn advance_clock(&self, by: Duration) {
        self.shared.advance_clock(by);
    }

    pub(crate) fn origin(&self) -> &reqwest::Url {
        self.shared.origin()
    }

    pub(crate) fn client_id(&self) -> &str {
        self.shared.client_id()
    }

    pub(crate) fn client_secret(&self) -> Option<&str> {
        self.shared.client_secret()
    }

    /// Accepted token issuers, unless the caller expects others.
    pub(crate) fn issuers(&self) -> &[String] {
        self.shared.issuers()
    }

    /// The monotonic time, for renewals.
    pub(crate) fn now(&self) -> std::time::Instant {
        self.shared.now()
    }

    /// The wall-clock time, for token claims.
    pub(crate) fn wall_now(&self) -> SystemTime {
        self.shared.wall_now()
    }

    /// The state of logins and token checks in this process. Fails with `Closed` if the client is closed.
    pub(crate) fn memory(&self, operation: &str) -> Result<&Memory> {
        self.shared.check_open(operation)?;
        Ok(self.shared.memory())
    }

    /// The signing keys that the caller provided.
    pub(crate) fn preloaded(&self) -> &PreloadedKeys {
        self.shared.preloaded()
    }

    /// The client with its original call settings, for requests on behalf of all its copies.
    pub(crate) fn original(&self) -> Arc<Self> {
        Arc::new(Self { call: self.shared.call().clone(), shared: Arc::clone(&self.shared) })
    }

    /// Runs work that waits for shared requests, within the timeout of a call.
    pub(crate) async fn within<T>(
        &self,
        operation: &str,
        waiting_for: &str,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let limit = self.call.timeout;
        let result = tokio::time::timeout(limit, work).await;
        result.unwrap_or_else(|_| Err(ScalekitError::timeout(operation, limit, waiting_for, true)))
    }

    /// Sends a request, with retries, until it succeeds, fails permanently or times out.
    pub(crate) async fn execute(&self, request: Request) -> Result<Response> {
        // Held until the call ends: closing the client does not interrupt it.
        let http = self.shared.http(request.operation)?;
        let limit = if request.tool { self.call.tool_timeout } else { self.call.timeout };
        let deadline = Instant::now() + limit;
        let mut waiting_for = "";
        let attempts = self.attempts(&http, &request, deadline, &mut waiting_for);
        let result = tokio::time::timeout_at(deadline, attempts).await;
        result.unwrap_or_else(|_| {
            Err(ScalekitError::timeout(request.operation, limit, waiting_for, request.idempotent))
        })
    }

    async fn attempts(
        &self,
        http: &Client,
        request: &Request,
        deadline: Instant,
        waiting_for: &mut &str,
    ) -> Result<Response> {
        let (mut attempts, mut reauthenticated) = (0, false);
        loop {
            *waiting_for = "an access token";
            let token = if request.signed { Some(self.token(deadline).await?) } else { None };
            *waiting_for = "the service";
            attempts += 1;
            let failed = match self.attempt(http, request, token.as_ref()).await {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            if let (Some(token), true, false) = (&token, failed.token_rejected, reauthenticated) {
                // Revoked, or signed with a withdrawn key: one repeat with a new token, not counted as a retry.
                self.shared.invalidate(token);
                (reauthenticated, attempts) = (true, attempts - 1);
                continue;
            }
            let progress = Progress {
                attempts,
                idempotent: request.idempotent,
                remaining: deadline.saturating_duration_since(Instant::now()),
                jitter: fastrand::f64(),
            };
            let Some(delay) = decide(failed.outcome, &self.call.policy, &progress) else {
                return Err(failed.error);
            };
            log_retry(request.operation, attempts, delay, &failed.error);
            *waiting_for = "the next retry";
            tokio::time::sleep(delay).await;
        }
    }

    /// Returns the access token. A shared token request that timed out may have started long before this call, whose own
    /// deadline counts: until then, another one is started.
    async fn token(&self, deadline: Instant) -> Result<Token> {
        loop {
            match Shared::token(&self.shared).await {
                Err(ScalekitError::Timeout { .. }) if Instant::now() < deadline => {
                    tokio::task::yield_now().await;
                }
                // The call's own deadline is due and ends this wait.
                Err(ScalekitError::Timeout { .. }) => std::future::pending().await,
                result => return result,
            }
        }
    }

    async fn attempt(
        &self,
        http: &Client,
        request: &Request,
        token: Option<&Token>,
    ) -> Result<Response, AttemptError> {
        let started = Instant::now();
        let exchange = exchange::exchange(http, request, token, &self.call.headers);
        let result = match self.call.attempt_timeout.filter(|_| request.idempotent) {
            Some(limit) => tokio::time::timeout(limit, exchange)
                .await
                .unwrap_or(Err(exchange::TransportError::TimedOut(limit))),
            None => exchange.await,
        };
        match result {
            Ok(response) => {
                tracing::debug!(
                    operation = request.operation,
                    status = response.status,
                    duration_seconds = started.elapsed().as_secs_f64(),
                    request_id = response.request_id(),
                    "response received"
                );
                if response.is_success() {
                    Ok(response)
                } else {
                    Err(self.rejected(request, token, &response))
                }
            }
            Err(broken) => {
                let (outcome, error) = broken.classify(request.operation, request.idempotent);
                tracing::debug!(
                    operation = request.operation,
                    duration_seconds = started.elapsed().as_secs_f64(),
                    error = %error,
                    "no response"
                );
                Err(AttemptError { outcome, error, token_rejected: false })
            }
        }
    }

    fn rejected(&self, request: &Request, token: Option<&Token>, response: &Response) -> AttemptError {
        let own = self.shared.client_secret().into_iter().chain(token.map(Token::expose));
        let sent: Vec<&str> = own.chain(request.secrets.iter().map(|secret| secret.expose())).collect();
        let mut body = ServiceError::read(&response.body, &sent);
        if (300..400).contains(&response.status) {
            body.message.get_or_insert_with(|| "redirects are not followed".into());
        }
        let tool = body.is_tool_error();
        let retry_after = response
            .header("retry-after")
            .and_then(|text| crate::retry::retry_after(text, SystemTime::now()));
        let error = ScalekitError::rejected(crate::error::Rejection {
            operation: request.operation,
            status: response.status,
            header_request_id: response.request_id().map(str::to_owned),
            retry_after,
            idempotent: request.idempotent,
            body,
        });
        let outcome = Outcome::Rejected { status: response.status, retry_after, tool };
        AttemptError { outcome, error, token_rejected: response.status == 401 && !tool }
    }
}

fn log_retry(operation: &str, attempts: u32, delay: Duration, error: &ScalekitError) {
    let failure = error.failure();
    let (status, request_id) = (failure.status, failure.request_id.as_deref());
    tracing::warn!(operation, status, request_id, attempts, ?delay, error = %error, "retrying");
}
