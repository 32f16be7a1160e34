//! MCP configurations, where they depend on connections.

use serde_json::Value;

use super::Store;
use crate::catalog;
use crate::error::ApiError;
use crate::model::{McpConfig, ToolMapping};

impl Store {
    /// Builds a configuration. The caller checks it and saves it.
    pub(crate) fn new_mcp_config(
        &self,
        id: String,
        name: &str,
        description: &str,
        mappings: Vec<ToolMapping>,
    ) -> McpConfig {
        McpConfig {
            server_url: format!("{}/mcp/v3/configs/{id}", self.environment_url),
            id,
            name: name.into(),
            description: description.into(),
            mappings,
        }
    }

    /// The JSON of a configuration in responses.
    pub(crate) fn mcp_config_json(&self, config: &McpConfig) -> Value {
        config.detail(|name| self.connector(name))
    }

    /// Rejects a name that another configuration has.
    pub(crate) fn check_mcp_config_name(&self, name: &str) -> Result<(), ApiError> {
        if self.mcp_configs.iter().any(|own| own.name == name) {
            return Err(ApiError::already_exists("mcp_config", "name", name));
        }
        Ok(())
    }

    /// Rejects unknown connections and tools.
    pub(crate) fn check_tool_mappings(&self, mappings: &[ToolMapping]) -> Result<(), ApiError> {
        for (index, mapping) in mappings.iter().enumerate() {
            let at = format!("connection_tool_mappings[{index}]");
            let Some(connector) = self.connector(&mapping.connection_name) else {
                let field = format!("{at}.connection_name");
                return Err(ApiError::invalid_field(&field, "exists", "is not the name of a connection"));
            };
            let known =
                |name: &String| catalog::tool(name).is_some_and(|tool| tool.provider == connector.name);
            if let Some(unknown) = mapping.tools.iter().find(|name| !known(name)) {
                let why = format!("{unknown} is not a tool of this connection");
                return Err(ApiError::invalid_field(&format!("{at}.tools"), "exists", why));
            }
        }
        Ok(())
    }
}
