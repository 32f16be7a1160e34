//! The three headers from which a delivery is verified.

use std::collections::HashMap;

use super::rejection::{Reason, Verified, reject};

/// The prefix of the header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderPrefix {
    Webhook,
    /// Falls back to `Webhook`, because some deployments sign interceptor requests under those names.
    Interceptor,
}

/// The contents of the headers, not verified yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SignatureHeaders<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    pub unix_seconds: i64,
    pub signatures: &'a str,
}

/// Timestamps have 10 digits until the year 2286; 15 always fit into an `i64`.
const MAX_TIMESTAMP_DIGITS: usize = 15;

impl<'a> SignatureHeaders<'a> {
    pub(super) fn read(headers: &'a HashMap<String, String>, prefix: HeaderPrefix) -> Verified<Self> {
        let prefix = match prefix {
            HeaderPrefix::Interceptor if find(headers, "interceptor", "signature")?.is_some() => {
                "interceptor"
            }
            _ => "webhook",
        };
        let require = |part: &str| match find(headers, prefix, part)? {
            Some(value) => Ok(value),
            None => reject(Reason::MissingHeader, format!("the {prefix}-{part} header is missing")),
        };
        let (id, timestamp, signatures) = (require("id")?, require("timestamp")?, require("signature")?);
        match parse_seconds(timestamp) {
            Some(unix_seconds) => Ok(Self { id, timestamp, unix_seconds, signatures }),
            None => reject(
                Reason::MalformedHeader,
                format!("the {prefix}-timestamp header must be a number of seconds since 1970"),
            ),
        }
    }
}

/// Header names are case-insensitive. Different values under the same name are rejected as ambiguous.
fn find<'a>(headers: &'a HashMap<String, String>, prefix: &str, part: &str) -> Verified<Option<&'a str>> {
    let name = format!("{prefix}-{part}");
    let mut values =
        headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(&name)).map(|(_, value)| value.trim());
    let Some(value) = values.next() else { return Ok(None) };
    if values.any(|other| other != value) {
        return reject(
            Reason::MalformedHeader,
            format!("the {name} header occurs twice with different values"),
        );
    }
    Ok(Some(value).filter(|value| !value.is_empty()))
}

fn parse_seconds(text: &str) -> Option<i64> {
    let is_valid =
        !text.is_empty() && text.len() <= MAX_TIMESTAMP_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    is_valid.then(|| text.parse().ok()).flatten()
}
