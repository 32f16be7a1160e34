//! The three headers that a delivery is verified by.

use std::collections::HashMap;

use super::refusal::{Reason, Verdict, refuse};

/// Whose names to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Webhook,
    /// Some deployments sign interceptor requests under the names of webhooks.
    Interceptor,
}

/// What the headers say, not yet believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claimed<'a> {
    pub id: &'a str,
    pub timestamp: &'a str,
    pub unix_seconds: i64,
    pub signatures: &'a str,
}

/// Ten digits until the year 2286; more than enough, and never too many for an `i64`.
const MOST_DIGITS: usize = 15;

impl<'a> Claimed<'a> {
    pub(super) fn read(headers: &'a HashMap<String, String>, family: Family) -> Verdict<Self> {
        let prefix = match family {
            Family::Interceptor if find(headers, "interceptor", "signature")?.is_some() => "interceptor",
            _ => "webhook",
        };
        let need = |part: &str| match find(headers, prefix, part)? {
            Some(value) => Ok(value),
            None => refuse(Reason::MissingHeader, format!("the header {prefix}-{part} is missing")),
        };
        let (id, timestamp, signatures) = (need("id")?, need("timestamp")?, need("signature")?);
        match seconds(timestamp) {
            Some(unix_seconds) => Ok(Self { id, timestamp, unix_seconds, signatures }),
            None => refuse(
                Reason::MalformedHeader,
                format!("the header {prefix}-timestamp must be a number of seconds since 1970"),
            ),
        }
    }
}

/// Names count in any case, as HTTP has it. Two headers that differ only in that would leave open which one was meant.
fn find<'a>(headers: &'a HashMap<String, String>, prefix: &str, part: &str) -> Verdict<Option<&'a str>> {
    let name = format!("{prefix}-{part}");
    let mut values =
        headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(&name)).map(|(_, value)| value.trim());
    let Some(value) = values.next() else { return Ok(None) };
    if values.any(|other| other != value) {
        return refuse(Reason::MalformedHeader, format!("the header {name} is there twice"));
    }
    Ok(Some(value).filter(|value| !value.is_empty()))
}

fn seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= MOST_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
