//! The e-mail domains of an organization.

use crate::types::{Timestamp, answers, open_enum};

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
}
