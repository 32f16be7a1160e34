//! SSO connection.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Domain, connection_config};
use crate::clock::Instant;
use crate::json::overlay;
use crate::table::{Entity, Table};

const COMPLETED: &str = "COMPLETED";

/// A connection of an organization to its identity provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) kind: String,
    pub(crate) provider: String,
    pub(crate) status: String,
    pub(crate) enabled: bool,
    key_id: String,
    /// The IDs of the organization's domains that use this connection.
    domains: Vec<String>,
    attribute_mapping: BTreeMap<String, String>,
    /// `oidc_config`, `saml_config` and so on. At most one, unless a seed sets more.
    configs: Map<String, Value>,
    test_connection_uri: String,
}

/// A connection in a seed. Type, provider and status accept any text, so that tests can use values that no SDK knows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) organization_id: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    provider: String,
    status: String,
    enabled: bool,
    key_id: Option<String>,
    pub(crate) domains: Vec<String>,
    attribute_mapping: BTreeMap<String, String>,
    oidc_config: Option<Value>,
    saml_config: Option<Value>,
    oauth_config: Option<Value>,
    passwordless_config: Option<Value>,
    static_config: Option<Value>,
    webauthn_config: Option<Value>,
    google_dwd_config: Option<Value>,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            id: None,
            organization_id: None,
            kind: "OIDC".into(),
            provider: "OKTA".into(),
            status: COMPLETED.into(),
            enabled: false,
            key_id: None,
            domains: Vec::new(),
            attribute_mapping: BTreeMap::new(),
            oidc_config: None,
            saml_config: None,
            oauth_config: None,
            passwordless_config: None,
            static_config: None,
            webauthn_config: None,
            google_dwd_config: None,
        }
    }
}

impl Connection {
    /// Creates a connection with this ID and these domains, given by their IDs.
    pub(crate) fn from_draft(
        draft: &Draft,
        id: String,
        domains: Vec<String>,
        organization_id: &str,
        environment_url: &str,
        now: Instant,
    ) -> Connection {
        let mut configs = connection_config::default_for(&draft.kind, &id, environment_url, now);
        for (name, given) in draft.configs() {
            overlay(configs.entry(name).or_insert(Value::Null), given);
        }
        Connection {
            key_id: draft.key_id.clone().unwrap_or_else(|| id.clone()),
            test_connection_uri: format!("{environment_url}/sso/v1/connections/{id}/test"),
            id,
            organization_id: organization_id.into(),
            kind: draft.kind.clone(),
            provider: draft.provider.clone(),
            status: draft.status.clone(),
            enabled: draft.enabled,
            domains,
            attribute_mapping: draft.attribute_mapping.clone(),
            configs,
        }
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.status == COMPLETED
    }

    /// Whether users can sign in with it.
    pub(crate) fn is_active(&self) -> bool {
        self.enabled && self.is_completed()
    }

    pub(crate) fn has_domain(&self, domains: &Table<Domain>, name: &str) -> bool {
        self.domains(domains).any(|domain| domain.domain == name)
    }

    /// Its domains, without those deleted from the organization.
    fn domains<'a>(&'a self, domains: &'a Table<Domain>) -> impl Iterator<Item = &'a Domain> {
        self.domains.iter().filter_map(|id| domains.get(id))
    }

    /// The JSON in `connections.get`.
    pub(crate) fn detail(&self, domains: &Table<Domain>) -> Value {
        let mut detail = json!({
            "id": self.id,
            "organization_id": self.organization_id,
            "type": self.kind,
            "provider": self.provider,
            "provider_key": self.provider_key(),
            "status": self.status,
            "enabled": self.enabled,
            "debug_enabled": false,
            "key_id": self.key_id,
            "mcp_server_url": "",
            "configuration_type": "DISCOVERY",
            "attribute_mapping": self.attribute_mapping,
            "domains": self.domains(domains).collect::<Vec<_>>(),
            "test_connection_uri": self.test_connection_uri,
        });
        for (name, config) in &self.configs {
            detail[name] = config.clone();
        }
        detail
    }

    /// The JSON in `connections.list`: with the organization's name, without the configuration.
    pub(crate) fn summary(&self, domains: &Table<Domain>, organization_name: &str) -> Value {
        json!({
            "id": self.id,
            "organization_id": self.organization_id,
            "organization_name": organization_name,
            "type": self.kind,
            "provider": self.provider,
            "provider_key": self.provider_key(),
            "status": self.status,
            "enabled": self.enabled,
            "key_id": self.key_id,
            "mcp_server_url": "",
            "domains": self.domains(domains).map(|domain| &domain.domain).collect::<Vec<_>>(),
        })
    }

    fn provider_key(&self) -> String {
        self.provider.to_ascii_lowercase()
    }
}

impl Draft {
    fn configs(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let named = [
            ("oidc_config", &self.oidc_config),
            ("saml_config", &self.saml_config),
            ("oauth_config", &self.oauth_config),
            ("passwordless_config", &self.passwordless_config),
            ("static_config", &self.static_config),
            ("webauthn_config", &self.webauthn_config),
            ("google_dwd_config", &self.google_dwd_config),
        ];
        named.into_iter().filter_map(|(name, config)| Some((name, config.as_ref()?)))
    }
}

impl Entity for Connection {
    fn id(&self) -> &str {
        &self.id
    }
}
