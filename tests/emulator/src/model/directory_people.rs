//! The people and groups in a directory.

use std::collections::HashMap;

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
    pub(crate) updated_at: Instant,
    pub(crate) detail: Value,
}

/// How many people each group of a directory has.
pub(crate) struct Sizes<'a>(HashMap<&'a str, usize>);

impl<'a> Sizes<'a> {
    pub(crate) fn of(store: &'a Store, directory_id: &str) -> Sizes<'a> {
        let mut sizes = HashMap::new();
        for user in store.directory_users.iter().filter(|user| user.directory_id == directory_id) {
            for group in &user.groups {
                *sizes.entry(group.as_str()).or_default() += 1;
            }
        }
        Sizes(sizes)
    }
}

impl DirectoryUser {
    pub(crate) fn json(&self, store: &Store, sizes: &Sizes<'_>, with_detail: bool) -> Value {
        let groups = self.groups.iter().filter_map(|id| store.directory_groups.get(id));
        json!({
            "id": self.id,
            "email": self.email,
            "emails": self.emails,
            "preferred_username": self.preferred_username,
            "given_name": self.given_name,
            "family_name": self.family_name,
            "groups": groups.map(|group| group.json(sizes, false)).collect::<Vec<_>>(),
            "updated_at": self.updated_at,
            "user_detail": if with_detail { self.detail.clone() } else { Value::Null },
        })
    }
}

impl DirectoryGroup {
    pub(crate) fn json(&self, sizes: &Sizes<'_>, with_detail: bool) -> Value {
        json!({
            "id": self.id,
            "display_name": self.display_name,
            "total_users": sizes.0.get(self.id.as_str()).copied().unwrap_or_default(),
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
