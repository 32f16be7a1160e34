//! One event on its way to one endpoint.

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::Value;

use super::endpoint::Endpoint;
use super::event::Event;
use crate::clock::Instant;

/// An event that was sent to an endpoint, or is to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// The event's id, which is the `webhook-id` of every attempt as well.
    pub event_id: String,
    /// The event's type.
    pub event_type: String,
    /// The endpoint that it goes to.
    pub endpoint_id: String,
    /// The body, as it is sent each time.
    pub body: Value,
    /// How far it is.
    pub state: DeliveryState,
    /// What became of each attempt.
    pub attempts: Vec<Attempt>,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// It waits for its first or next attempt.
    Pending,
    /// An attempt is under way.
    Sending,
    /// The endpoint answered with a 2xx.
    Delivered,
    /// The last attempt failed.
    Failed,
}

/// One attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// The status of the answer; absent where there was none.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// A delivery with what its attempts need.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) number: u64,
    pub(super) delivery: WebhookDelivery,
    pub(super) text: String,
    pub(super) endpoint: Endpoint,
    /// When the next attempt is due, by the emulator's clock.
    pub(super) due: Instant,
}

impl Parcel {
    pub(super) fn new(number: u64, event: &Event, endpoint: &Endpoint, now: Instant) -> Parcel {
        let delivery = WebhookDelivery {
            event_id: event.id.clone(),
            event_type: event.event_type.clone(),
            endpoint_id: endpoint.id.clone(),
            body: event.body.clone(),
            state: DeliveryState::Pending,
            attempts: Vec::new(),
        };
        Parcel { number, delivery, text: event.body.to_string(), endpoint: endpoint.clone(), due: now }
    }

    /// What follows from an attempt.
    pub(super) fn record(&mut self, attempt: Attempt, now: Instant) {
        let delivered = attempt.status.is_some_and(|status| (200..300).contains(&status));
        self.delivery.attempts.push(attempt);
        let waits = &self.endpoint.retry_delays_seconds;
        self.delivery.state = match waits.get(self.delivery.attempts.len() - 1) {
            _ if delivered => DeliveryState::Delivered,
            Some(wait) => {
                self.due = now.plus(TimeDelta::seconds((*wait).into()));
                DeliveryState::Pending
            }
            None => DeliveryState::Failed,
        };
    }
}
