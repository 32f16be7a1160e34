//! Email domain of an organization.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::ids::ENVIRONMENT_ID;
use crate::ids::hex;
use crate::table::Entity;

/// The default type of a domain.
pub(crate) const SIGN_IN_DOMAIN: &str = "ORGANIZATION_DOMAIN";

const BY_DNS: &str = "DNS";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Domain {
    pub(crate) id: String,
    pub(crate) domain: String,
    pub(crate) domain_type: String,
    #[serde(skip_deserializing, default = "environment_id")]
    environment_id: &'static str,
    pub(crate) organization_id: String,
    verification_status: String,
    verification_method: String,
    create_time: Instant,
    update_time: Instant,
}

/// A domain in a seed. The enumerations accept any text, so that tests can use values that no SDK knows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) organization_id: String,
    domain: String,
    domain_type: Option<String>,
    verification_status: Option<String>,
    verification_method: Option<String>,
}

fn environment_id() -> &'static str {
    ENVIRONMENT_ID
}

impl Domain {
    /// Creates an unverified domain. A sign-in domain must be verified by DNS; an allowed email domain needs no
    /// verification.
    pub(crate) fn new(id: String, organization_id: &str, domain: &str, kind: &str, now: Instant) -> Domain {
        let (status, method) =
            if kind == SIGN_IN_DOMAIN { ("PENDING", BY_DNS) } else { ("AUTO_VERIFIED", "NOT_APPLICABLE") };
        Domain {
            id,
            domain: domain.into(),
            domain_type: kind.into(),
            environment_id: environment_id(),
            organization_id: organization_id.into(),
            verification_status: status.into(),
            verification_method: method.into(),
            create_time: now,
            update_time: now,
        }
    }

    /// Marks the domain as verified by an administrator of the environment.
    pub(crate) fn verified(self) -> Domain {
        Domain { verification_status: "VERIFIED".into(), verification_method: "ADMIN".into(), ..self }
    }

    pub(crate) fn from_draft(draft: &Draft, id: String, now: Instant) -> Domain {
        let kind = draft.domain_type.as_deref().unwrap_or(SIGN_IN_DOMAIN);
        let mut domain = Domain::new(id, &draft.organization_id, &draft.domain, kind, now).verified();
        if let Some(status) = &draft.verification_status {
            domain.verification_status.clone_from(status);
        }
        if let Some(method) = &draft.verification_method {
            domain.verification_method.clone_from(method);
        }
        domain
    }

    /// The key and value of the DNS record that verifies the domain. `None` if it is not verified by DNS.
    pub(crate) fn txt_record(&self) -> (Option<String>, Option<String>) {
        if self.verification_method != BY_DNS {
            return (None, None);
        }
        let proof = hex(&digest(&SHA256, self.id.as_bytes()).as_ref()[..16]);
        (Some(format!("_scalekit.{}", self.domain)), Some(format!("scalekit-verification={proof}")))
    }

    /// Records the result of a DNS lookup. Returns whether the status changed.
    pub(crate) fn record_dns_lookup(&mut self, found: bool, now: Instant) -> bool {
        let status = if found { "VERIFIED" } else { "FAILED" };
        let changes = self.verification_status != status;
        if changes {
            self.verification_status = status.into();
            self.update_time = now;
        }
        changes
    }

    /// Whether the domain is verified by DNS.
    pub(crate) fn is_verified_by_dns(&self) -> bool {
        self.verification_method == BY_DNS
    }

    pub(crate) fn is_for_sign_in(&self) -> bool {
        self.domain_type == SIGN_IN_DOMAIN
    }
}

impl Entity for Domain {
    fn id(&self) -> &str {
        &self.id
    }
}
