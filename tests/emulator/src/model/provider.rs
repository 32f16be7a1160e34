//! Custom providers, and the connectors of accounts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog;
use crate::table::Entity;

/// A custom provider. Its table key is its identifier.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
    /// The JSON in responses.
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

/// A connection at which accounts are connected. Each provider has one, with the provider's name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Connector {
    pub(crate) name: String,
    pub(crate) connection_id: String,
    /// The provider key in accounts.
    pub(crate) provider: String,
    /// The authentication type of its accounts.
    pub(crate) kind: String,
    pub(crate) scopes: Vec<String>,
}

impl From<&catalog::Provider> for Connector {
    fn from(provider: &catalog::Provider) -> Connector {
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
