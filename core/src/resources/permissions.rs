//! Permissions: the single things that a person may be allowed to do. Roles are made of them.

use crate::check::{self, Text, Verdict};
use crate::model::{answers, open_enum, requests, write_back};
use crate::op::{pager, resource};
use crate::types::Timestamp;

open_enum! {
    /// Who made a permission.
    pub enum PermissionType {
        /// Anybody:
        All = "ALL",
        /// You, for your application:
        Environment = "ENVIRONMENT",
        /// Scalekit, for all applications:
        Scalekit = "SCALEKIT",
    }
}

answers! {
    /// Something that a person may be allowed to do in your application.
    pub struct Permission {
        /// The id, such as `perm_1234`. Calls take the name, not the id.
        id: String,
        /// The name, such as `invoices:read`; no two permissions share one.
        name: String,
        /// What it allows, in words.
        description: Option<String>,
        /// Whether Scalekit made it.
        is_scalekit_permission: bool,
        /// When it was created.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
    }

    /// One page of permissions.
    pub struct PermissionPage {
        /// The permissions of this page.
        permissions: Vec<Permission>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// A new permission.
    pub struct CreatePermission {
        required {
            /// The name, such as `invoices:read`: 1 to 64 letters, digits, underscores and colons. It cannot be changed
            /// later, and no two permissions share one.
            name: String => permission_name,
        }
        optional {
            /// What it allows, in words, at most 2000 characters.
            description: Option<String> => check::length(0..=2000),
        }
    }

    /// Changes to a permission. What is left out stays as it is.
    pub struct UpdatePermission {
        required {
            /// The name that the permission has. The service wants it once more, and cannot change it.
            name: String => permission_name,
        }
        optional {
            /// What it allows, in words, 1 to 2000 characters.
            description: Option<String> => check::length(1..=2000),
        }
    }

    /// Which permissions to list.
    pub struct ListPermissions {
        optional {
            /// How many on a page, 1 to 100; other numbers are moved into that range. Default: as the service likes.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Those that you made, or those that Scalekit made. Default: all.
            r#type: Option<PermissionType>,
        }
    }
}

write_back! {
    Permission => UpdatePermission { name, description }
}

/// The name of a permission.
pub(crate) fn permission_name<T: Text>(value: &T) -> Verdict {
    let good = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b':';
    check::name(value, good, "letters, digits, underscores and colons")
}

resource! {
    /// Permissions: the single things that a person may be allowed to do. Roles are made of them.
    permissions: Permissions / AsyncPermissions, table PERMISSIONS;

    /// One page of the environment's permissions.
    "GET /api/v1/permissions"
    fn list(params: ListPermissions) -> PermissionPage where optional(params) {
        page(params, 1, 100), query(params.r#type as "type"),
    }

    /// Creates a permission. Give it to people with `roles.create` or `roles.add_permissions`.
    ///
    /// Fails with `Conflict` when there is one of this name.
    "POST /api/v1/permissions" in "permission"
    fn create(permission: CreatePermission) -> Permission { body(permission) }

    /// One permission, by its name. Fails with `NotFound` when there is none.
    "GET /api/v1/permissions/{permission_name}" in "permission"
    fn get(permission_name: &str) -> Permission { path(permission_name) }

    /// Changes what a permission says of itself, and gives it back as it is then. Its name stays.
    ///
    /// Fails with `NotFound` when there is none, and with `InvalidRequest` when the name in `permission` is another.
    "PUT /api/v1/permissions/{permission_name}" in "permission"
    fn update(permission_name: &str, permission: UpdatePermission) -> Permission {
        path(permission_name), body(permission),
    }

    /// Deletes a permission. Take it out of the roles that have it first. There is no way back.
    ///
    /// Fails with `NotFound` when there is none, and with `InvalidRequest` while a role has it.
    "DELETE /api/v1/permissions/{permission_name}"
    fn delete(permission_name: &str) -> () { path(permission_name) }
}

pager! {
    /// Walks through permissions, page by page.
    PermissionPager / AsyncPermissionPager over Permissions / AsyncPermissions.list(ListPermissions)
    as list_all -> permissions: Permission
}
