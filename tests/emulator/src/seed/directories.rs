//! Directory in a seed, with listed or generated users and groups.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{MAX_GENERATED, check_id_is_free};
use crate::clock::Instant;
use crate::error::{SeedError, create_each};
use crate::model::{
    AttributeMappings, Directory, DirectoryGroup, DirectorySecret, DirectoryUser, RoleAssignments,
};
use crate::store::Store;

/// A directory in a seed. Type, provider and status accept any text, so that tests can use values that no SDK knows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) organization_id: String,
    name: String,
    directory_type: String,
    directory_provider: String,
    status: String,
    enabled: bool,
    email: String,
    groups_tracked: String,
    attribute_mappings: AttributeMappings,
    role_assignments: RoleAssignments,
    secrets: Option<Vec<SecretDraft>>,
    groups: Vec<GroupDraft>,
    users: Vec<UserDraft>,
    generate: Generate,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            id: None,
            organization_id: String::new(),
            name: "Directory".into(),
            directory_type: "SCIM".into(),
            directory_provider: "OKTA".into(),
            status: "COMPLETED".into(),
            enabled: false,
            email: String::new(),
            groups_tracked: "ALL".into(),
            attribute_mappings: AttributeMappings::default(),
            role_assignments: RoleAssignments::default(),
            secrets: None,
            groups: Vec::new(),
            users: Vec::new(),
            generate: Generate::default(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SecretDraft {
    id: Option<String>,
    secret_suffix: String,
    status: String,
}

impl Default for SecretDraft {
    fn default() -> Self {
        SecretDraft { id: None, secret_suffix: "cdef".into(), status: "ACTIVE".into() }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupDraft {
    id: Option<String>,
    display_name: String,
    #[serde(default)]
    external: bool,
    updated_at: Option<String>,
    group_detail: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserDraft {
    id: Option<String>,
    email: String,
    emails: Option<Vec<String>>,
    preferred_username: Option<String>,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
    /// Groups of the same directory, by ID or by name.
    #[serde(default)]
    groups: Vec<String>,
    updated_at: Option<String>,
    user_detail: Option<Value>,
}

/// The numbers of users and groups to generate. Each user is in the next `groups_per_user` groups, round-robin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Generate {
    users: usize,
    groups: usize,
    groups_per_user: usize,
}

impl Default for Generate {
    fn default() -> Self {
        Generate { users: 0, groups: 0, groups_per_user: 1 }
    }
}

impl Draft {
    /// Creates the directory with its users and groups.
    pub(crate) fn create(&self, store: &mut Store, now: Instant) -> Result<Directory, SeedError> {
        let id = self.id.clone().unwrap_or_else(|| store.ids.next("dir"));
        check_id_is_free(&id, store.directories.get(&id).is_some())?;
        let directory = self.directory(store, &id, now);
        store.directories.put(directory.clone());
        create_each("groups", &self.groups, |draft| {
            let group = draft.group(store, &id, now)?;
            store.directory_groups.put(group);
            Ok(())
        })?;
        create_each("users", &self.users, |draft| {
            let user = draft.user(store, &id, now)?;
            store.put_directory_user(user);
            Ok(())
        })?;
        self.generate.create(store, &id, now)?;
        Ok(directory)
    }

    fn directory(&self, store: &mut Store, id: &str, now: Instant) -> Directory {
        let secrets = self.secrets.clone().unwrap_or_else(|| vec![SecretDraft::default()]);
        let secrets = secrets.into_iter().map(|draft| DirectorySecret {
            id: draft.id.unwrap_or_else(|| store.ids.next("sec")),
            directory_id: id.into(),
            secret_suffix: draft.secret_suffix,
            status: draft.status,
            create_time: now,
            expire_time: None,
            last_used_time: None,
        });
        Directory {
            id: id.into(),
            organization_id: self.organization_id.clone(),
            name: self.name.clone(),
            directory_type: self.directory_type.clone(),
            directory_provider: self.directory_provider.clone(),
            status: self.status.clone(),
            enabled: self.enabled,
            email: self.email.clone(),
            groups_tracked: self.groups_tracked.clone(),
            attribute_mappings: self.attribute_mappings.clone(),
            role_assignments: self.role_assignments.clone(),
            secrets: secrets.collect(),
            endpoint: format!("{}/directory/{id}/scim/v2", store.environment_url),
            last_synced_at: now,
        }
    }
}

impl GroupDraft {
    fn group(
        &self,
        store: &mut Store,
        directory_id: &str,
        now: Instant,
    ) -> Result<DirectoryGroup, SeedError> {
        let id = self.id.clone().unwrap_or_else(|| store.ids.next("dirgroup"));
        check_id_is_free(&id, store.directory_groups.get(&id).is_some())?;
        let detail = json!({"id": id, "displayName": self.display_name});
        Ok(DirectoryGroup {
            id,
            directory_id: directory_id.into(),
            display_name: self.display_name.clone(),
            external: self.external,
            members: 0,
            updated_at: timestamp(self.updated_at.as_deref(), now)?,
            detail: self.group_detail.clone().unwrap_or(detail),
        })
    }
}

impl UserDraft {
    fn user(&self, store: &mut Store, directory_id: &str, now: Instant) -> Result<DirectoryUser, SeedError> {
        let id = self.id.clone().unwrap_or_else(|| store.ids.next("diruser"));
        check_id_is_free(&id, store.directory_users.get(&id).is_some())?;
        let groups = create_each("groups", &self.groups, |name| {
            store
                .directory_group_id(directory_id, name)
                .map_err(|error| SeedError::new("", error.to_string()))
        })?;
        let detail = json!({"id": id, "userName": self.email, "active": true});
        Ok(DirectoryUser {
            id,
            directory_id: directory_id.into(),
            emails: self.emails.clone().unwrap_or_else(|| vec![self.email.clone()]),
            preferred_username: self.preferred_username.clone().unwrap_or_else(|| self.email.clone()),
            email: self.email.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            groups,
            attributes: Map::new(),
            updated_at: timestamp(self.updated_at.as_deref(), now)?,
            detail: self.user_detail.clone().unwrap_or(detail),
        })
    }
}

impl Generate {
    fn create(&self, store: &mut Store, directory_id: &str, now: Instant) -> Result<(), SeedError> {
        if self.users > MAX_GENERATED || self.groups > MAX_GENERATED {
            let reason = format!("at most {MAX_GENERATED} users and groups each are allowed");
            return Err(SeedError::new("generate", reason));
        }
        let groups: Vec<String> = (0..self.groups).map(|_| store.ids.next("dirgroup")).collect();
        for (index, id) in groups.iter().enumerate() {
            let display_name = format!("Group {:05}", index + 1);
            store.directory_groups.put(DirectoryGroup {
                detail: json!({"id": id, "displayName": display_name}),
                id: id.clone(),
                directory_id: directory_id.into(),
                display_name,
                external: false,
                members: 0,
                updated_at: now,
            });
        }
        for index in 0..self.users {
            let id = store.ids.next("diruser");
            let email = format!("person-{:05}@directory.example", index + 1);
            let memberships =
                (0..self.groups_per_user.min(groups.len())).map(|offset| (index + offset) % groups.len());
            let user = DirectoryUser {
                detail: json!({"id": id, "userName": email, "active": true}),
                id,
                directory_id: directory_id.into(),
                emails: vec![email.clone()],
                preferred_username: email.clone(),
                email,
                given_name: "Person".into(),
                family_name: format!("{:05}", index + 1),
                groups: memberships.map(|group| groups[group].clone()).collect(),
                attributes: Map::new(),
                updated_at: now,
            };
            store.put_directory_user(user);
        }
        Ok(())
    }
}

fn timestamp(text: Option<&str>, now: Instant) -> Result<Instant, SeedError> {
    let Some(text) = text else { return Ok(now) };
    Instant::parse(text)
        .ok_or_else(|| SeedError::new("updated_at", format!("{text} is not a timestamp in RFC 3339 format")))
}
