//! The one road to the service: sign in, try, judge, try again. Nothing here knows a resource.

mod clock;
mod exchange;
mod identity;
mod request;
mod shared;
mod tls;
mod transport;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Client;
use tokio::time::Instant;

use crate::auth::{Memory, Preloaded};
use crate::error::{Result, ScalekitError, ServiceError};
use crate::options::{CallOptions, CallSettings, ClientOptions};
use crate::retry::{Outcome, Situation, decide};
use crate::token::Token;

pub(crate) use exchange::Answer;
#[cfg(feature = "ffi")]
pub(crate) use identity::identify_caller;
pub(crate) use request::{Body, LONGEST_GRANT, Request};
use shared::Shared;
pub(crate) use tls::authorities_in;

/// A client's way to the service. Copies with other call settings share connections and token.
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

/// Why one attempt did not bring what was asked for.
struct Miss {
    outcome: Outcome,
    error: ScalekitError,
    /// The service did not accept the token, so that a new one may help.
    token_refused: bool,
}

impl Wire {
    pub(crate) fn new(
        url: &str,
        client_id: &str,
        client_secret: &str,
        options: &ClientOptions,
    ) -> Result<Arc<Self>> {
        Self::build(url, client_id, Some(client_secret), options)
    }

    /// For a program that cannot keep a secret: it can log people in and check tokens, and call nothing else.
    pub(crate) fn public(url: &str, client_id: &str, options: &ClientOptions) -> Result<Arc<Self>> {
        Self::build(url, client_id, None, options)
    }

    fn build(
        url: &str,
        client_id: &str,
        client_secret: Option<&str>,
        options: &ClientOptions,
    ) -> Result<Arc<Self>> {
        let call = CallSettings::new(options)?;
        let shared = Shared::new(url, client_id, client_secret, options, call.clone())?;
        Ok(Arc::new(Self { shared: Arc::new(shared), call }))
    }

    pub(crate) fn with(&self, options: &CallOptions) -> Result<Arc<Self>> {
        Ok(Arc::new(Self { shared: Arc::clone(&self.shared), call: self.call.with(options)? }))
    }

    /// Lets go of connections and token. Calls that are under way end as they would; later ones are refused.
    pub(crate) fn close(&self) {
        self.shared.close();
    }

    /// Moves the client's idea of time, for tests of token renewal.
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

    /// Who may have issued a token, unless the caller says otherwise.
    pub(crate) fn issuers(&self) -> &[String] {
        self.shared.issuers()
    }

    /// The time by which tokens are renewed.
    pub(crate) fn now(&self) -> std::time::Instant {
        self.shared.now()
    }

    /// The time by which tokens are judged.
    pub(crate) fn wall_now(&self) -> SystemTime {
        self.shared.wall_now()
    }

    /// What login and token checks remember in this process. Refused when the client is closed.
    pub(crate) fn memory(&self, operation: &str) -> Result<&Memory> {
        self.shared.check_open(operation)?;
        Ok(self.shared.memory())
    }

    /// Keys that the caller brought along.
    pub(crate) fn preloaded(&self) -> &Preloaded {
        self.shared.preloaded()
    }

    /// The same client with the settings that it was built with: for work that is done on behalf of all its copies.
    pub(crate) fn original(&self) -> Arc<Self> {
        Arc::new(Self { call: self.shared.call().clone(), shared: Arc::clone(&self.shared) })
    }

    /// Does work that is not a request of its own within the time of a call.
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

    /// Sends a request until it is answered, refused for good, or out of time.
    pub(crate) async fn execute(&self, request: Request) -> Result<Answer> {
        // Held to the end: a client that is closed meanwhile keeps no call from ending.
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
    ) -> Result<Answer> {
        let (mut tries, mut renewed) = (0, false);
        loop {
            *waiting_for = "an access token";
            let token = if request.signed { Some(self.token(deadline).await?) } else { None };
            *waiting_for = "the service";
            tries += 1;
            let miss = match self.attempt(http, request, token.as_ref()).await {
                Ok(answer) => return Ok(answer),
                Err(miss) => miss,
            };
            if let (Some(token), true, false) = (&token, miss.token_refused, renewed) {
                // Revoked, or signed with a key that is gone: a new token earns one repeat, outside the count.
                self.shared.invalidate(token);
                (renewed, tries) = (true, tries - 1);
                continue;
            }
            let now = Situation {
                tries,
                idempotent: request.idempotent,
                remaining: deadline.saturating_duration_since(Instant::now()),
                dice: fastrand::f64(),
            };
            let Some(wait) = decide(miss.outcome, &self.call.policy, &now) else { return Err(miss.error) };
            tracing::warn!(operation = request.operation, tries, ?wait, error = %miss.error, "trying again");
            *waiting_for = "the time to try again";
            tokio::time::sleep(wait).await;
        }
    }

    /// A fetch that ran out of its own time may have begun long before this call, which goes by its own deadline: so
    /// there is another, unless that is over too.
    async fn token(&self, deadline: Instant) -> Result<Token> {
        loop {
            match Shared::token(&self.shared).await {
                Err(ScalekitError::Timeout { .. }) if Instant::now() < deadline => {
                    tokio::task::yield_now().await;
                }
                // The deadline ends this too, any moment now.
                Err(ScalekitError::Timeout { .. }) => std::future::pending().await,
                result => return result,
            }
        }
    }

    /// One try.
    async fn attempt(&self, http: &Client, request: &Request, token: Option<&Token>) -> Result<Answer, Miss> {
        let started = Instant::now();
        let exchange = exchange::exchange(http, request, token, &self.call.headers);
        let result = match self.call.attempt_timeout.filter(|_| request.idempotent) {
            Some(limit) => {
                tokio::time::timeout(limit, exchange).await.unwrap_or(Err(exchange::Break::TimedOut(limit)))
            }
            None => exchange.await,
        };
        match result {
            Ok(answer) => {
                tracing::debug!(
                    operation = request.operation,
                    status = answer.status,
                    took = ?started.elapsed(),
                    request_id = answer.request_id(),
                    "answered"
                );
                if answer.is_success() { Ok(answer) } else { Err(self.refused(request, token, &answer)) }
            }
            Err(broken) => {
                let (outcome, error) = broken.judge(request.operation, request.idempotent);
                tracing::debug!(operation = request.operation, took = ?started.elapsed(), error = %error, "not answered");
                Err(Miss { outcome, error, token_refused: false })
            }
        }
    }

    fn refused(&self, request: &Request, token: Option<&Token>, answer: &Answer) -> Miss {
        let own = self.shared.client_secret().into_iter().chain(token.map(Token::expose));
        let sent: Vec<&str> = own.chain(request.secrets.iter().map(|secret| secret.expose())).collect();
        let mut body = ServiceError::read(&answer.body, &sent);
        if (300..400).contains(&answer.status) {
            body.message.get_or_insert_with(|| "redirects are not followed".into());
        }
        let tool = body.is_tool_error();
        let retry_after =
            answer.header("retry-after").and_then(|text| crate::retry::retry_after(text, SystemTime::now()));
        let error = ScalekitError::refused(crate::error::Refusal {
            operation: request.operation,
            status: answer.status,
            header_request_id: answer.request_id().map(str::to_owned),
            retry_after,
            idempotent: request.idempotent,
            body,
        });
        let outcome = Outcome::Refused { status: answer.status, retry_after, tool };
        Miss { outcome, error, token_refused: answer.status == 401 && !tool }
    }
}
