//! Simulated DNS lookup of the record that verifies the ownership of a domain.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Instant;
use crate::error::ControlError;
use crate::event;
use crate::store::Store;
use crate::webhooks::EventSink;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lookup {
    domain_id: String,
    /// Whether the record exists.
    found: bool,
}

/// Updates the verification status of a domain. Emits an event only if the status changes.
pub(crate) fn verify_domain(
    store: &mut Store,
    events: &EventSink,
    now: Instant,
    body: Value,
) -> Result<Value, ControlError> {
    let reject = |reason: String| ControlError::new(format!("domain: {reason}"));
    let lookup: Lookup = serde_json::from_value(body).map_err(|error| reject(error.to_string()))?;
    let domain = store.domains.get_mut(&lookup.domain_id);
    let domain = domain.ok_or_else(|| reject(format!("{} does not exist", lookup.domain_id)))?;
    if !domain.is_verified_by_dns() {
        return Err(reject("the domain is not verified by DNS".into()));
    }
    let changed = domain.record_dns_lookup(lookup.found, now);
    let domain = domain.clone();
    if changed {
        let action = if lookup.found { "dns_verification_success" } else { "dns_verification_failed" };
        events.emit(event::domain(action, &domain));
    }
    Ok(json!({"domain": domain}))
}
