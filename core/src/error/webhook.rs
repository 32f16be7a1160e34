//! Errors of webhooks and interceptors: refused here, before anything else looks at them.

use std::fmt::Display;

use super::{Failure, ScalekitError};

impl ScalekitError {
    /// The summary never quotes what arrived, since whoever sent it chose its text.
    pub(crate) fn invalid_webhook(operation: &str, code: &str, why: impl Display) -> Self {
        let summary = format!("{operation}: {code}: {why}");
        Self::InvalidWebhook {
            failure: Failure { code: Some(code.to_owned()), ..Failure::local(operation, summary) },
        }
    }

    /// What arrived is genuine, and cannot be read.
    pub(crate) fn unreadable_webhook(operation: &str, why: impl Display) -> Self {
        Self::Decode { failure: Failure::local(operation, format!("{operation}: the body {why}")) }
    }
}
