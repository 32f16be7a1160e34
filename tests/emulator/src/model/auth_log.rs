//! Authentication log.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::ids::ENVIRONMENT_ID;
use crate::table::Entity;

/// The format of seeds and of responses. Seeds can set any status.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AuthLog {
    pub(crate) auth_request_id: String,
    pub(crate) status: String,
    pub(crate) timestamp: Option<Instant>,
    pub(crate) email: String,
    workflow: String,
    environment_id: String,
    organization_id: String,
    connection_id: String,
    connection_type: String,
    connection_provider: String,
    connection_details: Vec<Connection>,
    pub(crate) client_id: String,
    client_name: String,
    client_type: String,
    pub(crate) resource_id: String,
    resource_name: String,
    resource_type: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Connection {
    connection_id: String,
    connection_type: String,
    connection_provider: String,
    organization_id: String,
}

impl AuthLog {
    /// Fills in the fields that a seed omits.
    pub(crate) fn complete(mut self, id: String, now: Instant) -> AuthLog {
        self.auth_request_id = id;
        self.timestamp.get_or_insert(now);
        for (field, default) in [(&mut self.status, "SUCCESS"), (&mut self.environment_id, ENVIRONMENT_ID)] {
            if field.is_empty() {
                *field = default.into();
            }
        }
        self
    }
}

impl Entity for AuthLog {
    fn id(&self) -> &str {
        &self.auth_request_id
    }
}
