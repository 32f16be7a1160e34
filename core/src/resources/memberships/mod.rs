//! Memberships: what users are in organizations.

mod models;

pub use models::*;

use crate::op::resource;
use crate::resources::users::User;

resource! {
    /// Memberships: which users belong to which organizations, with which roles, and who is invited.
    memberships: Memberships / AsyncMemberships, table MEMBERSHIPS;

    /// Makes a user who exists a member of an organization, and gives the user back. To create a user at the same
    /// time, use `users.create`.
    ///
    /// The user gets an e-mail with an invitation, and is a member once they have accepted it; with
    /// `send_invitation_email = false` they get none and are a member at once, with the address taken as verified.
    ///
    /// Fails with `NotFound` when there is no such user or organization, with `Conflict` when the user is a member or
    /// invited already, and with `InvalidRequest` when the organization has no role of a name.
    "POST /api/v1/memberships/organizations/{organization_id}/users/{id}" in "user"
    fn create(
        organization_id: &str, user_id: &str, membership: CreateMembership, send_invitation_email: Option<bool>,
    ) -> User where optional(membership, send_invitation_email) {
        path(organization_id, user_id as "id"), query(send_invitation_email), body(membership),
    }

    /// Makes the user with the id that you gave them a member of an organization, like `create`.
    "POST /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}" in "user"
    fn create_by_external_id(
        organization_id: &str, external_id: &str, membership: CreateMembership, send_invitation_email: Option<bool>,
    ) -> User where optional(membership, send_invitation_email) {
        path(organization_id, external_id), query(send_invitation_email), body(membership),
    }

    /// Changes what a user is in an organization, and gives the user back. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when the user is no member, with `InvalidRequest` when there is no role of a name.
    "PATCH /api/v1/memberships/organizations/{organization_id}/users/{id}" in "user"
    fn update(organization_id: &str, user_id: &str, membership: UpdateMembership) -> User {
        path(organization_id, user_id as "id"), body(membership),
    }

    /// Changes what the user with the id that you gave them is in an organization, like `update`.
    "PATCH /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}" in "user"
    fn update_by_external_id(organization_id: &str, external_id: &str, membership: UpdateMembership) -> User {
        path(organization_id, external_id), body(membership),
    }

    /// Takes a user out of an organization, or takes an invitation back. There is no way back. A user who belongs to
    /// no other organization is deleted with it.
    ///
    /// Fails with `NotFound` when the user is no member.
    "DELETE /api/v1/memberships/organizations/{organization_id}/users/{id}"
    fn delete(organization_id: &str, user_id: &str) -> () { path(organization_id, user_id as "id") }

    /// Takes the user with the id that you gave them out of an organization, like `delete`.
    "DELETE /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}"
    fn delete_by_external_id(organization_id: &str, external_id: &str) -> () { path(organization_id, external_id) }

    /// Sends an invitation again, and gives it back. One that has expired is renewed.
    ///
    /// Fails with `NotFound` when the user is not invited to the organization, and with `InvalidRequest` when the
    /// invitation has been accepted.
    "PATCH /api/v1/invites/organizations/{organization_id}/users/{id}/resend" in "invite"
    fn resend_invitation(organization_id: &str, user_id: &str) -> Invitation {
        path(organization_id, user_id as "id"), body(),
    }

    /// The roles that a user has in an organization. Fails with `NotFound` when the user is no member.
    "GET /api/v1/organizations/{organization_id}/users/{user_id}/roles" in "roles"
    fn list_roles(organization_id: &str, user_id: &str) -> Vec<UserRole> { path(organization_id, user_id) }

    /// All permissions that a user has in an organization, through roles and the roles that these extend.
    ///
    /// Fails with `NotFound` when the user is no member.
    "GET /api/v1/organizations/{organization_id}/users/{user_id}/permissions" in "permissions"
    fn list_permissions(organization_id: &str, user_id: &str) -> Vec<UserPermission> {
        path(organization_id, user_id),
    }
}
