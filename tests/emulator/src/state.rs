//! The state file: what the emulator keeps between two runs.

mod file;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use file::StateFile;

use crate::clock::Clock;
use crate::environment::Environment;
use crate::ids::Ids;
use crate::keys::Keyring;
use crate::login_state::StoredLogin;
use crate::model::SessionPolicy;
use crate::store::Store;
use crate::token::RevokedTokens;

/// Version of the format. Increased when an older emulator could not read what a newer one writes.
const VERSION: u64 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct State<'a> {
    version: u64,
    ids: Cow<'a, Ids>,
    clock: Cow<'a, Clock>,
    keys: Cow<'a, Keyring>,
    tokens: Cow<'a, RevokedTokens>,
    token_lifetime_seconds: u32,
    auto_connection: bool,
    login: StoredLogin<'a>,
    store: Cow<'a, Store>,
    /// What the JSON of an organization does not have, by ID.
    organization_limits: BTreeMap<String, OrganizationLimits>,
    /// The connections of custom providers, which their JSON does not have, by identifier.
    provider_connections: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct OrganizationLimits {
    session_policy: SessionPolicy,
    max_allowed_users: i64,
}

/// Serializes the state.
fn write(env: &Environment) -> serde_json::Result<Vec<u8>> {
    let limits = env.store.organizations.iter().map(|own| {
        let (session_policy, max_allowed_users) = (own.session_policy.clone(), own.max_allowed_users);
        (own.id.clone(), OrganizationLimits { session_policy, max_allowed_users })
    });
    let connections = env.store.custom_providers.iter();
    let connections = connections.map(|own| (own.identifier.clone(), own.connection_id.clone()));
    serde_json::to_vec(&State {
        version: VERSION,
        ids: Cow::Borrowed(&env.ids),
        clock: Cow::Borrowed(&env.clock),
        keys: Cow::Borrowed(&env.keys),
        tokens: Cow::Borrowed(&env.tokens),
        token_lifetime_seconds: env.token_lifetime_seconds,
        auto_connection: env.store.auto_connection,
        login: env.login.stored(),
        store: Cow::Borrowed(&env.store),
        organization_limits: limits.collect(),
        provider_connections: connections.collect(),
    })
}

/// Restores what [`write`] wrote. Changes nothing if the text is invalid.
fn read(text: &[u8], env: &mut Environment) -> Result<(), String> {
    let json: Value = serde_json::from_slice(text).map_err(|error| format!("not a state file: {error}"))?;
    match json["version"].as_u64() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => {
            return Err(format!(
                "a newer emulator wrote it, in version {version} of the format; this one reads version {VERSION}. \
                 Use the newer emulator, or another file."
            ));
        }
        _ => return Err("not a state file: it has no valid version".into()),
    }
    let state: State<'_> = serde_path_to_error::deserialize(json).map_err(|error| error.to_string())?;
    if !state.keys.is_valid() {
        return Err("keys: there is no signing key".into());
    }
    restore(state, env);
    Ok(())
}

fn restore(state: State<'_>, env: &mut Environment) {
    env.ids.restore(&state.ids);
    env.clock.restore(&state.clock);
    env.keys = state.keys.into_owned();
    env.tokens = state.tokens.into_owned();
    env.token_lifetime_seconds = state.token_lifetime_seconds;
    env.login.restore(state.login);
    env.store.restore(state.store.into_owned(), state.auto_connection);
    for (id, limits) in state.organization_limits {
        if let Some(organization) = env.store.organizations.get_mut(&id) {
            organization.session_policy = limits.session_policy;
            organization.max_allowed_users = limits.max_allowed_users;
        }
    }
    for (identifier, connection_id) in state.provider_connections {
        if let Some(provider) = env.store.custom_providers.get_mut(&identifier) {
            provider.connection_id = connection_id;
        }
    }
}
