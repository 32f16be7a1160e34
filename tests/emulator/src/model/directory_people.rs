//! The people and groups in a directory.

use serde_json::{Value, json};

use crate::clock::Instant;
use crate::table::Entity;
use crate::world::Store;

#[derive(Debug, Clone)]
pub(crate) struct DirectoryUser {
    pub(crate) id: String,
    pub(crate) directory_id: String,
    pub(crate) email: String,
    pub(crate) emails: Vec<String>,
    pub(crate) preferred_username: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    /// The ids of the groups that the person is in.
    pub(crate) groups: Vec<String>,
    pub(crate) updated_at: Instant,
    pub(crate) detail: Value,
}

#[derive(Debug, Clone)]
pub(crate) struct DirectoryGroup {
    pub(crate) id: String,
    pub(crate) directory_id: String,
    pub(crate) display_name: String,
    /// Sent by the directory, but not tracked.
    pub(crate) external: bool,
    /// How many people are in it; counted as they are made, since a directory may have very many.
    pub(crate) members: usize,
    pub(crate) updated_at: Instant,
    pub(crate) detail: Value,
}

impl DirectoryUser {
    pub(crate) fn json(&self, store: &Store, with_detail: bool) -> Value {
        let groups = self.groups.iter().filter_map(|id| store.directory_groups.get(id));
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
