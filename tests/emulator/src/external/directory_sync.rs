//! Simulated sync of a directory, which sends its changes.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::error::ControlError;
use crate::event::{self, EventDraft};
use crate::model::{Directory, DirectoryGroup, DirectoryUser};
use crate::store::Store;
use crate::webhooks::EventSink;

/// The changes, applied in this order: groups, users, deleted users, deleted groups.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    directory_id: String,
    #[serde(default)]
    groups: Vec<GroupChange>,
    #[serde(default)]
    users: Vec<UserChange>,
    #[serde(default)]
    delete_users: Vec<String>,
    #[serde(default)]
    delete_groups: Vec<String>,
}

/// A new group, or an update if a group with this ID exists. Omitted fields are unchanged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupChange {
    id: Option<String>,
    display_name: Option<String>,
    group_detail: Option<Value>,
}

/// A new user, or an update if a user with this ID exists. `groups` contains IDs or names; `attributes` is replaced as a
/// whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserChange {
    id: Option<String>,
    email: Option<String>,
    emails: Option<Vec<String>>,
    preferred_username: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    active: Option<bool>,
    groups: Option<Vec<String>>,
    attributes: Option<Map<String, Value>>,
    user_detail: Option<Value>,
}

/// String attributes that events about a user contain in addition to the API object.
const STRING_ATTRIBUTES: &[&str] = &[
    "employee_id",
    "department",
    "cost_center",
    "division",
    "title",
    "user_type",
    "phone_number",
    "language",
    "locale",
    "zoneinfo",
    "organization",
    "nickname",
    "profile",
    "picture",
];

/// Object attributes that events about a user contain in addition to the API object.
const OBJECT_ATTRIBUTES: &[&str] = &["address", "custom_attributes"];

fn reject(reason: impl std::fmt::Display) -> ControlError {
    ControlError::new(format!("directory: {reason}"))
}

/// Applies all changes, or none if one is rejected.
pub(crate) fn sync_directory(
    store: &mut Store,
    events: &EventSink,
    now: Instant,
    body: Value,
) -> Result<Value, ControlError> {
    let changes: Changes = serde_json::from_value(body).map_err(reject)?;
    let directory = store.directories.get(&changes.directory_id).cloned();
    let directory = directory.ok_or_else(|| reject(format!("{} does not exist", changes.directory_id)))?;
    if !directory.enabled {
        return Err(reject("the directory is not enabled"));
    }
    let before = (store.directory_users.clone(), store.directory_groups.clone());
    let (groups, users, drafts) = (Vec::new(), Vec::new(), Vec::new());
    let mut sync = Sync { store, directory: &directory, now, drafts, groups, users };
    match sync.apply_all(&changes) {
        Ok(()) => {
            let response = json!({"groups": sync.groups, "users": sync.users});
            let drafts = sync.drafts;
            if let Some(directory) = store.directories.get_mut(&directory.id) {
                directory.last_synced_at = now;
            }
            events.emit_all(drafts);
            Ok(response)
        }
        Err(error) => {
            (store.directory_users, store.directory_groups) = before;
            Err(error)
        }
    }
}

/// A sync in progress.
struct Sync<'a> {
    store: &'a mut Store,
    directory: &'a Directory,
    now: Instant,
    /// Emitted once the whole sync has succeeded.
    drafts: Vec<EventDraft>,
    /// IDs of the groups and users in the request, in its order.
    groups: Vec<String>,
    users: Vec<String>,
}

