//! A directory that sends what has changed in it.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::error::ControlError;
use crate::model::{Directory, DirectoryGroup, DirectoryUser, group_id};
use crate::webhooks::{EventDraft, event};
use crate::world::World;

/// What has changed: groups first, then people; then people go, and then groups.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sync {
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

/// A new group, or one that is changed where the id is that of one; what is left out stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupChange {
    id: Option<String>,
    display_name: Option<String>,
    group_detail: Option<Value>,
}

/// The same for a person. `groups` are ids or names; `attributes` are replaced as a whole.
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

/// What events tell of a person beyond what lists do, as text.
const TEXTS: &[&str] = &[
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

/// The same, as objects.
const OBJECTS: &[&str] = &["address", "custom_attributes"];

fn refuse(why: impl std::fmt::Display) -> ControlError {
    ControlError::new(format!("directory: {why}"))
}

/// Takes in all of it, or nothing when a part is refused.
pub(crate) fn sync_directory(world: &mut World, body: Value) -> Result<Value, ControlError> {
    let sync: Sync = serde_json::from_value(body).map_err(refuse)?;
    let directory = world.store.directories.get(&sync.directory_id).cloned();
    let directory = directory.ok_or_else(|| refuse(format!("there is no {}", sync.directory_id)))?;
    if !directory.enabled {
        return Err(refuse("it is not enabled, so that nothing is taken in"));
    }
    let before = (world.store.directory_users.clone(), world.store.directory_groups.clone());
    let now = world.clock.now();
    let mut run =
        Run { world, directory: &directory, now, told: Vec::new(), groups: Vec::new(), users: Vec::new() };
    match run.all(&sync) {
        Ok(()) => {
            let answer = json!({"groups": run.groups, "users": run.users});
            let told = run.told;
            if let Some(directory) = world.store.directories.get_mut(&directory.id) {
                directory.last_synced_at = now;
            }
            world.emit_all(told);
            Ok(answer)
        }
        Err(error) => {
            (world.store.directory_users, world.store.directory_groups) = before;
            Err(error)
        }
    }
}

struct Run<'a> {
    world: &'a mut World,
    directory: &'a Directory,
    now: Instant,
    told: Vec<EventDraft>,
    /// The ids of what was sent, in its order.
    groups: Vec<String>,
    users: Vec<String>,
}

