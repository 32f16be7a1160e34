//! Permissions: individual actions that roles allow.

use crate::check::{self, Text, Verdict};
use crate::model::{open_enum, requests, responses, updates};
use crate::op::{pagers, resource};
use crate::types::Timestamp;

open_enum! {
    /// Origin of a permission.
    pub enum PermissionType {
        /// Any origin.
        All = "ALL",
        /// Defined by you, for your environment.
        Environment = "ENVIRONMENT",
        /// Defined by Scalekit, for all applications.
        Scalekit = "SCALEKIT",
    }
}

responses! {
    /// An action in your application that a role can allow.
    pub struct Permission {
        /// Permission ID, such as `perm_1234`. Operations take the name, not the ID.
        id: String,
        /// Name, such as `invoices:read`. Unique among permissions.
        name: String,
        /// Description of what the permission allows.
        description: Option<String>,
        /// Whether the permission is defined by Scalekit.
        is_scalekit_permission: bool,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
    }

    /// One page of permissions.
    pub struct PermissionPage {
        /// Permissions on this page.
        permissions: Vec<Permission>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// A new permission.
    pub struct CreatePermission {
        required {
            /// Name, such as `invoices:read`: letters, digits, underscores and colons. Unique among permissions. 1–64
            /// characters. Cannot be changed later.
            name: String => permission_name,
        }
        optional {
            /// Description of what the permission allows. At most 2000 characters.
            description: Option<String> => check::length(0..=2000),
        }
    }

    /// Changes to a permission. Omitted fields are unchanged.
    pub struct UpdatePermission {
        required {
            /// Current name. Required by the service; cannot be changed.
            name: String => permission_name,
        }
        optional {
            /// Description of what the permission allows. 1–2000 characters.
            description: Option<String> => check::length(1..=2000),
        }
    }

    /// Parameters for listing permissions.
    pub struct ListPermissions {
        optional {
            /// Page size, 1–100. Values outside this range are clamped. Default: chosen by the service.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Origin to filter by: defined by you or by Scalekit. Default: all.
            r#type: Option<PermissionType>,
        }
    }
}

updates! {
    Permission => UpdatePermission { name, description }
}

/// Checks the name of a permission.
pub(crate) fn permission_name<T: Text>(value: &T) -> Verdict {
    let good = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b':';
    check::name(value, good, "letters, digits, underscores and colons")
}

resource! {
    /// Permissions: individual actions that roles allow.
    permissions: Permissions / AsyncPermissions, table PERMISSIONS;

    /// Lists one page of the environment's permissions; `list_all` returns a pager over all pages.
    "GET /api/v1/permissions"
    fn list(params: ListPermissions) -> PermissionPage where optional(params) {
        page(params, 1, 100), query(params.r#type as "type"),
    }

    /// Creates a permission.
    ///
    /// To grant it, add it to a role with `roles.create` or `roles.add_permissions`.
    ///
    /// # Errors
    ///
    /// `Conflict` if another permission has this name.
    "POST /api/v1/permissions" in "permission"
    fn create(permission: CreatePermission) -> Permission { body(permission) }

    /// Returns a permission.
    ///
    /// # Errors
    ///
    /// `NotFound` if no permission has this name.
    "GET /api/v1/permissions/{permission_name}" in "permission"
    fn get(permission_name: &str) -> Permission { path(permission_name) }

    /// Updates the description of a permission and returns the permission.
    ///
    /// The name cannot be changed.
    ///
    /// # Errors
    ///
    /// `NotFound` if no permission has this name.
    /// `InvalidRequest` if `permission` contains a different name.
    "PUT /api/v1/permissions/{permission_name}" in "permission"
    fn update(permission_name: &str, permission: UpdatePermission) -> Permission {
        path(permission_name), body(permission),
    }

    /// Deletes a permission.
    ///
    /// Remove it from all roles first. Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no permission has this name.
    /// `InvalidRequest` if a role has the permission.
    "DELETE /api/v1/permissions/{permission_name}"
    fn delete(permission_name: &str) -> () { path(permission_name) }
}

pagers! {
    /// Pages through permissions.
    PermissionPager / AsyncPermissionPager over Permissions / AsyncPermissions.list(ListPermissions)
    as list_all -> permissions: Permission;
}
