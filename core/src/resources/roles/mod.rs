//! Roles: sets of permissions that people are given in an organization.

mod models;

pub use models::*;

use models::role_name as role_name_rule;

use crate::check;
use crate::op::resource;
use crate::resources::permissions::{Permission, permission_name as permission_name_rule};

resource! {
    /// Roles: sets of permissions that people are given in an organization. These are the environment's, which every
    /// organization can use; `organization_roles` are those of one organization.
    roles: Roles / AsyncRoles, table ROLES;

    /// The roles of the environment, all in one answer. Their permissions are left out unless `include` asks for them.
    "GET /api/v1/roles" in "roles"
    fn list(include: Option<RoleInclude>) -> Vec<Role> where optional(include) { query(include) }

    /// Creates a role, and gives it back with its permissions.
    ///
    /// Fails with `Conflict` when there is one of this name, and with `InvalidRequest` when it extends a role or names
    /// a permission that does not exist.
    "POST /api/v1/roles" in "role"
    fn create(role: CreateRole) -> Role { body(role) }

    /// One role, by its name. Its permissions are left out unless `include` asks for them.
    ///
    /// Fails with `NotFound` when there is none.
    "GET /api/v1/roles/{role_name}" in "role"
    fn get(role_name: &str, include: Option<RoleInclude>) -> Role where optional(include) {
        path(role_name), query(include),
    }

    /// Changes a role, and gives it back with its permissions. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when there is none, and with `InvalidRequest` when it would extend itself, by whatever
    /// way, or names a role or permission that does not exist.
    "PUT /api/v1/roles/{role_name}" in "role"
    fn update(role_name: &str, role: UpdateRole) -> Role { path(role_name), body(role) }

    /// Deletes a role. There is no way back. Those who have it get `reassign_role_name` in its place, and roles that
    /// extend it extend that one.
    ///
    /// Fails with `NotFound` when there is none, and with `InvalidRequest` when the role is in use and no other one is
    /// named: people have it, roles extend it, or it is a default role.
    "DELETE /api/v1/roles/{role_name}"
    fn delete(role_name: &str, reassign_role_name: Option<String>) -> () where optional(reassign_role_name) {
        check(reassign_role_name => role_name_rule), path(role_name), query(reassign_role_name),
    }

    /// Sets the roles that people get when no other is named, and gives them back as they are then.
    ///
    /// Fails with `InvalidRequest` when there is no role of a name.
    "PATCH /api/v1/roles:set_defaults"
    fn set_defaults(defaults: UpdateDefaultRoles) -> DefaultRoles { body(defaults) }

    /// The same as `set_defaults`, under the other address that the service has for it. Prefer `set_defaults`.
    "PATCH /api/v1/roles/default"
    fn update_defaults(defaults: UpdateDefaultRoles) -> DefaultRoles { body(defaults) }

    /// The roles that extend a role directly, with their permissions. Fails with `NotFound` when there is no such role.
    "GET /api/v1/roles/{role_name}/dependents" in "roles"
    fn list_dependents(role_name: &str) -> Vec<Role> { path(role_name) }

    /// How many people have a role, in whatever organization. Fails with `NotFound` when there is no such role.
    "GET /api/v1/roles/{role_name}/users:count" in "count"
    fn count_users(role_name: &str) -> i64 { path(role_name) }

    /// The permissions that a role was given, without those it has from roles that it extends.
    ///
    /// Fails with `NotFound` when there is no such role.
    "GET /api/v1/roles/{role_name}/permissions" in "permissions"
    fn list_permissions(role_name: &str) -> Vec<Permission> { path(role_name) }

    /// All permissions of a role: those it was given, and those it has from the roles that it extends.
    ///
    /// Fails with `NotFound` when there is no such role.
    "GET /api/v1/roles/{role_name}/permissions:all" in "permissions"
    fn list_effective_permissions(role_name: &str) -> Vec<Permission> { path(role_name) }

    /// Gives a role more permissions, 1 to 100 of them by their names, and answers with all that it was given. Naming
    /// one that it has does no harm.
    ///
    /// Fails with `NotFound` when there is no such role, and with `InvalidRequest` when there is no such permission.
    "POST /api/v1/roles/{role_name}/permissions" in "permissions"
    fn add_permissions(role_name: &str, permission_names: Vec<String>) -> Vec<Permission> {
        check(permission_names => check::each(1..=100, permission_name_rule)),
        path(role_name), body(permission_names as "permission_names"),
    }

    /// Takes a permission from a role. One that it has from a role that it extends stays.
    ///
    /// Fails with `NotFound` when there is no such role, or it was not given this permission.
    "DELETE /api/v1/roles/{role_name}/permissions/{permission_name}"
    fn remove_permission(role_name: &str, permission_name: &str) -> () { path(role_name, permission_name) }
}
