//! Requests to interceptors.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::ids::ENVIRONMENT_ID;
use crate::json::overlay;

/// The documented points at which the service calls an interceptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum TriggerPoint {
    #[serde(rename = "PRE_SIGNUP")]
    Signup,
    #[serde(rename = "PRE_SESSION_CREATION")]
    SessionCreation,
    #[serde(rename = "PRE_USER_INVITATION")]
    UserInvitation,
    #[serde(rename = "PRE_M2M_TOKEN_CREATION")]
    MachineToken,
}

/// A request to an interceptor, without the display name of the interceptor.
#[derive(Debug, Clone)]
pub(crate) struct InterceptorRequest {
    pub(crate) trigger_point: TriggerPoint,
    pub(crate) context: Value,
    pub(crate) data: Value,
}

impl InterceptorRequest {
    /// Creates a request. `context` is merged into the context fields that every request has.
    pub(crate) fn new(
        trigger_point: TriggerPoint,
        now: Instant,
        user_agent: &str,
        context: &Value,
        data: Value,
    ) -> InterceptorRequest {
        let mut merged = json!({
            "environment_id": ENVIRONMENT_ID,
            "device_type": "Unknown",
            // By default only clients on this machine can reach the emulator.
            "ip_address": "127.0.0.1",
            "user_agent": user_agent,
            "triggered_at": now,
        });
        overlay(&mut merged, context);
        InterceptorRequest { trigger_point, context: merged, data }
    }

    pub(super) fn body(&self, display_name: &str) -> Value {
        json!({
            "display_name": display_name,
            "trigger_point": self.trigger_point,
            "interceptor_context": self.context,
            "data": self.data,
        })
    }
}
