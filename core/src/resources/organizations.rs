//! Organizations: the tenants of your application.

use std::collections::HashMap;

use crate::check;
use crate::model::{open_enum, requests, responses, updates};
use crate::op::{pagers, resource};
use crate::types::Timestamp;

open_enum! {
    /// Region in which an organization's data is stored. Deprecated by the service.
    pub enum RegionCode {
        /// United States.
        Us = "US",
        /// European Union.
        Eu = "EU",
    }

    /// A feature that can be enabled for an organization.
    pub enum OrganizationFeature {
        /// Single sign-on.
        Sso = "sso",
        /// Directory synchronization (SCIM).
        DirectorySync = "dir_sync",
        /// Verification of the organization's email domains.
        DomainVerification = "domain_verification",
        /// A custom session policy.
        SessionPolicy = "session_policy",
    }

    /// The session policy in effect for an organization.
    pub enum SessionPolicySource {
        /// The application's session policy.
        Application = "APPLICATION",
        /// The organization's own session policy.
        Custom = "CUSTOM",
    }

    /// A unit of time.
    pub enum TimeUnit {
        /// Minutes.
        Minutes = "MINUTES",
        /// Hours.
        Hours = "HOURS",
        /// Days.
        Days = "DAYS",
    }
}

responses! {
    /// A tenant of your application, usually a customer company.
    pub struct Organization {
        /// Organization ID, such as `org_1234`.
        id: String,
        /// Display name.
        display_name: String,
        /// Your own ID for the organization, if you set one.
        external_id: Option<String>,
        /// Lowercase short name for use in URLs.
        slug: Option<String>,
        /// URL of the logo (`https`).
        logo_url: Option<String>,
        /// Custom key-value pairs.
        metadata: HashMap<String, String>,
        /// Region in which the organization's data is stored.
        region_code: Option<RegionCode>,
        /// Enabled and disabled features.
        settings: Option<OrganizationSettings>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
    }

    /// One page of organizations.
    pub struct OrganizationPage {
        /// Organizations on this page.
        organizations: Vec<Organization>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// A link to the admin portal, where a customer's administrator configures single sign-on and directory
    /// synchronization.
    pub struct PortalLink {
        /// Link ID, such as `lnk_1234`.
        id: String,
        /// URL to send the administrator to. It works once and must be opened before `expire_time`: do not put it in an
        /// email or a stored page.
        location: String,
        /// Expiration time, about one minute after creation.
        expire_time: Option<Timestamp>,
    }

    /// Session policy of an organization.
    pub struct SessionPolicy {
        /// The policy in effect: the application's or the organization's own.
        policy_source: Option<SessionPolicySource>,
        /// Absolute session timeout, in `absolute_session_timeout_unit`.
        absolute_session_timeout: Option<i64>,
        /// Unit of `absolute_session_timeout`. The service returns minutes, regardless of the unit that was set.
        absolute_session_timeout_unit: Option<TimeUnit>,
        /// Whether the idle timeout is enabled.
        idle_session_timeout_enabled: bool,
        /// Idle session timeout, in `idle_session_timeout_unit`.
        idle_session_timeout: Option<i64>,
        /// Unit of `idle_session_timeout`. The service returns minutes, regardless of the unit that was set.
        idle_session_timeout_unit: Option<TimeUnit>,
    }
}

requests! {
    /// A new organization.
    pub struct CreateOrganization {
        required {
            /// Display name. 1–200 characters.
            display_name: String => check::length(1..=200),
        }
        optional {
            /// Your own ID for the organization. Unique among organizations. 1–510 characters.
            external_id: Option<String> => check::length(1..=510),
            /// Short name for use in URLs: lowercase letters, digits, hyphens and dots. Unique among organizations. At
            /// most 253 characters.
            slug: Option<String> => check::slug,
            /// URL of the logo (`https`). At most 1024 characters.
            logo_url: Option<String> => check::https(1024),
            /// Custom key-value pairs. At most 10; keys of 3–25 characters, values of 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(10),
        }
    }

    /// Changes to an organization. Omitted fields are unchanged.
    pub struct UpdateOrganization {
        optional {
            /// Display name. 1–200 characters.
            display_name: Option<String> => check::length(1..=200),
            /// Your own ID for the organization. Unique among organizations. 1–510 characters.
            external_id: Option<String> => check::length(1..=510),
            /// Short name for use in URLs: lowercase letters, digits, hyphens and dots. Unique among organizations. At
            /// most 253 characters. An empty string clears it.
            slug: Option<String> => check::slug_or_empty,
            /// URL of the logo (`https`). At most 1024 characters.
            logo_url: Option<String> => check::https(1024),
            /// Custom key-value pairs. Replaces the existing pairs. At most 10; keys of 3–25 characters, values of
            /// 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(10),
        }
    }

    /// Parameters for listing organizations.
    pub struct ListOrganizations {
        optional {
            /// Page size, 10–100. Values outside this range are clamped. Default: 10.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Your own ID for an organization. Only this organization is listed.
            external_id: Option<String>,
        }
    }

    /// Enabled and disabled features of an organization.
    pub struct OrganizationSettings {
        lists {
            /// Features. In an update, omitted features are unchanged.
            features: Vec<OrganizationFeatureSetting>,
        }
    }

    /// The state of a feature.
    pub struct OrganizationFeatureSetting {
        required {
            /// Feature.
            name: OrganizationFeature,
            /// Whether the feature is enabled.
            enabled: bool,
        }
    }

    /// Changes to an organization's session policy. Omitted fields are unchanged.
    ///
    /// Fields cannot be cleared. To stop using the organization's own policy, set `policy_source` to application.
    pub struct UpdateSessionPolicy {
        optional {
            /// The policy in effect: the application's, or the organization's own, which the other fields define.
            policy_source: Option<SessionPolicySource>,
            /// Absolute session timeout, in `absolute_session_timeout_unit`.
            absolute_session_timeout: Option<i64>,
            /// Unit of `absolute_session_timeout`.
            absolute_session_timeout_unit: Option<TimeUnit>,
            /// Whether the idle timeout is enabled.
            idle_session_timeout_enabled: Option<bool>,
            /// Idle session timeout, in `idle_session_timeout_unit`. Less than `absolute_session_timeout`.
            idle_session_timeout: Option<i64>,
            /// Unit of `idle_session_timeout`.
            idle_session_timeout_unit: Option<TimeUnit>,
        }
    }

    /// User management settings of an organization.
    pub struct UserManagementSettings {
        optional {
            /// Maximum number of users in the organization.
            max_allowed_users: Option<i64>,
        }
    }
}

updates! {
    SessionPolicy => UpdateSessionPolicy {
        policy_source, absolute_session_timeout, absolute_session_timeout_unit, idle_session_timeout_enabled,
        idle_session_timeout, idle_session_timeout_unit,
    }

    Organization => UpdateOrganization { display_name, external_id, slug, logo_url, metadata }
}

resource! {
    /// Organizations: the tenants of your application.
    organizations: Organizations / AsyncOrganizations, table ORGANIZATIONS;

    /// Lists one page of organizations; `list_all` returns a pager over all pages.
    "GET /api/v1/organizations"
    fn list(params: ListOrganizations) -> OrganizationPage where optional(params) {
        page(params, 10, 100), query(params.external_id),
    }

    /// Creates an organization and returns it.
    ///
    /// # Errors
    ///
    /// `Conflict` if another organization has the same external ID or slug.
    "POST /api/v1/organizations" in "organization"
    fn create(organization: CreateOrganization) -> Organization { body(organization) }

    /// Returns an organization.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{id}" in "organization"
    fn get(id: &str) -> Organization { path(id) }

    /// Returns the organization with an external ID.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this external ID.
    "GET /api/v1/organizations:external/{external_id}" in "organization"
    fn get_by_external_id(external_id: &str) -> Organization { path(external_id) }

    /// Updates an organization and returns it. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    /// `Conflict` if another organization has the same external ID or slug.
    "PATCH /api/v1/organizations/{id}" in "organization"
    fn update(id: &str, organization: UpdateOrganization) -> Organization { path(id), body(organization) }

    /// Deletes an organization with its connections, directories, domains, clients and memberships.
    ///
    /// Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "DELETE /api/v1/organizations/{id}"
    fn delete(id: &str) -> () { path(id) }

    /// Generates a single-use link to the admin portal and returns it.
    ///
    /// `features` selects the features that the visitor can configure. Default: all. The portal supports single sign-on
    /// and directory synchronization.
    "PUT /api/v1/organizations/{id}/portal_links" in "link"
    fn generate_portal_link(id: &str, features: Vec<OrganizationFeature>) -> PortalLink where optional(features) {
        path(id), query(features),
    }

    /// Enables or disables features of an organization and returns the organization.
    ///
    /// Omitted features are unchanged.
    "PATCH /api/v1/organizations/{id}/settings" in "organization"
    fn update_settings(id: &str, settings: OrganizationSettings) -> Organization { path(id), body(settings) }

    /// Returns the session policy of an organization.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{organization_id}/session-policy" in "policy"
    fn get_session_policy(id: &str) -> SessionPolicy { path(id as "organization_id") }

    /// Updates the session policy of an organization and returns it. Omitted fields are unchanged.
    ///
    /// If the application's policy and the organization's own differ, the stricter one applies.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the idle timeout is not less than the absolute timeout.
    /// `NotFound` if no organization has this ID.
    "PATCH /api/v1/organizations/{organization_id}/session-policy" in "policy"
    fn update_session_policy(id: &str, policy: UpdateSessionPolicy) -> SessionPolicy {
        path(id as "organization_id"), body(policy),
    }

    /// Updates the user management settings of an organization and returns them.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "PATCH /api/v1/organizations/{organization_id}/settings/usermanagement" in "settings"
    fn update_user_management_settings(id: &str, settings: UserManagementSettings) -> UserManagementSettings {
        path(id as "organization_id"), body(settings as "settings"),
    }
}

pagers! {
    /// Pages through organizations.
    OrganizationPager / AsyncOrganizationPager over Organizations / AsyncOrganizations.list(ListOrganizations)
    as list_all -> organizations: Organization;
}
