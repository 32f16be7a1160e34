//! Directories: users and groups synchronized from an organization's directory.

use crate::model::{open_enum, requests, responses};
use crate::op::{pagers, resource};
use crate::types::{Json, Timestamp};

open_enum! {
    /// Synchronization method of a directory.
    pub enum DirectoryType {
        /// The directory pushes changes (SCIM 2.0).
        Scim = "SCIM",
        /// LDAP.
        Ldap = "LDAP",
        /// The service polls the directory.
        Poll = "POLL",
    }

    /// Provider of a directory.
    pub enum DirectoryProvider {
        /// Okta.
        Okta = "OKTA",
        /// Google Workspace.
        Google = "GOOGLE",
        /// Microsoft Entra ID, formerly Azure AD.
        MicrosoftAd = "MICROSOFT_AD",
        /// Auth0.
        Auth0 = "AUTH0",
        /// OneLogin.
        OneLogin = "ONELOGIN",
        /// JumpCloud.
        JumpCloud = "JUMPCLOUD",
        /// Ping Identity.
        PingIdentity = "PING_IDENTITY",
    }

    /// Status of a directory secret.
    pub enum DirectorySecretStatus {
        /// The secret can be used.
        Active = "ACTIVE",
        /// The secret can no longer be used.
        Inactive = "INACTIVE",
    }
}

