//! Webhooks: events about changes of state, signed and delivered to the endpoints that a test registered.
//!
//! Handlers emit events to the [`EventSink`], `outgoing` queues the deliveries, and `worker` sends them. The delays between
//! attempts use the emulator's clock, so that a test advances the clock instead of sleeping.

mod commands;
mod delivery;
mod endpoint;
mod outgoing;
mod post;
mod signing;
mod sink;
mod worker;

pub(crate) use commands::{add_endpoint, handle, resend_event, send_event};
pub use delivery::{Attempt, DeliveryState, WebhookDelivery};
pub(crate) use outgoing::Outgoing;
pub use outgoing::WebhookProgress;
pub(crate) use post::{SignedMessage, parse_loopback_url, post};
pub(crate) use signing::Secrets;
pub(crate) use sink::EventSink;
pub(crate) use worker::run;
