//! Seeding: creates objects that no published operation can create.

mod accounts;
mod agents;
mod clients;
mod directories;
mod generate;
mod users;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::{ControlError, SeedError, create_each};
use crate::login_state::{Login, ScriptDraft};
use crate::model::{
    Attempt, AttemptDraft, AuthLog, ConnectedAccountDraft, ConnectionDraft, Domain, DomainDraft,
    Organization, OrganizationDraft, Passkey, PasswordlessDraft, PermissionDraft, RoleDraft, Session,
    UserDraft,
};
use crate::store::Store;

/// Enough for any test, and fast enough to generate.
const MAX_GENERATED: usize = 100_000;

/// The body of `POST /_emulator/seed`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Seed {
    organizations: Vec<OrganizationDraft>,
    connections: Vec<ConnectionDraft>,
    connected_accounts: Vec<ConnectedAccountDraft>,
    mcp_configs: Vec<agents::McpConfigDraft>,
    clients: Vec<clients::Draft>,
    sessions: Vec<Session>,
    passkeys: Vec<Passkey>,
    auth_logs: Vec<AuthLog>,
    directories: Vec<directories::Draft>,
    domains: Vec<DomainDraft>,
    passwordless: PasswordlessDraft,
    permissions: Vec<PermissionDraft>,
    roles: Vec<RoleDraft>,
    default_roles: users::DefaultRoles,
    users: Vec<UserDraft>,
    generate: generate::Generate,
    idp_script: Vec<ScriptDraft>,
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
        let (before, script) = (env.store.clone(), env.login.script.clone());
        env.store.auto_connection = self.auto_connection.unwrap_or(env.store.auto_connection);
        let made = self.make(&mut env.store, env.clock.now());
        match made.and_then(|made| self.add_script(&mut env.login).map(|()| made)) {
            Ok(made) => {
                self.apply_settings(env);
                Ok(made)
            }
            Err(error) => {
                (env.store, env.login.script) = (before, script);
                Err(error.into())
            }
        }
    }

    fn make(&self, store: &mut Store, now: Instant) -> Result<Value, SeedError> {
        let mut connections = Vec::new();
        let organizations = create_each("organizations", &self.organizations, |draft| {
            let organization = make_organization(store, draft, now)?;
            connections.extend(make_own_connections(store, draft, &organization, now)?);
            Ok(json!(organization))
        })?;
        connections.extend(create_each("connections", &self.connections, |draft| {
            let owner = draft.organization_id.as_deref();
            let owner = owner.ok_or_else(|| SeedError::new("organization_id", "is required here"))?;
            make_connection(store, draft, owner, now)
        })?);
        let directories = create_each("directories", &self.directories, |draft| {
            check_owner(store, &draft.organization_id)?;
            draft.create(store, now)
        })?;
        let domains = create_each("domains", &self.domains, |draft| make_domain(store, draft, now))?;
        store.passwordless.set(&self.passwordless);
        let attempts = &self.passwordless.attempts;
        let attempts =
            create_each("passwordless.attempts", attempts, |draft| make_attempt(store, draft, now))?;
        let directories: Vec<_> = directories.iter().map(|own| store.directory_json(own)).collect();
        let mut made = json!({
            "organizations": organizations,
            "connections": connections,
            "directories": directories,
            "domains": domains,
            "passwordless": {"attempts": attempts},
            "clients": create_each("clients", &self.clients, |draft| draft.create(store, now))?,
            "mcp_configs": create_each("mcp_configs", &self.mcp_configs, |draft| draft.create(store))?,
            "connected_accounts": accounts::connected_accounts(store, &self.connected_accounts, now)?,
            "sessions": accounts::sessions(store, &self.sessions, now)?,
            "passkeys": accounts::passkeys(store, &self.passkeys, now)?,
            "auth_logs": accounts::auth_logs(store, &self.auth_logs, now)?,
        });
        self.make_users(store, now, &mut made)?;
        self.generate.create(store, now).map_err(|error| error.within("generate"))?;
        Ok(made)
    }

    /// Adds scripted decisions behind those that are pending.
    fn add_script(&self, login: &mut Login) -> Result<(), SeedError> {
        create_each("idp_script", &self.idp_script, |draft| {
            login.script.add(draft.clone()).map_err(|error| SeedError::new("", error.to_string()))
        })?;
        Ok(())
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
    store: &mut Store,
    draft: &OrganizationDraft,
    now: Instant,
) -> Result<Organization, SeedError> {
    let id = draft.id.clone().unwrap_or_else(|| store.ids.next("org"));
    check_id_is_free(&id, store.organizations.get(&id).is_some())?;
    let organization = Organization::from_draft(draft, id, now);
    store.check_unique(&organization)?;
    store.organizations.put(organization.clone());
    Ok(organization)
}

fn make_own_connections(
    store: &mut Store,
    draft: &OrganizationDraft,
    organization: &Organization,
    now: Instant,
) -> Result<Vec<Value>, SeedError> {
    let automatic = || if store.auto_connection { vec![ConnectionDraft::default()] } else { Vec::new() };
    let drafts = draft.connections.clone().unwrap_or_else(automatic);
    create_each("connections", &drafts, |draft| make_connection(store, draft, &organization.id, now))
}

fn make_connection(
    store: &mut Store,
    draft: &ConnectionDraft,
    owner: &str,
    now: Instant,
) -> Result<Value, SeedError> {
    check_owner(store, owner)?;
    let connection = store.new_connection(draft, owner, now);
    check_id_is_free(&connection.id, store.connections.get(&connection.id).is_some())?;
    let made = connection.detail(&store.domains);
    store.connections.put(connection);
    Ok(made)
}

fn make_domain(store: &mut Store, draft: &DomainDraft, now: Instant) -> Result<Domain, SeedError> {
    check_owner(store, &draft.organization_id)?;
    let id = draft.id.clone().unwrap_or_else(|| store.ids.next("dom"));
    check_id_is_free(&id, store.domains.get(&id).is_some())?;
    let domain = Domain::from_draft(draft, id, now);
    store.check_domain_is_free(&domain)?;
    store.domains.put(domain.clone());
    Ok(domain)
}

fn make_attempt(store: &mut Store, draft: &AttemptDraft, now: Instant) -> Result<Value, SeedError> {
    let attempt = Attempt::from_draft(draft, &store.passwordless.settings, &store.ids, now);
    let taken = store.passwordless.attempts.get(&attempt.id).is_some();
    check_is_free("auth_request_id", &attempt.id, taken)?;
    let made = attempt.response();
    store.passwordless.attempts.put(attempt);
    Ok(made)
}

pub(crate) fn check_owner(store: &Store, organization_id: &str) -> Result<(), SeedError> {
    match store.organizations.get(organization_id) {
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