impl Run<'_> {
    fn all(&mut self, sync: &Sync) -> Result<(), ControlError> {
        sync.groups.iter().try_for_each(|change| self.group(change))?;
        sync.users.iter().try_for_each(|change| self.user(change))?;
        sync.delete_users.iter().try_for_each(|id| self.delete_user(id))?;
        sync.delete_groups.iter().try_for_each(|id| self.delete_group(id))
    }

    fn group(&mut self, change: &GroupChange) -> Result<(), ControlError> {
        let id = change.id.clone().unwrap_or_else(|| self.world.ids.next("dirgroup"));
        let before = self.world.store.directory_groups.get(&id).cloned();
        self.check_own(before.as_ref().map(|own| own.directory_id.as_str()), &id)?;
        let mut group = match (&before, &change.display_name) {
            (Some(own), _) => own.clone(),
            (None, Some(name)) => self.new_group(&id, name),
            (None, None) => return Err(refuse(format!("a new group needs a display_name: {id}"))),
        };
        put(&mut group.display_name, change.display_name.as_ref());
        put(&mut group.detail, change.group_detail.as_ref());
        self.groups.push(id);
        if before.as_ref() == Some(&group) {
            return Ok(());
        }
        group.updated_at = self.now;
        let what = if before.is_some() { "updated" } else { "created" };
        self.told.push(event::directory_group(what, self.directory, &group));
        self.world.store.directory_groups.put(group);
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

    fn user(&mut self, change: &UserChange) -> Result<(), ControlError> {
        let id = change.id.clone().unwrap_or_else(|| self.world.ids.next("diruser"));
        let before = self.world.store.directory_users.get(&id).cloned();
        self.check_own(before.as_ref().map(|own| own.directory_id.as_str()), &id)?;
        let mut user = match (&before, &change.email) {
            (Some(own), _) => own.clone(),
            (None, Some(email)) => self.new_user(&id, email),
            (None, None) => return Err(refuse(format!("a new person needs an email: {id}"))),
        };
        self.apply(&mut user, change)?;
        self.users.push(id);
        if before.as_ref() == Some(&user) {
            return Ok(());
        }
        self.keep(user, if before.is_some() { "updated" } else { "created" });
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

    fn apply(&self, user: &mut DirectoryUser, change: &UserChange) -> Result<(), ControlError> {
        put(&mut user.email, change.email.as_ref());
        put(&mut user.emails, change.emails.as_ref());
        put(&mut user.preferred_username, change.preferred_username.as_ref());
        put(&mut user.given_name, change.given_name.as_ref());
        put(&mut user.family_name, change.family_name.as_ref());
        put(&mut user.detail, change.user_detail.as_ref());
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
                let id = group_id(self.world, &self.directory.id, name).map_err(refuse)?;
                if !user.groups.contains(&id) {
                    user.groups.push(id);
                }
            }
        }
        Ok(())
    }

    fn keep(&mut self, mut user: DirectoryUser, what: &str) {
        user.updated_at = self.now;
        self.told.push(event::directory_user(what, &self.world.store, self.directory, &user));
        self.world.store.put_directory_user(user);
    }

    fn delete_user(&mut self, id: &str) -> Result<(), ControlError> {
        let user = self.world.store.directory_users.get(id).cloned();
        let user = self.own(user, id)?;
        self.told.push(event::directory_user("deleted", &self.world.store, self.directory, &user));
        self.world.store.remove_directory_user(id);
        Ok(())
    }

    /// Its people are in it no longer, which changes them.
    fn delete_group(&mut self, id: &str) -> Result<(), ControlError> {
        let group = self.world.store.directory_groups.get(id).cloned();
        let group = self.own(group, id)?;
        let people = self.world.store.directory_users.iter();
        let people: Vec<_> = people.filter(|user| user.groups.contains(&group.id)).cloned().collect();
        for mut user in people {
            user.groups.retain(|own| *own != group.id);
            self.keep(user, "updated");
        }
        self.world.store.directory_groups.remove(id);
        self.told.push(event::directory_group("deleted", self.directory, &group));
        Ok(())
    }

    fn own<T: Owned>(&self, found: Option<T>, id: &str) -> Result<T, ControlError> {
        let own = found.filter(|own| own.directory_id() == self.directory.id);
        own.ok_or_else(|| refuse(format!("{} has no {id}", self.directory.id)))
    }

    fn check_own(&self, directory_id: Option<&str>, id: &str) -> Result<(), ControlError> {
        match directory_id.filter(|own| *own != self.directory.id) {
            Some(_) => Err(refuse(format!("{id} belongs to another directory"))),
            None => Ok(()),
        }
    }
}

trait Owned {
    fn directory_id(&self) -> &str;
}

impl Owned for DirectoryUser {
    fn directory_id(&self) -> &str {
        &self.directory_id
    }
}

impl Owned for DirectoryGroup {
    fn directory_id(&self) -> &str {
        &self.directory_id
    }
}

fn put<T: Clone>(target: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        target.clone_from(value);
    }
}

fn check_attributes(attributes: &Map<String, Value>) -> Result<(), ControlError> {
    for (name, value) in attributes {
        let name = name.as_str();
        let fits =
            (TEXTS.contains(&name) && value.is_string()) || (OBJECTS.contains(&name) && value.is_object());
        if !fits {
            return Err(refuse(format!("attributes: {name} is unknown, or has the wrong type")));
        }
    }
    Ok(())
}
