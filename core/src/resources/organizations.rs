//! Organizations: the tenants of your application.

use std::collections::HashMap;

use crate::check;
use crate::model::{answers, open_enum, requests, write_back};
use crate::op::{pager, resource};
use crate::types::Timestamp;

open_enum! {
    /// Where an organization's data is kept. Deprecated by the service.
    pub enum RegionCode {
        /// The United States:
        Us = "US",
        /// The European Union:
        Eu = "EU",
    }

    /// A feature that can be switched on for an organization.
    pub enum OrganizationFeature {
        /// Single sign-on:
        Sso = "sso",
        /// Directory synchronisation (SCIM):
        DirectorySync = "dir_sync",
        /// Verification of the organization's e-mail domains:
        DomainVerification = "domain_verification",
        /// A session policy of the organization's own:
        SessionPolicy = "session_policy",
    }

    /// Whose session policy holds for an organization.
    pub enum SessionPolicySource {
        /// That of your application:
        Application = "APPLICATION",
        /// The organization's own:
        Custom = "CUSTOM",
    }

    /// The unit of a length of time.
    pub enum TimeUnit {
        /// Minutes:
        Minutes = "MINUTES",
        /// Hours:
        Hours = "HOURS",
        /// Days:
        Days = "DAYS",
    }
}

