//! Directories: the people and groups that an organization's own directory sends.

use crate::model::{answers, open_enum, requests};
use crate::op::{pager, resource};
use crate::types::{Json, Timestamp};

open_enum! {
    /// How a directory's people and groups arrive.
    pub enum DirectoryType {
        /// The directory sends them (SCIM 2.0):
        Scim = "SCIM",
        /// By LDAP:
        Ldap = "LDAP",
        /// The service fetches them:
        Poll = "POLL",
    }

    /// The product behind a directory.
    pub enum DirectoryProvider {
        /// Okta:
        Okta = "OKTA",
        /// Google Workspace:
        Google = "GOOGLE",
        /// Microsoft Entra ID, once Azure AD:
        MicrosoftAd = "MICROSOFT_AD",
        /// Auth0:
        Auth0 = "AUTH0",
        /// OneLogin:
        OneLogin = "ONELOGIN",
        /// JumpCloud:
        JumpCloud = "JUMPCLOUD",
        /// Ping Identity:
        PingIdentity = "PING_IDENTITY",
    }

    /// Whether a directory can sign in with a secret.
    pub enum DirectorySecretStatus {
        /// Yes:
        Active = "ACTIVE",
        /// No longer:
        Inactive = "INACTIVE",
    }
}

answers! {
    /// The directory of an organization: where its people and groups come from.
    pub struct Directory {
        /// The id, such as `dir_1234`.
        id: String,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// Its name.
        name: Option<String>,
        /// How its people and groups arrive.
        directory_type: Option<DirectoryType>,
        /// The product behind it.
        directory_provider: Option<DirectoryProvider>,
        /// How far it is set up: `DRAFT`, `IN_PROGRESS` or `COMPLETED`.
        status: Option<String>,
        /// Whether its changes are taken in.
        enabled: bool,
        /// The URL that it sends its changes to.
        directory_endpoint: Option<String>,
        /// An address that belongs to it, where the product needs one.
        email: Option<String>,
        /// Which groups are taken in.
        groups_tracked: Option<String>,
        /// Which of its attributes fill which of yours.
        attribute_mappings: Option<DirectoryAttributeMappings>,
        /// Which groups give which role.
        role_assignments: Option<DirectoryRoleAssignments>,
        /// The secrets that it signs in with, without their text.
        secrets: Vec<DirectorySecret>,
        /// How much it holds, and when that last changed.
        stats: Option<DirectoryStats>,
        /// How many groups it holds.
        total_groups: Option<i64>,
        /// How many people it holds.
        total_users: Option<i64>,
        /// When its changes last arrived.
        last_synced_at: Option<Timestamp>,
    }

    /// Which of a directory's attributes fill which of yours.
    pub struct DirectoryAttributeMappings {
        /// The pairs.
        attributes: Vec<DirectoryAttributeMapping>,
    }

    /// One attribute of a directory, and yours that it fills.
    pub struct DirectoryAttributeMapping {
        /// The directory's attribute.
        key: String,
        /// Yours.
        map_to: String,
    }

    /// Which groups of a directory give which role.
    pub struct DirectoryRoleAssignments {
        /// The pairs.
        assignments: Vec<DirectoryRoleAssignment>,
    }

    /// One group of a directory, and the role that its people get.
    pub struct DirectoryRoleAssignment {
        /// The group's id.
        group_id: String,
        /// The role's name.
        role_name: String,
    }

    /// A secret that a directory signs in with; its text is shown only where it is made.
    pub struct DirectorySecret {
        /// The id, such as `sec_1234`.
        id: String,
        /// The directory it belongs to.
        directory_id: Option<String>,
        /// The last characters of its text, to tell secrets apart.
        secret_suffix: Option<String>,
        /// Whether it can be used.
        status: Option<DirectorySecretStatus>,
        /// When it was made.
        create_time: Option<Timestamp>,
        /// When it ends; absent when it does not.
        expire_time: Option<Timestamp>,
        /// When it was last used; absent when it was not.
        last_used_time: Option<Timestamp>,
    }

    /// How much a directory holds.
    pub struct DirectoryStats {
        /// How many people.
        total_users: Option<i64>,
        /// How many groups.
        total_groups: Option<i64>,
        /// When a person last changed.
        user_updated_at: Option<Timestamp>,
        /// When a group last changed.
        group_updated_at: Option<Timestamp>,
    }

    /// A directory after it was switched on or off.
    pub struct DirectoryToggle {
        /// Whether its changes are taken in now.
        enabled: bool,
        /// Deprecated by the service, which reports failures as errors.
        error_message: Option<String>,
    }

    /// A person in a directory.
    pub struct DirectoryUser {
        /// The id, such as `diruser_1234`.
        id: String,
        /// The main e-mail address.
        email: Option<String>,
        /// All e-mail addresses.
        emails: Vec<String>,
        /// The name to sign in with.
        preferred_username: Option<String>,
        /// The first name.
        given_name: Option<String>,
        /// The last name.
        family_name: Option<String>,
        /// The groups that the person is in.
        groups: Vec<DirectoryGroup>,
        /// When the person last changed.
        updated_at: Option<Timestamp>,
        /// Everything that the directory says of the person, when `include_detail` asks for it.
        user_detail: Option<Json>,
    }

    /// One page of a directory's people.
    pub struct DirectoryUserPage {
        /// The people of this page.
        users: Vec<DirectoryUser>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// A group in a directory.
    pub struct DirectoryGroup {
        /// The id, such as `dirgroup_1234`.
        id: String,
        /// The name that people see.
        display_name: Option<String>,
        /// How many people are in it.
        total_users: Option<i64>,
        /// When the group last changed.
        updated_at: Option<Timestamp>,
        /// Everything that the directory says of the group, when `include_detail` asks for it.
        group_detail: Option<Json>,
    }

    /// One page of a directory's groups.
    pub struct DirectoryGroupPage {
        /// The groups of this page.
        groups: Vec<DirectoryGroup>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// Which people of a directory to list.
    pub struct ListDirectoryUsers {
        optional {
            /// How many on a page, 1 to 30; larger numbers are moved into that range. Default 10.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Whether to fill `user_detail`. Default: no.
            include_detail: Option<bool>,
            /// Only those in the group of this id.
            directory_group_id: Option<String>,
            /// Only those that changed after this moment, as a program needs that keeps a copy.
            updated_after: Option<Timestamp>,
        }
    }

    /// Which groups of a directory to list.
    pub struct ListDirectoryGroups {
        optional {
            /// How many on a page, 1 to 30; larger numbers are moved into that range. Default 10.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Only those that changed after this moment, as a program needs that keeps a copy.
            updated_after: Option<Timestamp>,
            /// Whether to fill `group_detail`. Default: no.
            include_detail: Option<bool>,
            /// Whether to list groups too that the directory sends and the service does not track. Default: no.
            include_external_groups: Option<bool>,
        }
    }
}

resource! {
    /// Directories: the people and groups that an organization's own directory sends (SCIM).
    directories: Directories / AsyncDirectories, table DIRECTORIES;

    /// The directories of one organization; all in one answer. Fails with `NotFound` when there is no such
    /// organization.
    "GET /api/v1/organizations/{organization_id}/directories" in "directories"
    fn list(organization_id: &str) -> Vec<Directory> { path(organization_id) }

    /// One directory. Fails with `NotFound` when the organization has none of this id.
    "GET /api/v1/organizations/{organization_id}/directories/{id}" in "directory"
    fn get(organization_id: &str, directory_id: &str) -> Directory {
        path(organization_id, directory_id as "id"),
    }

    /// Switches a directory on: its changes are taken in from now on.
    ///
    /// Fails with `InvalidRequest` when it is not set up completely, with `NotFound` when there is none.
    "PATCH /api/v1/organizations/{organization_id}/directories/{id}:enable"
    fn enable(organization_id: &str, directory_id: &str) -> DirectoryToggle {
        path(organization_id, directory_id as "id"),
    }

    /// Switches a directory off: its changes are not taken in until it is enabled again. What it sent so far stays.
    ///
    /// Fails with `NotFound` when there is none.
    "PATCH /api/v1/organizations/{organization_id}/directories/{id}:disable"
    fn disable(organization_id: &str, directory_id: &str) -> DirectoryToggle {
        path(organization_id, directory_id as "id"),
    }

    /// One page of the people in a directory; `list_all_users` walks through all of them.
    ///
    /// Fails with `NotFound` when the organization has no such directory.
    "GET /api/v1/organizations/{organization_id}/directories/{directory_id}/users"
    fn list_users(organization_id: &str, directory_id: &str, params: ListDirectoryUsers) -> DirectoryUserPage where optional(params) {
        path(organization_id, directory_id),
        page(params, 1, 30),
        query(params.include_detail, params.directory_group_id, params.updated_after),
    }

    /// One page of the groups in a directory; `list_all_groups` walks through all of them.
    ///
    /// Fails with `NotFound` when the organization has no such directory.
    "GET /api/v1/organizations/{organization_id}/directories/{directory_id}/groups"
    fn list_groups(organization_id: &str, directory_id: &str, params: ListDirectoryGroups) -> DirectoryGroupPage where optional(params) {
        path(organization_id, directory_id),
        page(params, 1, 30),
        query(params.updated_after, params.include_detail, params.include_external_groups),
    }
}

pager! {
    /// Walks through the people in a directory, page by page.
    DirectoryUserPager / AsyncDirectoryUserPager
    over Directories / AsyncDirectories.list_users[organization_id, directory_id](ListDirectoryUsers)
    as list_all_users -> users: DirectoryUser
}

pager! {
    /// Walks through the groups in a directory, page by page.
    DirectoryGroupPager / AsyncDirectoryGroupPager
    over Directories / AsyncDirectories.list_groups[organization_id, directory_id](ListDirectoryGroups)
    as list_all_groups -> groups: DirectoryGroup
}
