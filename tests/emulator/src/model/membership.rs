//! What a user is in an organization.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::table::Entity;

/// How long an invitation can be accepted.
const INVITATION_LIFE: TimeDelta = TimeDelta::days(15);

const PENDING: &str = "PENDING_INVITE";
const ACTIVE: &str = "ACTIVE";

/// A user in an organization, or invited to it.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What a body says of a membership; what it leaves out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    pub(crate) roles: Option<Vec<Assigned>>,
    metadata: Option<BTreeMap<String, String>>,
    inviter_email: Option<String>,
}

/// A role in a body. Only its name counts.
#[derive(Debug, Deserialize)]
pub(crate) struct Assigned {
    pub(crate) name: String,
}

/// A membership as a seed describes it.
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
    /// Under what a membership is kept.
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

    /// A member at once.
    pub(crate) fn direct(organization_id: &str, user_id: &str, now: Instant) -> Membership {
        Membership { join_time: Some(now), ..Membership::new(organization_id, user_id) }
    }

    /// Who made the organization by signing up.
    pub(crate) fn creator(organization_id: &str, user_id: &str, now: Instant) -> Membership {
        let own = Membership::direct(organization_id, user_id, now);
        Membership { provisioning_method: "org_creator".into(), ..own }
    }

    /// A member once the invitation is accepted.
    pub(crate) fn invited(organization_id: &str, user_id: &str, now: Instant) -> Membership {
        Membership {
            status: PENDING.into(),
            provisioning_method: "invitation".into(),
            created_at: Some(now),
            expires_at: Some(now.plus(INVITATION_LIFE)),
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

    /// Gives the user another role in the place of one that they have.
    pub(crate) fn exchange(&mut self, role: &str, other: &str) {
        let has_other = self.roles.iter().any(|own| own == other);
        match self.roles.iter().position(|own| own == role) {
            Some(place) if has_other => drop(self.roles.remove(place)),
            Some(place) => self.roles[place] = other.into(),
            None => {}
        }
    }

    /// An invitation that nobody accepted in time is over.
    pub(crate) fn status(&self, now: Instant) -> &str {
        let late = self.expires_at.is_some_and(|end| end <= now);
        if self.status == PENDING && late { "INVITE_EXPIRED" } else { &self.status }
    }

    /// Whether it waits to be accepted.
    pub(crate) fn is_pending(&self, now: Instant) -> bool {
        self.status(now) == PENDING
    }

    /// Accepts the invitation; false when there is none, or its time is over.
    pub(crate) fn accept(&mut self, now: Instant) -> bool {
        let waits = self.is_pending(now);
        if waits {
            self.status = ACTIVE.into();
            self.accepted_at = Some(now);
            self.join_time = Some(now);
        }
        waits
    }

    /// Sends the invitation again; false when there is none to send. One that is over begins anew.
    pub(crate) fn resend(&mut self, now: Instant) -> bool {
        match self.status(now) {
            PENDING => {}
            "INVITE_EXPIRED" => {
                self.status = PENDING.into();
                self.created_at = Some(now);
                self.expires_at = Some(now.plus(INVITATION_LIFE));
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

    /// As a part of its user. What the organization and the roles say of themselves, the store knows.
    pub(crate) fn written(&self, now: Instant, name: &str, roles: &[Value], permissions: &[&str]) -> Value {
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
