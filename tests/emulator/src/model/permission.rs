//! Permission.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::table::Entity;

/// A permission. Its table key is its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) is_scalekit_permission: bool,
    pub(crate) create_time: Instant,
    pub(crate) update_time: Instant,
}

/// A permission in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) is_scalekit_permission: bool,
}

impl Permission {
    pub(crate) fn new(id: String, name: &str, now: Instant) -> Permission {
        Permission {
            id,
            name: name.into(),
            description: String::new(),
            is_scalekit_permission: false,
            create_time: now,
            update_time: now,
        }
    }
}

impl Entity for Permission {
    #[allow(clippy::misnamed_getters, reason = "the table key is the name")]
    fn id(&self) -> &str {
        &self.name
    }
}
