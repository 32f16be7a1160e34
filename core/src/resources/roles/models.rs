//! Data models of roles, of both the environment and organizations.

use crate::check::{self, Text, Verdict};
use crate::model::{open_enum, requests, responses, updates};
use crate::resources::permissions::permission_name;
use crate::types::Timestamp;

open_enum! {
    /// Additional data to return with a role.
    pub enum RoleInclude {
        /// Permissions assigned to the role.
        Permissions = "permissions",
        /// Permissions assigned to the role, and those inherited from the roles that it extends.
        AllPermissions = "permissions:all",
    }
}

responses! {
    /// A named set of permissions.
    pub struct Role {
        /// Role ID, such as `role_1234`. Operations take the name, not the ID.
        id: String,
        /// Name, such as `editor`.
        name: String,
        /// Display name.
        display_name: Option<String>,
        /// Description.
        description: Option<String>,
        /// Name of the role whose permissions this role inherits.
        extends: Option<String>,
        /// Permissions. When a role or a list of roles is read, they are present only if `include` requests them.
        permissions: Vec<RolePermission>,
        /// Whether the creator of an organization gets this role.
        default_creator: bool,
        /// Whether new members get this role by default.
        default_member: bool,
        /// Number of roles that extend this role.
        dependent_roles_count: Option<i64>,
        /// Whether the role belongs to an organization rather than to the environment.
        is_org_role: bool,
    }

    /// A permission of a role.
    pub struct RolePermission {
        /// Permission ID, such as `perm_1234`.
        id: String,
        /// Name, such as `invoices:read`.
        name: String,
        /// Description of what the permission allows.
        description: Option<String>,
        /// Name of the role that the permission is assigned to: this role, or one that it extends.
        role_name: Option<String>,
        /// Creation time of the permission.
        create_time: Option<Timestamp>,
        /// Time of the last update of the permission.
        update_time: Option<Timestamp>,
    }

    /// Default roles.
    pub struct DefaultRoles {
        /// Role of the creator of an organization.
        default_creator: Option<Role>,
        /// Role of new members.
        default_member: Option<Role>,
    }
}

requests! {
    /// A new role.
    pub struct CreateRole {
        required {
            /// Name, such as `editor`: letters, digits and underscores. 1–64 characters. Cannot be changed later.
            name: String => role_name,
            /// Display name. 1–100 characters.
            display_name: String => check::length(1..=100),
        }
        optional {
            /// Description. At most 2000 characters.
            description: Option<String> => check::length(0..=2000),
            /// Name of the role whose permissions this role inherits.
            extends: Option<String> => role_name,
            /// Names of existing permissions. At most 100.
            permissions: Option<Vec<String>> => check::each(0..=100, permission_name),
        }
    }

    /// Changes to a role. Omitted fields are unchanged. Only the permissions can be cleared.
    pub struct UpdateRole {
        optional {
            /// Display name. 1–100 characters.
            display_name: Option<String> => check::length(1..=100),
            /// Description. 1–2000 characters.
            description: Option<String> => check::length(1..=2000),
            /// Name of the role whose permissions this role inherits.
            extends: Option<String> => role_name,
            /// Names of existing permissions. Replaces the assigned permissions. At most 100.
            permissions: Option<Vec<String>> => check::each(0..=100, permission_name),
        }
    }

    /// Changes to the default roles. Omitted fields are unchanged.
    pub struct UpdateDefaultRoles {
        optional {
            /// Name of the role for the creator of an organization.
            default_creator_role: Option<String> => role_name,
            /// Name of the role for new members.
            default_member_role: Option<String> => role_name,
            /// Deprecated by the service: use `default_creator_role`.
            default_creator: Option<UpdateDefaultRole> => check::inner,
            /// Deprecated by the service: use `default_member_role`.
            default_member: Option<UpdateDefaultRole> => check::inner,
        }
    }

    /// A role, referenced by ID. Deprecated by the service: use the role's name.
    pub struct UpdateDefaultRole {
        required {
            /// Role ID, such as `role_1234`. 1–32 characters.
            id: String => check::length(1..=32),
        }
        optional {
            /// Name of the role.
            name: Option<String> => role_name,
        }
    }
}

// Permissions are not copied: the role may have been read without them, or with inherited ones.
updates! {
    Role => UpdateRole { display_name, description, extends }
}

/// Checks the name of a role.
pub(crate) fn role_name<T: Text>(value: &T) -> Verdict {
    let good = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    check::name(value, good, "letters, digits and underscores")
}
