//! Passkey.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::table::Entity;

/// The format of seeds and of responses.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Passkey {
    pub(crate) id: String,
    pub(crate) credential_id: String,
    pub(crate) user_id: String,
    pub(crate) display_name: String,
    attestation_type: String,
    authenticator: Authenticator,
    authenticator_flags: Flags,
    transports: Vec<String>,
    client_info: ClientInfo,
    user_agent: UserAgent,
    created_at: Option<Instant>,
    pub(crate) updated_at: Option<Instant>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Authenticator {
    aaguid: String,
    attachment: String,
    name: String,
    icon_dark: String,
    icon_light: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Flags {
    backup_eligible: bool,
    backup_state: bool,
    user_present: bool,
    user_verified: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ClientInfo {
    ip: String,
    city: String,
    region: String,
    region_subdivision: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct UserAgent {
    raw: String,
    browser: String,
    browser_version: String,
    os: String,
    os_version: String,
    device_type: String,
    device_model: String,
    url: String,
}

impl Passkey {
    /// Fills in the fields that a seed omits.
    pub(crate) fn complete(mut self, id: String, now: Instant) -> Passkey {
        if self.credential_id.is_empty() {
            self.credential_id = format!("key_of_{id}");
        }
        self.id = id;
        let created = *self.created_at.get_or_insert(now);
        self.updated_at.get_or_insert(created);
        self
    }
}

impl Entity for Passkey {
    fn id(&self) -> &str {
        &self.id
    }
}
