//! Events about directories and their users and groups.

use serde_json::{Value, json};

use super::{EventDraft, null_if_empty};
use crate::clock::Instant;
use crate::json::overlay;
use crate::model::{Directory, DirectoryGroup, DirectoryUser};
use crate::table::Table;

/// `organization.directory_enabled` and `directory_disabled`.
pub(crate) fn directory(action: &str, directory: &Directory, now: Instant) -> EventDraft {
    let data = json!({
        "id": directory.id,
        "organization_id": directory.organization_id,
        "directory_type": directory.directory_type,
        "provider": directory.directory_provider,
        "enabled": directory.enabled,
        "updated_at": now,
    });
    draft(format!("organization.directory_{action}"), "Directory", directory, data)
}

/// `organization.directory.user_created`, `user_updated` and `user_deleted`. The event about a deleted user contains only
/// IDs and the email address.
pub(crate) fn directory_user(
    action: &str,
    groups: &Table<DirectoryGroup>,
    directory: &Directory,
    user: &DirectoryUser,
) -> EventDraft {
    let mut data = json!({
        "id": user.id,
        "organization_id": directory.organization_id,
        "dp_id": user.dp_id(),
        "email": user.email,
    });
    if action != "deleted" {
        overlay(&mut data, &user_profile(groups, directory, user));
    }
    draft(format!("organization.directory.user_{action}"), "DirectoryUser", directory, data)
}

/// Returns the fields that a deletion event omits.
fn user_profile(groups: &Table<DirectoryGroup>, directory: &Directory, user: &DirectoryUser) -> Value {
    let groups = user.groups.iter().filter_map(|id| groups.get(id));
    let groups: Vec<_> = groups.map(|group| json!({"id": group.id, "name": group.display_name})).collect();
    let roles = directory.roles_of(&user.groups).map(|name| json!({"role_name": name}));
    let mut data = json!({
        "active": user.is_active(),
        "name": null_if_empty(format!("{} {}", user.given_name, user.family_name).trim()),
        "given_name": null_if_empty(&user.given_name),
        "family_name": null_if_empty(&user.family_name),
        "preferred_username": null_if_empty(&user.preferred_username),
        "groups": groups,
        "roles": roles.collect::<Vec<_>>(),
        "raw_attributes": user.detail,
    });
    overlay(&mut data, &Value::Object(user.attributes.clone()));
    data
}

/// `organization.directory.group_created`, `group_updated` and `group_deleted`.
pub(crate) fn directory_group(action: &str, directory: &Directory, group: &DirectoryGroup) -> EventDraft {
    let mut data = json!({
        "id": group.id,
        "directory_id": directory.id,
        "organization_id": directory.organization_id,
        "display_name": group.display_name,
    });
    if action == "deleted" {
        data["dp_id"] = group.dp_id().into();
    } else {
        data["external_id"] = group.dp_id().into();
        data["raw_attributes"] = group.detail.clone();
    }
    draft(format!("organization.directory.group_{action}"), "DirectoryGroup", directory, data)
}

fn draft(event_type: String, object: &str, directory: &Directory, data: Value) -> EventDraft {
    EventDraft {
        event_type,
        object: object.into(),
        organization_id: Some(directory.organization_id.clone()),
        display_name: None,
        data,
    }
}
