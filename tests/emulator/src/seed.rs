//! Puts objects into the store that no published operation can make.

mod people;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::error::ControlError;
use crate::model::{Connection, ConnectionDraft, Organization, OrganizationDraft};
use crate::model::{PermissionDraft, RoleDraft, UserDraft};
use crate::world::World;

/// What `POST /_emulator/seed` accepts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    organizations: Vec<OrganizationDraft>,
    connections: Vec<ConnectionDraft>,
    permissions: Vec<PermissionDraft>,
    roles: Vec<RoleDraft>,
    default_roles: people::DefaultRoles,
    users: Vec<UserDraft>,
    token_lifetime_seconds: Option<u32>,
    revoke_tokens: bool,
    auto_connection: Option<bool>,
}

impl Seed {
    pub(crate) fn parse(json: Value) -> Result<Seed, ControlError> {
        serde_json::from_value(json).map_err(|error| ControlError::new(format!("seed: {error}")))
    }

    /// Applies all of the seed, or nothing when a part of it is refused. Answers with what was made.
    pub(crate) fn apply(self, world: &mut World) -> Result<Value, ControlError> {
        let (before, automatic) = (world.store.clone(), world.auto_connection);
        world.auto_connection = self.auto_connection.unwrap_or(automatic);
        match self.make(world) {
            Ok(made) => {
                self.switch(world);
                Ok(made)
            }
            Err(error) => {
                world.store = before;
                world.auto_connection = automatic;
                Err(error)
            }
        }
    }

    fn make(&self, world: &mut World) -> Result<Value, ControlError> {
        let now = world.clock.now();
        let (mut organizations, mut connections) = (Vec::new(), Vec::new());
        for draft in &self.organizations {
            let organization = make_organization(world, draft, now)?;
            connections.extend(make_own_connections(world, draft, &organization, now)?);
            organizations.push(json!(organization));
        }
        for draft in &self.connections {
            let owner = draft.organization_id.as_deref();
            let owner =
                owner.ok_or_else(|| ControlError::new("seed: a connection needs an organization_id"))?;
            connections.push(make_connection(world, draft, owner, now)?);
        }
        let mut made = json!({"organizations": organizations, "connections": connections});
        self.make_people(world, now, &mut made)?;
        Ok(made)
    }

    fn switch(&self, world: &mut World) {
        if let Some(seconds) = self.token_lifetime_seconds {
            world.token_lifetime_seconds = seconds;
        }
        if self.revoke_tokens {
            world.tokens.revoke_all();
        }
    }
}

fn make_organization(
    world: &mut World,
    draft: &OrganizationDraft,
    now: Instant,
) -> Result<Organization, ControlError> {
    let id = draft.id.clone().unwrap_or_else(|| world.ids.next("org"));
    refuse_taken(&id, world.store.organizations.get(&id).is_some())?;
    let organization = Organization::from_draft(draft, id, now);
    world
        .store
        .check_unique(&organization)
        .map_err(|error| ControlError::new(format!("seed: {}", error.message)))?;
    world.store.organizations.put(organization.clone());
    Ok(organization)
}

fn make_own_connections(
    world: &mut World,
    draft: &OrganizationDraft,
    organization: &Organization,
    now: Instant,
) -> Result<Vec<Value>, ControlError> {
    let automatic = || if world.auto_connection { vec![ConnectionDraft::default()] } else { Vec::new() };
    let drafts = draft.connections.clone().unwrap_or_else(automatic);
    drafts.iter().map(|draft| make_connection(world, draft, &organization.id, now)).collect()
}

fn make_connection(
    world: &mut World,
    draft: &ConnectionDraft,
    owner: &str,
    now: Instant,
) -> Result<Value, ControlError> {
    if world.store.organizations.get(owner).is_none() {
        return Err(ControlError::new(format!("seed: there is no organization {owner}")));
    }
    let connection = Connection::from_draft(world, draft, owner, now);
    refuse_taken(&connection.id, world.store.connections.get(&connection.id).is_some())?;
    let made = connection.detail();
    world.store.connections.put(connection);
    Ok(made)
}

fn refuse_taken(id: &str, taken: bool) -> Result<(), ControlError> {
    if taken { Err(ControlError::new(format!("seed: {id} exists already"))) } else { Ok(()) }
}
