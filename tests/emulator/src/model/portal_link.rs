//! Single-use link to the admin portal.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::table::Entity;

const LIFETIME: TimeDelta = TimeDelta::minutes(1);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PortalLink {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) features: Vec<String>,
    expire_time: Instant,
}

impl PortalLink {
    pub(crate) fn new(id: String, organization_id: &str, features: Vec<String>, now: Instant) -> PortalLink {
        PortalLink { id, organization_id: organization_id.into(), features, expire_time: now.plus(LIFETIME) }
    }

    pub(crate) fn is_valid(&self, now: Instant) -> bool {
        now < self.expire_time
    }

    pub(crate) fn json(&self, environment_url: &str) -> Value {
        let location = format!("{environment_url}/portal/{}", self.id);
        json!({"id": self.id, "location": location, "expire_time": self.expire_time})
    }
}

impl Entity for PortalLink {
    fn id(&self) -> &str {
        &self.id
    }
}
