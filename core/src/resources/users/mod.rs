//! Users: people who sign in to your application.

mod models;

pub use models::*;

use crate::check;
use crate::op::{pagers, resource};

resource! {
    /// Users: people who sign in to your application.
    ///
    /// For their roles in organizations, see `memberships`.
    users: Users / AsyncUsers, table USERS;

    /// Lists one page of all users in the environment; `list_all` returns a pager over all pages.
    "GET /api/v1/users"
    fn list(params: ListUsers) -> UserPage where optional(params) { page(params, 10, 100) }

    /// Searches all users in the environment; `search_all` returns a pager over all pages.
    ///
    /// `query` is searched in email addresses, IDs and external IDs, ignoring case. 3–100 characters.
    "GET /api/v1/users:search"
    fn search(query: &str, params: SearchUsers) -> UserPage where optional(params) {
        check(query => check::length(3..=100)), query(query), page(params, 1, 30),
    }

    /// Creates a user and adds it to an organization.
    ///
    /// The user is invited by email and becomes a member on accepting the invitation. With `send_invitation_email =
    /// false`, no email is sent: the user becomes a member immediately and the email address is considered verified.
    ///
    /// To add an existing user to an organization, use `memberships.create`.
    ///
    /// # Errors
    ///
    /// `Conflict` if another user has the same email address or external ID.
    /// `NotFound` if no organization has this ID.
    /// `InvalidRequest` if the organization has no role with a given name.
    "POST /api/v1/organizations/{organization_id}/users" in "user"
    fn create(organization_id: &str, user: CreateUser, send_invitation_email: Option<bool>) -> User
    where optional(send_invitation_email) {
        path(organization_id), query(send_invitation_email), body(user),
    }

    /// Returns a user.
    ///
    /// # Errors
    ///
    /// `NotFound` if no user has this ID.
    "GET /api/v1/users/{id}" in "user"
    fn get(id: &str) -> User { path(id) }

    /// Returns the user with an external ID.
    ///
    /// # Errors
    ///
    /// `NotFound` if no user has this external ID.
    "GET /api/v1/users:external/{external_id}" in "user"
    fn get_by_external_id(external_id: &str) -> User { path(external_id) }

    /// Updates a user and returns it. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no user has this ID.
    /// `Conflict` if another user has the same external ID.
    "PATCH /api/v1/users/{id}" in "user"
    fn update(id: &str, user: UpdateUser) -> User { path(id), body(user) }

    /// Updates the user with an external ID. Otherwise the same as `update`.
    "PATCH /api/v1/users:external/{external_id}" in "user"
    fn update_by_external_id(external_id: &str, user: UpdateUser) -> User { path(external_id), body(user) }

    /// Deletes a user with all memberships and sessions.
    ///
    /// Deletion is permanent. To remove a user from a single organization, use `memberships.delete`.
    ///
    /// # Errors
    ///
    /// `NotFound` if no user has this ID.
    "DELETE /api/v1/users/{id}"
    fn delete(id: &str) -> () { path(id) }

    /// Deletes the user with an external ID. Otherwise the same as `delete`.
    "DELETE /api/v1/users:external/{external_id}"
    fn delete_by_external_id(external_id: &str) -> () { path(external_id) }

    /// Lists one page of an organization's members; `list_all_members` returns a pager over all pages.
    ///
    /// Invited users are included.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{organization_id}/users"
    fn list_members(organization_id: &str, params: ListUsers) -> UserPage where optional(params) {
        path(organization_id), page(params, 1, 100),
    }

    /// Searches the members of an organization; `search_all_members` returns a pager over all pages.
    ///
    /// `query` is searched as in `search`.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{organization_id}/users:search"
    fn search_members(organization_id: &str, query: &str, params: SearchUsers) -> UserPage where optional(params) {
        check(query => check::length(3..=100)), path(organization_id), query(query), page(params, 1, 30),
    }
}

pagers! {
    /// Pages through users.
    UserPager / AsyncUserPager over Users / AsyncUsers.list(ListUsers) as list_all -> users: User;

    /// Pages through the users that a search returns.
    UserSearchPager / AsyncUserSearchPager over Users / AsyncUsers.search[query](SearchUsers)
    as search_all -> users: User;

    /// Pages through the members of an organization.
    MemberPager / AsyncMemberPager over Users / AsyncUsers.list_members[organization_id](ListUsers)
    as list_all_members -> users: User;

    /// Pages through the members of an organization that a search returns.
    MemberSearchPager / AsyncMemberSearchPager over Users / AsyncUsers.search_members[organization_id, query](SearchUsers)
    as search_all_members -> users: User;
}
