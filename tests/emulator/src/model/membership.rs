//! Membership of a user in an organization.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::table::Entity;

/// Lifetime of an invitation.
const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(15);

const PENDING: &str = "PENDING_INVITE";
const ACTIVE: &str = "ACTIVE";

/// An active or pending membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Membership {
    key: String,
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
    /// The names of the user's roles.
    pub(crate) roles: Vec<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) inviter_email: String,
    status: String,
    provisioning_method: String,
    created_at: Option<Instant>,
    accepted_at: Option<Instant>,
    expires_at: Option<Instant>,
    join_time: Option<Instant>,
    resent_at: Option<Instant>,
    resent_count: i32,
}

/// The membership fields of a body. Omitted fields are unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    pub(crate) roles: Option<Vec<Assigned>>,
    metadata: Option<BTreeMap<String, String>>,
    inviter_email: Option<String>,
}

/// A role in a body. Only its name is used.
#[derive(Debug, Deserialize)]
pub(crate) struct Assigned {
    pub(crate) name: String,
}

/// A membership in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) organization_id: String,
    pub(crate) roles: Option<Vec<String>>,
    status: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    inviter_email: String,
    provisioning_method: Option<String>,
}

impl Change {
    pub(crate) fn roles(names: Vec<String>) -> Change {
        let roles = names.into_iter().map(|name| Assigned { name }).collect();
        Change { roles: Some(roles), ..Change::default() }
    }
}

impl Membership {
    /// The key of a membership in its table.
    pub(crate) fn key(organization_id: &str, user_id: &str) -> String {
        format!("{organization_id}/{user_id}")
    }

    fn new(organization_id: &str, user_id: &str) -> Membership {
        Membership {
            key: Membership::key(organization_id, user_id),
            organization_id: organization_id.into(),
            user_id: user_id.into(),
            roles: Vec::new(),
            metadata: BTreeMap::new(),
            inviter_email: String::new(),
            status: ACTIVE.into(),
            provisioning_method: "direct_provision".into(),
            created_at: None,
            accepted_at: None,
            expires_at: None,
            join_time: None,
            resent_at: None,
            resent_count: 0,
        }
    }

    /// Creates an active membership.
    pub(crate) fn direct(organization_id: &str, user_id: &str, now: Instant) -> Membership {
        Membership { join_time: Some(now), ..Membership::new(organization_id, user_id) }
    }

    /// Creates the membership of the user who created the organization by signing up.
    pub(crate) fn creator(organization_id: &str, user_id: &str, now: Instant) -> Membership {
        let own = Membership::direct(organization_id, user_id, now);
        Membership { provisioning_method: "org_creator".into(), ..own }
    }

    /// Creates a pending membership, which becomes active when the invitation is accepted.
    pub(crate) fn invited(organization_id: &str, user_id: &str, now: Instant) -> Membership {
        Membership {
            status: PENDING.into(),
            provisioning_method: "invitation".into(),
            created_at: Some(now),
            expires_at: Some(now.plus(INVITATION_LIFETIME)),
            ..Membership::new(organization_id, user_id)
        }
    }

    pub(crate) fn from_draft(draft: &Draft, user_id: &str, now: Instant) -> Membership {
        let own = match draft.status.as_deref() {
            Some(PENDING) => Membership::invited(&draft.organization_id, user_id, now),
            _ => Membership::direct(&draft.organization_id, user_id, now),
        };
        Membership {
            status: draft.status.clone().unwrap_or(own.status),
            metadata: draft.metadata.clone(),
            inviter_email: draft.inviter_email.clone(),
            provisioning_method: draft.provisioning_method.clone().unwrap_or(own.provisioning_method),
            ..own
        }
    }

    pub(crate) fn apply(&mut self, change: Change) {
        if let Some(roles) = change.roles {
            self.roles = Vec::new();
            for role in roles {
                if !self.roles.contains(&role.name) {
                    self.roles.push(role.name);
                }
            }
        }
        self.metadata = change.metadata.unwrap_or_else(|| std::mem::take(&mut self.metadata));
        self.inviter_email = change.inviter_email.unwrap_or_else(|| std::mem::take(&mut self.inviter_email));
    }

    /// Replaces a role with another one.
    pub(crate) fn replace_role(&mut self, role: &str, other: &str) {
        let has_other = self.roles.iter().any(|own| own == other);
        match self.roles.iter().position(|own| own == role) {
            Some(position) if has_other => drop(self.roles.remove(position)),
            Some(position) => self.roles[position] = other.into(),
            None => {}
        }
    }

    /// The current status. An invitation that was not accepted before its expiration is `INVITE_EXPIRED`.
    pub(crate) fn status(&self, now: Instant) -> &str {
        let expired = self.expires_at.is_some_and(|end| end <= now);
        if self.status == PENDING && expired { "INVITE_EXPIRED" } else { &self.status }
    }

    /// Whether the invitation is pending.
    pub(crate) fn is_pending(&self, now: Instant) -> bool {
        self.status(now) == PENDING
    }

    /// Accepts the invitation. Returns false if there is none or it has expired.
    pub(crate) fn accept(&mut self, now: Instant) -> bool {
        let pending = self.is_pending(now);
        if pending {
            self.status = ACTIVE.into();
            self.accepted_at = Some(now);
            self.join_time = Some(now);
        }
        pending
    }

    /// Resends the invitation. An expired one is renewed. Returns false if there is none.
    pub(crate) fn resend(&mut self, now: Instant) -> bool {
        match self.status(now) {
            PENDING => {}
            "INVITE_EXPIRED" => {
                self.status = PENDING.into();
                self.created_at = Some(now);
                self.expires_at = Some(now.plus(INVITATION_LIFETIME));
            }
            _ => return false,
        }
        self.resent_at = Some(now);
        self.resent_count += 1;
        true
    }

    pub(crate) fn invitation(&self, now: Instant) -> Value {
        json!({
            "organization_id": self.organization_id,
            "user_id": self.user_id,
            "status": self.status(now),
            "inviter_email": self.inviter_email,
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "resent_at": self.resent_at,
            "resent_count": self.resent_count,
        })
    }

    /// The JSON in a user. The caller resolves the organization name, roles and permissions in the store.
    pub(crate) fn json(&self, now: Instant, name: &str, roles: &[Value], permissions: &[&str]) -> Value {
        json!({
            "organization_id": self.organization_id,
            "membership_status": self.status(now),
            "roles": roles,
            "permissions": permissions,
            "metadata": self.metadata,
            "name": name,
            "display_name": name,
            "provisioning_method": self.provisioning_method,
            "inviter_email": self.inviter_email,
            "created_at": self.created_at,
            "accepted_at": self.accepted_at,
            "expires_at": self.expires_at,
            "join_time": self.join_time,
        })
    }
}

impl Entity for Membership {
    fn id(&self) -> &str {
        &self.key
    }
}
