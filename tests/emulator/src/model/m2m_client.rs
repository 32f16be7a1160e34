//! M2M client of an organization, which authenticates with OAuth client credentials.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::ids::{Ids, random_hex};
use crate::table::Entity;

const DEFAULT_EXPIRY_SECONDS: i64 = 3600;

/// Number of trailing characters of a secret that stay visible, to distinguish secrets.
const SUFFIX_LENGTH: usize = 4;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct M2mClient {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) audience: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) custom_claims: Vec<CustomClaim>,
    pub(crate) expiry_seconds: i64,
    pub(crate) secrets: Vec<ClientSecret>,
    create_time: Instant,
    pub(crate) update_time: Instant,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomClaim {
    key: String,
    value: String,
}

/// The stored part of a secret. Like the service, without its text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ClientSecret {
    pub(crate) id: String,
    suffix: String,
    digest: Vec<u8>,
    create_time: Instant,
    last_used_time: Option<Instant>,
}

impl M2mClient {
    /// Minimum length of a secret in a seed. A shorter one would be visible as a whole in its suffix.
    pub(crate) const MIN_SECRET_LENGTH: usize = 8;

    pub(crate) fn new(id: String, organization_id: &str, now: Instant) -> M2mClient {
        M2mClient {
            id,
            organization_id: organization_id.into(),
            name: String::new(),
            description: String::new(),
            audience: Vec::new(),
            scopes: Vec::new(),
            custom_claims: Vec::new(),
            expiry_seconds: DEFAULT_EXPIRY_SECONDS,
            secrets: Vec::new(),
            create_time: now,
            update_time: now,
        }
    }

    /// Adds a secret and returns it with its text, which is not available later.
    pub(crate) fn add_secret(&mut self, ids: &Ids, now: Instant) -> (ClientSecret, String) {
        let plain = format!("test_{}", random_hex::<24>());
        (self.set_secret(ids, &plain, now), plain)
    }

    /// Adds a secret with a text of at least [`MIN_SECRET_LENGTH`](Self::MIN_SECRET_LENGTH) bytes.
    pub(crate) fn set_secret(&mut self, ids: &Ids, plain: &str, now: Instant) -> ClientSecret {
        let last = plain.char_indices().rev().nth(SUFFIX_LENGTH - 1).map_or(0, |(index, _)| index);
        let secret = ClientSecret {
            id: ids.next("sks"),
            suffix: plain[last..].into(),
            digest: digest_of(plain),
            create_time: now,
            last_used_time: None,
        };
        self.secrets.push(secret.clone());
        secret
    }

    /// Whether `plain` is the text of a secret of the client. Records the use of that secret.
    pub(crate) fn authenticate(&mut self, plain: &str, now: Instant) -> bool {
        let digest = digest_of(plain);
        let secret = self.secrets.iter_mut().find(|secret| secret.digest == digest);
        secret.map(|secret| secret.last_used_time = Some(now)).is_some()
    }

    /// The custom claims, as in its tokens.
    pub(crate) fn claims(&self) -> BTreeMap<&str, &str> {
        self.custom_claims.iter().map(|claim| (claim.key.as_str(), claim.value.as_str())).collect()
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "client_id": self.id,
            "organization_id": self.organization_id,
            "name": self.name,
            "description": self.description,
            "audience": self.audience,
            "scopes": self.scopes,
            "custom_claims": self.custom_claims,
            // The JSON mapping of protocol buffers serializes 64-bit integers as text.
            "expiry": self.expiry_seconds.to_string(),
            "secrets": self.secrets.iter().map(ClientSecret::json).collect::<Vec<_>>(),
            "redirect_uris": [],
            "resource_id": "",
            "is_dcr": false,
            "is_cimd": false,
            "metadata_uri": "",
            "create_time": self.create_time,
            "update_time": self.update_time,
        })
    }
}

impl ClientSecret {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "secret_suffix": self.suffix,
            "plain_secret": "",
            "status": "ACTIVE",
            "created_by": "",
            "create_time": self.create_time,
            "update_time": self.create_time,
            "expire_time": null,
            "last_used_time": self.last_used_time,
        })
    }
}

fn digest_of(plain: &str) -> Vec<u8> {
    digest(&SHA256, plain.as_bytes()).as_ref().into()
}

impl Entity for M2mClient {
    fn id(&self) -> &str {
        &self.id
    }
}
