//! The e-mail domains of an organization.

use crate::check;
use crate::model::{answers, open_enum, requests};
use crate::op::{pager, resource};
use crate::types::Timestamp;

open_enum! {
    /// What a domain is for.
    pub enum DomainType {
        /// People with an address there may join the organization:
        AllowedEmailDomain = "ALLOWED_EMAIL_DOMAIN",
        /// People with an address there sign in through the organization's connection:
        OrganizationDomain = "ORGANIZATION_DOMAIN",
    }

    /// Whether the organization has shown that a domain is its own.
    pub enum DomainVerificationStatus {
        /// Not yet:
        Pending = "PENDING",
        /// Yes:
        Verified = "VERIFIED",
        /// It tried, and did not:
        Failed = "FAILED",
        /// It did not have to:
        AutoVerified = "AUTO_VERIFIED",
    }

    /// How the organization shows that a domain is its own.
    pub enum DomainVerificationMethod {
        /// An administrator says so:
        Admin = "ADMIN",
        /// By a record in the DNS:
        Dns = "DNS",
        /// It does not have to:
        NotApplicable = "NOT_APPLICABLE",
    }
}

answers! {
    /// An e-mail domain of an organization.
    pub struct Domain {
        /// The id, such as `dom_1234`.
        id: String,
        /// The domain's name, such as `example.com`.
        domain: String,
        /// What it is for.
        domain_type: Option<DomainType>,
        /// The environment it is in.
        environment_id: Option<String>,
        /// The organization it belongs to.
        organization_id: Option<String>,
        /// Whether the organization has shown that it is its own.
        verification_status: Option<DomainVerificationStatus>,
        /// How the organization shows that it is its own.
        verification_method: Option<DomainVerificationMethod>,
        /// When it was added.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
    }

    /// One page of an organization's domains.
    pub struct DomainPage {
        /// The domains of this page.
        domains: Vec<Domain>,
        /// Which page this is, counted from 0.
        page_number: Option<i64>,
        /// How many a full page has.
        page_size: Option<i64>,
    }
}

requests! {
    /// A new e-mail domain of an organization.
    pub struct CreateDomain {
        required {
            /// The domain's name, such as `example.com`.
            domain: String => check::length(1..=253),
        }
        optional {
            /// What it is for. Default: people with an address there sign in through the organization's connection.
            domain_type: Option<DomainType>,
        }
    }

    /// Which domains of an organization to list.
    pub struct ListDomains {
        optional {
            /// How many on a page, 1 to 100; larger numbers are moved into that range. Default 30.
            page_size: Option<i64>,
            /// Which page, counted from 0. Default: the first.
            page_number: Option<i64>,
            /// What else to show, in the service's words.
            include: Option<String>,
            /// Only those for this purpose.
            domain_type: Option<DomainType>,
        }
    }
}

resource! {
    /// Domains: the e-mail domains of an organization.
    domains: Domains / AsyncDomains, table DOMAINS;

    /// One page of an organization's domains; `list_all` walks through all of them. Fails with `NotFound` when there
    /// is no such organization.
    "GET /api/v1/organizations/{organization_id}/domains"
    fn list(organization_id: &str, params: ListDomains) -> DomainPage where optional(params) {
        path(organization_id), numbered(params, 1, 100), query(params.include, params.domain_type),
    }

    /// Adds a domain to an organization.
    ///
    /// Fails with `InvalidRequest` when the name is none of a domain, with `Conflict` when the domain is taken.
    "POST /api/v1/organizations/{organization_id}/domains" in "domain"
    fn create(organization_id: &str, domain: CreateDomain) -> Domain { path(organization_id), body(domain) }

    /// One domain. Fails with `NotFound` when the organization has none of this id.
    "GET /api/v1/organizations/{organization_id}/domains/{id}" in "domain"
    fn get(organization_id: &str, domain_id: &str) -> Domain { path(organization_id, domain_id as "id") }

    /// Takes a domain away from an organization: it no longer leads to a connection, nor into the organization. Fails
    /// with `NotFound` when the organization has none of this id.
    "DELETE /api/v1/organizations/{organization_id}/domains/{id}"
    fn delete(organization_id: &str, domain_id: &str) -> () { path(organization_id, domain_id as "id") }
}

pager! {
    /// Walks through an organization's domains, page by page.
    DomainPager / AsyncDomainPager over Domains / AsyncDomains.list[organization_id](ListDomains)
    as list_all -> domains: Domain by number(30, 1, 100)
}
