//! Connected accounts, and the magic links for connecting them.

use serde_json::{Value, json};

use super::{Call, Entry, paging};
use crate::connect;
use crate::error::{ApiError, Violation};
use crate::event;
use crate::model::{ConnectedAccount, Owner};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::validate::shape::{CONNECTOR, WEB};
use crate::validate::{Field, Rule, any_object, fields, list, object, output_only, text, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("connected_accounts.list", list_page).query(LIST),
    Entry::new("connected_accounts.search", search).query(SEARCH),
    Entry::new("connected_accounts.create", create).body(CREATE),
    Entry::new("connected_accounts.update", update).body(UPDATE),
    Entry::new("connected_accounts.get", get).query(SELECTOR),
    Entry::new("connected_accounts.get_auth", get_auth).query(SELECTOR),
    Entry::new("connected_accounts.delete", delete).body(SELECTOR),
    Entry::new("connected_accounts.generate_magic_link", magic_link).body(MAGIC_LINK),
    Entry::new("connected_accounts.verify_user", verify_user).body(VERIFY),
];

const DEFAULT_PAGE: usize = 10;

pub(super) const CONNECTOR_FIELD: Field = text_shaped("connector", 0, 400, CONNECTOR);
pub(super) const IDENTIFIER: Field = text("identifier", 0, 100);
pub(super) const ORGANIZATION: Field = text("organization_id", 0, 32);
pub(super) const USER: Field = text("user_id", 0, 32);
const ID: Field = text("id", 0, 32);

const SELECTOR: &[Field] = &[ID, CONNECTOR_FIELD, IDENTIFIER, ORGANIZATION, USER];

const LIST: &[Field] = &[
    paging::size(99),
    paging::TOKEN,
    ORGANIZATION,
    USER,
    CONNECTOR_FIELD,
    IDENTIFIER,
    text("provider", 0, 100),
    text("query", 0, 200),
    list("connection_names", 20, &Rule::Text { min: 0, max: 400, shape: Some(CONNECTOR) }),
];

const SEARCH: &[Field] =
    &[paging::size(30), paging::TOKEN, text("query", 3, 200).required(), text("connection_id", 0, 32)];

const CREATE: &[Field] = &[CONNECTOR_FIELD.required(), IDENTIFIER, ORGANIZATION, USER, ACCOUNT];

const UPDATE: &[Field] = fields!(SELECTOR, &[ACCOUNT]);

const ACCOUNT: Field =
    object("connected_account", &[object("authorization_details", DETAILS), any_object("api_config")]);

const DETAILS: &[Field] = &[
    object(
        "oauth_token",
        &[
            text("access_token", 0, 8192),
            text("refresh_token", 0, 8192),
            list("scopes", 100, &Rule::Text { min: 1, max: 256, shape: None }),
            text("domain", 0, 255),
        ],
    ),
    object("static_auth", &[any_object("details")]),
    object(
        "google_dwd",
        &[
            text("subject", 0, 320),
            output_only("scopes"),
            output_only("access_token"),
            output_only("token_expires_at"),
        ],
    ),
    object(
        "trusted_idp",
        &[
            text("db_user", 0, 255),
            output_only("access_key_id"),
            output_only("secret_access_key"),
            output_only("session_token"),
            output_only("expiry"),
        ],
    ),
];

const MAGIC_LINK: &[Field] =
    fields!(SELECTOR, &[text("state", 0, 512), text_shaped("user_verify_url", 0, 2048, WEB)]);

const VERIFY: &[Field] = &[text("auth_request_id", 1, 100).required(), text("identifier", 1, 100).required()];

/// Selects one account: by its ID, or by a connector and an owner.
pub(super) struct Selector {
    pub(super) id: String,
    pub(super) connector: String,
    pub(super) owner: Owner,
}

impl Selector {
    /// Reads the selector with `get`. `id` is the name of the parameter with the account's ID.
    pub(super) fn read<'a>(id: &str, get: impl Fn(&str) -> Option<&'a str>) -> Selector {
        let text = |name: &str| get(name).unwrap_or_default().to_owned();
        Selector {
            id: text(id),
            connector: text("connector"),
            owner: Owner {
                identifier: text("identifier"),
                organization_id: text("organization_id"),
                user_id: text("user_id"),
            },
        }
    }

    pub(super) fn matches(&self, account: &ConnectedAccount) -> bool {
        let matches = |wanted: &str, own: &str| wanted.is_empty() || wanted == own;
        matches(&self.id, &account.id)
            && matches(&self.connector, &account.connector.name)
            && matches(&self.owner.identifier, &account.owner.identifier)
            && matches(&self.owner.organization_id, &account.owner.organization_id)
            && matches(&self.owner.user_id, &account.owner.user_id)
    }

    /// Finds the selected account.
    pub(super) fn find<'a>(&self, store: &'a mut Store) -> Result<&'a mut ConnectedAccount, ApiError> {
        if self.id.is_empty() && (self.connector.is_empty() || self.owner.is_empty()) {
            let description =
                "or a connector together with identifier, organization_id or user_id is required";
            return Err(ApiError::invalid_field("id", "required", description));
        }
        let name = if self.id.is_empty() { &self.owner.identifier } else { &self.id };
        let account = store.connected_accounts.iter_mut().find(|account| self.matches(account));
        account.ok_or_else(|| ApiError::not_found("connected_account", name))
    }
}

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let selector = Selector::read("", |name| call.query.get(name));
    let (provider, query) = (call.query.get("provider"), call.query.get("query"));
    let names: Vec<_> = call.query.all("connection_names").collect();
    let wanted = |account: &ConnectedAccount| {
        selector.matches(account)
            && provider.is_none_or(|provider| provider.eq_ignore_ascii_case(&account.connector.provider))
            && query.is_none_or(|query| contains_text(account, query))
            && (names.is_empty() || names.contains(&account.connector.name.as_str()))
    };
    page(store, call, wanted)
}

