//! Users: the people who sign in to your application.

mod models;

pub use models::*;

use crate::check;
use crate::op::{pager, resource};

resource! {
    /// Users: the people who sign in to your application. What a user is in an organization stands in `memberships`.
    users: Users / AsyncUsers, table USERS;

    /// One page of all users of the environment, in whatever organization.
    "GET /api/v1/users"
    fn list(params: ListUsers) -> UserPage where optional(params) { page(params, 10, 100) }

    /// Searches all users of the environment for a text of 3 to 100 characters in the e-mail address, id or external
    /// id, and gives one page of what it finds. Upper and lower case are the same.
    "GET /api/v1/users:search"
    fn search(query: &str, params: SearchUsers) -> UserPage where optional(params) {
        check(query => check::length(3..=100)), query(query), page(params, 1, 30),
    }

    /// Creates a user and makes them a member of an organization. To add a user who exists to an organization, use
    /// `memberships.create`.
    ///
    /// The user gets an e-mail with an invitation, and is a member once they have accepted it; with
    /// `send_invitation_email = false` they get none and are a member at once, with the address taken as verified.
    ///
    /// Fails with `Conflict` when another user has the same e-mail address or external id, with `NotFound` when there
    /// is no such organization, and with `InvalidRequest` when it has no role of a name.
    "POST /api/v1/organizations/{organization_id}/users" in "user"
    fn create(organization_id: &str, user: CreateUser, send_invitation_email: Option<bool>) -> User
    where optional(send_invitation_email) {
        path(organization_id), query(send_invitation_email), body(user),
    }

    /// One user, by their id. Fails with `NotFound` when there is none.
    "GET /api/v1/users/{id}" in "user"
    fn get(id: &str) -> User { path(id) }

    /// One user, by the id that you gave them. Fails with `NotFound` when there is none.
    "GET /api/v1/users:external/{external_id}" in "user"
    fn get_by_external_id(external_id: &str) -> User { path(external_id) }

    /// Changes a user, and gives them back as they are then. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when there is none, with `Conflict` when another one has the new external id.
    "PATCH /api/v1/users/{id}" in "user"
    fn update(id: &str, user: UpdateUser) -> User { path(id), body(user) }

    /// Changes the user with the id that you gave them, like `update`.
    "PATCH /api/v1/users:external/{external_id}" in "user"
    fn update_by_external_id(external_id: &str, user: UpdateUser) -> User { path(external_id), body(user) }

    /// Deletes a user with all that belongs to them: memberships and sessions. There is no way back. To take a user out
    /// of one organization, use `memberships.delete`.
    ///
    /// Fails with `NotFound` when there is none.
    "DELETE /api/v1/users/{id}"
    fn delete(id: &str) -> () { path(id) }

    /// Deletes the user with the id that you gave them, like `delete`.
    "DELETE /api/v1/users:external/{external_id}"
    fn delete_by_external_id(external_id: &str) -> () { path(external_id) }

    /// One page of the users who are members of an organization, or are invited to it.
    ///
    /// Fails with `NotFound` when there is no such organization.
    "GET /api/v1/organizations/{organization_id}/users"
    fn list_members(organization_id: &str, params: ListUsers) -> UserPage where optional(params) {
        path(organization_id), page(params, 1, 100),
    }

    /// Searches the members of an organization, as `search` does all users.
    ///
    /// Fails with `NotFound` when there is no such organization.
    "GET /api/v1/organizations/{organization_id}/users:search"
    fn search_members(organization_id: &str, query: &str, params: SearchUsers) -> UserPage where optional(params) {
        check(query => check::length(3..=100)), path(organization_id), query(query), page(params, 1, 30),
    }
}

pager! {
    /// Walks through users, page by page.
    UserPager / AsyncUserPager over Users / AsyncUsers.list(ListUsers) as list_all -> users: User
}

pager! {
    /// Walks through the users that a search finds, page by page.
    UserSearchPager / AsyncUserSearchPager over Users / AsyncUsers.search[query](SearchUsers)
    as search_all -> users: User
}

pager! {
    /// Walks through the members of an organization, page by page.
    MemberPager / AsyncMemberPager over Users / AsyncUsers.list_members[organization_id](ListUsers)
    as list_all_members -> users: User
}

pager! {
    /// Walks through the members of an organization that a search finds, page by page.
    MemberSearchPager / AsyncMemberSearchPager over Users / AsyncUsers.search_members[organization_id, query](SearchUsers)
    as search_all_members -> users: User
}
