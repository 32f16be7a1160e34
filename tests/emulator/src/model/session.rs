//! Session of a user on one device.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::table::Entity;

const IDLE_TIMEOUT: TimeDelta = TimeDelta::days(7);
const ABSOLUTE_TIMEOUT: TimeDelta = TimeDelta::days(30);

/// The format of seeds and of responses. Seeds can set any status.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Session {
    pub(crate) session_id: String,
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
    authenticated_organizations: Vec<String>,
    authenticated_clients: Vec<Client>,
    pub(crate) status: String,
    device: Device,
    pub(crate) created_at: Option<Instant>,
    updated_at: Option<Instant>,
    last_active_at: Option<Instant>,
    idle_expires_at: Option<Instant>,
    absolute_expires_at: Option<Instant>,
    expired_at: Option<Instant>,
    logout_at: Option<Instant>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Client {
    client_id: String,
    organization_id: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Device {
    user_agent: String,
    browser: String,
    browser_version: String,
    os: String,
    os_version: String,
    device_type: String,
    ip: String,
    location: Location,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Location {
    city: String,
    region: String,
    region_subdivision: String,
    latitude: String,
    longitude: String,
}

impl Session {
    /// Fills in the fields that a seed omits.
    pub(crate) fn complete(mut self, id: String, now: Instant) -> Session {
        self.session_id = id;
        if self.status.is_empty() {
            self.status = "active".into();
        }
        let created = *self.created_at.get_or_insert(now);
        self.updated_at.get_or_insert(created);
        let used = *self.last_active_at.get_or_insert(created);
        self.idle_expires_at.get_or_insert(used.plus(IDLE_TIMEOUT));
        self.absolute_expires_at.get_or_insert(created.plus(ABSOLUTE_TIMEOUT));
        self
    }

    /// Records a login or another use by a client, which restarts the idle timeout.
    pub(crate) fn enter(&mut self, client_id: &str, organization_id: &str, now: Instant) {
        self.organization_id = organization_id.into();
        let organizations = &mut self.authenticated_organizations;
        if !organization_id.is_empty() && !organizations.iter().any(|own| own == organization_id) {
            organizations.push(organization_id.into());
        }
        match self.authenticated_clients.iter_mut().find(|own| own.client_id == client_id) {
            Some(own) => own.organization_id = organization_id.into(),
            None => self
                .authenticated_clients
                .push(Client { client_id: client_id.into(), organization_id: organization_id.into() }),
        }
        self.last_active_at = Some(now);
        self.updated_at = Some(now);
        self.idle_expires_at = Some(now.plus(IDLE_TIMEOUT));
    }

    /// Ends an active session by a logout. Returns whether it was active.
    pub(crate) fn log_out(&mut self, now: Instant) -> bool {
        let active = self.is_active();
        if active {
            self.status = "logout".into();
            self.logout_at = Some(now);
            self.updated_at = Some(now);
        }
        active
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status.eq_ignore_ascii_case("active")
    }

    /// Expires the session if a timeout has passed.
    pub(crate) fn settle(&mut self, now: Instant) {
        let end = self.idle_expires_at.into_iter().chain(self.absolute_expires_at).min();
        if let Some(end) = end.filter(|end| self.is_active() && *end <= now) {
            self.end("expired", end);
        }
    }

    /// Revokes an active session. Returns whether it was active.
    pub(crate) fn revoke(&mut self, now: Instant) -> bool {
        let active = self.is_active();
        if active {
            self.end("revoked", now);
        }
        active
    }

    fn end(&mut self, status: &str, at: Instant) {
        self.status = status.into();
        self.expired_at = Some(at);
        self.updated_at = Some(at);
    }

    /// The JSON in responses of revocations: without device, organizations and clients.
    pub(crate) fn revoked(&self) -> Value {
        json!({
            "session_id": self.session_id,
            "user_id": self.user_id,
            "status": self.status,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "last_active_at": self.last_active_at,
            "idle_expires_at": self.idle_expires_at,
            "absolute_expires_at": self.absolute_expires_at,
            "expired_at": self.expired_at,
            "logout_at": self.logout_at,
        })
    }
}

impl Entity for Session {
    fn id(&self) -> &str {
        &self.session_id
    }
}