fn search(store: &mut Store, call: &Call) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let (query, connection) = (call.query.get("query").unwrap_or_default(), call.query.get("connection_id"));
    page(store, call, |account| {
        contains_text(account, query) && connection.is_none_or(|id| id == account.connector.connection_id)
    })
}

fn contains_text(account: &ConnectedAccount, text: &str) -> bool {
    let text = text.to_lowercase();
    let fields = [&account.owner.identifier, &account.connector.name, &account.connector.provider];
    fields.into_iter().any(|field| field.to_lowercase().contains(&text))
}

fn page(store: &Store, call: &Call, wanted: impl Fn(&ConnectedAccount) -> bool) -> Outcome {
    let accounts = store.connected_accounts.with_positions().filter(|(_, account)| wanted(account));
    let rows = accounts.map(|(position, account)| (position, account.summary())).collect();
    paging::reply("connected_accounts", rows, call, DEFAULT_PAGE)
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let Selector { connector, owner, .. } = Selector::read("", |name| call.text(name));
    let connector = store
        .connector(&connector)
        .ok_or_else(|| ApiError::invalid_field("connector", "exists", "is not the name of a connection"))?;
    if owner.is_empty() {
        return Err(ApiError::invalid_field(
            "identifier",
            "required",
            "or organization_id or user_id is required",
        ));
    }
    let same = |own: &&ConnectedAccount| own.connector.name == connector.name && own.owner == owner;
    if store.connected_accounts.iter().any(|own| same(&own)) {
        return Err(ApiError::already_exists("connected_account", "identifier", &owner.identifier));
    }
    let mut account = ConnectedAccount::new(store.ids.next("ca"), connector, owner, call.now);
    apply(&mut account, call)?;
    let body = json!({"connected_account": account.detail()});
    call.events.emit(event::account("created", &account));
    store.connected_accounts.put(account);
    Ok(Reply::created(body))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let before = Selector::read("id", |name| call.text(name)).find(store)?.clone();
    let mut account = before.clone();
    apply(&mut account, call)?;
    let body = json!({"connected_account": account.detail()});
    let what: &[_] = if account.differs(&before) { &["updated"] } else { &[] };
    rules::save_account(store, call.events, account, what);
    Ok(Reply::ok(body))
}

/// Applies the credentials and `api_config` of the body. Each replaces the previous value as a whole.
fn apply(account: &mut ConnectedAccount, call: &Call) -> Result<(), ApiError> {
    let part = |name: &str| {
        let part = call.body.get("connected_account").and_then(|account| account.get(name));
        part.filter(|part| !part.is_null()).cloned()
    };
    if let Some(details) = part("authorization_details") {
        check_one_method(&details)?;
        account.set_credentials(details, call.now);
    }
    if let Some(config) = part("api_config") {
        account.set_api_config(config, call.now);
    }
    Ok(())
}

fn check_one_method(details: &Value) -> Result<(), ApiError> {
    let methods =
        details.as_object().map_or(0, |details| details.values().filter(|method| !method.is_null()).count());
    if methods == 1 {
        return Ok(());
    }
    Err(ApiError::invalid(vec![Violation {
        field: "connected_account.authorization_details".into(),
        description: "must contain exactly one authentication method".into(),
        constraint: "oneof",
    }]))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    get_with(store, call, ConnectedAccount::detail)
}

fn get_auth(store: &mut Store, call: &Call) -> Outcome {
    get_with(store, call, ConnectedAccount::with_credentials)
}

fn get_with(store: &mut Store, call: &Call, written: fn(&ConnectedAccount) -> Value) -> Outcome {
    rules::refresh_accounts(store, call.events, call.now);
    let account = Selector::read("id", |name| call.query.get(name)).find(store)?;
    Ok(Reply::ok(json!({"connected_account": written(account)})))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let id = Selector::read("id", |name| call.text(name)).find(store)?.id.clone();
    rules::delete_accounts(store, call.events, |own| own.id == id);
    Ok(Reply::empty_object())
}

fn magic_link(store: &mut Store, call: &Call) -> Outcome {
    let account = Selector::read("id", |name| call.text(name)).find(store)?.id.clone();
    let (state, verify) = (call.text("state").unwrap_or_default(), call.text("user_verify_url"));
    let parameters = (state, verify.unwrap_or_default());
    let (link, expiry) = rules::create_link(store, call.events, &account, parameters, call.now);
    Ok(Reply::ok(json!({"link": link, "expiry": expiry})))
}

fn verify_user(store: &mut Store, call: &Call) -> Outcome {
    let request = call.text("auth_request_id").unwrap_or_default();
    let matches = |account: &&ConnectedAccount| account.auth_request_id.as_deref() == Some(request);
    let account = store.connected_accounts.iter().find(matches).cloned();
    let mut account = account.ok_or_else(|| ApiError::not_found("auth_request", request))?;
    if call.text("identifier") != Some(&account.owner.identifier) {
        return Err(ApiError::permission_denied("the account belongs to a different identifier"));
    }
    account.connect(call.now);
    let what = if account.is_oauth() { "oauth_tokens_fetched" } else { "updated" };
    rules::save_account(store, call.events, account, &[what]);
    Ok(Reply::ok(json!({"post_user_verify_redirect_url": connect::done_url(store)})))
}