impl Sync<'_> {
    fn apply_all(&mut self, changes: &Changes) -> Result<(), ControlError> {
        changes.groups.iter().try_for_each(|change| self.apply_group(change))?;
        changes.users.iter().try_for_each(|change| self.apply_user(change))?;
        changes.delete_users.iter().try_for_each(|id| self.delete_user(id))?;
        changes.delete_groups.iter().try_for_each(|id| self.delete_group(id))
    }

    fn apply_group(&mut self, change: &GroupChange) -> Result<(), ControlError> {
        let id = change.id.clone().unwrap_or_else(|| self.store.ids.next("dirgroup"));
        let before = self.store.directory_groups.get(&id).cloned();
        self.check_not_foreign(before.as_ref().map(|own| own.directory_id.as_str()), &id)?;
        let mut group = match (&before, &change.display_name) {
            (Some(own), _) => own.clone(),
            (None, Some(name)) => self.new_group(&id, name),
            (None, None) => return Err(reject(format!("a new group requires a display_name: {id}"))),
        };
        set_if_some(&mut group.display_name, change.display_name.as_ref());
        set_if_some(&mut group.detail, change.group_detail.as_ref());
        self.groups.push(id);
        if before.as_ref() == Some(&group) {
            return Ok(());
        }
        group.updated_at = self.now;
        let action = if before.is_some() { "updated" } else { "created" };
        self.drafts.push(event::directory_group(action, self.directory, &group));
        self.store.directory_groups.put(group);
        Ok(())
    }

    fn new_group(&self, id: &str, name: &str) -> DirectoryGroup {
        DirectoryGroup {
            id: id.into(),
            directory_id: self.directory.id.clone(),
            display_name: name.into(),
            external: false,
            members: 0,
            updated_at: self.now,
            detail: json!({"id": id, "displayName": name}),
        }
    }

    fn apply_user(&mut self, change: &UserChange) -> Result<(), ControlError> {
        let id = change.id.clone().unwrap_or_else(|| self.store.ids.next("diruser"));
        let before = self.store.directory_users.get(&id).cloned();
        self.check_not_foreign(before.as_ref().map(|own| own.directory_id.as_str()), &id)?;
        let mut user = match (&before, &change.email) {
            (Some(own), _) => own.clone(),
            (None, Some(email)) => self.new_user(&id, email),
            (None, None) => return Err(reject(format!("a new user requires an email: {id}"))),
        };
        self.update_user(&mut user, change)?;
        self.users.push(id);
        if before.as_ref() == Some(&user) {
            return Ok(());
        }
        self.store_user(user, if before.is_some() { "updated" } else { "created" });
        Ok(())
    }

    fn new_user(&self, id: &str, email: &str) -> DirectoryUser {
        DirectoryUser {
            id: id.into(),
            directory_id: self.directory.id.clone(),
            email: email.into(),
            emails: vec![email.into()],
            preferred_username: email.into(),
            given_name: String::new(),
            family_name: String::new(),
            groups: Vec::new(),
            attributes: Map::new(),
            updated_at: self.now,
            detail: json!({"id": id, "userName": email, "active": true}),
        }
    }

    fn update_user(&self, user: &mut DirectoryUser, change: &UserChange) -> Result<(), ControlError> {
        set_if_some(&mut user.email, change.email.as_ref());
        set_if_some(&mut user.emails, change.emails.as_ref());
        set_if_some(&mut user.preferred_username, change.preferred_username.as_ref());
        set_if_some(&mut user.given_name, change.given_name.as_ref());
        set_if_some(&mut user.family_name, change.family_name.as_ref());
        set_if_some(&mut user.detail, change.user_detail.as_ref());
        if let (Some(active), Value::Object(detail)) = (change.active, &mut user.detail) {
            detail.insert("active".into(), active.into());
        }
        if let Some(attributes) = &change.attributes {
            check_attributes(attributes)?;
            user.attributes.clone_from(attributes);
        }
        if let Some(names) = &change.groups {
            user.groups.clear();
            for name in names {
                let id = self.store.directory_group_id(&self.directory.id, name).map_err(reject)?;
                if !user.groups.contains(&id) {
                    user.groups.push(id);
                }
            }
        }
        Ok(())
    }

    fn store_user(&mut self, mut user: DirectoryUser, action: &str) {
        user.updated_at = self.now;
        self.drafts.push(event::directory_user(action, &self.store.directory_groups, self.directory, &user));
        self.store.put_directory_user(user);
    }

    fn delete_user(&mut self, id: &str) -> Result<(), ControlError> {
        let user = self.store.directory_users.get(id).cloned();
        let user = self.require_own(user, id)?;
        self.drafts.push(event::directory_user(
            "deleted",
            &self.store.directory_groups,
            self.directory,
            &user,
        ));
        self.store.remove_directory_user(id);
        Ok(())
    }

    /// Deletes a group and removes its users from it, which counts as an update of each user.
    fn delete_group(&mut self, id: &str) -> Result<(), ControlError> {
        let group = self.store.directory_groups.get(id).cloned();
        let group = self.require_own(group, id)?;
        let members = self.store.directory_users.iter();
        let members: Vec<_> = members.filter(|user| user.groups.contains(&group.id)).cloned().collect();
        for mut user in members {
            user.groups.retain(|id| *id != group.id);
            self.store_user(user, "updated");
        }
        self.store.directory_groups.remove(id);
        self.drafts.push(event::directory_group("deleted", self.directory, &group));
        Ok(())
    }

    /// Returns the user or group if it belongs to this directory.
    fn require_own<T: DirectoryObject>(&self, found: Option<T>, id: &str) -> Result<T, ControlError> {
        let own = found.filter(|found| found.directory_id() == self.directory.id);
        own.ok_or_else(|| reject(format!("{} has no {id}", self.directory.id)))
    }

    /// Rejects the ID of another directory's user or group.
    fn check_not_foreign(&self, directory_id: Option<&str>, id: &str) -> Result<(), ControlError> {
        match directory_id.filter(|own| *own != self.directory.id) {
            Some(_) => Err(reject(format!("{id} belongs to another directory"))),
            None => Ok(()),
        }
    }
}

trait DirectoryObject {
    fn directory_id(&self) -> &str;
}

impl DirectoryObject for DirectoryUser {
    fn directory_id(&self) -> &str {
        &self.directory_id
    }
}

impl DirectoryObject for DirectoryGroup {
    fn directory_id(&self) -> &str {
        &self.directory_id
    }
}

fn set_if_some<T: Clone>(target: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        target.clone_from(value);
    }
}

fn check_attributes(attributes: &Map<String, Value>) -> Result<(), ControlError> {
    for (name, value) in attributes {
        let name = name.as_str();
        let is_valid = (STRING_ATTRIBUTES.contains(&name) && value.is_string())
            || (OBJECT_ATTRIBUTES.contains(&name) && value.is_object());
        if !is_valid {
            return Err(reject(format!("attributes: {name} is unknown or has the wrong type")));
        }
    }
    Ok(())
}
