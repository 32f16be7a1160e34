//! Delivery of one event to one endpoint.

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::Value;

use super::endpoint::Endpoint;
use crate::clock::Instant;
use crate::event::Event;

/// The delivery of an event to an endpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// ID of the event, and the `webhook-id` header of every attempt.
    pub event_id: String,
    /// Type of the event.
    pub event_type: String,
    /// ID of the endpoint.
    pub endpoint_id: String,
    /// Body of the request, the same in every attempt.
    pub body: Value,
    /// State of the delivery.
    pub state: DeliveryState,
    /// Results of the attempts so far.
    pub attempts: Vec<Attempt>,
}

/// State of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// Waiting for the first or next attempt.
    Pending,
    /// An attempt is in progress.
    Sending,
    /// The endpoint responded with a 2xx status code.
    Delivered,
    /// The last attempt failed.
    Failed,
}

/// Result of one delivery attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// Status code of the response. Absent if there was no response.
    pub status: Option<u16>,
    /// Why there was no response.
    pub error: Option<String>,
}

/// A delivery and the data for its attempts.
#[derive(Debug)]
pub(super) struct QueuedDelivery {
    pub(super) number: u64,
    pub(super) delivery: WebhookDelivery,
    pub(super) body: String,
    pub(super) endpoint: Endpoint,
    /// Time of the next attempt, by the emulator's clock.
    pub(super) due: Instant,
}

impl QueuedDelivery {
    pub(super) fn new(number: u64, event: &Event, endpoint: &Endpoint, now: Instant) -> QueuedDelivery {
        let delivery = WebhookDelivery {
            event_id: event.id.clone(),
            event_type: event.event_type.clone(),
            endpoint_id: endpoint.id.clone(),
            body: event.body.clone(),
            state: DeliveryState::Pending,
            attempts: Vec::new(),
        };
        QueuedDelivery {
            number,
            delivery,
            body: event.body.to_string(),
            endpoint: endpoint.clone(),
            due: now,
        }
    }

    /// Schedules one more attempt, unless one is in progress.
    pub(super) fn resend(&mut self, now: Instant) -> bool {
        let idle = self.delivery.state != DeliveryState::Sending;
        if idle {
            (self.delivery.state, self.due) = (DeliveryState::Pending, now);
        }
        idle
    }

    /// Records an attempt and schedules the next one, if any.
    pub(super) fn record(&mut self, attempt: Attempt, now: Instant) {
        let delivered = attempt.status.is_some_and(|status| (200..300).contains(&status));
        self.delivery.attempts.push(attempt);
        let delays = &self.endpoint.retry_delays_seconds;
        self.delivery.state = match delays.get(self.delivery.attempts.len() - 1) {
            _ if delivered => DeliveryState::Delivered,
            Some(delay) => {
                self.due = now.plus(TimeDelta::seconds((*delay).into()));
                DeliveryState::Pending
            }
            None => DeliveryState::Failed,
        };
    }
}
