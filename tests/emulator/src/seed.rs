//! Seeding: creates objects that no published operation can create.

mod accounts;
mod users;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ControlError;
use crate::model::{
    Attempt, AuthLog, ConnectedAccountDraft, Connection, ConnectionDraft, DirectoryDraft, Domain,
    DomainDraft, Organization, OrganizationDraft, Passkey, PasswordlessDraft, PermissionDraft, RoleDraft,
    Session, UserDraft,
};

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
    pub(crate) fn apply(self, env: &mut Environment) -> Result<Value, ControlError> {
        let (before, automatic) = (env.store.clone(), env.auto_connection);
        env.auto_connection = self.auto_connection.unwrap_or(automatic);
        match self.make(env) {
            Ok(made) => {
                self.apply_settings(env);
                Ok(made)
            }
            Err(error) => {
                env.store = before;
                env.auto_connection = automatic;
                Err(error)
            }
        }
    }

    fn make(&self, env: &mut Environment) -> Result<Value, ControlError> {
        let now = env.clock.now();
        let (mut organizations, mut connections) = (Vec::new(), Vec::new());
        for draft in &self.organizations {
            let organization = make_organization(env, draft, now)?;
            connections.extend(make_own_connections(env, draft, &organization, now)?);
            organizations.push(json!(organization));
        }
        for draft in &self.connections {
            let owner = draft.organization_id.as_deref();
            let owner =
                owner.ok_or_else(|| ControlError::new("seed: a connection needs an organization_id"))?;
            connections.push(make_connection(env, draft, owner, now)?);
        }
        let mut directories = Vec::new();
        for draft in &self.directories {
            check_owner(env, &draft.organization_id)?;
            directories.push(draft.create(env, now)?);
        }
        let domains = self.domains.iter().map(|draft| make_domain(env, draft, now));
        let domains = domains.collect::<Result<Vec<_>, _>>()?;
        let attempts = make_attempts(env, &self.passwordless, now)?;
        let directories: Vec<_> = directories.iter().map(|own| own.json(&env.store)).collect();
        let mut made = json!({
            "organizations": organizations,
            "connections": connections,
            "directories": directories,
            "domains": domains,
            "passwordless": {"attempts": attempts},
            "connected_accounts": accounts::connected_accounts(env, &self.connected_accounts, now)?,
            "sessions": accounts::sessions(env, &self.sessions, now)?,
            "passkeys": accounts::passkeys(env, &self.passkeys, now)?,
            "auth_logs": accounts::auth_logs(env, &self.auth_logs, now)?,
        });
        self.make_users(env, now, &mut made)?;
        Ok(made)
    }

    fn apply_settings(&self, env: &mut Environment) {
        if let Some(seconds) = self.token_lifetime_seconds {
            env.token_lifetime_seconds = seconds;
        }
        if self.revoke_tokens {
            env.revoke_tokens();
        }
    }
}

fn make_organization(
    env: &mut Environment,
    draft: &OrganizationDraft,
    now: Instant,
) -> Result<Organization, ControlError> {
    let id = draft.id.clone().unwrap_or_else(|| env.ids.next("org"));
    check_id_is_free(&id, env.store.organizations.get(&id).is_some())?;
    let organization = Organization::from_draft(draft, id, now);
    env.store
        .check_unique(&organization)
        .map_err(|error| ControlError::new(format!("seed: {}", error.message)))?;
    env.store.organizations.put(organization.clone());
    Ok(organization)
}

fn make_own_connections(
    env: &mut Environment,
    draft: &OrganizationDraft,
    organization: &Organization,
    now: Instant,
) -> Result<Vec<Value>, ControlError> {
    let automatic = || if env.auto_connection { vec![ConnectionDraft::default()] } else { Vec::new() };
    let drafts = draft.connections.clone().unwrap_or_else(automatic);
    drafts.iter().map(|draft| make_connection(env, draft, &organization.id, now)).collect()
}

fn make_connection(
    env: &mut Environment,
    draft: &ConnectionDraft,
    owner: &str,
    now: Instant,
) -> Result<Value, ControlError> {
    check_owner(env, owner)?;
    let connection = Connection::from_draft(env, draft, owner, now);
    check_id_is_free(&connection.id, env.store.connections.get(&connection.id).is_some())?;
    let made = connection.detail(&env.store);
    env.store.connections.put(connection);
    Ok(made)
}

fn make_domain(env: &mut Environment, draft: &DomainDraft, now: Instant) -> Result<Domain, ControlError> {
    check_owner(env, &draft.organization_id)?;
    let id = draft.id.clone().unwrap_or_else(|| env.ids.next("dom"));
    check_id_is_free(&id, env.store.domains.get(&id).is_some())?;
    let domain = Domain::from_draft(draft, id, now);
    let free = env.store.check_domain_is_free(&domain);
    free.map_err(|error| ControlError::new(format!("seed: {}", error.message)))?;
    env.store.domains.put(domain.clone());
    Ok(domain)
}

fn make_attempts(
    env: &mut Environment,
    draft: &PasswordlessDraft,
    now: Instant,
) -> Result<Vec<Value>, ControlError> {
    env.store.passwordless.set(draft);
    let mut made = Vec::new();
    for draft in &draft.attempts {
        let attempt = Attempt::from_draft(draft, &env.store.passwordless.settings, &mut env.ids, now);
        check_id_is_free(&attempt.id, env.store.passwordless.attempts.get(&attempt.id).is_some())?;
        made.push(attempt.response());
        env.store.passwordless.attempts.put(attempt);
    }
    Ok(made)
}

fn check_owner(env: &Environment, organization_id: &str) -> Result<(), ControlError> {
    match env.store.organizations.get(organization_id) {
        Some(_) => Ok(()),
        None => Err(ControlError::new(format!("seed: there is no organization {organization_id}"))),
    }
}

pub(crate) fn check_id_is_free(id: &str, taken: bool) -> Result<(), ControlError> {
    if taken { Err(ControlError::new(format!("seed: {id} exists already"))) } else { Ok(()) }
}
