//! MCP configuration.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Connector;
use crate::table::Entity;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct McpConfig {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) mappings: Vec<ToolMapping>,
    pub(crate) server_url: String,
}

/// The tools of one connection. All of them if `tools` is empty.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ToolMapping {
    pub(crate) connection_name: String,
    #[serde(default)]
    pub(crate) tools: Vec<String>,
}

impl McpConfig {
    /// The JSON in responses. `connector` finds a connection by its name.
    pub(crate) fn detail(&self, connector: impl Fn(&str) -> Option<Connector>) -> Value {
        let mapping = |mapping: &ToolMapping| {
            let connector = connector(&mapping.connection_name);
            let (connection_id, provider) =
                connector.map(|own| (own.connection_id, own.provider)).unwrap_or_default();
            json!({
                "connection_name": mapping.connection_name,
                "connection_id": connection_id,
                "provider": provider,
                "tools": mapping.tools,
            })
        };
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "connection_tool_mappings": self.mappings.iter().map(mapping).collect::<Vec<_>>(),
            "mcp_server_url": self.server_url,
        })
    }
}

impl Entity for McpConfig {
    fn id(&self) -> &str {
        &self.id
    }
}