answers! {
    /// A tenant of your application: usually one customer company.
    pub struct Organization {
        /// The id, such as `org_1234`.
        id: String,
        /// The name that people see.
        display_name: String,
        /// Your own id for it, if you gave one.
        external_id: Option<String>,
        /// A short name for URLs, in lower case.
        slug: Option<String>,
        /// Its logo, an `https` URL.
        logo_url: Option<String>,
        /// Your own key-value pairs.
        metadata: HashMap<String, String>,
        /// Where its data is kept.
        region_code: Option<RegionCode>,
        /// Its features, on and off.
        settings: Option<OrganizationSettings>,
        /// When it was created.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
    }

    /// One page of organizations.
    pub struct OrganizationPage {
        /// The organizations of this page.
        organizations: Vec<Organization>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// A link to the admin portal, where a customer's administrator sets up SSO and directory synchronisation.
    pub struct PortalLink {
        /// The id, such as `lnk_1234`.
        id: String,
        /// The URL to send the administrator to. It works once, and must be opened before `expire_time`: do not put it
        /// into an e-mail or a page that is kept.
        location: String,
        /// Until when it must be opened; about a minute after it was made.
        expire_time: Option<Timestamp>,
    }

    /// How long the people of an organization stay signed in.
    pub struct SessionPolicy {
        /// Whose policy this is: your application's, or the organization's own.
        policy_source: Option<SessionPolicySource>,
        /// After how long a session ends in any case, in `absolute_session_timeout_unit`.
        absolute_session_timeout: Option<i64>,
        /// The unit of `absolute_session_timeout`: the service answers in minutes, whatever was sent.
        absolute_session_timeout_unit: Option<TimeUnit>,
        /// Whether a session that is not used ends early.
        idle_session_timeout_enabled: bool,
        /// After how long without use it ends, in `idle_session_timeout_unit`.
        idle_session_timeout: Option<i64>,
        /// The unit of `idle_session_timeout`: the service answers in minutes, whatever was sent.
        idle_session_timeout_unit: Option<TimeUnit>,
    }
}

requests! {
    /// A new organization.
    pub struct CreateOrganization {
        required {
            /// The name that people see, 1 to 200 characters.
            display_name: String => check::length(1..=200),
        }
        optional {
            /// Your own id for it; no two organizations share one.
            external_id: Option<String> => check::length(1..=510),
            /// A short name for URLs: lower-case letters, digits, hyphens and dots, at most 253 characters.
            slug: Option<String> => check::slug,
            /// Its logo, an `https` URL of at most 1024 characters.
            logo_url: Option<String> => check::https(1024),
            /// Your own key-value pairs: at most 10, keys of 3 to 25 and values of 1 to 256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(10),
        }
    }

    /// Changes to an organization. What is left out stays as it is.
    pub struct UpdateOrganization {
        optional {
            /// The name that people see, 1 to 200 characters.
            display_name: Option<String> => check::length(1..=200),
            /// Your own id for it; no two organizations share one.
            external_id: Option<String> => check::length(1..=510),
            /// A short name for URLs: lower-case letters, digits, hyphens and dots, at most 253 characters; or the
            /// empty text, which takes the slug away.
            slug: Option<String> => check::slug_or_empty,
            /// Its logo, an `https` URL of at most 1024 characters.
            logo_url: Option<String> => check::https(1024),
            /// Your own key-value pairs, in place of the old ones: at most 10, keys of 3 to 25 and values of 1 to 256
            /// characters.
            metadata: Option<HashMap<String, String>> => check::metadata(10),
        }
    }

    /// Which organizations to list.
    pub struct ListOrganizations {
        optional {
            /// How many on a page, 10 to 100; other numbers are moved into that range. Default 10.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Only the organization with this id of your own.
            external_id: Option<String>,
        }
    }

    /// The features of an organization, on and off.
    pub struct OrganizationSettings {
        optional {
            /// The features. Those that are not named stay as they are when you send this.
            features: Vec<OrganizationFeatureSetting>,
        }
    }

    /// Whether one feature is on.
    pub struct OrganizationFeatureSetting {
        required {
            /// The feature.
            name: OrganizationFeature,
            /// Whether it is on.
            enabled: bool,
        }
    }

    /// Changes to an organization's session policy. What is left out stays as it is. Nothing can be cleared: to give
    /// up a policy of the organization's own, go back to `policy_source` application.
    pub struct UpdateSessionPolicy {
        optional {
            /// Whose policy is to hold: your application's, or the organization's own, which the other fields make up.
            policy_source: Option<SessionPolicySource>,
            /// After how long a session ends in any case.
            absolute_session_timeout: Option<i64>,
            /// The unit of `absolute_session_timeout`.
            absolute_session_timeout_unit: Option<TimeUnit>,
            /// Whether a session that is not used ends early.
            idle_session_timeout_enabled: Option<bool>,
            /// After how long without use it ends; shorter than `absolute_session_timeout`.
            idle_session_timeout: Option<i64>,
            /// The unit of `idle_session_timeout`.
            idle_session_timeout_unit: Option<TimeUnit>,
        }
    }

    /// What holds for the users of an organization.
    pub struct UserManagementSettings {
        optional {
            /// How many users the organization may have.
            max_allowed_users: Option<i64>,
        }
    }
}

write_back! {
    SessionPolicy => UpdateSessionPolicy {
        policy_source, absolute_session_timeout, absolute_session_timeout_unit, idle_session_timeout_enabled,
        idle_session_timeout, idle_session_timeout_unit,
    }

    Organization => UpdateOrganization { display_name, external_id, slug, logo_url, metadata }
}

resource! {
    /// Organizations: the tenants of your application.
    organizations: Organizations / AsyncOrganizations, table ORGANIZATIONS;

    /// One page of organizations, the newest first.
    "GET /api/v1/organizations"
    fn list(params: ListOrganizations) -> OrganizationPage where optional(params) {
        page(params, 10, 100), query(params.external_id),
    }

    /// Creates an organization and gives it back with its id.
    ///
    /// Fails with `Conflict` when another organization has the same external id or slug.
    "POST /api/v1/organizations" in "organization"
    fn create(organization: CreateOrganization) -> Organization { body(organization) }

    /// One organization, by its id. Fails with `NotFound` when there is none.
    "GET /api/v1/organizations/{id}" in "organization"
    fn get(id: &str) -> Organization { path(id) }

    /// One organization, by the id that you gave it. Fails with `NotFound` when there is none.
    "GET /api/v1/organizations:external/{external_id}" in "organization"
    fn get_by_external_id(external_id: &str) -> Organization { path(external_id) }

    /// Changes an organization, and gives it back as it is then. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when there is none, with `Conflict` when another one has the new external id or slug.
    "PATCH /api/v1/organizations/{id}" in "organization"
    fn update(id: &str, organization: UpdateOrganization) -> Organization { path(id), body(organization) }

    /// Deletes an organization with all that belongs to it: connections, directories, domains, clients, memberships.
    /// There is no way back. Fails with `NotFound` when there is none.
    "DELETE /api/v1/organizations/{id}"
    fn delete(id: &str) -> () { path(id) }

    /// Makes a link to the admin portal for one visit, with the features that the visitor may set up (all, when none
    /// is named; the portal knows single sign-on and directory synchronisation).
    "PUT /api/v1/organizations/{id}/portal_links" in "link"
    fn generate_portal_link(id: &str, features: Vec<OrganizationFeature>) -> PortalLink where optional(features) {
        path(id), query(features),
    }

    /// Switches features on or off, and gives the organization back. Features that are not named stay as they are.
    "PATCH /api/v1/organizations/{id}/settings" in "organization"
    fn update_settings(id: &str, settings: OrganizationSettings) -> Organization { path(id), body(settings) }

    /// How long the people of an organization stay signed in. Fails with `NotFound` when there is no such
    /// organization.
    "GET /api/v1/organizations/{organization_id}/session-policy" in "policy"
    fn get_session_policy(id: &str) -> SessionPolicy { path(id as "organization_id") }

    /// Changes how long the people of an organization stay signed in, and gives the policy back as it is then. Where
    /// your application's policy and the organization's own differ, the stricter one holds.
    ///
    /// Fails with `InvalidRequest` when the idle timeout is not shorter than the absolute one, with `NotFound` when
    /// there is no such organization.
    "PATCH /api/v1/organizations/{organization_id}/session-policy" in "policy"
    fn update_session_policy(id: &str, policy: UpdateSessionPolicy) -> SessionPolicy {
        path(id as "organization_id"), body(policy),
    }

    /// Changes what holds for the users of an organization, and gives it back as it is then. Fails with `NotFound`
    /// when there is no such organization.
    "PATCH /api/v1/organizations/{organization_id}/settings/usermanagement" in "settings"
    fn update_user_management_settings(id: &str, settings: UserManagementSettings) -> UserManagementSettings {
        path(id as "organization_id"), body(settings as "settings"),
    }
}

pager! {
    /// Walks through organizations, page by page.
    OrganizationPager / AsyncOrganizationPager over Organizations / AsyncOrganizations.list(ListOrganizations)
    as list_all -> organizations: Organization
}
