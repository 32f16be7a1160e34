//! Events about directories, and about the people and groups in them.

use serde_json::{Value, json};

use super::{Draft, filled};
use crate::clock::Instant;
use crate::json::overlay;
use crate::model::{Directory, DirectoryGroup, DirectoryUser};
use crate::world::Store;

/// `organization.directory_enabled` and `directory_disabled`.
pub(crate) fn directory(what: &str, directory: &Directory, now: Instant) -> Draft {
    let data = json!({
        "id": directory.id,
        "organization_id": directory.organization_id,
        "directory_type": directory.directory_type,
        "provider": directory.directory_provider,
        "enabled": directory.enabled,
        "updated_at": now,
    });
    draft(format!("organization.directory_{what}"), "Directory", directory, data)
}

/// `organization.directory.user_created`, `user_updated` and `user_deleted`. Of somebody who is gone, only ids and
/// e-mail are told.
pub(crate) fn directory_user(
    what: &str,
    store: &Store,
    directory: &Directory,
    user: &DirectoryUser,
) -> Draft {
    let mut data = json!({
        "id": user.id,
        "organization_id": directory.organization_id,
        "dp_id": user.dp_id(),
        "email": user.email,
    });
    if what != "deleted" {
        overlay(&mut data, &person(store, directory, user));
    }
    draft(format!("organization.directory.user_{what}"), "DirectoryUser", directory, data)
}

fn person(store: &Store, directory: &Directory, user: &DirectoryUser) -> Value {
    let groups = user.groups.iter().filter_map(|id| store.directory_groups.get(id));
    let groups: Vec<_> = groups.map(|group| json!({"id": group.id, "name": group.display_name})).collect();
    let roles = directory.roles_of(&user.groups).map(|name| json!({"role_name": name}));
    let mut data = json!({
        "active": user.is_active(),
        "name": filled(format!("{} {}", user.given_name, user.family_name).trim()),
        "given_name": filled(&user.given_name),
        "family_name": filled(&user.family_name),
        "preferred_username": filled(&user.preferred_username),
        "groups": groups,
        "roles": roles.collect::<Vec<_>>(),
        "raw_attributes": user.detail,
    });
    overlay(&mut data, &Value::Object(user.attributes.clone()));
    data
}

/// `organization.directory.group_created`, `group_updated` and `group_deleted`.
pub(crate) fn directory_group(what: &str, directory: &Directory, group: &DirectoryGroup) -> Draft {
    let mut data = json!({
        "id": group.id,
        "directory_id": directory.id,
        "organization_id": directory.organization_id,
        "display_name": group.display_name,
    });
    if what == "deleted" {
        data["dp_id"] = group.dp_id().into();
    } else {
        data["external_id"] = group.dp_id().into();
        data["raw_attributes"] = group.detail.clone();
    }
    draft(format!("organization.directory.group_{what}"), "DirectoryGroup", directory, data)
}

fn draft(event_type: String, object: &str, directory: &Directory, data: Value) -> Draft {
    Draft {
        event_type,
        object: object.into(),
        organization_id: Some(directory.organization_id.clone()),
        display_name: None,
        data,
    }
}
