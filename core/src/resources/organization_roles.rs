//! Roles of an organization.

use crate::op::{pagers, resource};
use crate::resources::roles::{CreateRole, Role, RoleInclude, UpdateRole, role_name as role_name_rule};

resource! {
    /// Roles of an organization, in addition to the environment's roles.
    organization_roles: OrganizationRoles / AsyncOrganizationRoles, table ORGANIZATION_ROLES;

    /// Lists all roles that an organization can use, without pagination.
    ///
    /// These are the environment's roles and the organization's own, for which `is_org_role` is true. Permissions are
    /// omitted unless `include` requests them.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{org_id}/roles" in "roles"
    fn list(organization_id: &str, include: Option<RoleInclude>) -> Vec<Role> where optional(include) {
        path(organization_id as "org_id"), query(include),
    }

    /// Creates a role for an organization and returns it with its permissions.
    ///
    /// The role can extend one of the organization's own roles or one of the environment's.
    ///
    /// # Errors
    ///
    /// `Conflict` if the organization or the environment has a role with this name.
    /// `InvalidRequest` if the extended role or a permission does not exist.
    "POST /api/v1/organizations/{org_id}/roles" in "role"
    fn create(organization_id: &str, role: CreateRole) -> Role { path(organization_id as "org_id"), body(role) }

    /// Returns a role that an organization can use.
    ///
    /// Permissions are omitted unless `include` requests them.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization can use no role with this name.
    "GET /api/v1/organizations/{org_id}/roles/{role_name}" in "role"
    fn get(organization_id: &str, role_name: &str, include: Option<RoleInclude>) -> Role where optional(include) {
        path(organization_id as "org_id", role_name), query(include),
    }

    /// Updates an organization's own role and returns it with its permissions. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no role of its own with this name.
    /// `InvalidRequest` if the role would extend itself, directly or indirectly, or if the extended role or a
    /// permission does not exist.
    "PUT /api/v1/organizations/{org_id}/roles/{role_name}" in "role"
    fn update(organization_id: &str, role_name: &str, role: UpdateRole) -> Role {
        path(organization_id as "org_id", role_name), body(role),
    }

    /// Deletes an organization's own role.
    ///
    /// Users with the role get `reassign_role_name` instead, and roles that extend it extend that role instead.
    /// Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no role of its own with this name.
    /// `InvalidRequest` if the role is in use and `reassign_role_name` is omitted. A role is in use if a user has it,
    /// another role extends it, or it is the default role.
    "DELETE /api/v1/organizations/{org_id}/roles/{role_name}"
    fn delete(organization_id: &str, role_name: &str, reassign_role_name: Option<String>) -> ()
    where optional(reassign_role_name) {
        check(reassign_role_name => role_name_rule),
        path(organization_id as "org_id", role_name), query(reassign_role_name),
    }

    /// Sets the default role for new members of an organization and returns it.
    ///
    /// The role can be one of the organization's own or one of the environment's.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    /// `InvalidRequest` if the role does not exist.
    "PATCH /api/v1/organizations/{org_id}/roles:set_defaults" in "default_member"
    fn set_defaults(organization_id: &str, default_member_role: &str) -> Role {
        check(default_member_role => role_name_rule),
        path(organization_id as "org_id"), body(default_member_role as "default_member_role"),
    }
}

pagers! {}
