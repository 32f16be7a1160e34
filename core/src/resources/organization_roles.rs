//! The roles of one organization.

use crate::op::resource;
use crate::resources::roles::{CreateRole, Role, RoleInclude, UpdateRole, role_name as role_name_rule};

resource! {
    /// The roles of one organization, beside those of the environment.
    organization_roles: OrganizationRoles / AsyncOrganizationRoles, table ORGANIZATION_ROLES;

    /// The roles that an organization can use, all in one answer: the environment's, and its own, which `is_org_role`
    /// tells apart. Their permissions are left out unless `include` asks for them.
    ///
    /// Fails with `NotFound` when there is no such organization.
    "GET /api/v1/organizations/{org_id}/roles" in "roles"
    fn list(organization_id: &str, include: Option<RoleInclude>) -> Vec<Role> where optional(include) {
        path(organization_id as "org_id"), query(include),
    }

    /// Creates a role for one organization, and gives it back with its permissions. It may extend one of the
    /// organization's own roles or one of the environment's.
    ///
    /// Fails with `Conflict` when the organization has one of this name or the environment does, and with
    /// `InvalidRequest` when it extends a role or names a permission that does not exist.
    "POST /api/v1/organizations/{org_id}/roles" in "role"
    fn create(organization_id: &str, role: CreateRole) -> Role { path(organization_id as "org_id"), body(role) }

    /// One role that an organization can use, by its name. Its permissions are left out unless `include` asks for them.
    ///
    /// Fails with `NotFound` when there is none.
    "GET /api/v1/organizations/{org_id}/roles/{role_name}" in "role"
    fn get(organization_id: &str, role_name: &str, include: Option<RoleInclude>) -> Role where optional(include) {
        path(organization_id as "org_id", role_name), query(include),
    }

    /// Changes one of an organization's own roles, and gives it back with its permissions. What is left out stays as
    /// it is.
    ///
    /// Fails with `NotFound` when there is none, and with `InvalidRequest` when it would extend itself, by whatever
    /// way, or names a role or permission that does not exist.
    "PUT /api/v1/organizations/{org_id}/roles/{role_name}" in "role"
    fn update(organization_id: &str, role_name: &str, role: UpdateRole) -> Role {
        path(organization_id as "org_id", role_name), body(role),
    }

    /// Deletes one of an organization's own roles. There is no way back. Those who have it get `reassign_role_name` in
    /// its place, and roles that extend it extend that one.
    ///
    /// Fails with `NotFound` when there is none, and with `InvalidRequest` when the role is in use and no other one is
    /// named: people have it, roles extend it, or it is the default role.
    "DELETE /api/v1/organizations/{org_id}/roles/{role_name}"
    fn delete(organization_id: &str, role_name: &str, reassign_role_name: Option<String>) -> ()
    where optional(reassign_role_name) {
        check(reassign_role_name => role_name_rule),
        path(organization_id as "org_id", role_name), query(reassign_role_name),
    }

    /// Sets the role that new members of an organization get when no other is named, and gives it back: one of the
    /// organization's own, or one of the environment's.
    ///
    /// Fails with `NotFound` when there is no such organization, and with `InvalidRequest` when there is no such role.
    "PATCH /api/v1/organizations/{org_id}/roles:set_defaults" in "default_member"
    fn set_defaults(organization_id: &str, default_member_role: &str) -> Role {
        check(default_member_role => role_name_rule),
        path(organization_id as "org_id"), body(default_member_role as "default_member_role"),
    }
}
