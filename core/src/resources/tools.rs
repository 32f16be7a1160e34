//! Tools: what agents can do at providers, and doing it.

use crate::check;
use crate::error::{Result, ScalekitError};
use crate::model::{answers, requests};
use crate::op::{pager, resource};
use crate::resources::connected_accounts::connector;
use crate::types::{Json, Timestamp};

answers! {
    /// A tool: one thing that an agent can do at a provider.
    pub struct Tool {
        /// The id, such as `tol_1234`.
        id: String,
        /// The provider that it works at, such as `GMAIL`.
        provider: Option<String>,
        /// What a language model needs to know: `name`, `description`, and `input_schema`, a JSON Schema of its
        /// parameters.
        definition: Json,
        /// What else is known about it.
        metadata: Option<Json>,
        /// Words that it can be found by.
        tags: Vec<String>,
        /// Whether it is offered without being asked for.
        is_default: bool,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
    }

    /// A tool that a person can use through one of their connected accounts.
    pub struct ScopedTool {
        /// The tool.
        tool: Option<Tool>,
        /// Your own name for the person.
        identifier: Option<String>,
        /// The connected account that it would act through.
        connected_account_id: Option<String>,
    }

    /// One page of tools.
    pub struct ToolPage {
        /// The tools of this page; empty when only a summary was asked for.
        tools: Vec<Tool>,
        /// Their names.
        tool_names: Vec<String>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// One page of the tools that a person can use, each with the account that it would act through.
    pub struct ScopedToolPage {
        /// The tools of this page.
        tools: Vec<ScopedTool>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// One page of the tools that are there for a person.
    pub struct AvailableToolPage {
        /// The tools of this page.
        tools: Vec<Tool>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// What a tool gave back.
    pub struct ToolExecution {
        /// The result, in the tool's own shape.
        data: Json,
        /// The id of this execution, by which Scalekit's logs know it.
        execution_id: Option<String>,
    }
}

requests! {
    /// A tool to run, what to give it, and the connected account to run it through: by `connected_account_id`, or by
    /// `connector` together with the owner, who is an `identifier`, an organization or a user.
    pub struct ExecuteTool {
        required {
            /// The tool's name, such as `gmail_send_mail`.
            tool_name: String => check::filled,
        }
        optional {
            /// Its parameters, an object that fits the tool's `input_schema`.
            params: Option<Json>,
            /// The id of the connected account.
            connected_account_id: Option<String> => check::length(1..=32),
            /// The name of its connection.
            connector: Option<String> => connector,
            /// Your own name for its owner, at most 100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// The organization that owns it.
            organization_id: Option<String> => check::length(1..=32),
            /// The user who owns it.
            user_id: Option<String> => check::length(1..=32),
            /// Your own id for the agent's run, at most 255 characters; Scalekit's logs keep it.
            agent_run_id: Option<String> => check::length(1..=255),
        }
    }

    /// Which tools to list.
    pub struct ListTools {
        optional {
            /// How many on a page.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Whether to return only `tool_names`. `list_all` rejects it; `list_all_names` sets it.
            summary: Option<bool>,
            /// Those of this provider.
            provider: Option<String>,
            /// Those with these names.
            tool_names: Option<Vec<String>>,
            /// Those that hold this text.
            query: Option<String>,
            /// Those that the owner with this identifier has connected an account for.
            identifier: Option<String> => check::length(1..=100),
            /// Those of the connection with this name.
            connector: Option<String> => connector,
            /// Those that this organization has connected an account for.
            organization_id: Option<String>,
            /// Those that this user has connected an account for.
            user_id: Option<String>,
            /// Those that can act through this connected account.
            connected_account_id: Option<String>,
        }
    }

    /// Whose tools to list, and which.
    pub struct ListScopedTools {
        required {
            /// Your own name for the person, at most 100 characters.
            identifier: String => check::length(1..=100),
        }
        optional {
            /// How many on a page.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Those of these providers.
            providers: Option<Vec<String>>,
            /// Those with these names.
            tool_names: Option<Vec<String>>,
            /// Those of the connections with these names.
            connection_names: Option<Vec<String>>,
        }
    }

    /// Whose tools to list.
    pub struct ListAvailableTools {
        required {
            /// Your own name for the person, at most 100 characters.
            identifier: String => check::length(1..=100),
        }
        optional {
            /// How many on a page.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
        }
    }
}

resource! {
    /// Tools: what agents can do at providers, through connected accounts.
    tools: Tools / AsyncTools, table TOOLS;

    /// Runs a tool, and gives back what it gave. It may take longer than other calls: `tool_timeout_seconds` of the
    /// client's options is its time limit, 60 seconds by default.
    ///
    /// A run is never repeated once it may have begun. Fails with `Tool` when the provider behind the tool failed: the
    /// failure has its status, and quotes its code and words in the summary. Fails with `NotFound` when there is no such tool or account, with `InvalidRequest`
    /// when the parameters do not fit or the account is not connected.
    "POST /api/v1/execute_tool" as tool
    fn execute(tool: ExecuteTool) -> ToolExecution { body(tool) }

    /// One page of tools. Filters that are given must all fit.
    "GET /api/v1/tools"
    fn list(params: ListTools) -> ToolPage where optional(params) {
        page(params),
        query(params.summary as "filter.summary", params.provider as "filter.provider",
            params.identifier as "filter.identifier", params.tool_names as "filter.tool_name",
            params.query as "filter.query", params.connector as "filter.connector",
            params.organization_id as "filter.organization_id", params.user_id as "filter.user_id",
            params.connected_account_id as "filter.connected_account_id"),
    }

    /// One page of the tools that a person can use now, each with the connected account that it would act through.
    "GET /api/v1/tools/scoped"
    fn list_scoped(params: ListScopedTools) -> ScopedToolPage {
        page(params),
        query(params.identifier, params.providers as "filter.providers", params.tool_names as "filter.tool_names",
            params.connection_names as "filter.connection_names"),
    }

    /// One page of the tools of all providers at which a person has an account, connected or not. Fails with
    /// `NotFound` when nobody of this name has one.
    "GET /api/v1/tools/available"
    fn list_available(params: ListAvailableTools) -> AvailableToolPage {
        page(params), query(params.identifier),
    }
}

pager! {
    /// Walks through tools, page by page.
    ToolPager / AsyncToolPager over Tools / AsyncTools.list(ListTools)
    as list_all -> tools: Tool after whole_tools
}

/// A summary has no tools, so that a walk through them would silently return nothing.
fn whole_tools(params: ListTools) -> Result<ListTools> {
    if params.summary == Some(true) {
        return Err(ScalekitError::argument(
            "summary",
            "returns names only; `list_all_names` walks through them",
        ));
    }
    Ok(params)
}

pager! {
    /// Walks through the names of tools, page by page.
    ToolNamePager / AsyncToolNamePager over Tools / AsyncTools.list(ListTools)
    as list_all_names -> tool_names: String after names_only
}

#[allow(clippy::unnecessary_wraps, reason = "what `pager!` calls may fail")]
fn names_only(params: ListTools) -> Result<ListTools> {
    Ok(ListTools { summary: Some(true), ..params })
}

pager! {
    /// Walks through the tools that a person can use now, page by page.
    ScopedToolPager / AsyncScopedToolPager over Tools / AsyncTools.list_scoped(ListScopedTools, required)
    as list_all_scoped -> tools: ScopedTool
}

pager! {
    /// Walks through the tools that are there for a person, page by page.
    AvailableToolPager / AsyncAvailableToolPager over Tools / AsyncTools.list_available(ListAvailableTools, required)
    as list_all_available -> tools: Tool
}
