//! MCP configurations, their connected accounts, and session tokens for their servers.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Call, Entry, paging};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::event;
use crate::model::{ConnectedAccount, McpConfig, Owner, ToolMapping};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::token;
use crate::validate::shape::{CONFIG_NAME, CONNECTOR, SESSION_LENGTH};
use crate::validate::{Field, Rule, flag, list, output_only, text, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("mcp_configs.list", list_page).query(LIST),
    Entry::new("mcp_configs.create", create).body(CREATE),
    Entry::new("mcp_configs.get", get),
    Entry::new("mcp_configs.update", update).body(UPDATE),
    Entry::new("mcp_configs.delete", delete),
    Entry::new("mcp_configs.list_connected_accounts", list_connected_accounts).body(ACCOUNTS),
    Entry::with_environment("mcp_configs.create_session_token", create_session_token).body(SESSION),
];

const DEFAULT_PAGE: usize = 10;
const DEFAULT_SECONDS: i64 = 3600;

const LIST: &[Field] = &[
    paging::size(30),
    paging::TOKEN,
    text("filter.id", 0, 32),
    text("filter.name", 0, 100),
    text("filter.provider", 0, 100),
    text("filter.mcp_server_url", 0, 2048),
    text("search", 0, 200),
];

const CREATE: &[Field] = &[
    text_shaped("name", 1, 100, CONFIG_NAME).required(),
    DESCRIPTION,
    MAPPINGS,
    output_only("id"),
    output_only("mcp_server_url"),
];

const UPDATE: &[Field] = &[DESCRIPTION, MAPPINGS];

const DESCRIPTION: Field = text("description", 0, 2000);

const MAPPINGS: Field = list("connection_tool_mappings", 25, &Rule::Object(MAPPING));

const MAPPING: &[Field] = &[
    text_shaped("connection_name", 1, 400, CONNECTOR).required(),
    list("tools", 1000, &Rule::Text { min: 1, max: 200, shape: None }),
    output_only("connection_id"),
    output_only("provider"),
    output_only("connected_account_id"),
    output_only("connected_account_status"),
];

const ACCOUNTS: &[Field] = &[text("identifier", 1, 100).required(), flag("include_auth_link")];

const SESSION: &[Field] =
    &[text("identifier", 1, 255).required(), text_shaped("expiry", 0, 16, SESSION_LENGTH)];

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    let filter = |name: &str| call.query.get(name);
    let search = filter("search").map(str::to_lowercase);
    let wanted = |config: &McpConfig| {
        filter("filter.id").is_none_or(|id| id == config.id)
            && filter("filter.name").is_none_or(|name| name == config.name)
            && filter("filter.mcp_server_url").is_none_or(|url| url == config.server_url)
            && filter("filter.provider").is_none_or(|provider| has_provider(store, config, provider))
            && search.as_ref().is_none_or(|text| {
                config.name.contains(text) || config.description.to_lowercase().contains(text)
            })
    };
    let configs = store.mcp_configs.with_positions().filter(|(_, config)| wanted(config));
    let rows = configs.map(|(position, config)| (position, store.mcp_config_json(config))).collect();
    paging::reply("configs", rows, call, DEFAULT_PAGE)
}

fn has_provider(store: &Store, config: &McpConfig, provider: &str) -> bool {
    let connectors = config.mappings.iter().filter_map(|own| store.connector(&own.connection_name));
    connectors.into_iter().any(|connector| connector.provider.eq_ignore_ascii_case(provider))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let name = call.text("name").unwrap_or_default();
    store.check_mcp_config_name(name)?;
    let description = call.text("description").unwrap_or_default();
    let mappings = mappings(store, call)?.unwrap_or_default();
    let config = store.new_mcp_config(store.ids.next("cfg"), name, description, mappings);
    let body = json!({"config": store.mcp_config_json(&config)});
    store.mcp_configs.put(config);
    Ok(Reply::created(body))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"config": store.mcp_config_json(find(store, call.param("config_id"))?)})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let mut config = find(store, call.param("config_id"))?.clone();
    // Empty text counts as omitted.
    if let Some(description) = call.text("description").filter(|text| !text.is_empty()) {
        config.description = description.into();
    }
    if let Some(mappings) = mappings(store, call)? {
        config.mappings = mappings;
    }
    let body = json!({"config": store.mcp_config_json(&config)});
    store.mcp_configs.put(config);
    Ok(Reply::ok(body))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let id = find(store, call.param("config_id"))?.id.clone();
    store.mcp_configs.remove(&id);
    Ok(Reply::empty_object())
}

