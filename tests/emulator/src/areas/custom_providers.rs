//! Custom providers.

use serde_json::{Map, Value, json};

use super::{Call, Entry};
use crate::error::ApiError;
use crate::model::CustomProvider;
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::validate::{Field, Rule, fields, flag, list, text, text_map};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("custom_providers.create", create).body(CREATE),
    Entry::new("custom_providers.update", update).body(UPDATE),
    Entry::new("custom_providers.delete", delete),
];

const NAME: Field = text("display_name", 1, 200);
const DESCRIPTION: Field = text("description", 0, 2000);
const ICON: Field = text("icon_src", 0, 2048);
const PROXY: Field = text("proxy_url", 0, 2048);
const METADATA: Field = text_map("metadata", 20, (3, 25), (1, 256));
const PATTERNS: Field = list("auth_patterns", 20, &Rule::AnyObject);

const CREATE: &[Field] = fields!(&[NAME.required()], DETAILS);
const UPDATE: &[Field] = fields!(&[NAME], DETAILS);
const DETAILS: &[Field] = &[DESCRIPTION, ICON, PATTERNS, flag("proxy_enabled"), PROXY, METADATA];

fn create(store: &mut Store, call: &Call) -> Outcome {
    let mut provider = CustomProvider {
        provider_id: store.ids.next("prv"),
        connection_id: store.ids.next("conn"),
        ..CustomProvider::default()
    };
    apply(&mut provider, &call.body);
    provider.identifier = free_identifier(store, &provider.display_name);
    let body = json!({"provider": provider.detail()});
    store.custom_providers.put(provider);
    Ok(Reply::created(body))
}

/// Returns an unused identifier: the name in lower case with hyphens, and a numeric suffix if it is taken.
fn free_identifier(store: &Store, display_name: &str) -> String {
    let lower = display_name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    let name = if name.is_empty() { "provider".into() } else { name };
    let free = |name: &String| store.connector(name).is_none();
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or(name)
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let provider = find(store, call)?;
    apply(provider, &call.body);
    Ok(Reply::ok(json!({"provider": provider.detail()})))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let identifier = find(store, call)?.identifier.clone();
    store.custom_providers.remove(&identifier);
    rules::delete_accounts(store, call.events, |account| account.connector.name == identifier);
    Ok(Reply::empty_object())
}

/// Applies the fields of the body. Empty text counts as omitted.
fn apply(provider: &mut CustomProvider, body: &Map<String, Value>) {
    let texts = [
        ("display_name", &mut provider.display_name),
        ("description", &mut provider.description),
        ("icon_src", &mut provider.icon_src),
        ("proxy_url", &mut provider.proxy_url),
    ];
    for (name, target) in texts {
        if let Some(text) = body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()) {
            *target = text.into();
        }
    }
    if let Some(patterns) = body.get("auth_patterns").and_then(Value::as_array) {
        provider.auth_patterns.clone_from(patterns);
    }
    if let Some(enabled) = body.get("proxy_enabled").and_then(Value::as_bool) {
        provider.proxy_enabled = enabled;
    }
    if let Some(metadata) = body.get("metadata").and_then(Value::as_object) {
        let pair = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
        provider.metadata = metadata.iter().filter_map(pair).collect();
    }
}

fn find<'a>(store: &'a mut Store, call: &Call) -> Result<&'a mut CustomProvider, ApiError> {
    let identifier = call.param("identifier");
    let provider = store.custom_providers.get_mut(identifier);
    provider.ok_or_else(|| ApiError::not_found("provider", identifier))
}
