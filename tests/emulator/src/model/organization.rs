//! Organization.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ConnectionDraft, SessionPolicy};
use crate::clock::Instant;
use crate::table::Entity;

/// Serializes like the service: unset fields appear with their zero value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) external_id: String,
    pub(crate) slug: String,
    pub(crate) logo_url: String,
    pub(crate) metadata: BTreeMap<String, String>,
    #[serde(skip_deserializing, default = "region")]
    pub(crate) region_code: &'static str,
    pub(crate) settings: Settings,
    pub(crate) create_time: Instant,
    pub(crate) update_time: Instant,
    /// Read and updated by separate operations. A state file has it beside the organizations.
    #[serde(skip)]
    pub(crate) session_policy: SessionPolicy,
    /// 0 until it is set: unlimited.
    #[serde(skip)]
    pub(crate) max_allowed_users: i64,
}

/// Features that were enabled or disabled. Features with their default state are not listed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) features: Vec<Feature>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feature {
    name: String,
    enabled: bool,
}

/// An organization in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) display_name: String,
    #[serde(default)]
    pub(crate) external_id: String,
    #[serde(default)]
    pub(crate) slug: String,
    #[serde(default)]
    pub(crate) logo_url: String,
    #[serde(default)]
    pub(crate) metadata: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) features: BTreeMap<String, bool>,
    /// If present, even if empty, there is no automatic connection.
    pub(crate) connections: Option<Vec<ConnectionDraft>>,
}

fn region() -> &'static str {
    "US"
}

impl Organization {
    pub(crate) fn new(id: String, now: Instant) -> Organization {
        Organization {
            id,
            display_name: String::new(),
            external_id: String::new(),
            slug: String::new(),
            logo_url: String::new(),
            metadata: BTreeMap::new(),
            region_code: region(),
            settings: Settings::default(),
            create_time: now,
            update_time: now,
            session_policy: SessionPolicy::default(),
            max_allowed_users: 0,
        }
    }

    pub(crate) fn from_draft(draft: &Draft, id: String, now: Instant) -> Organization {
        let mut organization = Organization {
            display_name: draft.display_name.clone(),
            external_id: draft.external_id.clone(),
            slug: draft.slug.clone(),
            logo_url: draft.logo_url.clone(),
            metadata: draft.metadata.clone(),
            ..Organization::new(id, now)
        };
        for (name, enabled) in &draft.features {
            organization.settings.switch(Feature { name: name.clone(), enabled: *enabled });
        }
        organization
    }
}

impl Settings {
    pub(crate) fn switch(&mut self, feature: Feature) {
        match self.features.iter_mut().find(|own| own.name == feature.name) {
            Some(own) => own.enabled = feature.enabled,
            None => self.features.push(feature),
        }
    }
}

impl Entity for Organization {
    fn id(&self) -> &str {
        &self.id
    }
}
