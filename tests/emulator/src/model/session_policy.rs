//! Session policy of an organization.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::ApiError;

/// The policy of the application.
const APPLICATION: Timeouts = Timeouts { absolute: 30 * 24 * 60, idle_enabled: true, idle: 7 * 24 * 60 };

/// The custom policy of an organization, and whether it replaces the application's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SessionPolicy {
    pub(crate) custom: bool,
    pub(crate) own: Timeouts,
}

/// Timeouts, in minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Timeouts {
    pub(crate) absolute: i64,
    pub(crate) idle_enabled: bool,
    pub(crate) idle: i64,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        SessionPolicy { custom: false, own: APPLICATION }
    }
}

impl SessionPolicy {
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        if !self.own.idle_enabled || self.own.idle < self.own.absolute {
            return Ok(());
        }
        let why =
            format!("must be shorter than absolute_session_timeout, which is {} minutes", self.own.absolute);
        Err(ApiError::invalid_field("idle_session_timeout", "session_policy.idle", why))
    }

    /// The JSON in responses. The service always responds in minutes, regardless of the units in the request.
    pub(crate) fn json(&self) -> Value {
        let (source, timeouts) =
            if self.custom { ("CUSTOM", &self.own) } else { ("APPLICATION", &APPLICATION) };
        json!({
            "policy_source": source,
            "absolute_session_timeout": timeouts.absolute,
            "absolute_session_timeout_unit": "MINUTES",
            "idle_session_timeout_enabled": timeouts.idle_enabled,
            "idle_session_timeout": timeouts.idle,
            "idle_session_timeout_unit": "MINUTES",
        })
    }
}
