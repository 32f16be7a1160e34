//! Authentication logs.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::clock::Instant;
use crate::model::AuthLog;
use crate::reply::Outcome;
use crate::store::Store;
use crate::validate::{Field, Rule, list, text, time};

pub(super) const ENTRIES: &[Entry] = &[Entry::new("auth_logs.list", list_page).query(LIST)];

const DEFAULT_PAGE: usize = 10;

/// Bits that order the logs of the same second.
const POSITION_BITS: u32 = 24;

const LIST: &[Field] = &[
    paging::size(100),
    paging::TOKEN,
    text("email", 0, 320),
    list("status", 4, &Rule::OneOf(&["INITIATED", "PENDING", "SUCCESS", "FAILED"])),
    time("start_time"),
    time("end_time"),
    text("resource_id", 0, 32),
    text("client_id", 0, 32),
];

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    let query = &call.query;
    let statuses: Vec<_> = query.all("status").filter(|status| !status.is_empty()).collect();
    let time = |name: &str| query.get(name).and_then(Instant::parse);
    let (start, end) = (time("start_time"), time("end_time"));
    let wanted = |log: &AuthLog| {
        query.get("email").is_none_or(|email| email.eq_ignore_ascii_case(&log.email))
            && (statuses.is_empty() || statuses.contains(&log.status.as_str()))
            && start.is_none_or(|start| log.timestamp >= Some(start))
            && end.is_none_or(|end| log.timestamp <= Some(end))
            && query.get("resource_id").is_none_or(|id| id == log.resource_id)
            && query.get("client_id").is_none_or(|id| id == log.client_id)
    };
    let logs = store.auth_logs.with_positions().filter(|(_, log)| wanted(log));
    let mut rows: Vec<_> =
        logs.map(|(position, log)| (newest_first_key(log, position), json!(log))).collect();
    rows.sort_by_key(|(position, _)| *position);
    paging::reply("authRequests", rows, call, DEFAULT_PAGE)
}

/// A sort key that puts the newest log first.
fn newest_first_key(log: &AuthLog, position: u64) -> u64 {
    let seconds = log.timestamp.map_or(0, Instant::unix_seconds);
    let seconds = u64::try_from(seconds).unwrap_or_default();
    u64::MAX - ((seconds << POSITION_BITS) | (position & ((1 << POSITION_BITS) - 1)))
}
