//! What an interceptor is asked.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::json::overlay;
use crate::world::{ENVIRONMENT_ID, World};

/// Where in a flow the service asks, of what the documentation describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Trigger {
    #[serde(rename = "PRE_SIGNUP")]
    Signup,
    #[serde(rename = "PRE_SESSION_CREATION")]
    SessionCreation,
    #[serde(rename = "PRE_USER_INVITATION")]
    UserInvitation,
    #[serde(rename = "PRE_M2M_TOKEN_CREATION")]
    MachineToken,
}

/// A question, all but the name of the interceptor.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) trigger_point: Trigger,
    pub(crate) context: Value,
    pub(crate) data: Value,
}

impl Question {
    /// `context` is laid over what each one says.
    pub(crate) fn new(
        world: &World,
        trigger_point: Trigger,
        user_agent: &str,
        context: &Value,
        data: Value,
    ) -> Question {
        let mut own = json!({
            "environment_id": ENVIRONMENT_ID,
            "device_type": "Unknown",
            // Whoever can reach an emulator is on this machine.
            "ip_address": "127.0.0.1",
            "user_agent": user_agent,
            "triggered_at": world.clock.now(),
        });
        overlay(&mut own, context);
        Question { trigger_point, context: own, data }
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
