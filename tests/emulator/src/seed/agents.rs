//! Seeding of MCP configurations.

use serde::Deserialize;
use serde_json::Value;

use super::check_id_is_free;
use crate::error::SeedError;
use crate::model::ToolMapping;
use crate::store::Store;

/// An MCP configuration in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct McpConfigDraft {
    id: Option<String>,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    connection_tool_mappings: Vec<MappingDraft>,
}

/// The tools of one connection. All of them if `tools` is empty.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingDraft {
    connection_name: String,
    #[serde(default)]
    tools: Vec<String>,
}

impl McpConfigDraft {
    pub(super) fn create(&self, store: &mut Store) -> Result<Value, SeedError> {
        let id = self.id.clone().unwrap_or_else(|| store.ids.next("cfg"));
        check_id_is_free(&id, store.mcp_configs.get(&id).is_some())?;
        store.check_mcp_config_name(&self.name)?;
        let mappings = self.connection_tool_mappings.iter().map(MappingDraft::mapping).collect::<Vec<_>>();
        store.check_tool_mappings(&mappings)?;
        let config = store.new_mcp_config(id, &self.name, &self.description, mappings);
        let made = store.mcp_config_json(&config);
        store.mcp_configs.put(config);
        Ok(made)
    }
}

impl MappingDraft {
    fn mapping(&self) -> ToolMapping {
        ToolMapping { connection_name: self.connection_name.clone(), tools: self.tools.clone() }
    }
}
