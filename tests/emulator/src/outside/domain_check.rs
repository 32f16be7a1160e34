//! A look at the DNS for the record that shows whose a domain is.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::ControlError;
use crate::webhooks::event;
use crate::world::World;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    domain_id: String,
    /// Whether the record is there.
    found: bool,
}

/// Only a change is an event.
pub(crate) fn verify_domain(world: &mut World, body: Value) -> Result<Value, ControlError> {
    let refuse = |why: String| ControlError::new(format!("domain: {why}"));
    let order: Order = serde_json::from_value(body).map_err(|error| refuse(error.to_string()))?;
    let now = world.clock.now();
    let domain = world.store.domains.get_mut(&order.domain_id);
    let domain = domain.ok_or_else(|| refuse(format!("there is no {}", order.domain_id)))?;
    if !domain.is_shown_by_dns() {
        return Err(refuse("it is not the DNS that shows whose it is".into()));
    }
    let changes = domain.looked_up(order.found, now);
    let domain = domain.clone();
    if changes {
        let what = if order.found { "dns_verification_success" } else { "dns_verification_failed" };
        world.emit(event::domain(what, &domain));
    }
    Ok(json!({"domain": domain}))
}
