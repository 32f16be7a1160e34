//! Tools: actions that agents can execute at providers.

use crate::check;
use crate::error::{Result, ScalekitError};
use crate::model::{requests, responses};
use crate::op::{pagers, resource};
use crate::resources::connected_accounts::connector;
use crate::types::{Json, Timestamp};

responses! {
    /// A tool: an action that an agent can execute at a provider.
    pub struct Tool {
        /// Tool ID, such as `tol_1234`.
        id: String,
        /// Provider, such as `GMAIL`.
        provider: Option<String>,
        /// Definition for a language model: `name`, `description`, and `input_schema`, the JSON Schema of the
        /// parameters.
        definition: Json,
        /// Additional data about the tool.
        metadata: Option<Json>,
        /// Search keywords.
        tags: Vec<String>,
        /// Whether the tool is offered by default.
        is_default: bool,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
    }

    /// A tool that a user can execute through one of their connected accounts.
    pub struct ScopedTool {
        /// The tool.
        tool: Option<Tool>,
        /// Your own identifier for the user.
        identifier: Option<String>,
        /// ID of the connected account through which the tool is executed.
        connected_account_id: Option<String>,
    }

    /// One page of tools.
    pub struct ToolPage {
        /// Tools on this page. Empty if only a summary was requested.
        tools: Vec<Tool>,
        /// Names of the tools.
        tool_names: Vec<String>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// One page of the tools that a user can execute, each with its connected account.
    pub struct ScopedToolPage {
        /// Tools on this page.
        tools: Vec<ScopedTool>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// One page of the tools available to a user.
    pub struct AvailableToolPage {
        /// Tools on this page.
        tools: Vec<Tool>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// Result of a tool execution.
    pub struct ToolExecution {
        /// Result. The structure depends on the tool.
        data: Json,
        /// ID of the execution in Scalekit's logs.
        execution_id: Option<String>,
    }
}

requests! {
    /// A tool to execute, its parameters and the connected account.
    ///
    /// Reference the connected account by `connected_account_id`, or by `connector` and owner. The owner is an
    /// `identifier`, an organization or a user.
    pub struct ExecuteTool {
        required {
            /// Name of the tool, such as `gmail_send_mail`.
            tool_name: String => check::filled,
        }
        optional {
            /// Parameters: an object that conforms to the tool's `input_schema`.
            params: Option<Json>,
            /// Connected account ID. 1–32 characters.
            connected_account_id: Option<String> => check::length(1..=32),
            /// Name of the connection.
            connector: Option<String> => connector,
            /// Your own identifier for the owner. 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// ID of the organization that owns the account. 1–32 characters.
            organization_id: Option<String> => check::length(1..=32),
            /// ID of the user who owns the account. 1–32 characters.
            user_id: Option<String> => check::length(1..=32),
            /// Your own ID for the agent run, for Scalekit's logs. 1–255 characters.
            agent_run_id: Option<String> => check::length(1..=255),
        }
    }

    /// Parameters for listing tools.
    pub struct ListTools {
        optional {
            /// Page size.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Whether to return only the names, in `tool_names`. Not for `list_all`; `list_all_names` sets it.
            summary: Option<bool>,
            /// Provider to filter by.
            provider: Option<String>,
            /// Names of the tools to filter by.
            tool_names: Option<Vec<String>>,
            /// Text that the tools must contain.
            query: Option<String>,
            /// Your own identifier for an owner. Only tools for which this owner has a connected account are listed.
            /// 1–100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// Name of the connection to filter by.
            connector: Option<String> => connector,
            /// Organization ID. Only tools for which this organization has a connected account are listed.
            organization_id: Option<String>,
            /// User ID. Only tools for which this user has a connected account are listed.
            user_id: Option<String>,
            /// Connected account ID. Only tools that can be executed through this account are listed.
            connected_account_id: Option<String>,
        }
    }

    /// Parameters for listing the tools that a user can execute.
    pub struct ListScopedTools {
        required {
            /// Your own identifier for the user. 1–100 characters.
            identifier: String => check::length(1..=100),
        }
        optional {
            /// Page size.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Providers to filter by.
            providers: Option<Vec<String>>,
            /// Names of the tools to filter by.
            tool_names: Option<Vec<String>>,
            /// Names of the connections to filter by.
            connection_names: Option<Vec<String>>,
        }
    }

    /// Parameters for listing the tools available to a user.
    pub struct ListAvailableTools {
        required {
            /// Your own identifier for the user. 1–100 characters.
            identifier: String => check::length(1..=100),
        }
        optional {
            /// Page size.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
        }
    }
}

resource! {
    /// Tools: actions that agents can execute at providers, through connected accounts.
    tools: Tools / AsyncTools, table TOOLS;

    /// Executes a tool and returns its result.
    ///
    /// The timeout is `tool_timeout_seconds` in the client options. Default: 60 seconds. An execution is never retried
    /// once it may have started.
    ///
    /// # Errors
    ///
    /// `Tool` if the provider of the tool failed. The failure has the provider's status code, and the summary quotes
    /// its error code and message.
    /// `NotFound` if the tool or the connected account does not exist.
    /// `InvalidRequest` if the parameters are invalid or the account is not connected.
    "POST /api/v1/execute_tool" as tool
    fn execute(tool: ExecuteTool) -> ToolExecution { body(tool) }

    /// Lists one page of tools; `list_all` returns a pager over all pages.
    ///
    /// Results match all given filters.
    "GET /api/v1/tools"
    fn list(params: ListTools) -> ToolPage where optional(params) {
        page(params),
        query(params.summary as "filter.summary", params.provider as "filter.provider",
            params.identifier as "filter.identifier", params.tool_names as "filter.tool_name",
            params.query as "filter.query", params.connector as "filter.connector",
            params.organization_id as "filter.organization_id", params.user_id as "filter.user_id",
            params.connected_account_id as "filter.connected_account_id"),
    }

    /// Lists one page of the tools that a user can execute; `list_all_scoped` returns a pager over all pages.
    ///
    /// Each tool is returned with the connected account through which it is executed.
    "GET /api/v1/tools/scoped"
    fn list_scoped(params: ListScopedTools) -> ScopedToolPage {
        page(params),
        query(params.identifier, params.providers as "filter.providers", params.tool_names as "filter.tool_names",
            params.connection_names as "filter.connection_names"),
    }

    /// Lists one page of the tools available to a user; `list_all_available` returns a pager over all pages.
    ///
    /// These are the tools of all providers at which the user has an account, connected or not.
    ///
    /// # Errors
    ///
    /// `NotFound` if no account has this identifier.
    "GET /api/v1/tools/available"
    fn list_available(params: ListAvailableTools) -> AvailableToolPage {
        page(params), query(params.identifier),
    }
}

pagers! {
    /// Pages through tools.
    ToolPager / AsyncToolPager over Tools / AsyncTools.list(ListTools)
    as list_all -> tools: Tool after whole_tools;

    /// Pages through tool names.
    ToolNamePager / AsyncToolNamePager over Tools / AsyncTools.list(ListTools)
    as list_all_names -> tool_names: String after names_only;

    /// Pages through the tools that a user can execute.
    ScopedToolPager / AsyncScopedToolPager over Tools / AsyncTools.list_scoped(ListScopedTools, required)
    as list_all_scoped -> tools: ScopedTool;

    /// Pages through the tools available to a user.
    AvailableToolPager / AsyncAvailableToolPager over Tools / AsyncTools.list_available(ListAvailableTools, required)
    as list_all_available -> tools: Tool;
}

/// With `summary`, the response has no tools, so that a pager over them would silently return nothing.
fn whole_tools(params: ListTools) -> Result<ListTools> {
    if params.summary == Some(true) {
        return Err(ScalekitError::argument("summary", "returns names only; use `list_all_names`"));
    }
    Ok(params)
}

#[allow(clippy::unnecessary_wraps, reason = "what `pager!` calls may fail")]
fn names_only(params: ListTools) -> Result<ListTools> {
    Ok(ListTools { summary: Some(true), ..params })
}
