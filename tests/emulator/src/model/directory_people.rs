//! The people and groups in a directory.

use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::table::Entity;
use crate::world::Store;

#[derive(Debug, Clone, PartialEq)]
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
    /// What only events tell, such as the department.
    pub(crate) attributes: Map<String, Value>,
    pub(crate) updated_at: Instant,
    pub(crate) detail: Value,
}

#[derive(Debug, Clone, PartialEq)]
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
    pub(crate) fn is_active(&self) -> bool {
        self.detail["active"].as_bool().unwrap_or(true)
    }

    /// The id that the directory's own product gave.
    pub(crate) fn dp_id(&self) -> &str {
        self.detail["id"].as_str().unwrap_or(&self.id)
    }

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
    /// The id that the directory's own product gave.
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

impl Store {
    /// Keeps a person, new or changed, and counts them in their groups.
    pub(crate) fn put_directory_user(&mut self, user: DirectoryUser) {
        self.count_out(&user.id);
        for id in &user.groups {
            if let Some(group) = self.directory_groups.get_mut(id) {
                group.members += 1;
            }
        }
        self.directory_users.put(user);
    }

    pub(crate) fn remove_directory_user(&mut self, id: &str) {
        self.count_out(id);
        self.directory_users.remove(id);
    }

    fn count_out(&mut self, user_id: &str) {
        for id in self.directory_users.get(user_id).into_iter().flat_map(|user| &user.groups) {
            if let Some(group) = self.directory_groups.get_mut(id) {
                group.members -= 1;
            }
        }
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
