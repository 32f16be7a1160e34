//! What goes wrong, sorted by what the caller can do about it.

mod auth;
mod body;
mod build;
mod webhook;

pub(crate) use body::{ServiceError, is_hidden};
pub(crate) use build::Refusal;

/// The result of everything that can fail in this crate.
pub type Result<T, E = ScalekitError> = std::result::Result<T, E>;

/// Who failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum FailureSource {
    /// This library or its caller: nothing was sent, or no usable answer came back.
    Client,
    /// Scalekit answered with an error.
    Scalekit,
    /// A provider behind Scalekit failed while it ran a tool.
    Provider,
}

/// One field that the service did not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct FieldViolation {
    /// The field's path in the request, such as `organization.display_name`.
    pub field: String,
    /// What is wrong with it, in the service's words.
    pub description: String,
    /// The name of the rule it breaks, where the service gives one.
    pub constraint: Option<String>,
}

/// What is known about a failure. Every [`ScalekitError`] carries one.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct Failure {
    /// One finished sentence for a developer. It never holds a request, an answer's body or a credential.
    pub summary: String,
    /// The operation, such as `organizations.get`; empty where the failure belongs to none.
    pub operation: String,
    /// The HTTP status of the answer, where there was one.
    pub status: Option<i32>,
    /// The service's own code, such as `RESOURCE_NOT_FOUND`, or OAuth's, such as `invalid_client`; where a token or a
    /// login was refused here, the reason, such as `wrong_audience`.
    pub code: Option<String>,
    /// The id to quote to Scalekit's support: it finds the request in their logs.
    pub request_id: Option<String>,
    /// How long the service asked to wait before another try, in seconds.
    pub retry_after_seconds: Option<f64>,
    /// Whether trying the same call again is safe and may help. False for a write that may have been carried out.
    pub retryable: bool,
    /// The fields that the service did not accept, if it named any.
    pub field_violations: Vec<FieldViolation>,
    /// Who failed.
    pub source: FailureSource,
}

/// What went wrong, by what you can do about it.
///
/// Printing an error gives `failure.summary`, one sentence fit for a log.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[cfg_attr(feature = "ffi", derive(uniffi::Error), uniffi::export(Display))]
#[error("{}", self.failure().summary)]
#[non_exhaustive]
pub enum ScalekitError {
    /// The service did not accept the credentials. Check client id, secret and environment URL.
    Unauthenticated {
        /// What is known about it.
        failure: Failure,
    },
    /// The credentials are good, but not for this. Check what the client is allowed to do.
    PermissionDenied {
        /// What is known about it.
        failure: Failure,
    },
    /// There is no such thing, or not in this environment.
    NotFound {
        /// What is known about it.
        failure: Failure,
    },
    /// The service did not accept the request. `failure.field_violations` names the fields.
    InvalidRequest {
        /// What is known about it.
        failure: Failure,
    },
    /// The thing exists already, or has changed meanwhile. Read it again, then decide.
    Conflict {
        /// What is known about it.
        failure: Failure,
    },
    /// Too many requests, even after the retries. Slow down; `failure.retry_after_seconds` says by how much, if known.
    RateLimited {
        /// What is known about it.
        failure: Failure,
    },
    /// The service failed, or answered with a status that has no variant of its own.
    Service {
        /// What is known about it.
        failure: Failure,
    },
    /// A provider behind a tool failed, not Scalekit. Its status and code are in `failure`.
    Tool {
        /// What is known about it.
        failure: Failure,
    },
    /// A token was not accepted: answer 401, and let nothing of it in. `failure.code` says why: `malformed`,
    /// `too_large`, `unsupported_algorithm`, `critical_header`, `untrusted_key_header`, `unknown_key`,
    /// `bad_signature`, `duplicate_claim`, `missing_claim`, `invalid_claim`, `wrong_issuer`, `wrong_audience`,
    /// `wrong_authorized_party`, `wrong_token_type`, `wrong_subject`, `wrong_nonce`, `wrong_access_token_hash`,
    /// `wrong_code_hash`, `not_yet_valid`, `issued_in_future`.
    InvalidToken {
        /// What is known about it.
        failure: Failure,
    },
    /// A token was good, and is over: answer 401, or refresh the session and try again. `failure.code` is
    /// `token_expired`.
    TokenExpired {
        /// What is known about it.
        failure: Failure,
    },
    /// A token is good, and does not hold a scope that is needed: answer 403. `failure.code` is `missing_scope`.
    MissingScope {
        /// What is known about it.
        failure: Failure,
    },
    /// A login did not come to its end: tell the person, and offer to start again. `failure.code` is the service's own,
    /// such as `access_denied` or `invalid_grant`, or says what is wrong with the callback: `malformed_callback`,
    /// `state_mismatch`, `transaction_used`, `transaction_expired`, `wrong_environment`, `wrong_issuer`.
    LoginFailed {
        /// What is known about it.
        failure: Failure,
    },
    /// Nobody is signed in any more, or not yet: send the person to log in. `failure.code` is the service's own, such as
    /// `invalid_grant` or `login_required`, or `no_refresh_token` where a session cannot be refreshed.
    LoginRequired {
        /// What is known about it.
        failure: Failure,
    },
    /// A webhook or an interceptor's request was not accepted: answer 401, and let nothing of it in. `failure.code` says
    /// why: `missing_header`, `malformed_header`, `timestamp_too_old`, `timestamp_too_new` (the clock of this machine may
    /// be wrong), `no_usable_signature`, `wrong_signature` (another secret, or a body that was changed on its way).
    InvalidWebhook {
        /// What is known about it.
        failure: Failure,
    },
    /// The service could not be reached, or the connection broke.
    Connection {
        /// What is known about it.
        failure: Failure,
    },
    /// No answer within the time allowed, retries and token included. A write may have been carried out.
    Timeout {
        /// What is known about it.
        failure: Failure,
    },
    /// The answer is not what the service promises. A newer version of this library may know it.
    Decode {
        /// What is known about it.
        failure: Failure,
    },
    /// An argument or option cannot be used. Nothing was sent; `failure.summary` names it.
    InvalidArgument {
        /// What is known about it.
        failure: Failure,
    },
    /// A blocking call inside an asynchronous runtime, where it would hang. Use the async client there.
    BlockingInAsync {
        /// What is known about it.
        failure: Failure,
    },
    /// The client was closed before the call. Make a new one.
    Closed {
        /// What is known about it.
        failure: Failure,
    },
    /// A defect of this library; the client stays usable. Please report `failure.summary`.
    Internal {
        /// What is known about it.
        failure: Failure,
    },
}

impl ScalekitError {
    /// What is known about it, whichever variant it is.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        match self {
            Self::Unauthenticated { failure }
            | Self::PermissionDenied { failure }
            | Self::NotFound { failure }
            | Self::InvalidRequest { failure }
            | Self::Conflict { failure }
            | Self::RateLimited { failure }
            | Self::Service { failure }
            | Self::Tool { failure }
            | Self::InvalidToken { failure }
            | Self::TokenExpired { failure }
            | Self::MissingScope { failure }
            | Self::LoginFailed { failure }
            | Self::LoginRequired { failure }
            | Self::InvalidWebhook { failure }
            | Self::Connection { failure }
            | Self::Timeout { failure }
            | Self::Decode { failure }
            | Self::InvalidArgument { failure }
            | Self::BlockingInAsync { failure }
            | Self::Closed { failure }
            | Self::Internal { failure } => failure,
        }
    }
}
