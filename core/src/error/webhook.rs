//! Errors of webhooks and interceptors.

use std::fmt::Display;

use super::{Failure, ScalekitError};

impl ScalekitError {
    /// The summary never quotes the request, whose text the sender chose.
    pub(crate) fn invalid_webhook(operation: &str, code: &str, why: impl Display) -> Self {
        let summary = format!("{operation}: {code}: {why}");
        Self::InvalidWebhook {
            failure: Failure { code: Some(code.to_owned()), ..Failure::local(operation, summary) },
        }
    }

    /// An authentic request that cannot be decoded.
    pub(crate) fn unreadable_webhook(operation: &str, why: impl Display) -> Self {
        Self::Decode { failure: Failure::local(operation, format!("{operation}: the body {why}")) }
    }
}
