//! Events about roles and permissions. They have no `organization_id`, not even events about an organization's roles.

use serde_json::json;

use super::{EventDraft, null_if_empty};
use crate::model::{Permission, Role};

/// `role.created`, `.updated` and `.deleted`.
pub(crate) fn role(action: &str, role: &Role) -> EventDraft {
    EventDraft {
        event_type: format!("role.{action}"),
        object: "Role".into(),
        organization_id: None,
        display_name: None,
        data: json!({
            "id": role.id,
            "name": role.name,
            "display_name": role.display_name,
            "description": null_if_empty(&role.description),
            "extends": null_if_empty(&role.extends),
        }),
    }
}

/// `permission.created`, `.updated` and `.deleted`.
pub(crate) fn permission(action: &str, permission: &Permission) -> EventDraft {
    EventDraft {
        event_type: format!("permission.{action}"),
        object: "Permission".into(),
        organization_id: None,
        display_name: None,
        data: json!({
            "id": permission.id,
            "name": permission.name,
            "description": null_if_empty(&permission.description),
        }),
    }
}
