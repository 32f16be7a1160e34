//! What happened, in the shape in which webhooks tell it.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::json::overlay;
use crate::model::{Connection, Directory, Domain, Organization};
use crate::world::{ENVIRONMENT_ID, World};

/// An event as a handler or the control plane describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    #[serde(default)]
    pub(crate) object: String,
    pub(crate) organization_id: Option<String>,
    pub(crate) display_name: Option<String>,
    #[serde(default)]
    pub(crate) data: Value,
}

/// An event with its id and envelope.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) body: Value,
}

impl Event {
    pub(crate) fn new(id: String, draft: Draft, now: Instant) -> Event {
        let mut body = json!({
            "spec_version": "1",
            "id": id,
            "type": draft.event_type,
            "object": draft.object,
            "occurred_at": now,
            "environment_id": ENVIRONMENT_ID,
            "data": draft.data,
        });
        for (name, value) in
            [("organization_id", draft.organization_id), ("display_name", draft.display_name)]
        {
            if let Some(value) = value {
                body[name] = json!(value);
            }
        }
        Event { id, event_type: draft.event_type, body }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

/// `organization.created`, `.updated` and `.deleted`.
pub(crate) fn organization(what: &str, organization: &Organization, now: Instant) -> Draft {
    let filled = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let mut data = json!({
        "id": organization.id,
        "display_name": organization.display_name,
        "external_id": filled(&organization.external_id),
        "region_code": organization.region_code,
        "metadata": organization.metadata,
        "settings": organization.settings,
        "create_time": organization.create_time,
        "update_time": organization.update_time,
    });
    if what == "deleted" {
        overlay(&mut data, &json!({"deleted_at": now}));
    }
    Draft {
        event_type: format!("organization.{what}"),
        object: "Organization".into(),
        organization_id: Some(organization.id.clone()),
        display_name: Some(organization.display_name.clone()),
        data,
    }
}

/// `organization.sso_created`, `sso_enabled`, `sso_disabled` and `sso_deleted`.
pub(crate) fn connection(what: &str, connection: &Connection) -> Draft {
    Draft {
        event_type: format!("organization.sso_{what}"),
        object: "Connection".into(),
        organization_id: Some(connection.organization_id.clone()),
        display_name: None,
        data: json!({
            "id": connection.id,
            "organization_id": connection.organization_id,
            "connection_type": connection.kind,
            "provider": connection.provider,
            "enabled": connection.enabled,
            "status": connection.status,
        }),
    }
}

const DOMAIN: &[&str] = &[
    "id",
    "domain",
    "domain_type",
    "organization_id",
    "environment_id",
    "verification_status",
    "verification_method",
];

/// `organization.domain_created` and `domain_deleted`.
pub(crate) fn domain(what: &str, domain: &Domain) -> Draft {
    let written = json!(domain);
    let mut data = json!({"updated_at": written["update_time"]});
    for name in DOMAIN {
        data[*name] = written[*name].clone();
    }
    Draft {
        event_type: format!("organization.domain_{what}"),
        object: "Domain".into(),
        organization_id: Some(domain.organization_id.clone()),
        display_name: None,
        data,
    }
}

/// `organization.directory_enabled` and `directory_disabled`.
pub(crate) fn directory(what: &str, directory: &Directory, now: Instant) -> Draft {
    Draft {
        event_type: format!("organization.directory_{what}"),
        object: "Directory".into(),
        organization_id: Some(directory.organization_id.clone()),
        display_name: None,
        data: json!({
            "id": directory.id,
            "organization_id": directory.organization_id,
            "directory_type": directory.directory_type,
            "provider": directory.directory_provider,
            "enabled": directory.enabled,
            "updated_at": now,
        }),
    }
}

impl World {
    /// Tells the endpoints what happened. Every handler that changes something may call it.
    pub(crate) fn emit(&mut self, draft: Draft) -> Event {
        let now = self.clock.now();
        let event = Event::new(self.ids.next("evt"), draft, now);
        self.outgoing.send(&event, now);
        event
    }
}
