//! Pagination with opaque page tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use crate::error::ApiError;
use crate::reply::{Outcome, Reply};
use crate::validate::{Field, integer, text};

/// The query parameter of the page.
pub(super) const TOKEN: Field = text("page_token", 0, 4096);

/// The query parameter of the maximum number of items.
pub(super) const fn size(max: i64) -> Field {
    integer("page_size", 0, max)
}

/// One page, with the tokens of the next and previous pages. An empty token means that there is no such page.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: String,
    pub(super) previous: String,
    pub(super) total: usize,
}

/// The contents of a page token. Contains the list and its filters, so that a token is valid only with them.
#[derive(Serialize, Deserialize)]
struct Token {
    list: String,
    start: Start,
}

/// Positions instead of offsets, so that created or deleted objects do not shift the pages.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Start {
    After(u64),
    Before(u64),
}

/// Replies with the requested page, with its items under `key`. All other query parameters are filters.
pub(super) fn reply(key: &str, rows: Vec<(u64, Value)>, call: &Call<'_>, default_size: usize) -> Outcome {
    body(key, rows, call, default_size).map(Reply::ok)
}

/// The body of such a reply.
pub(super) fn body(
    key: &str,
    rows: Vec<(u64, Value)>,
    call: &Call<'_>,
    default_size: usize,
) -> Result<Value, ApiError> {
    let filters =
        call.query.pairs().iter().filter(|(name, _)| !matches!(name.as_str(), "page_size" | "page_token"));
    let filters: Vec<_> = filters.map(|(name, value)| format!("{name}={value}")).collect();
    let page = page(rows, call, &format!("{key}?{}", filters.join("&")), default_size)?;
    let mut body = json!({
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    });
    body[key] = page.items.into();
    Ok(body)
}

/// Returns the requested page of `rows`, which must be sorted by position.
pub(super) fn page<T>(
    rows: Vec<(u64, T)>,
    call: &Call<'_>,
    list: &str,
    default_size: usize,
) -> Result<Page<T>, ApiError> {
    let size = call.query.get("page_size").and_then(|size| size.parse().ok()).filter(|size| *size > 0);
    let size = size.unwrap_or(default_size);
    let start = match call.query.get("page_token") {
        Some(text) => decode(text, list)?,
        None => Start::After(0),
    };
    let total = rows.len();
    let (from, to) = match start {
        Start::After(position) => {
            let from = rows.partition_point(|(own, _)| *own <= position);
            (from, total.min(from + size))
        }
        Start::Before(position) => {
            let to = rows.partition_point(|(own, _)| *own < position);
            (to.saturating_sub(size), to)
        }
    };
    let token = |start: Option<Start>| start.map_or(String::new(), |start| encode(list, start));
    let next = (to > 0 && to < total).then(|| Start::After(rows[to - 1].0));
    let previous = (from > 0).then(|| Start::Before(rows.get(from).map_or(u64::MAX, |row| row.0)));
    let (next, previous) = (token(next), token(previous));
    let items = rows.into_iter().skip(from).take(to - from).map(|(_, item)| item).collect();
    Ok(Page { items, next, previous, total })
}

fn encode(list: &str, start: Start) -> String {
    let token = json!({"list": list, "start": start});
    URL_SAFE_NO_PAD.encode(token.to_string())
}

fn decode(text: &str, list: &str) -> Result<Start, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let token = bytes.and_then(|bytes| serde_json::from_slice::<Token>(&bytes).ok());
    match token.filter(|token| token.list == list) {
        Some(token) => Ok(token.start),
        None => Err(ApiError::invalid_field("page_token", "page_token", "is not a token of this list")),
    }
}
