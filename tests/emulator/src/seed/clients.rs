//! Seeding of M2M clients of organizations.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{check_id_is_free, check_owner};
use crate::clock::Instant;
use crate::error::SeedError;
use crate::model::{CustomClaim, M2mClient};
use crate::store::Store;

/// An M2M client in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    id: Option<String>,
    organization_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    audience: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    custom_claims: Vec<CustomClaim>,
    /// Lifetime of its tokens, in seconds.
    expiry: Option<u32>,
    /// The texts of its secrets. Default: one generated secret.
    secrets: Option<Vec<String>>,
}

impl Draft {
    /// Returns the client, with the texts of its secrets as `plain_secrets`.
    pub(super) fn create(&self, store: &mut Store, now: Instant) -> Result<Value, SeedError> {
        check_owner(store, &self.organization_id)?;
        let id = self.id.clone().unwrap_or_else(|| store.ids.next("m2morg"));
        check_id_is_free(&id, store.clients.get(&id).is_some())?;
        let mut client = M2mClient::new(id, &self.organization_id, now);
        client.name.clone_from(&self.name);
        client.description.clone_from(&self.description);
        client.audience.clone_from(&self.audience);
        client.scopes.clone_from(&self.scopes);
        client.custom_claims.clone_from(&self.custom_claims);
        client.expiry_seconds = self.expiry.map_or(client.expiry_seconds, i64::from);
        let plain_secrets = self.add_secrets(store, &mut client, now)?;
        let mut made = client.json();
        made["plain_secrets"] = json!(plain_secrets);
        store.clients.put(client);
        Ok(made)
    }

    fn add_secrets(
        &self,
        store: &mut Store,
        client: &mut M2mClient,
        now: Instant,
    ) -> Result<Vec<String>, SeedError> {
        let Some(secrets) = &self.secrets else { return Ok(vec![client.add_secret(&store.ids, now).1]) };
        if secrets.is_empty() || secrets.iter().any(|secret| secret.len() < M2mClient::MIN_SECRET_LENGTH) {
            let reason =
                format!("a client needs a secret, of at least {} bytes each", M2mClient::MIN_SECRET_LENGTH);
            return Err(SeedError::new("secrets", reason));
        }
        for plain in secrets {
            client.set_secret(&store.ids, plain, now);
        }
        Ok(secrets.clone())
    }
}
