//! Users and groups of a directory.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::table::{Entity, Table};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DirectoryUser {
    pub(crate) id: String,
    pub(crate) directory_id: String,
    pub(crate) email: String,
    pub(crate) emails: Vec<String>,
    pub(crate) preferred_username: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    /// The IDs of the user's groups.
    pub(crate) groups: Vec<String>,
    /// Attributes that appear only in events, such as the department.
    pub(crate) attributes: Map<String, Value>,
    pub(crate) updated_at: Instant,
    pub(crate) detail: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DirectoryGroup {
    pub(crate) id: String,
    pub(crate) directory_id: String,
    pub(crate) display_name: String,
    /// Sent by the directory, but not tracked.
    pub(crate) external: bool,
    /// Number of users in the group. Updated with each user, because counting a large directory is slow.
    pub(crate) members: usize,
    pub(crate) updated_at: Instant,
    pub(crate) detail: Value,
}

impl DirectoryUser {
    pub(crate) fn is_active(&self) -> bool {
        self.detail["active"].as_bool().unwrap_or(true)
    }

    /// The ID in the directory provider.
    pub(crate) fn dp_id(&self) -> &str {
        self.detail["id"].as_str().unwrap_or(&self.id)
    }

    pub(crate) fn json(&self, groups: &Table<DirectoryGroup>, with_detail: bool) -> Value {
        let groups = self.groups.iter().filter_map(|id| groups.get(id));
        json!({
            "id": self.id,
            "email": self.email,
            "emails": self.emails,
            "preferred_username": self.preferred_username,
            "given_name": self.given_name,
            "family_name": self.family_name,
            "groups": groups.map(|group| group.json(false)).collect::<Vec<_>>(),
            "updated_at": self.updated_at,
            "user_detail": if with_detail { self.detail.clone() } else { Value::Null },
        })
    }
}

impl DirectoryGroup {
    /// The ID in the directory provider.
    pub(crate) fn dp_id(&self) -> &str {
        self.detail["id"].as_str().unwrap_or(&self.id)
    }

    pub(crate) fn json(&self, with_detail: bool) -> Value {
        json!({
            "id": self.id,
            "display_name": self.display_name,
            "total_users": self.members,
            "updated_at": self.updated_at,
            "group_detail": if with_detail { self.detail.clone() } else { Value::Null },
        })
    }
}

impl Entity for DirectoryUser {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Entity for DirectoryGroup {
    fn id(&self) -> &str {
        &self.id
    }
}
