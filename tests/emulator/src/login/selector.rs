//! Which connection a login goes through.

use super::parameters::{Parameters, Prompt, denial};
use super::script::Denial;
use crate::model::Connection;
use crate::world::World;

const PROVIDERS: &[&str] = &["google", "microsoft", "github", "gitlab", "linkedin", "salesforce"];

/// Where a login goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) connection_id: String,
    pub(crate) organization_id: Option<String>,
}

/// The first selector that is given decides, in the order in which the service looks at them: provider, connection,
/// organization, domain, login hint.
pub(crate) fn way(world: &World, parameters: &Parameters) -> Result<Way, Denial> {
    if let Some(provider) = &parameters.provider {
        return by_provider(provider, parameters);
    }
    if let Some(id) = &parameters.connection_id {
        let connection = world.store.connections.get(id);
        let connection =
            connection.ok_or_else(|| denial("invalid_connection_id", "there is no such connection"))?;
        return active(connection);
    }
    if let Some(id) = &parameters.organization_id {
        return by_organization(world, id, parameters.prompt);
    }
    if let Some(domain) = &parameters.domain {
        let connection = of_domain(world, domain);
        return active(
            connection.ok_or_else(|| denial("domain_not_found", "no connection has this domain"))?,
        );
    }
    let hinted = parameters.login_hint.as_deref().and_then(|hint| hint.rsplit_once('@'));
    match hinted.and_then(|(_, domain)| of_domain(world, domain)).filter(|connection| connection.is_active())
    {
        Some(connection) => active(connection),
        None => Ok(hosted(world, None)),
    }
}

fn by_provider(provider: &str, parameters: &Parameters) -> Result<Way, Denial> {
    if !PROVIDERS.contains(&provider) {
        return Err(denial("invalid_connection_selector", "provider is not one of the social providers"));
    }
    // Social connections belong to the environment, and are not among those that the operations show.
    let connection_id = format!("conn_{provider}");
    Ok(Way { connection_id, organization_id: parameters.organization_id.clone() })
}

/// Somebody who switches to another organization is logged in already, so that it needs no connection of its own.
fn by_organization(world: &World, id: &str, prompt: Option<Prompt>) -> Result<Way, Denial> {
    if world.store.organizations.get(id).is_none() {
        return Err(denial("invalid_organization_id", "there is no such organization"));
    }
    let own = || world.store.connections.iter().filter(|connection| connection.organization_id == id);
    match own().find(|connection| connection.is_active()) {
        Some(connection) => active(connection),
        None if prompt == Some(Prompt::SelectAccount) => Ok(hosted(world, Some(id))),
        None if own().next().is_none() => {
            Err(denial("no_configured_connections", "the organization has no connection"))
        }
        None => Err(denial("no_active_connections", "no connection of the organization is enabled")),
    }
}

fn active(connection: &Connection) -> Result<Way, Denial> {
    if !connection.is_active() {
        return Err(denial("connection_not_active", "the connection is not enabled"));
    }
    let organization_id = Some(connection.organization_id.clone());
    Ok(Way { connection_id: connection.id.clone(), organization_id })
}

/// An active connection before one that is not.
fn of_domain<'a>(world: &'a World, domain: &str) -> Option<&'a Connection> {
    let store = &world.store;
    let with_domain = store.connections.iter().filter(|connection| connection.has_domain(store, domain));
    with_domain.max_by_key(|connection| connection.is_active())
}

fn hosted(world: &World, organization_id: Option<&str>) -> Way {
    Way {
        connection_id: world.login.hosted_connection.clone(),
        organization_id: organization_id.map(Into::into),
    }
}
