//! Events about roles and permissions. They belong to no organization, not even those about an organization's roles.

use serde_json::json;

use super::{Draft, filled};
use crate::model::{Permission, Role};

/// `role.created`, `.updated` and `.deleted`.
pub(crate) fn role(what: &str, role: &Role) -> Draft {
    Draft {
        event_type: format!("role.{what}"),
        object: "Role".into(),
        organization_id: None,
        display_name: None,
        data: json!({
            "id": role.id,
            "name": role.name,
            "display_name": role.display_name,
            "description": filled(&role.description),
            "extends": filled(&role.extends),
        }),
    }
}

/// `permission.created`, `.updated` and `.deleted`.
pub(crate) fn permission(what: &str, permission: &Permission) -> Draft {
    Draft {
        event_type: format!("permission.{what}"),
        object: "Permission".into(),
        organization_id: None,
        display_name: None,
        data: json!({
            "id": permission.id,
            "name": permission.name,
            "description": filled(&permission.description),
        }),
    }
}
