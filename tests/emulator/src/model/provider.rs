//! A provider of the environment's own, and what accounts are connected to.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::catalogue;
use crate::table::Entity;

/// A provider that the environment has made known. It is stored under its identifier.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct CustomProvider {
    #[serde(rename = "id")]
    pub(crate) provider_id: String,
    pub(crate) identifier: String,
    #[serde(skip)]
    pub(crate) connection_id: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) icon_src: String,
    pub(crate) auth_patterns: Vec<Value>,
    pub(crate) proxy_enabled: bool,
    pub(crate) proxy_url: String,
    pub(crate) metadata: BTreeMap<String, String>,
}

impl CustomProvider {
    /// As the service writes it.
    pub(crate) fn detail(&self) -> Value {
        let mut detail = json!(self);
        detail["categories"] = json!([]);
        detail["coming_soon"] = false.into();
        detail["display_priority"] = 0.into();
        detail["is_custom"] = true.into();
        detail["is_custom_mcp"] = false.into();
        detail
    }
}

impl Entity for CustomProvider {
    fn id(&self) -> &str {
        &self.identifier
    }
}

/// A connection of the environment at which people have accounts. Each provider has one, with the provider's name.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    pub(crate) name: String,
    pub(crate) connection_id: String,
    /// The provider, as accounts name it.
    pub(crate) provider: String,
    /// How accounts authenticate there.
    pub(crate) kind: String,
    pub(crate) scopes: Vec<String>,
}

impl From<&catalogue::Provider> for Connector {
    fn from(provider: &catalogue::Provider) -> Connector {
        Connector {
            name: provider.name.into(),
            connection_id: provider.connection_id.into(),
            provider: provider.key(),
            kind: provider.kind.into(),
            scopes: provider.scopes.iter().map(|scope| (*scope).into()).collect(),
        }
    }
}

impl From<&CustomProvider> for Connector {
    fn from(provider: &CustomProvider) -> Connector {
        let kind = provider.auth_patterns.first().and_then(|pattern| pattern["type"].as_str());
        Connector {
            name: provider.identifier.clone(),
            connection_id: provider.connection_id.clone(),
            provider: provider.identifier.clone(),
            kind: kind.unwrap_or("API_KEY").into(),
            scopes: Vec::new(),
        }
    }
}
