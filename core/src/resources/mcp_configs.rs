//! MCP configurations: selections of tools that agents use through one MCP server.

use std::sync::Arc;

use crate::check::{self, Verdict};
use crate::model::{ToUpdate, requests, responses, updates};
use crate::op::{pagers, resource};
use crate::resources::connected_accounts::connector;
use crate::types::{SecretText, Timestamp};

responses! {
    /// An MCP configuration: a selection of tools that agents use through one MCP server.
    pub struct McpConfig {
        /// MCP configuration ID, such as `cfg_1234`.
        id: String,
        /// Name.
        name: String,
        /// Description.
        description: Option<String>,
        /// Connections and their tools.
        connection_tool_mappings: Vec<McpToolMapping>,
        /// URL of the MCP server. Agents authenticate to it with a session token.
        mcp_server_url: Option<String>,
    }

    /// A connection in an MCP configuration, and its tools.
    pub struct McpToolMapping {
        /// Name of the connection.
        connection_name: String,
        /// Names of the tools. If empty, all tools of the connection.
        tools: Vec<String>,
        /// Connection ID.
        connection_id: Option<String>,
        /// Provider of the connection.
        provider: Option<String>,
        /// ID of the connected account, if all users share one.
        connected_account_id: Option<String>,
        /// Status of the connected account, such as `active`.
        connected_account_status: Option<String>,
    }

    /// One page of MCP configurations.
    pub struct McpConfigPage {
        /// MCP configurations on this page.
        configs: Vec<McpConfig>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// A user's connected account for a connection of an MCP configuration.
    pub struct McpConnectedAccount {
        /// Name of the connection.
        connection_name: String,
        /// Connection ID.
        connection_id: Option<String>,
        /// Provider of the connection.
        provider: Option<String>,
        /// ID of the user's connected account, if there is one.
        connected_account_id: Option<String>,
        /// Status of the connected account, in lowercase, such as `active` or `pending_auth`.
        connected_account_status: Option<String>,
        /// URL at which the user connects the account, if requested and needed. Valid for about one minute.
        authentication_link: Option<String>,
    }

    /// A token for a user's session with the MCP server of a configuration.
    pub struct McpSessionToken {
        /// Token. The agent sends it to the server as a bearer token.
        token: Option<Arc<SecretText>>,
        /// Expiration time.
        expires_at: Option<Timestamp>,
    }
}

requests! {
    /// A new MCP configuration.
    pub struct CreateMcpConfig {
        required {
            /// Name: lowercase letters, digits, `_` and `-`. Unique among MCP configurations. 1–100 characters.
            name: String => config_name,
        }
        optional {
            /// Description.
            description: Option<String>,
            /// Connections and their tools. At most 25.
            connection_tool_mappings: Option<Vec<McpToolMappingInput>> => mappings,
        }
    }

    /// Changes to an MCP configuration. Omitted fields are unchanged. The name cannot be changed.
    pub struct UpdateMcpConfig {
        optional {
            /// Description. Cannot be cleared.
            description: Option<String> => check::filled,
            /// Connections and their tools. Replaces the existing connections. At most 25.
            connection_tool_mappings: Option<Vec<McpToolMappingInput>> => mappings,
        }
    }

    /// A connection and its tools.
    pub struct McpToolMappingInput {
        required {
            /// Name of the connection.
            connection_name: String => connector,
        }
        optional {
            /// Names of the tools. Default: all tools of the connection.
            tools: Option<Vec<String>>,
        }
    }

    /// Parameters for listing MCP configurations.
    pub struct ListMcpConfigs {
        optional {
            /// Page size, 1–30. Values outside this range are clamped.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// MCP configuration ID to filter by.
            id: Option<String>,
            /// Name to filter by.
            name: Option<String>,
            /// Provider to filter by.
            provider: Option<String>,
            /// URL of the MCP server to filter by.
            mcp_server_url: Option<String>,
            /// Text that the name or description must contain.
            search: Option<String>,
        }
    }

    /// Parameters for listing a user's connected accounts.
    pub struct ListMcpConnectedAccounts {
        required {
            /// Your own identifier for the user. 1–100 characters.
            identifier: String => check::length(1..=100),
        }
        optional {
            /// Whether to generate links for the connections that the user has not connected yet. Default: false.
            include_auth_link: Option<bool>,
        }
    }

    /// A new MCP session token.
    pub struct CreateMcpSessionToken {
        required {
            /// Your own identifier for the user. 1–255 characters.
            identifier: String => check::length(1..=255),
        }
        optional {
            /// Lifetime: a number of seconds followed by `s`, from `60s` to `86400s`. Default: one hour.
            expiry: Option<String> => session_length,
        }
    }
}

updates! {
    McpConfig => UpdateMcpConfig { description, connection_tool_mappings }
}

impl ToUpdate<Option<Vec<McpToolMappingInput>>> for Vec<McpToolMapping> {
    fn to_update_value(&self) -> Option<Vec<McpToolMappingInput>> {
        let input = |mapping: &McpToolMapping| McpToolMappingInput {
            connection_name: mapping.connection_name.clone(),
            tools: Some(mapping.tools.clone()),
        };
        Some(self.iter().map(input).collect())
    }
}

fn config_name(value: &String) -> Verdict {
    check::length(1..=100)(value)?;
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    if value.bytes().all(good) {
        return Ok(());
    }
    Err("may hold lower-case letters, digits, `_` and `-` only".into())
}

fn mappings(value: &Option<Vec<McpToolMappingInput>>) -> Verdict {
    check::at_most(25)(value)?;
    check::inner(value)
}

fn session_length(value: &Option<String>) -> Verdict {
    let Some(text) = value else { return Ok(()) };
    let seconds = text.strip_suffix('s').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let seconds = seconds.and_then(|digits| digits.parse().ok());
    if seconds.is_some_and(|seconds: u32| (60..=86_400).contains(&seconds)) {
        return Ok(());
    }
    Err("must be `60s` to `86400s`: a number of seconds with an `s`".into())
}

resource! {
    /// MCP configurations: selections of tools that agents use through one MCP server, and access to them.
    mcp_configs: McpConfigs / AsyncMcpConfigs, table MCP_CONFIGS;

    /// Lists one page of MCP configurations; `list_all` returns a pager over all pages.
    ///
    /// Results match all given filters.
    "GET /api/v1/mcp/configs"
    fn list(params: ListMcpConfigs) -> McpConfigPage where optional(params) {
        page(params, 1, 30),
        query(params.id as "filter.id", params.name as "filter.name", params.provider as "filter.provider",
            params.mcp_server_url as "filter.mcp_server_url", params.search),
    }

    /// Creates an MCP configuration and returns it with its ID and the URL of its server.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if a connection or tool does not exist.
    /// `Conflict` if another MCP configuration has this name.
    "POST /api/v1/mcp/configs" in "config"
    fn create(config: CreateMcpConfig) -> McpConfig { body(config) }

    /// Returns an MCP configuration.
    ///
    /// # Errors
    ///
    /// `NotFound` if no MCP configuration has this ID.
    "GET /api/v1/mcp/configs/{config_id}" in "config"
    fn get(config_id: &str) -> McpConfig { path(config_id) }

    /// Updates an MCP configuration and returns it. Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no MCP configuration has this ID.
    /// `InvalidRequest` if a connection or tool does not exist.
    "PUT /api/v1/mcp/configs/{config_id}" in "config"
    fn update(config_id: &str, config: UpdateMcpConfig) -> McpConfig { path(config_id), body(config) }

    /// Deletes an MCP configuration.
    ///
    /// Its server stops responding. Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no MCP configuration has this ID.
    "DELETE /api/v1/mcp/configs/{config_id}"
    fn delete(config_id: &str) -> () { path(config_id) }

    /// Lists a user's connected accounts for all connections of an MCP configuration, without pagination.
    ///
    /// On request, the result contains links for the connections that the user has not connected yet.
    ///
    /// # Errors
    ///
    /// `NotFound` if no MCP configuration has this ID.
    "POST /api/v1/mcp/configs/{config_id}/connected_accounts" in "connected_accounts"
    fn list_connected_accounts(config_id: &str, params: ListMcpConnectedAccounts) -> Vec<McpConnectedAccount> {
        path(config_id), body(params),
    }

    /// Creates a token with which an agent uses the MCP server of a configuration on behalf of a user.
    ///
    /// The tools are executed through that user's connected accounts.
    ///
    /// # Errors
    ///
    /// `NotFound` if no MCP configuration has this ID.
    "POST /api/v1/mcp/configs/{mcp_config_id}/tokens"
    fn create_session_token(config_id: &str, session: CreateMcpSessionToken) -> McpSessionToken {
        path(config_id as "mcp_config_id"), body(session),
    }
}

pagers! {
    /// Pages through MCP configurations.
    McpConfigPager / AsyncMcpConfigPager over McpConfigs / AsyncMcpConfigs.list(ListMcpConfigs)
    as list_all -> configs: McpConfig;
}
