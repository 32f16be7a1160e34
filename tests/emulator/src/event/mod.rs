//! Events about changes of state: the envelope, and the events about organizations, connections and domains. The submodules contain the
//! other events.

mod access;
mod account;
mod directory;
mod people;

pub(crate) use access::{permission, role};
pub(crate) use account::{account, account_status};
pub(crate) use directory::{directory, directory_group, directory_user};
pub(crate) use people::{membership, session, user_data};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::ids::ENVIRONMENT_ID;
use crate::json::overlay;
use crate::model::{Connection, Domain, Organization};

/// An event from a handler or the control plane, without ID and envelope.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventDraft {
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    #[serde(default)]
    pub(crate) object: String,
    pub(crate) organization_id: Option<String>,
    pub(crate) display_name: Option<String>,
    #[serde(default)]
    pub(crate) data: Value,
}

/// An event with ID and envelope.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) event_type: String,
    pub(crate) body: Value,
}

impl Event {
    pub(crate) fn new(id: String, draft: EventDraft, now: Instant) -> Event {
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
pub(crate) fn organization(action: &str, organization: &Organization, now: Instant) -> EventDraft {
    let mut data = organization_data(organization);
    if action == "deleted" {
        overlay(&mut data, &json!({"deleted_at": now}));
    }
    EventDraft {
        event_type: format!("organization.{action}"),
        object: "Organization".into(),
        organization_id: Some(organization.id.clone()),
        display_name: Some(organization.display_name.clone()),
        data,
    }
}

/// Returns the organization object of organization and membership events.
fn organization_data(organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "display_name": organization.display_name,
        "external_id": null_if_empty(&organization.external_id),
        "region_code": organization.region_code,
        "metadata": organization.metadata,
        "settings": organization.settings,
        "create_time": organization.create_time,
        "update_time": organization.update_time,
    })
}

/// Converts an empty string to `null`, which events use for absent text.
fn null_if_empty(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// `organization.sso_created`, `sso_enabled`, `sso_disabled` and `sso_deleted`.
pub(crate) fn connection(action: &str, connection: &Connection) -> EventDraft {
    EventDraft {
        event_type: format!("organization.sso_{action}"),
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

/// Fields of a domain that events copy from the API object.
const DOMAIN_FIELDS: &[&str] = &[
    "id",
    "domain",
    "domain_type",
    "organization_id",
    "environment_id",
    "verification_status",
    "verification_method",
];

/// `organization.domain_created`, `domain_deleted`, `domain_dns_verification_success` and
/// `domain_dns_verification_failed`.
pub(crate) fn domain(action: &str, domain: &Domain) -> EventDraft {
    let api_object = json!(domain);
    let (key, secret) = domain.txt_record();
    let mut data =
        json!({"updated_at": api_object["update_time"], "txt_record_key": key, "txt_record_secret": secret});
    for name in DOMAIN_FIELDS {
        data[*name] = api_object[*name].clone();
    }
    EventDraft {
        event_type: format!("organization.domain_{action}"),
        // The API description has no object type for domains.
        object: "Organization".into(),
        organization_id: Some(domain.organization_id.clone()),
        display_name: None,
        data,
    }
}
