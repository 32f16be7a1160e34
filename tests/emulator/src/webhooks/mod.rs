//! Webhooks: events that changes of state cause, signed and sent to the endpoints that a test registered.
//!
//! A handler says what happened (`World::emit`), `outgoing` keeps who is to hear of it, and `worker` sends. The waits
//! between attempts count by the emulator's clock, so that a test moves it instead of sleeping.

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
pub(crate) use post::{Letter, loopback, post};
pub(crate) use signing::Secrets;
pub(crate) use worker::run;