responses! {
    /// A directory of an organization: the source of its users and groups.
    pub struct Directory {
        /// Directory ID, such as `dir_1234`.
        id: String,
        /// Organization ID.
        organization_id: Option<String>,
        /// Name.
        name: Option<String>,
        /// Synchronization method.
        directory_type: Option<DirectoryType>,
        /// Provider.
        directory_provider: Option<DirectoryProvider>,
        /// Configuration status: `DRAFT`, `IN_PROGRESS` or `COMPLETED`.
        status: Option<String>,
        /// Whether synchronization is enabled.
        enabled: bool,
        /// URL to which the directory pushes changes.
        directory_endpoint: Option<String>,
        /// Email address associated with the directory, if the provider requires one.
        email: Option<String>,
        /// Groups to synchronize.
        groups_tracked: Option<String>,
        /// Mapping between attributes of the directory and your attributes.
        attribute_mappings: Option<DirectoryAttributeMappings>,
        /// Roles assigned to members of groups.
        role_assignments: Option<DirectoryRoleAssignments>,
        /// Secrets with which the directory authenticates, without their values.
        secrets: Vec<DirectorySecret>,
        /// Number of users and groups, and the times of their last updates.
        stats: Option<DirectoryStats>,
        /// Number of groups.
        total_groups: Option<i64>,
        /// Number of users.
        total_users: Option<i64>,
        /// Time of the last synchronization.
        last_synced_at: Option<Timestamp>,
    }

    /// Mapping between attributes of a directory and your attributes.
    pub struct DirectoryAttributeMappings {
        /// Attribute pairs.
        attributes: Vec<DirectoryAttributeMapping>,
    }

    /// An attribute of a directory and the attribute that it sets.
    pub struct DirectoryAttributeMapping {
        /// Attribute of the directory.
        key: String,
        /// Your attribute.
        map_to: String,
    }

    /// Roles assigned to members of a directory's groups.
    pub struct DirectoryRoleAssignments {
        /// Pairs of groups and roles.
        assignments: Vec<DirectoryRoleAssignment>,
    }

    /// A group of a directory and the role assigned to its members.
    pub struct DirectoryRoleAssignment {
        /// Group ID.
        group_id: String,
        /// Name of the role.
        role_name: String,
    }

    /// A secret with which a directory authenticates. Its value is returned only on creation.
    pub struct DirectorySecret {
        /// Secret ID, such as `sec_1234`.
        id: String,
        /// ID of the directory that the secret belongs to.
        directory_id: Option<String>,
        /// Last characters of the secret, to identify it.
        secret_suffix: Option<String>,
        /// Status.
        status: Option<DirectorySecretStatus>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Expiration time. Absent if the secret does not expire.
        expire_time: Option<Timestamp>,
        /// Time of the last use. Absent if the secret was never used.
        last_used_time: Option<Timestamp>,
    }

    /// Size of a directory.
    pub struct DirectoryStats {
        /// Number of users.
        total_users: Option<i64>,
        /// Number of groups.
        total_groups: Option<i64>,
        /// Time of the last update of a user.
        user_updated_at: Option<Timestamp>,
        /// Time of the last update of a group.
        group_updated_at: Option<Timestamp>,
    }

    /// State of a directory after it was enabled or disabled.
    pub struct DirectoryToggle {
        /// Whether synchronization is enabled.
        enabled: bool,
        /// Deprecated by the service: failures are reported as errors.
        error_message: Option<String>,
    }

    /// A user in a directory.
    pub struct DirectoryUser {
        /// Directory user ID, such as `diruser_1234`.
        id: String,
        /// Primary email address.
        email: Option<String>,
        /// All email addresses.
        emails: Vec<String>,
        /// Username.
        preferred_username: Option<String>,
        /// Given name.
        given_name: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Groups that the user belongs to.
        groups: Vec<DirectoryGroup>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
        /// All attributes from the directory. Present only if requested with `include_detail`.
        user_detail: Option<Json>,
    }

    /// One page of a directory's users.
    pub struct DirectoryUserPage {
        /// Users on this page.
        users: Vec<DirectoryUser>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// A group in a directory.
    pub struct DirectoryGroup {
        /// Directory group ID, such as `dirgroup_1234`.
        id: String,
        /// Display name.
        display_name: Option<String>,
        /// Number of users in the group.
        total_users: Option<i64>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
        /// All attributes from the directory. Present only if requested with `include_detail`.
        group_detail: Option<Json>,
    }

    /// One page of a directory's groups.
    pub struct DirectoryGroupPage {
        /// Groups on this page.
        groups: Vec<DirectoryGroup>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// Parameters for listing a directory's users.
    pub struct ListDirectoryUsers {
        optional {
            /// Page size, 1–30. Larger values are clamped. Default: 10.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Whether to return `user_detail`. Default: false.
            include_detail: Option<bool>,
            /// ID of the group to filter by.
            directory_group_id: Option<String>,
            /// Time after which the users were last updated. Use it to synchronize a copy incrementally.
            updated_after: Option<Timestamp>,
        }
    }

    /// Parameters for listing a directory's groups.
    pub struct ListDirectoryGroups {
        optional {
            /// Page size, 1–30. Larger values are clamped. Default: 10.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Time after which the groups were last updated. Use it to synchronize a copy incrementally.
            updated_after: Option<Timestamp>,
            /// Whether to return `group_detail`. Default: false.
            include_detail: Option<bool>,
            /// Whether to include groups of the directory that the service does not track. Default: false.
            include_external_groups: Option<bool>,
        }
    }
}

resource! {
    /// Directories: users and groups synchronized from an organization's directory (SCIM).
    directories: Directories / AsyncDirectories, table DIRECTORIES;

    /// Lists the directories of an organization, without pagination.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{organization_id}/directories" in "directories"
    fn list(organization_id: &str) -> Vec<Directory> { path(organization_id) }

    /// Returns a directory.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no directory with this ID.
    "GET /api/v1/organizations/{organization_id}/directories/{id}" in "directory"
    fn get(organization_id: &str, directory_id: &str) -> Directory {
        path(organization_id, directory_id as "id"),
    }

    /// Enables synchronization of a directory.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the configuration is incomplete.
    /// `NotFound` if the organization has no directory with this ID.
    "PATCH /api/v1/organizations/{organization_id}/directories/{id}:enable"
    fn enable(organization_id: &str, directory_id: &str) -> DirectoryToggle {
        path(organization_id, directory_id as "id"),
    }

    /// Disables synchronization of a directory.
    ///
    /// Changes are not synchronized until the directory is enabled again. Users and groups synchronized so far are
    /// kept.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no directory with this ID.
    "PATCH /api/v1/organizations/{organization_id}/directories/{id}:disable"
    fn disable(organization_id: &str, directory_id: &str) -> DirectoryToggle {
        path(organization_id, directory_id as "id"),
    }

    /// Lists one page of the users in a directory; `list_all_users` returns a pager over all pages.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no directory with this ID.
    "GET /api/v1/organizations/{organization_id}/directories/{directory_id}/users"
    fn list_users(organization_id: &str, directory_id: &str, params: ListDirectoryUsers) -> DirectoryUserPage where optional(params) {
        path(organization_id, directory_id),
        page(params, 1, 30),
        query(params.include_detail, params.directory_group_id, params.updated_after),
    }

    /// Lists one page of the groups in a directory; `list_all_groups` returns a pager over all pages.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no directory with this ID.
    "GET /api/v1/organizations/{organization_id}/directories/{directory_id}/groups"
    fn list_groups(organization_id: &str, directory_id: &str, params: ListDirectoryGroups) -> DirectoryGroupPage where optional(params) {
        path(organization_id, directory_id),
        page(params, 1, 30),
        query(params.updated_after, params.include_detail, params.include_external_groups),
    }
}

pagers! {
    /// Pages through the users in a directory.
    DirectoryUserPager / AsyncDirectoryUserPager
    over Directories / AsyncDirectories.list_users[organization_id, directory_id](ListDirectoryUsers)
    as list_all_users -> users: DirectoryUser;

    /// Pages through the groups in a directory.
    DirectoryGroupPager / AsyncDirectoryGroupPager
    over Directories / AsyncDirectories.list_groups[organization_id, directory_id](ListDirectoryGroups)
    as list_all_groups -> groups: DirectoryGroup;
}
