//! Memberships: users in organizations.

mod models;

pub use models::*;

use crate::op::{pagers, resource};
use crate::resources::users::User;

resource! {
    /// Memberships: users in organizations, their roles and invitations.
    memberships: Memberships / AsyncMemberships, table MEMBERSHIPS;

    /// Adds an existing user to an organization and returns the user.
    ///
    /// The user is invited by email and becomes a member on accepting the invitation. With `send_invitation_email =
    /// false`, no email is sent: the user becomes a member immediately and the email address is considered verified.
    ///
    /// To create a user and add it to an organization at the same time, use `users.create`.
    ///
    /// # Errors
    ///
    /// `NotFound` if the user or the organization does not exist.
    /// `Conflict` if the user is already a member or invited.
    /// `InvalidRequest` if the organization has no role with a given name.
    "POST /api/v1/memberships/organizations/{organization_id}/users/{id}" in "user"
    fn create(
        organization_id: &str, user_id: &str, membership: CreateMembership, send_invitation_email: Option<bool>,
    ) -> User where optional(membership, send_invitation_email) {
        path(organization_id, user_id as "id"), query(send_invitation_email), body(membership),
    }

    /// Adds the user with an external ID to an organization. Otherwise the same as `create`.
    "POST /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}" in "user"
    fn create_by_external_id(
        organization_id: &str, external_id: &str, membership: CreateMembership, send_invitation_email: Option<bool>,
    ) -> User where optional(membership, send_invitation_email) {
        path(organization_id, external_id), query(send_invitation_email), body(membership),
    }

    /// Updates a user's membership in an organization and returns the user. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if the user is not a member.
    /// `InvalidRequest` if a role does not exist.
    "PATCH /api/v1/memberships/organizations/{organization_id}/users/{id}" in "user"
    fn update(organization_id: &str, user_id: &str, membership: UpdateMembership) -> User {
        path(organization_id, user_id as "id"), body(membership),
    }

    /// Updates the membership of the user with an external ID. Otherwise the same as `update`.
    "PATCH /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}" in "user"
    fn update_by_external_id(organization_id: &str, external_id: &str, membership: UpdateMembership) -> User {
        path(organization_id, external_id), body(membership),
    }

    /// Removes a user from an organization, or revokes the user's invitation.
    ///
    /// A user that belongs to no other organization is deleted. Removal is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if the user is not a member.
    "DELETE /api/v1/memberships/organizations/{organization_id}/users/{id}"
    fn delete(organization_id: &str, user_id: &str) -> () { path(organization_id, user_id as "id") }

    /// Removes the user with an external ID from an organization. Otherwise the same as `delete`.
    "DELETE /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}"
    fn delete_by_external_id(organization_id: &str, external_id: &str) -> () { path(organization_id, external_id) }

    /// Resends an invitation and returns it.
    ///
    /// An expired invitation is renewed.
    ///
    /// # Errors
    ///
    /// `NotFound` if the user is not invited to the organization.
    /// `InvalidRequest` if the invitation has already been accepted.
    "PATCH /api/v1/invites/organizations/{organization_id}/users/{id}/resend" in "invite"
    fn resend_invitation(organization_id: &str, user_id: &str) -> Invitation {
        path(organization_id, user_id as "id"), body(),
    }

    /// Lists the roles of a user in an organization.
    ///
    /// # Errors
    ///
    /// `NotFound` if the user is not a member.
    "GET /api/v1/organizations/{organization_id}/users/{user_id}/roles" in "roles"
    fn list_roles(organization_id: &str, user_id: &str) -> Vec<UserRole> { path(organization_id, user_id) }

    /// Lists all permissions of a user in an organization.
    ///
    /// These are the permissions of the user's roles, including those inherited from roles that they extend.
    ///
    /// # Errors
    ///
    /// `NotFound` if the user is not a member.
    "GET /api/v1/organizations/{organization_id}/users/{user_id}/permissions" in "permissions"
    fn list_permissions(organization_id: &str, user_id: &str) -> Vec<UserPermission> {
        path(organization_id, user_id),
    }
}

pagers! {}
