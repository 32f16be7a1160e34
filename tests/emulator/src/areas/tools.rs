//! Tools: the catalog, the tools available to an identifier, and execution.

use serde_json::{Map, Value, json};

use super::connected_accounts::{CONNECTOR_FIELD, IDENTIFIER, ORGANIZATION, Selector, USER};
use super::{Call, Entry, paging};
use crate::catalog::{self, TOOLS, Tool};
use crate::error::ApiError;
use crate::model::ConnectedAccount;
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::tool_run::{self, ToolContext};
use crate::validate::shape::CONNECTOR;
use crate::validate::{Field, Query, Rule, any_object, flag, list, text, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("tools.execute", execute).body(EXECUTE),
    Entry::new("tools.list", list_page).query(LIST),
    Entry::new("tools.list_scoped", list_scoped).query(SCOPED),
    Entry::new("tools.list_available", list_available).query(AVAILABLE),
];

const DEFAULT_PAGE: usize = 10;

const EXECUTE: &[Field] = &[
    text("tool_name", 1, 200).required(),
    any_object("params"),
    text("connected_account_id", 0, 32),
    CONNECTOR_FIELD,
    IDENTIFIER,
    ORGANIZATION,
    USER,
    text("agent_run_id", 0, 255),
];

const SIZE: Field = paging::size(100);
const NAMES: &Rule = &Rule::Text { min: 0, max: 400, shape: None };

const LIST: &[Field] = &[
    SIZE,
    paging::TOKEN,
    flag("filter.summary"),
    text("filter.provider", 0, 100),
    list("filter.tool_name", 100, NAMES),
    text("filter.query", 0, 200),
    text("filter.identifier", 0, 100),
    text_shaped("filter.connector", 0, 400, CONNECTOR),
    text("filter.organization_id", 0, 32),
    text("filter.user_id", 0, 32),
    text("filter.connected_account_id", 0, 32),
];

const SCOPED: &[Field] = &[
    SIZE,
    paging::TOKEN,
    IDENTIFIER.required(),
    list("filter.providers", 100, NAMES),
    list("filter.tool_names", 100, NAMES),
    list("filter.connection_names", 100, NAMES),
];

const AVAILABLE: &[Field] = &[SIZE, paging::TOKEN, IDENTIFIER.required()];

fn execute(store: &mut Store, call: &Call) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let name = call.text("tool_name").unwrap_or_default();
    let tool = catalog::tool(name).ok_or_else(|| ApiError::not_found("tool", name))?;
    let account = Selector::read("connected_account_id", |name| call.text(name)).find(store)?;
    if account.connector.name != tool.provider {
        let why = format!("{name} is not a tool of {}", account.connector.name);
        return Err(ApiError::invalid_field("tool_name", "provider", why));
    }
    if !account.is_active() {
        let why = format!("connected account is {}; only an ACTIVE one can run a tool", account.status);
        return Err(ApiError::failed_precondition(why));
    }
    let params: Map<_, _> = call.field("params")?.unwrap_or_default();
    tool_run::check(tool, &params)?;
    account.record_use(call.now);
    let account_id = account.id.clone();
    let execution_id = store.ids.next("tcl");
    let context = ToolContext {
        account_id: &account_id,
        execution_id: &execution_id,
        records: &mut store.tool_records,
        ids: &store.ids,
    };
    let data = tool_run::run(tool, params, context)?;
    Ok(Reply::ok(json!({"data": data, "execution_id": execution_id})))
}

/// The matching tools with their positions in the catalog.
fn catalog_rows(wanted: impl Fn(&Tool) -> bool) -> impl Iterator<Item = (u64, &'static Tool)> {
    (1..).zip(TOOLS).filter(move |(_, tool)| wanted(tool))
}

/// Whether a repeatable filter is absent or contains the value.
fn matches_filter(query: &Query, name: &str, own: &str) -> bool {
    let mut all = query.all(name).filter(|value| !value.is_empty()).peekable();
    all.peek().is_none() || all.any(|value| value.eq_ignore_ascii_case(own))
}

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let query = &call.query;
    let filter = |name: &str| query.get(&format!("filter.{name}"));
    let text = filter("query").map(str::to_lowercase);
    let mut selector = Selector::read("connected_account_id", |name| filter(name));
    // Without an owner, the connector filters by provider, regardless of accounts.
    let owned = !selector.id.is_empty() || !selector.owner.is_empty();
    let connector = if owned { String::new() } else { std::mem::take(&mut selector.connector) };
    let accounts: Vec<_> = store.connected_accounts.iter().filter(|own| selector.matches(own)).collect();
    let rows: Vec<_> = catalog_rows(|tool| {
        matches_filter(query, "filter.provider", tool.provider)
            && matches_filter(query, "filter.tool_name", tool.name)
            && text.as_ref().is_none_or(|text| contains_text(tool, text))
            && (connector.is_empty() || connector == tool.provider)
            && (!owned || accounts.iter().any(|account| account.connector.name == tool.provider))
    })
    .collect();
    let names = rows.iter().map(|(position, tool)| (*position, Value::from(tool.name))).collect();
    let mut reply = paging::body("tool_names", names, call, DEFAULT_PAGE)?;
    let named = |name: &Value| name.as_str().and_then(catalog::tool).map(Tool::detail);
    let tools = reply["tool_names"].as_array().into_iter().flatten().filter_map(named).collect::<Vec<_>>();
    let summary = filter("summary") == Some("true");
    reply["tools"] = if summary { json!([]) } else { tools.into() };
    Ok(Reply::ok(reply))
}

fn contains_text(tool: &Tool, text: &str) -> bool {
    tool.name.contains(text) || tool.description.to_lowercase().contains(text)
}

fn list_scoped(store: &mut Store, call: &Call) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let query = &call.query;
    let mut rows = Vec::new();
    for account in accounts_with_identifier(store, call).filter(|account| account.is_active()) {
        let connector = &account.connector;
        if !matches_filter(query, "filter.connection_names", &connector.name) {
            continue;
        }
        let tools = catalog_rows(|tool| {
            tool.provider == connector.name
                && matches_filter(query, "filter.providers", tool.provider)
                && matches_filter(query, "filter.tool_names", tool.name)
        });
        for (_, tool) in tools {
            let position = u64::try_from(rows.len()).unwrap_or(u64::MAX).saturating_add(1);
            let identifier = &account.owner.identifier;
            let row =
                json!({"tool": tool.detail(), "identifier": identifier, "connected_account_id": account.id});
            rows.push((position, row));
        }
    }
    paging::reply("tools", rows, call, DEFAULT_PAGE)
}

fn list_available(store: &mut Store, call: &Call) -> Outcome {
    let providers: Vec<_> =
        accounts_with_identifier(store, call).map(|account| account.connector.name.as_str()).collect();
    if providers.is_empty() {
        return Err(ApiError::not_found(
            "connected_account",
            call.query.get("identifier").unwrap_or_default(),
        ));
    }
    let rows = catalog_rows(|tool| providers.contains(&tool.provider));
    paging::reply(
        "tools",
        rows.map(|(position, tool)| (position, tool.detail())).collect(),
        call,
        DEFAULT_PAGE,
    )
}

/// The connected accounts of the identifier in the query.
fn accounts_with_identifier<'a>(
    store: &'a Store,
    call: &'a Call,
) -> impl Iterator<Item = &'a ConnectedAccount> {
    let identifier = call.query.get("identifier").unwrap_or_default();
    store.connected_accounts.iter().filter(move |account| account.owner.identifier == identifier)
}
