//! Roles and permissions in events.

use crate::model::answers;

answers! {
    /// A role, at the time of an event.
    pub struct RoleEventData {
        /// The id, such as `role_1234`.
        id: String,
        /// The name that programs use.
        name: String,
        /// The name that people see.
        display_name: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// The name of the role that it builds on.
        extends: Option<String>,
    }

    /// A permission, at the time of an event.
    pub struct PermissionEventData {
        /// The id, such as `perm_1234`.
        id: String,
        /// The name, such as `documents:read`.
        name: String,
        /// What it allows.
        description: Option<String>,
    }
}
