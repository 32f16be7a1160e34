//! Seeding: creates objects that no published operation can create.

mod accounts;
mod users;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::error::ControlError;
use crate::model::{
    Attempt, AuthLog, ConnectedAccountDraft, Connection, ConnectionDraft, DirectoryDraft, Domain,
    DomainDraft, Organization, OrganizationDraft, Passkey, PasswordlessDraft, PermissionDraft, RoleDraft,
    Session, UserDraft,
};
use crate::world::World;

/// The body of `POST /_emulator/seed`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    organizations: Vec<OrganizationDraft>,
    connections: Vec<ConnectionDraft>,
    connected_accounts: Vec<ConnectedAccountDraft>,
    sessions: Vec<Session>,
    passkeys: Vec<Passkey>,
    auth_logs: Vec<AuthLog>,
    directories: Vec<DirectoryDraft>,
    domains: Vec<DomainDraft>,
    passwordless: PasswordlessDraft,
    permissions: Vec<PermissionDraft>,
    roles: Vec<RoleDraft>,
    default_roles: users::DefaultRoles,
    users: Vec<UserDraft>,
    token_lifetime_seconds: Option<u32>,
    revoke_tokens: bool,
    auto_connection: Option<bool>,
}

impl Seed {
    pub(crate) fn parse(json: Value) -> Result<Seed, ControlError> {
        serde_json::from_value(json).map_err(|error| ControlError::new(format!("seed: {error}")))
    }

    /// Applies the whole seed, or nothing if a part of it is invalid. Returns the created objects.
    pub(crate) fn apply(self, world: &mut World) -> Result<Value, ControlError> {
        let (before, automatic) = (world.store.clone(), world.auto_connection);
        world.auto_connection = self.auto_connection.unwrap_or(automatic);
        match self.make(world) {
            Ok(made) => {
                self.apply_settings(world);
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
        let mut directories = Vec::new();
        for draft in &self.directories {
            check_owner(world, &draft.organization_id)?;
            directories.push(draft.create(world, now)?);
        }
        let domains = self.domains.iter().map(|draft| make_domain(world, draft, now));
        let domains = domains.collect::<Result<Vec<_>, _>>()?;
        let attempts = make_attempts(world, &self.passwordless, now)?;
        let directories: Vec<_> = directories.iter().map(|own| own.json(&world.store)).collect();
        let mut made = json!({
            "organizations": organizations,
            "connections": connections,
            "directories": directories,
            "domains": domains,
            "passwordless": {"attempts": attempts},
            "connected_accounts": accounts::connected_accounts(world, &self.connected_accounts, now)?,
            "sessions": accounts::sessions(world, &self.sessions, now)?,
            "passkeys": accounts::passkeys(world, &self.passkeys, now)?,
            "auth_logs": accounts::auth_logs(world, &self.auth_logs, now)?,
        });
        self.make_users(world, now, &mut made)?;
        Ok(made)
    }

    fn apply_settings(&self, world: &mut World) {
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
    check_id_is_free(&id, world.store.organizations.get(&id).is_some())?;
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
    check_owner(world, owner)?;
    let connection = Connection::from_draft(world, draft, owner, now);
    check_id_is_free(&connection.id, world.store.connections.get(&connection.id).is_some())?;
    let made = connection.detail(&world.store);
    world.store.connections.put(connection);
    Ok(made)
}

fn make_domain(world: &mut World, draft: &DomainDraft, now: Instant) -> Result<Domain, ControlError> {
    check_owner(world, &draft.organization_id)?;
    let id = draft.id.clone().unwrap_or_else(|| world.ids.next("dom"));
    check_id_is_free(&id, world.store.domains.get(&id).is_some())?;
    let domain = Domain::from_draft(draft, id, now);
    let free = world.store.check_domain_is_free(&domain);
    free.map_err(|error| ControlError::new(format!("seed: {}", error.message)))?;
    world.store.domains.put(domain.clone());
    Ok(domain)
}

fn make_attempts(
    world: &mut World,
    draft: &PasswordlessDraft,
    now: Instant,
) -> Result<Vec<Value>, ControlError> {
    world.store.passwordless.set(draft);
    let mut made = Vec::new();
    for draft in &draft.attempts {
        let attempt = Attempt::from_draft(draft, &world.store.passwordless.settings, &mut world.ids, now);
        check_id_is_free(&attempt.id, world.store.passwordless.attempts.get(&attempt.id).is_some())?;
        made.push(attempt.response());
        world.store.passwordless.attempts.put(attempt);
    }
    Ok(made)
}

fn check_owner(world: &World, organization_id: &str) -> Result<(), ControlError> {
    match world.store.organizations.get(organization_id) {
        Some(_) => Ok(()),
        None => Err(ControlError::new(format!("seed: there is no organization {organization_id}"))),
    }
}

pub(crate) fn check_id_is_free(id: &str, taken: bool) -> Result<(), ControlError> {
    if taken { Err(ControlError::new(format!("seed: {id} exists already"))) } else { Ok(()) }
}
