//! Roles as the service shows and takes them, those of the environment and those of one organization.

use crate::check::{self, Text, Verdict};
use crate::model::{answers, open_enum, requests, write_back};
use crate::resources::permissions::permission_name;
use crate::types::Timestamp;

open_enum! {
    /// What to tell about a role beside the role itself.
    pub enum RoleInclude {
        /// The permissions that it was given:
        Permissions = "permissions",
        /// Those, and the ones that it has from the roles it extends:
        AllPermissions = "permissions:all",
    }
}

answers! {
    /// A role: a set of permissions under a name.
    pub struct Role {
        /// The id, such as `role_1234`. Calls take the name, not the id.
        id: String,
        /// The name, such as `editor`.
        name: String,
        /// The name that people see.
        display_name: Option<String>,
        /// What the role is for, in words.
        description: Option<String>,
        /// The role whose permissions it has beside its own.
        extends: Option<String>,
        /// Its permissions. A list of roles and a single role hold them only when `include` asks for them.
        permissions: Vec<RolePermission>,
        /// Whether those who create an organization get this role.
        default_creator: bool,
        /// Whether new members get this role when no other is named.
        default_member: bool,
        /// How many roles extend it.
        dependent_roles_count: Option<i64>,
        /// Whether it belongs to one organization, not to the environment.
        is_org_role: bool,
    }

    /// A permission of a role.
    pub struct RolePermission {
        /// The id, such as `perm_1234`.
        id: String,
        /// The name, such as `invoices:read`.
        name: String,
        /// What it allows, in words.
        description: Option<String>,
        /// The role it comes from: the role itself, or one that it extends.
        role_name: Option<String>,
        /// When the permission was created.
        create_time: Option<Timestamp>,
        /// When the permission was last changed.
        update_time: Option<Timestamp>,
    }

    /// The roles that people get when no other is named.
    pub struct DefaultRoles {
        /// The role of those who create an organization.
        default_creator: Option<Role>,
        /// The role of new members.
        default_member: Option<Role>,
    }
}

requests! {
    /// A new role.
    pub struct CreateRole {
        required {
            /// The name, such as `editor`: 1 to 64 letters, digits and underscores. It cannot be changed later.
            name: String => role_name,
            /// The name that people see, 1 to 100 characters.
            display_name: String => check::length(1..=100),
        }
        optional {
            /// What the role is for, in words, at most 2000 characters.
            description: Option<String> => check::length(0..=2000),
            /// The name of a role whose permissions it has beside its own.
            extends: Option<String> => role_name,
            /// The names of its permissions, at most 100. They must exist.
            permissions: Option<Vec<String>> => check::each(0..=100, permission_name),
        }
    }

    /// Changes to a role. What is left out stays as it is; nothing can be cleared but the permissions.
    pub struct UpdateRole {
        optional {
            /// The name that people see, 1 to 100 characters.
            display_name: Option<String> => check::length(1..=100),
            /// What the role is for, in words, 1 to 2000 characters.
            description: Option<String> => check::length(1..=2000),
            /// The name of a role whose permissions it has beside its own.
            extends: Option<String> => role_name,
            /// The names of its permissions, in place of the old ones, at most 100. They must exist.
            permissions: Option<Vec<String>> => check::each(0..=100, permission_name),
        }
    }

    /// Which roles people get when no other is named. What is left out stays as it is.
    pub struct UpdateDefaultRoles {
        optional {
            /// The name of the role of those who create an organization.
            default_creator_role: Option<String> => role_name,
            /// The name of the role of new members.
            default_member_role: Option<String> => role_name,
            /// Deprecated by the service: use `default_creator_role`.
            default_creator: Option<UpdateDefaultRole> => check::inner,
            /// Deprecated by the service: use `default_member_role`.
            default_member: Option<UpdateDefaultRole> => check::inner,
        }
    }

    /// A role by its id. Deprecated by the service: name it instead.
    pub struct UpdateDefaultRole {
        required {
            /// The role's id, such as `role_1234`.
            id: String => check::length(1..=32),
        }
        optional {
            /// The role's name.
            name: Option<String> => role_name,
        }
    }
}

// Its permissions stay behind: a role may have been read without them, or with those of other roles.
write_back! {
    Role => UpdateRole { display_name, description, extends }
}

/// The name of a role.
pub(crate) fn role_name<T: Text>(value: &T) -> Verdict {
    let good = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    check::name(value, good, "letters, digits and underscores")
}
