//! Selects the connection of a login.

use crate::environment::Environment;
use crate::login_state::{AuthorizationParameters, Denial, Prompt, Selection, denial};
use crate::model::Connection;

const PROVIDERS: &[&str] = &["google", "microsoft", "github", "gitlab", "linkedin", "salesforce"];

/// Selects the connection by the first selector in the request, in the service's order: provider, connection,
/// organization, domain, login hint.
pub(crate) fn select(env: &Environment, parameters: &AuthorizationParameters) -> Result<Selection, Denial> {
    if let Some(provider) = &parameters.provider {
        return by_provider(provider, parameters);
    }
    if let Some(id) = &parameters.connection_id {
        let connection = env.store.connections.get(id);
        let connection =
            connection.ok_or_else(|| denial("invalid_connection_id", "the connection does not exist"))?;
        return require_active(connection);
    }
    if let Some(id) = &parameters.organization_id {
        return by_organization(env, id, parameters.prompt);
    }
    if let Some(domain) = &parameters.domain {
        let connection = connection_for_domain(env, domain);
        return require_active(
            connection.ok_or_else(|| denial("domain_not_found", "no connection has this domain"))?,
        );
    }
    let hinted = parameters.login_hint.as_deref().and_then(|hint| hint.rsplit_once('@'));
    let connection = hinted.and_then(|(_, domain)| connection_for_domain(env, domain));
    match connection.filter(|connection| connection.is_active()) {
        Some(connection) => require_active(connection),
        None => Ok(hosted(env, None)),
    }
}

fn by_provider(provider: &str, parameters: &AuthorizationParameters) -> Result<Selection, Denial> {
    if !PROVIDERS.contains(&provider) {
        return Err(denial("invalid_connection_selector", "provider is not a supported social provider"));
    }
    // Social connections belong to the environment; the API does not list them.
    let connection_id = format!("conn_{provider}");
    Ok(Selection { connection_id, organization_id: parameters.organization_id.clone() })
}

/// With `prompt=select_account` the user already has a session and switches to the organization, so the organization
/// needs no connection.
fn by_organization(env: &Environment, id: &str, prompt: Option<Prompt>) -> Result<Selection, Denial> {
    if env.store.organizations.get(id).is_none() {
        return Err(denial("invalid_organization_id", "the organization does not exist"));
    }
    let connections = || env.store.connections.iter().filter(|connection| connection.organization_id == id);
    match connections().find(|connection| connection.is_active()) {
        Some(connection) => require_active(connection),
        None if prompt == Some(Prompt::SelectAccount) => Ok(hosted(env, Some(id))),
        None if connections().next().is_none() => {
            Err(denial("no_configured_connections", "the organization has no connection"))
        }
        None => Err(denial("no_active_connections", "the organization has no active connection")),
    }
}

fn require_active(connection: &Connection) -> Result<Selection, Denial> {
    if !connection.is_active() {
        return Err(denial("connection_not_active", "the connection is not active"));
    }
    let organization_id = Some(connection.organization_id.clone());
    Ok(Selection { connection_id: connection.id.clone(), organization_id })
}

/// Returns the connection of a domain, preferring an active one.
fn connection_for_domain<'a>(env: &'a Environment, domain: &str) -> Option<&'a Connection> {
    let (connections, domains) = (&env.store.connections, &env.store.domains);
    let with_domain = connections.iter().filter(|connection| connection.has_domain(domains, domain));
    with_domain.max_by_key(|connection| connection.is_active())
}

fn hosted(env: &Environment, organization_id: Option<&str>) -> Selection {
    Selection {
        connection_id: env.login.hosted_connection.clone(),
        organization_id: organization_id.map(Into::into),
    }
}
