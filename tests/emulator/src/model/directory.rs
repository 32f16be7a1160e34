//! Directory of an organization.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::table::Entity;

const COMPLETED: &str = "COMPLETED";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) name: String,
    pub(crate) directory_type: String,
    pub(crate) directory_provider: String,
    pub(crate) status: String,
    pub(crate) enabled: bool,
    pub(crate) endpoint: String,
    pub(crate) email: String,
    pub(crate) groups_tracked: String,
    pub(crate) attribute_mappings: AttributeMappings,
    pub(crate) role_assignments: RoleAssignments,
    pub(crate) secrets: Vec<DirectorySecret>,
    pub(crate) last_synced_at: Instant,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttributeMappings {
    attributes: Vec<AttributeMapping>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeMapping {
    key: String,
    map_to: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleAssignments {
    assignments: Vec<RoleAssignment>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleAssignment {
    group_id: String,
    role_name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DirectorySecret {
    pub(crate) id: String,
    pub(crate) directory_id: String,
    pub(crate) secret_suffix: String,
    pub(crate) status: String,
    pub(crate) create_time: Instant,
    pub(crate) expire_time: Option<Instant>,
    pub(crate) last_used_time: Option<Instant>,
}

impl Directory {
    pub(crate) fn is_completed(&self) -> bool {
        self.status == COMPLETED
    }

    /// The distinct names of the roles assigned to groups.
    pub(crate) fn roles_of<'a>(&'a self, groups: &'a [String]) -> impl Iterator<Item = &'a str> {
        let own = self.role_assignments.assignments.iter();
        let own = own.filter(|own| groups.contains(&own.group_id)).map(|own| own.role_name.as_str());
        own.collect::<std::collections::BTreeSet<_>>().into_iter()
    }
}

impl Entity for Directory {
    fn id(&self) -> &str {
        &self.id
    }
}
