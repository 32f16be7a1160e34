//! Roles: sets of permissions that are assigned to users in an organization.

mod models;

pub use models::*;

use models::role_name as role_name_rule;

use crate::check;
use crate::op::{pagers, resource};
use crate::resources::permissions::{Permission, permission_name as permission_name_rule};

resource! {
    /// Roles: sets of permissions that are assigned to users in an organization.
    ///
    /// These are the environment's roles, which every organization can use. For the roles of a single organization, see
    /// `organization_roles`.
    roles: Roles / AsyncRoles, table ROLES;

    /// Lists all roles of the environment, without pagination.
    ///
    /// Permissions are omitted unless `include` requests them.
    "GET /api/v1/roles" in "roles"
    fn list(include: Option<RoleInclude>) -> Vec<Role> where optional(include) { query(include) }

    /// Creates a role and returns it with its permissions.
    ///
    /// # Errors
    ///
    /// `Conflict` if another role has this name.
    /// `InvalidRequest` if the extended role or a permission does not exist.
    "POST /api/v1/roles" in "role"
    fn create(role: CreateRole) -> Role { body(role) }

    /// Returns a role.
    ///
    /// Permissions are omitted unless `include` requests them.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    "GET /api/v1/roles/{role_name}" in "role"
    fn get(role_name: &str, include: Option<RoleInclude>) -> Role where optional(include) {
        path(role_name), query(include),
    }

    /// Updates a role and returns it with its permissions. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    /// `InvalidRequest` if the role would extend itself, directly or indirectly, or if the extended role or a
    /// permission does not exist.
    "PUT /api/v1/roles/{role_name}" in "role"
    fn update(role_name: &str, role: UpdateRole) -> Role { path(role_name), body(role) }

    /// Deletes a role.
    ///
    /// Users with the role get `reassign_role_name` instead, and roles that extend it extend that role instead.
    /// Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    /// `InvalidRequest` if the role is in use and `reassign_role_name` is omitted. A role is in use if a user has it,
    /// another role extends it, or it is a default role.
    "DELETE /api/v1/roles/{role_name}"
    fn delete(role_name: &str, reassign_role_name: Option<String>) -> () where optional(reassign_role_name) {
        check(reassign_role_name => role_name_rule), path(role_name), query(reassign_role_name),
    }

    /// Sets the default roles and returns them. Omitted defaults are unchanged.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if a role does not exist.
    "PATCH /api/v1/roles:set_defaults"
    fn set_defaults(defaults: UpdateDefaultRoles) -> DefaultRoles { body(defaults) }

    /// Sets the default roles and returns them, through the service's alternative path for `set_defaults`.
    ///
    /// Prefer `set_defaults`.
    "PATCH /api/v1/roles/default"
    fn update_defaults(defaults: UpdateDefaultRoles) -> DefaultRoles { body(defaults) }

    /// Lists the roles that extend a role directly, with their permissions.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    "GET /api/v1/roles/{role_name}/dependents" in "roles"
    fn list_dependents(role_name: &str) -> Vec<Role> { path(role_name) }

    /// Returns the number of users that have a role, across all organizations.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    "GET /api/v1/roles/{role_name}/users:count" in "count"
    fn count_users(role_name: &str) -> i64 { path(role_name) }

    /// Lists the permissions assigned to a role, without those inherited from roles that it extends.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    "GET /api/v1/roles/{role_name}/permissions" in "permissions"
    fn list_permissions(role_name: &str) -> Vec<Permission> { path(role_name) }

    /// Lists all permissions of a role: assigned, and inherited from the roles that it extends.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    "GET /api/v1/roles/{role_name}/permissions:all" in "permissions"
    fn list_effective_permissions(role_name: &str) -> Vec<Permission> { path(role_name) }

    /// Adds permissions to a role and returns all permissions assigned to it.
    ///
    /// `permission_names` has 1–100 elements. Permissions that the role already has are ignored.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name.
    /// `InvalidRequest` if a permission does not exist.
    "POST /api/v1/roles/{role_name}/permissions" in "permissions"
    fn add_permissions(role_name: &str, permission_names: Vec<String>) -> Vec<Permission> {
        check(permission_names => check::each(1..=100, permission_name_rule)),
        path(role_name), body(permission_names as "permission_names"),
    }

    /// Removes a permission from a role.
    ///
    /// A permission that the role inherits from another role is not affected.
    ///
    /// # Errors
    ///
    /// `NotFound` if no role has this name, or if the permission is not assigned to it.
    "DELETE /api/v1/roles/{role_name}/permissions/{permission_name}"
    fn remove_permission(role_name: &str, permission_name: &str) -> () { path(role_name, permission_name) }
}

pagers! {}
