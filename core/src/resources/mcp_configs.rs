//! MCP configurations: which tools an agent sees as one MCP server.

use std::sync::Arc;

use crate::check::{self, Verdict};
use crate::model::{Kept, answers, requests, write_back};
use crate::op::{pager, resource};
use crate::resources::connected_accounts::connector;
use crate::types::{SecretText, Timestamp};

answers! {
    /// An MCP configuration: a choice of tools that agents reach as one MCP server.
    pub struct McpConfig {
        /// The id, such as `cfg_1234`.
        id: String,
        /// Its name.
        name: String,
        /// What it is for.
        description: Option<String>,
        /// Its connections, with the tools of each.
        connection_tool_mappings: Vec<McpToolMapping>,
        /// The URL of its MCP server; agents come there with a session token.
        mcp_server_url: Option<String>,
    }

    /// The tools of one connection in an MCP configuration.
    pub struct McpToolMapping {
        /// The connection's name.
        connection_name: String,
        /// The names of its tools; all of them when none is named.
        tools: Vec<String>,
        /// The connection's id.
        connection_id: Option<String>,
        /// The provider behind it.
        provider: Option<String>,
        /// The connected account that is used, where there is one for all.
        connected_account_id: Option<String>,
        /// Whether that account can be used, such as `active`.
        connected_account_status: Option<String>,
    }

    /// One page of MCP configurations.
    pub struct McpConfigPage {
        /// The configurations of this page.
        configs: Vec<McpConfig>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// How a person stands with one connection of an MCP configuration.
    pub struct McpConnectedAccount {
        /// The connection's name.
        connection_name: String,
        /// The connection's id.
        connection_id: Option<String>,
        /// The provider behind it.
        provider: Option<String>,
        /// The person's connected account, if there is one.
        connected_account_id: Option<String>,
        /// Whether it can be used: the account's status in lower case, such as `active` or `pending_auth`.
        connected_account_status: Option<String>,
        /// Where the person connects it, if that was asked for and is needed. It is good for about a minute.
        authentication_link: Option<String>,
    }

    /// A token for one person's session with the MCP server of a configuration.
    pub struct McpSessionToken {
        /// The token, which the agent sends to the server as its bearer.
        token: Option<Arc<SecretText>>,
        /// When it runs out.
        expires_at: Option<Timestamp>,
    }
}

requests! {
    /// A new MCP configuration.
    pub struct CreateMcpConfig {
        required {
            /// Its name: 1 to 100 lower-case letters, digits, `_` and `-`; no two share one.
            name: String => config_name,
        }
        optional {
            /// What it is for.
            description: Option<String>,
            /// Its connections, with the tools of each; at most 25.
            connection_tool_mappings: Option<Vec<McpToolMappingInput>> => mappings,
        }
    }

    /// Changes to an MCP configuration. What is left out stays as it is; the name can not be changed.
    pub struct UpdateMcpConfig {
        optional {
            /// What it is for. It cannot be cleared.
            description: Option<String> => check::filled,
            /// Its connections, with the tools of each, in place of the old ones; at most 25.
            connection_tool_mappings: Option<Vec<McpToolMappingInput>> => mappings,
        }
    }

    /// The tools of one connection.
    pub struct McpToolMappingInput {
        required {
            /// The connection's name.
            connection_name: String => connector,
        }
        optional {
            /// The names of its tools. Default: all of them.
            tools: Option<Vec<String>>,
        }
    }

    /// Which MCP configurations to list.
    pub struct ListMcpConfigs {
        optional {
            /// How many on a page, 1 to 30; other numbers are moved into that range.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// The one with this id.
            id: Option<String>,
            /// The one with this name.
            name: Option<String>,
            /// Those with a connection of this provider.
            provider: Option<String>,
            /// The one whose server has this URL.
            mcp_server_url: Option<String>,
            /// Those that hold this text in their name or description.
            search: Option<String>,
        }
    }

    /// Whose connected accounts to look at.
    pub struct ListMcpConnectedAccounts {
        required {
            /// Your own name for the person, 1 to 100 characters.
            identifier: String => check::length(1..=100),
        }
        optional {
            /// Whether links are made for the connections that the person has yet to connect. Default: no.
            include_auth_link: Option<bool>,
        }
    }

    /// For whom a token is made, and for how long.
    pub struct CreateMcpSessionToken {
        required {
            /// Your own name for the person, 1 to 255 characters.
            identifier: String => check::length(1..=255),
        }
        optional {
            /// How long it is good: a number of seconds with an `s`, `60s` to `86400s`. Default: an hour.
            expiry: Option<String> => session_length,
        }
    }
}

write_back! {
    McpConfig => UpdateMcpConfig { description, connection_tool_mappings }
}

impl Kept<Option<Vec<McpToolMappingInput>>> for Vec<McpToolMapping> {
    fn kept(&self) -> Option<Vec<McpToolMappingInput>> {
        let input = |own: &McpToolMapping| McpToolMappingInput {
            connection_name: own.connection_name.clone(),
            tools: Some(own.tools.clone()),
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
    /// MCP configurations: which tools an agent sees as one MCP server, and who may use them.
    mcp_configs: McpConfigs / AsyncMcpConfigs, table MCP_CONFIGS;

    /// One page of MCP configurations. Filters that are given must all fit.
    "GET /api/v1/mcp/configs"
    fn list(params: ListMcpConfigs) -> McpConfigPage where optional(params) {
        page(params, 1, 30),
        query(params.id as "filter.id", params.name as "filter.name", params.provider as "filter.provider",
            params.mcp_server_url as "filter.mcp_server_url", params.search),
    }

    /// Creates an MCP configuration, and gives it back with its id and the URL of its server.
    ///
    /// Fails with `InvalidRequest` when it names a connection or a tool that does not exist, with `Conflict` when
    /// another one has the same name.
    "POST /api/v1/mcp/configs" in "config"
    fn create(config: CreateMcpConfig) -> McpConfig { body(config) }

    /// One MCP configuration, by its id. Fails with `NotFound` when there is none.
    "GET /api/v1/mcp/configs/{config_id}" in "config"
    fn get(config_id: &str) -> McpConfig { path(config_id) }

    /// Changes an MCP configuration, and gives it back as it is then. What is left out stays as it is.
    ///
    /// Fails with `NotFound` when there is none, with `InvalidRequest` when it names a connection or a tool that does
    /// not exist.
    "PUT /api/v1/mcp/configs/{config_id}" in "config"
    fn update(config_id: &str, config: UpdateMcpConfig) -> McpConfig { path(config_id), body(config) }

    /// Deletes an MCP configuration; its server answers no more. There is no way back. Fails with `NotFound` when
    /// there is none.
    "DELETE /api/v1/mcp/configs/{config_id}"
    fn delete(config_id: &str) -> () { path(config_id) }

    /// How a person stands with each connection of an MCP configuration, all in one answer; on request with links for
    /// those that the person has yet to connect. Fails with `NotFound` when there is no such configuration.
    "POST /api/v1/mcp/configs/{config_id}/connected_accounts" in "connected_accounts"
    fn list_connected_accounts(config_id: &str, params: ListMcpConnectedAccounts) -> Vec<McpConnectedAccount> {
        path(config_id), body(params),
    }

    /// Makes a token with which an agent uses the MCP server of a configuration on behalf of one person, through that
    /// person's connected accounts. Fails with `NotFound` when there is no such configuration.
    "POST /api/v1/mcp/configs/{mcp_config_id}/tokens"
    fn create_session_token(config_id: &str, session: CreateMcpSessionToken) -> McpSessionToken {
        path(config_id as "mcp_config_id"), body(session),
    }
}

pager! {
    /// Walks through MCP configurations, page by page.
    McpConfigPager / AsyncMcpConfigPager over McpConfigs / AsyncMcpConfigs.list(ListMcpConfigs)
    as list_all -> configs: McpConfig
}
