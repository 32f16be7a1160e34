//! Errors of token validation and logins.

use std::fmt::Display;

use super::{Failure, ScalekitError};

/// A failure with a code of the library. The summary never quotes a token, whose text the sender chose.
fn coded(operation: &str, code: &str, why: impl Display) -> Failure {
    let summary = format!("{operation}: {code}: {why}");
    Failure { code: Some(code.to_owned()), ..Failure::local(operation, summary) }
}

impl ScalekitError {
    pub(crate) fn invalid_token(operation: &str, code: &str, why: impl Display) -> Self {
        Self::InvalidToken { failure: coded(operation, code, why) }
    }

    pub(crate) fn token_expired(operation: &str, why: impl Display) -> Self {
        Self::TokenExpired { failure: coded(operation, "token_expired", why) }
    }

    pub(crate) fn missing_scope(operation: &str, why: impl Display) -> Self {
        Self::MissingScope { failure: coded(operation, "missing_scope", why) }
    }

    pub(crate) fn login_failed(operation: &str, code: &str, why: impl Display) -> Self {
        Self::LoginFailed { failure: coded(operation, code, why) }
    }

    pub(crate) fn login_required(operation: &str, code: &str, why: impl Display) -> Self {
        Self::LoginRequired { failure: coded(operation, code, why) }
    }

    /// The token endpoint rejected an authorization code: the login failed.
    pub(crate) fn into_login_failure(self) -> Self {
        match self {
            Self::InvalidRequest { failure } | Self::Unauthenticated { failure }
                if is_invalid_grant(&failure) =>
            {
                Self::LoginFailed { failure }
            }
            other => other,
        }
    }

    /// The token endpoint rejected a refresh token: the session has ended.
    pub(crate) fn into_session_end(self) -> Self {
        match self {
            Self::InvalidRequest { failure } | Self::Unauthenticated { failure }
                if is_invalid_grant(&failure) =>
            {
                Self::LoginRequired { failure }
            }
            other => other,
        }
    }

    /// Whether the call may succeed later, so that a token that is still valid can be used until then.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Connection { .. } | Self::Timeout { .. } | Self::Service { .. } | Self::RateLimited { .. }
        )
    }
}

fn is_invalid_grant(failure: &Failure) -> bool {
    failure.code.as_deref() == Some("invalid_grant")
}
