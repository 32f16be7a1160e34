//! Email domains of an organization.

use crate::check;
use crate::model::{open_enum, requests, responses};
use crate::op::{pagers, resource};
use crate::types::Timestamp;

open_enum! {
    /// Purpose of a domain.
    pub enum DomainType {
        /// Users with an email address in the domain can join the organization.
        AllowedEmailDomain = "ALLOWED_EMAIL_DOMAIN",
        /// Users with an email address in the domain sign in through the organization's connection.
        OrganizationDomain = "ORGANIZATION_DOMAIN",
    }

    /// Status of a domain's ownership verification.
    pub enum DomainVerificationStatus {
        /// Not verified yet.
        Pending = "PENDING",
        /// Verified.
        Verified = "VERIFIED",
        /// Verification failed.
        Failed = "FAILED",
        /// Verified automatically; no proof was required.
        AutoVerified = "AUTO_VERIFIED",
    }

    /// Method of verifying domain ownership.
    pub enum DomainVerificationMethod {
        /// Confirmation by an administrator.
        Admin = "ADMIN",
        /// DNS record.
        Dns = "DNS",
        /// No verification required.
        NotApplicable = "NOT_APPLICABLE",
    }
}

responses! {
    /// An email domain of an organization.
    pub struct Domain {
        /// Domain ID, such as `dom_1234`.
        id: String,
        /// Domain name, such as `example.com`.
        domain: String,
        /// Purpose.
        domain_type: Option<DomainType>,
        /// Environment ID.
        environment_id: Option<String>,
        /// Organization ID.
        organization_id: Option<String>,
        /// Status of the ownership verification.
        verification_status: Option<DomainVerificationStatus>,
        /// Method of the ownership verification.
        verification_method: Option<DomainVerificationMethod>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
    }

    /// One page of an organization's domains.
    pub struct DomainPage {
        /// Domains on this page.
        domains: Vec<Domain>,
        /// Page number, starting at 0.
        page_number: Option<i64>,
        /// Number of domains on a full page.
        page_size: Option<i64>,
    }
}

requests! {
    /// A new email domain of an organization.
    pub struct CreateDomain {
        required {
            /// Domain name, such as `example.com`. 1–253 characters.
            domain: String => check::length(1..=253),
        }
        optional {
            /// Purpose. Default: users with an email address in the domain sign in through the organization's
            /// connection.
            domain_type: Option<DomainType>,
        }
    }

    /// Parameters for listing an organization's domains.
    pub struct ListDomains {
        optional {
            /// Page size, 1–100. Larger values are clamped. Default: 30.
            page_size: Option<i64>,
            /// Page number, starting at 0. Default: the first page.
            page_number: Option<i64>,
            /// Additional data to return, as defined by the service.
            include: Option<String>,
            /// Purpose to filter by.
            domain_type: Option<DomainType>,
        }
    }
}

resource! {
    /// Email domains of an organization.
    domains: Domains / AsyncDomains, table DOMAINS;

    /// Lists one page of an organization's domains; `list_all` returns a pager over all pages.
    ///
    /// # Errors
    ///
    /// `NotFound` if no organization has this ID.
    "GET /api/v1/organizations/{organization_id}/domains"
    fn list(organization_id: &str, params: ListDomains) -> DomainPage where optional(params) {
        path(organization_id), numbered(params, 1, 100), query(params.include, params.domain_type),
    }

    /// Adds a domain to an organization.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the domain name is invalid.
    /// `Conflict` if the domain is already in use.
    "POST /api/v1/organizations/{organization_id}/domains" in "domain"
    fn create(organization_id: &str, domain: CreateDomain) -> Domain { path(organization_id), body(domain) }

    /// Returns a domain.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no domain with this ID.
    "GET /api/v1/organizations/{organization_id}/domains/{id}" in "domain"
    fn get(organization_id: &str, domain_id: &str) -> Domain { path(organization_id, domain_id as "id") }

    /// Removes a domain from an organization.
    ///
    /// Its users are no longer sent to the organization's connection and can no longer join the organization through
    /// it.
    ///
    /// # Errors
    ///
    /// `NotFound` if the organization has no domain with this ID.
    "DELETE /api/v1/organizations/{organization_id}/domains/{id}"
    fn delete(organization_id: &str, domain_id: &str) -> () { path(organization_id, domain_id as "id") }
}

pagers! {
    /// Pages through an organization's domains.
    DomainPager / AsyncDomainPager over Domains / AsyncDomains.list[organization_id](ListDomains)
    as list_all -> domains: Domain by number(30, 1, 100);
}
