//! Pages with opaque tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Call;
use crate::error::ApiError;
use crate::reply::{Outcome, Reply};

/// One page, with the tokens of its neighbours; an empty token means that there is none.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: String,
    pub(super) previous: String,
    pub(super) total: usize,
}

/// What a token holds. Naming the list keeps a token of one list or filter from being used with another.
#[derive(Serialize, Deserialize)]
struct Token {
    list: String,
    start: Start,
}

/// Places are used, not offsets, so that objects made or deleted meanwhile shift nothing.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Start {
    After(u64),
    Before(u64),
}

/// Answers with the page that the query asks for, its items under `key`. All other parameters of the query are filters.
pub(super) fn answer(key: &str, rows: Vec<(u64, Value)>, call: &Call<'_>, default_size: usize) -> Outcome {
    body(key, rows, call, default_size).map(Reply::ok)
}

/// The body of such an answer.
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

/// Cuts the page that the query asks for out of `rows`, which are in the order of their places.
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
        Start::After(place) => {
            let from = rows.partition_point(|(own, _)| *own <= place);
            (from, total.min(from + size))
        }
        Start::Before(place) => {
            let to = rows.partition_point(|(own, _)| *own < place);
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
