//! Errors, by what the caller can do about them.

mod auth;
mod body;
mod build;
mod webhook;

pub(crate) use body::{ServiceError, is_hidden};
pub(crate) use build::Rejection;

/// The result type of this crate.
pub type Result<T, E = ScalekitError> = std::result::Result<T, E>;

/// The party that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
#[non_exhaustive]
pub enum FailureSource {
    /// The library or the caller: no request was sent, or no usable response arrived.
    Client,
    /// Scalekit: it responded with an error.
    Scalekit,
    /// The provider behind a tool that Scalekit ran.
    Provider,
}

/// A request field that the service rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct FieldViolation {
    /// Path of the field in the request, such as `organization.display_name`.
    pub field: String,
    /// Description of the violation, from the service.
    pub description: String,
    /// Name of the violated rule, if the service states it.
    pub constraint: Option<String>,
}

/// The details of a failure. Every [`ScalekitError`] carries one.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct Failure {
    /// A one-line, human-readable summary. Never contains request or response bodies or credentials.
    pub summary: String,
    /// Operation, such as `organizations.get`. Empty if the failure belongs to none.
    pub operation: String,
    /// HTTP status code, if there was a response.
    pub status: Option<i32>,
    /// Error code: the service's, such as `RESOURCE_NOT_FOUND`, or OAuth's, such as `invalid_client`. If the library
    /// rejected a token, a login or a webhook, the reason, such as `wrong_audience`.
    pub code: Option<String>,
    /// Request ID, by which Scalekit's support finds the request.
    pub request_id: Option<String>,
    /// Delay before the next attempt that the service requested (`Retry-After`), in seconds.
    pub retry_after_seconds: Option<f64>,
    /// Whether repeating the call is safe and may succeed. False for a write that may have taken effect.
    pub retryable: bool,
    /// Fields that the service rejected.
    pub field_violations: Vec<FieldViolation>,
    /// Party that failed.
    pub source: FailureSource,
}

/// An error of the library or the service. Each variant corresponds to one remedy.
///
/// Its message is `failure.summary`: one line, safe to log.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[cfg_attr(feature = "ffi", derive(uniffi::Error), uniffi::export(Display))]
#[error("{}", self.failure().summary)]
#[non_exhaustive]
pub enum ScalekitError {
    /// The service rejected the credentials. Check client ID, secret and environment URL.
    Unauthenticated {
        /// Details of the failure.
        failure: Failure,
    },
    /// The credentials are valid but lack permission for this call.
    PermissionDenied {
        /// Details of the failure.
        failure: Failure,
    },
    /// The resource does not exist in this environment.
    NotFound {
        /// Details of the failure.
        failure: Failure,
    },
    /// The service rejected the request as invalid. `failure.field_violations` lists the fields.
    InvalidRequest {
        /// Details of the failure.
        failure: Failure,
    },
    /// The resource already exists, or was changed concurrently. Read it again before you retry.
    Conflict {
        /// Details of the failure.
        failure: Failure,
    },
    /// The rate limit is exceeded, even after retries. `failure.retry_after_seconds` is the requested delay, if known.
    RateLimited {
        /// Details of the failure.
        failure: Failure,
    },
    /// The service failed, or responded with a status code that has no variant of its own.
    Service {
        /// Details of the failure.
        failure: Failure,
    },
    /// The provider behind a tool failed, not Scalekit. `failure` has its status code and error code.
    Tool {
        /// Details of the failure.
        failure: Failure,
    },
    /// A token is invalid. Respond with status code 401. `failure.code` is the reason: `malformed`,
    /// `too_large`, `unsupported_algorithm`, `critical_header`, `untrusted_key_header`, `unknown_key`,
    /// `bad_signature`, `duplicate_claim`, `missing_claim`, `invalid_claim`, `wrong_issuer`, `wrong_audience`,
    /// `wrong_authorized_party`, `wrong_token_type`, `wrong_subject`, `wrong_nonce`, `wrong_access_token_hash`,
    /// `wrong_code_hash`, `not_yet_valid`, `issued_in_future`.
    InvalidToken {
        /// Details of the failure.
        failure: Failure,
    },
    /// A token has expired and is valid otherwise. Respond with status code 401, or refresh the session and retry.
    /// `failure.code` is `token_expired`.
    TokenExpired {
        /// Details of the failure.
        failure: Failure,
    },
    /// A valid token lacks a required scope. Respond with status code 403. `failure.code` is `missing_scope`.
    MissingScope {
        /// Details of the failure.
        failure: Failure,
    },
    /// A login failed. Tell the user and offer to start again. `failure.code` is the service's, such as `access_denied` or
    /// `invalid_grant`, or the reason the callback was rejected: `malformed_callback`, `state_mismatch`,
    /// `transaction_used`, `transaction_expired`, `wrong_environment`, `wrong_issuer`.
    LoginFailed {
        /// Details of the failure.
        failure: Failure,
    },
    /// The user is not signed in. Start a login. `failure.code` is the service's, such as `invalid_grant` or
    /// `login_required`, or `no_refresh_token` if the session cannot be refreshed.
    LoginRequired {
        /// Details of the failure.
        failure: Failure,
    },
    /// A webhook or interceptor request is not authentic. Respond with status code 401. `failure.code` is the reason:
    /// `missing_header`, `malformed_header`, `timestamp_too_old`, `timestamp_too_new` (this machine's clock may be wrong),
    /// `no_usable_signature`, `wrong_signature` (another secret, or a modified body).
    InvalidWebhook {
        /// Details of the failure.
        failure: Failure,
    },
    /// The service is unreachable, or the connection failed.
    Connection {
        /// Details of the failure.
        failure: Failure,
    },
    /// The call timed out, including retries and token requests. A write may have taken effect.
    Timeout {
        /// Details of the failure.
        failure: Failure,
    },
    /// The response does not match the API description. A newer version of the library may support it.
    Decode {
        /// Details of the failure.
        failure: Failure,
    },
    /// An argument or option is invalid. Nothing was sent; `failure.summary` names the argument.
    InvalidArgument {
        /// Details of the failure.
        failure: Failure,
    },
    /// A blocking call was made inside an asynchronous runtime, where it would hang. Use the async client.
    BlockingInAsync {
        /// Details of the failure.
        failure: Failure,
    },
    /// The client is closed. Create a new one.
    Closed {
        /// Details of the failure.
        failure: Failure,
    },
    /// A defect of the library. The client stays usable. Please report `failure.summary`.
    Internal {
        /// Details of the failure.
        failure: Failure,
    },
}

impl ScalekitError {
    /// The details of the failure, for any variant.
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