fn find<'a>(store: &'a Store, id: &str) -> Result<&'a McpConfig, ApiError> {
    store.mcp_configs.get(id).ok_or_else(|| ApiError::not_found("mcp_config", id))
}

/// The mappings of the body.
fn mappings(store: &Store, call: &Call) -> Result<Option<Vec<ToolMapping>>, ApiError> {
    let mappings: Option<Vec<ToolMapping>> = call.field("connection_tool_mappings")?;
    store.check_tool_mappings(mappings.as_deref().unwrap_or_default())?;
    Ok(mappings)
}

fn list_connected_accounts(store: &mut Store, call: &Call) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let config = find(store, call.param("config_id"))?.clone();
    let identifier = call.text("identifier").unwrap_or_default();
    let links = call.body.get("include_auth_link").and_then(Value::as_bool).unwrap_or_default();
    let states: Vec<_> = config
        .mappings
        .iter()
        .filter_map(|mapping| auth_state(store, &mapping.connection_name, identifier, links, call))
        .collect();
    Ok(Reply::ok(json!({"connected_accounts": states})))
}

/// The authentication state of an identifier at a connection. `link` creates a missing account, because a magic link
/// needs one.
fn auth_state(store: &mut Store, name: &str, identifier: &str, link: bool, call: &Call) -> Option<Value> {
    let connector = store.connector(name)?;
    let mut state = json!({
        "connection_name": connector.name,
        "connection_id": connector.connection_id,
        "provider": connector.provider,
        "connected_account_id": "",
        "connected_account_status": "disconnected",
        "authentication_link": "",
    });
    let own = |account: &&ConnectedAccount| {
        account.connector.name == name && account.owner.identifier == identifier
    };
    let mut found = store.connected_accounts.iter().find(own).cloned();
    if found.is_none() && link {
        let owner = Owner { identifier: identifier.into(), ..Owner::default() };
        let account = ConnectedAccount::new(store.ids.next("ca"), connector, owner, call.now);
        call.events.emit(event::account("created", &account));
        store.connected_accounts.put(account.clone());
        found = Some(account);
    }
    if let Some(account) = found {
        state["connected_account_id"] = account.id.clone().into();
        state["connected_account_status"] = account.status.to_ascii_lowercase().into();
        if link && !account.is_active() {
            state["authentication_link"] = {
                let (link, _) = rules::create_link(store, call.events, &account.id, ("", ""), call.now);
                link.into()
            };
        }
    }
    Some(state)
}

fn create_session_token(env: &mut Environment, call: &Call) -> Outcome {
    let store = &env.store;
    let config = find(store, call.param("mcp_config_id"))?;
    let identifier = call.text("identifier").unwrap_or_default();
    let expiry = call.text("expiry").filter(|text| !text.is_empty());
    let seconds = expiry.and_then(|text| text.trim_end_matches('s').parse().ok()).unwrap_or(DEFAULT_SECONDS);
    let names: Vec<_> = config.mappings.iter().map(|own| own.connection_name.as_str()).collect();
    let own = |account: &&ConnectedAccount| {
        account.owner.identifier == identifier && names.contains(&account.connector.name.as_str())
    };
    let accounts: Vec<_> = store.connected_accounts.iter().filter(own).map(|own| &own.id).collect();
    let (from, to) = (call.now, call.now.plus(TimeDelta::seconds(seconds)));
    let mut claims = json!({
        "iss": store.environment_url,
        "sub": identifier,
        "aud": [config.server_url],
        "mcp_cfg": config.id,
        "ca_ids": accounts,
        "iat": from.unix_seconds(),
        "nbf": from.unix_seconds(),
        "exp": to.unix_seconds(),
    });
    claims["jti"] = store.ids.next("tkn").into();
    let token = token::sign(env.keys.active(), &claims);
    Ok(Reply::ok(json!({"token": token, "expires_at": to})))
}
