//! Tools: the catalogue, what of it somebody can use, and running one.

use serde_json::{Map, Value, json};

use super::connected_accounts::{CONNECTOR_FIELD, IDENTIFIER, ORGANIZATION, Selector, USER};
use super::{Call, Entry, paging};
use crate::catalogue::{self, TOOLS, Tool};
use crate::error::ApiError;
use crate::model::ConnectedAccount;
use crate::reply::{Outcome, Reply};
use crate::tool_run::{self, Stage};
use crate::validate::shape::CONNECTOR;
use crate::validate::{Field, Query, Rule, flag, free_object, integer, list, text, text_shaped};
use crate::world::World;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("tools.execute", execute).body(EXECUTE),
    Entry::new("tools.list", list_page).query(LIST),
    Entry::new("tools.list_scoped", list_scoped).query(SCOPED),
    Entry::new("tools.list_available", list_available).query(AVAILABLE),
];

const DEFAULT_PAGE: usize = 10;

const EXECUTE: &[Field] = &[
    text("tool_name", 1, 200).required(),
    free_object("params"),
    text("connected_account_id", 0, 32),
    CONNECTOR_FIELD,
    IDENTIFIER,
    ORGANIZATION,
    USER,
    text("agent_run_id", 0, 255),
];

const SIZE: Field = integer("page_size", 0, 100);
const TOKEN: Field = text("page_token", 0, 4096);
const NAMES: &Rule = &Rule::Text { min: 0, max: 400, shape: None };

const LIST: &[Field] = &[
    SIZE,
    TOKEN,
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
    TOKEN,
    IDENTIFIER.required(),
    list("filter.providers", 100, NAMES),
    list("filter.tool_names", 100, NAMES),
    list("filter.connection_names", 100, NAMES),
];

const AVAILABLE: &[Field] = &[SIZE, TOKEN, IDENTIFIER.required()];

fn execute(world: &mut World, call: &Call) -> Outcome {
    world.settle_accounts(call.now);
    let name = call.text("tool_name").unwrap_or_default();
    let tool = catalogue::tool(name).ok_or_else(|| ApiError::not_found("tool", name))?;
    let account = Selector::read("connected_account_id", |name| call.text(name)).find(&mut world.store)?;
    if account.connector.name != tool.provider {
        let why = format!("{name} is no tool of {}", account.connector.name);
        return Err(ApiError::invalid_field("tool_name", "provider", why));
    }
    if !account.is_active() {
        let why = format!("connected account is {}; only an ACTIVE one can run a tool", account.status);
        return Err(ApiError::failed_precondition(why));
    }
    let params: Map<_, _> = call.field("params")?.unwrap_or_default();
    tool_run::check(tool, &params)?;
    account.used(call.now);
    let account_id = account.id.clone();
    let execution_id = world.ids.next("tcl");
    let stage = Stage {
        account_id: &account_id,
        execution_id: &execution_id,
        records: &mut world.store.tool_records,
        ids: &mut world.ids,
    };
    let data = tool_run::run(tool, params, stage)?;
    Ok(Reply::ok(json!({"data": data, "execution_id": execution_id})))
}

/// Places stand for the order of the catalogue.
fn placed(wanted: impl Fn(&Tool) -> bool) -> impl Iterator<Item = (u64, &'static Tool)> {
    (1..).zip(TOOLS).filter(move |(_, tool)| wanted(tool))
}

/// Whether a list that may be given has it.
fn among(query: &Query, name: &str, own: &str) -> bool {
    let mut all = query.all(name).filter(|value| !value.is_empty()).peekable();
    all.peek().is_none() || all.any(|value| value.eq_ignore_ascii_case(own))
}

fn list_page(world: &mut World, call: &Call) -> Outcome {
    world.settle_accounts(call.now);
    let query = &call.query;
    let filter = |name: &str| query.get(&format!("filter.{name}"));
    let text = filter("query").map(str::to_lowercase);
    let mut selector = Selector::read("connected_account_id", |name| filter(name));
    // Without an owner the connector names a provider, whoever has accounts there.
    let owned = !selector.id.is_empty() || !selector.owner.is_nobody();
    let connector = if owned { String::new() } else { std::mem::take(&mut selector.connector) };
    let accounts: Vec<_> = world.store.connected_accounts.iter().filter(|own| selector.fits(own)).collect();
    let rows: Vec<_> = placed(|tool| {
        among(query, "filter.provider", tool.provider)
            && among(query, "filter.tool_name", tool.name)
            && text.as_ref().is_none_or(|text| says(tool, text))
            && (connector.is_empty() || connector == tool.provider)
            && (!owned || accounts.iter().any(|account| account.connector.name == tool.provider))
    })
    .collect();
    let names = rows.iter().map(|(place, tool)| (*place, Value::from(tool.name))).collect();
    let mut reply = paging::body("tool_names", names, call, DEFAULT_PAGE)?;
    let named = |name: &Value| name.as_str().and_then(catalogue::tool).map(Tool::detail);
    let tools = reply["tool_names"].as_array().into_iter().flatten().filter_map(named).collect::<Vec<_>>();
    let summary = filter("summary") == Some("true");
    reply["tools"] = if summary { json!([]) } else { tools.into() };
    Ok(Reply::ok(reply))
}

fn says(tool: &Tool, text: &str) -> bool {
    tool.name.contains(text) || tool.description.to_lowercase().contains(text)
}

fn list_scoped(world: &mut World, call: &Call) -> Outcome {
    world.settle_accounts(call.now);
    let query = &call.query;
    let mut rows = Vec::new();
    for account in owned(world, call).filter(|account| account.is_active()) {
        let connector = &account.connector;
        if !among(query, "filter.connection_names", &connector.name) {
            continue;
        }
        let tools = placed(|tool| {
            tool.provider == connector.name
                && among(query, "filter.providers", tool.provider)
                && among(query, "filter.tool_names", tool.name)
        });
        for (_, tool) in tools {
            let place = u64::try_from(rows.len()).unwrap_or(u64::MAX).saturating_add(1);
            let identifier = &account.owner.identifier;
            let row =
                json!({"tool": tool.detail(), "identifier": identifier, "connected_account_id": account.id});
            rows.push((place, row));
        }
    }
    paging::answer("tools", rows, call, DEFAULT_PAGE)
}

fn list_available(world: &mut World, call: &Call) -> Outcome {
    let providers: Vec<_> = owned(world, call).map(|account| account.connector.name.as_str()).collect();
    if providers.is_empty() {
        return Err(ApiError::not_found(
            "connected_account",
            call.query.get("identifier").unwrap_or_default(),
        ));
    }
    let rows = placed(|tool| providers.contains(&tool.provider));
    paging::answer("tools", rows.map(|(place, tool)| (place, tool.detail())).collect(), call, DEFAULT_PAGE)
}

/// The accounts of the person that the query names.
fn owned<'a>(world: &'a World, call: &'a Call) -> impl Iterator<Item = &'a ConnectedAccount> {
    let identifier = call.query.get("identifier").unwrap_or_default();
    world.store.connected_accounts.iter().filter(move |account| account.owner.identifier == identifier)
}
