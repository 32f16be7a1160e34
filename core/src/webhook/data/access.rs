//! Roles and permissions in events.

use crate::model::responses;

responses! {
    /// A role, as of the event.
    pub struct RoleEventData {
        /// Role ID, such as `role_1234`.
        id: String,
        /// Name.
        name: String,
        /// Display name.
        display_name: Option<String>,
        /// Description.
        description: Option<String>,
        /// Name of the role whose permissions this role inherits.
        extends: Option<String>,
    }

    /// A permission, as of the event.
    pub struct PermissionEventData {
        /// Permission ID, such as `perm_1234`.
        id: String,
        /// Name, such as `documents:read`.
        name: String,
        /// Description of what the permission allows.
        description: Option<String>,
    }
}
