//! Webhooks: events about changes of state, signed and delivered to the endpoints that a test registered.
//!
//! Handlers emit events (`Environment::emit`), `outgoing` queues the deliveries, and `worker` sends them. The delays between
//! attempts use the emulator's clock, so that a test advances the clock instead of sleeping.

mod commands;
mod delivery;
mod endpoint;
pub(crate) mod event;
mod outgoing;
mod post;
mod signing;
mod worker;

pub(crate) use commands::answer;
pub use delivery::{Attempt, DeliveryState, WebhookDelivery};
pub(crate) use event::Draft as EventDraft;
pub(crate) use outgoing::Outgoing;
pub use outgoing::WebhookProgress;
pub(crate) use post::{SignedMessage, parse_loopback_url, post};
pub(crate) use signing::Secrets;
pub(crate) use worker::run;
