//! Seeding: creates objects that no published operation can create.

mod accounts;
mod clients;
mod users;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::{ControlError, SeedError, create_each};
use crate::model::{
    Attempt, AttemptDraft, AuthLog, ConnectedAccountDraft, Connection, ConnectionDraft, DirectoryDraft,
    Domain, DomainDraft, Organization, OrganizationDraft, Passkey, PasswordlessDraft, PermissionDraft,
    RoleDraft, Session, UserDraft,
};

/// The body of `POST /_emulator/seed`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    organizations: Vec<OrganizationDraft>,
    connections: Vec<ConnectionDraft>,
    connected_accounts: Vec<ConnectedAccountDraft>,
    clients: Vec<clients::Draft>,
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
        // Serde would also read an array, as the values of the fields.
        if !json.is_object() {
            return Err(SeedError::new("", "must be an object").into());
        }
        serde_path_to_error::deserialize(json).map_err(|error| {
            let path = error.path().to_string();
            SeedError::new(if path == "." { "" } else { &path }, error.into_inner().to_string()).into()
        })
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
                Err(error.into())
            }
        }
    }

    fn make(&self, env: &mut Environment) -> Result<Value, SeedError> {
        let now = env.clock.now();
        let mut connections = Vec::new();
        let organizations = create_each("organizations", &self.organizations, |draft| {
            let organization = make_organization(env, draft, now)?;
            connections.extend(make_own_connections(env, draft, &organization, now)?);
            Ok(json!(organization))
        })?;
        connections.extend(create_each("connections", &self.connections, |draft| {
            let owner = draft.organization_id.as_deref();
            let owner = owner.ok_or_else(|| SeedError::new("organization_id", "is required here"))?;
            make_connection(env, draft, owner, now)
        })?);
        let directories = create_each("directories", &self.directories, |draft| {
            check_owner(env, &draft.organization_id)?;
            draft.create(env, now)
        })?;
        let domains = create_each("domains", &self.domains, |draft| make_domain(env, draft, now))?;
        env.store.passwordless.set(&self.passwordless);
        let attempts = &self.passwordless.attempts;
        let attempts = create_each("passwordless.attempts", attempts, |draft| make_attempt(env, draft, now))?;
        let directories: Vec<_> = directories.iter().map(|own| own.json(&env.store)).collect();
        let mut made = json!({
            "organizations": organizations,
            "connections": connections,
            "directories": directories,
            "domains": domains,
            "passwordless": {"attempts": attempts},
            "clients": create_each("clients", &self.clients, |draft| draft.create(env, now))?,
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
) -> Result<Organization, SeedError> {
    let id = draft.id.clone().unwrap_or_else(|| env.ids.next("org"));
    check_id_is_free(&id, env.store.organizations.get(&id).is_some())?;
    let organization = Organization::from_draft(draft, id, now);
    env.store.check_unique(&organization)?;
    env.store.organizations.put(organization.clone());
    Ok(organization)
}

fn make_own_connections(
    env: &mut Environment,
    draft: &OrganizationDraft,
    organization: &Organization,
    now: Instant,
) -> Result<Vec<Value>, SeedError> {
    let automatic = || if env.auto_connection { vec![ConnectionDraft::default()] } else { Vec::new() };
    let drafts = draft.connections.clone().unwrap_or_else(automatic);
    create_each("connections", &drafts, |draft| make_connection(env, draft, &organization.id, now))
}

fn make_connection(
    env: &mut Environment,
    draft: &ConnectionDraft,
    owner: &str,
    now: Instant,
) -> Result<Value, SeedError> {
    check_owner(env, owner)?;
    let connection = Connection::from_draft(env, draft, owner, now);
    check_id_is_free(&connection.id, env.store.connections.get(&connection.id).is_some())?;
    let made = connection.detail(&env.store);
    env.store.connections.put(connection);
    Ok(made)
}

fn make_domain(env: &mut Environment, draft: &DomainDraft, now: Instant) -> Result<Domain, SeedError> {
    check_owner(env, &draft.organization_id)?;
    let id = draft.id.clone().unwrap_or_else(|| env.ids.next("dom"));
    check_id_is_free(&id, env.store.domains.get(&id).is_some())?;
    let domain = Domain::from_draft(draft, id, now);
    env.store.check_domain_is_free(&domain)?;
    env.store.domains.put(domain.clone());
    Ok(domain)
}

fn make_attempt(env: &mut Environment, draft: &AttemptDraft, now: Instant) -> Result<Value, SeedError> {
    let attempt = Attempt::from_draft(draft, &env.store.passwordless.settings, &mut env.ids, now);
    let taken = env.store.passwordless.attempts.get(&attempt.id).is_some();
    check_is_free("auth_request_id", &attempt.id, taken)?;
    let made = attempt.response();
    env.store.passwordless.attempts.put(attempt);
    Ok(made)
}

pub(crate) fn check_owner(env: &Environment, organization_id: &str) -> Result<(), SeedError> {
    match env.store.organizations.get(organization_id) {
        Some(_) => Ok(()),
        None => Err(SeedError::new("organization_id", format!("there is no organization {organization_id}"))),
    }
}

pub(crate) fn check_id_is_free(id: &str, taken: bool) -> Result<(), SeedError> {
    check_is_free("id", id, taken)
}

fn check_is_free(field: &str, id: &str, taken: bool) -> Result<(), SeedError> {
    if taken { Err(SeedError::id_exists(field, id)) } else { Ok(()) }
}
