//! Directories, where they depend on their users and groups.

use serde_json::{Value, json};

use super::Store;
use crate::clock::Instant;
use crate::error::ControlError;
use crate::model::{Directory, DirectoryUser};

impl Store {
    /// Saves a new or changed user and updates the counts of the groups.
    pub(crate) fn put_directory_user(&mut self, user: DirectoryUser) {
        self.decrement_group_counts(&user.id);
        for id in &user.groups {
            if let Some(group) = self.directory_groups.get_mut(id) {
                group.members += 1;
            }
        }
        self.directory_users.put(user);
    }

    pub(crate) fn remove_directory_user(&mut self, id: &str) {
        self.decrement_group_counts(id);
        self.directory_users.remove(id);
    }

    fn decrement_group_counts(&mut self, user_id: &str) {
        for id in self.directory_users.get(user_id).into_iter().flat_map(|user| &user.groups) {
            if let Some(group) = self.directory_groups.get_mut(id) {
                group.members -= 1;
            }
        }
    }

    /// Finds the ID of a group of a directory, by ID or name.
    pub(crate) fn directory_group_id(&self, directory_id: &str, name: &str) -> Result<String, ControlError> {
        let mut groups = self.directory_groups.iter().filter(|group| group.directory_id == directory_id);
        let found = groups.find(|group| group.id == name || group.display_name == name);
        found
            .map(|group| group.id.clone())
            .ok_or_else(|| ControlError::new(format!("{directory_id} has no group {name}")))
    }

    /// The JSON in responses. Counts users and groups on each call, so that the totals always match the lists.
    pub(crate) fn directory_json(&self, directory: &Directory) -> Value {
        let users = self.directory_users.iter().filter(|user| user.directory_id == directory.id);
        let groups = self.directory_groups.iter().filter(|group| group.directory_id == directory.id);
        let (total_users, user_updated_at) = count(users.map(|user| user.updated_at));
        let (total_groups, group_updated_at) = count(groups.map(|group| group.updated_at));
        json!({
            "id": directory.id,
            "organization_id": directory.organization_id,
            "name": directory.name,
            "directory_type": directory.directory_type,
            "directory_provider": directory.directory_provider,
            "status": directory.status,
            "enabled": directory.enabled,
            "directory_endpoint": directory.endpoint,
            "email": directory.email,
            "groups_tracked": directory.groups_tracked,
            "attribute_mappings": directory.attribute_mappings,
            "role_assignments": directory.role_assignments,
            "secrets": directory.secrets,
            "stats": {
                "total_users": total_users,
                "total_groups": total_groups,
                "user_updated_at": user_updated_at,
                "group_updated_at": group_updated_at,
            },
            "total_users": total_users,
            "total_groups": total_groups,
            "last_synced_at": directory.last_synced_at,
        })
    }
}

/// The number of timestamps and the latest one.
fn count(timestamps: impl Iterator<Item = Instant>) -> (usize, Option<Instant>) {
    timestamps.fold((0, None), |(count, latest), timestamp| (count + 1, latest.max(Some(timestamp))))
}
