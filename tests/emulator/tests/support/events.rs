//! A webhook endpoint that collects events.

use scalekit::{WebhookEvent, WebhookVerifier};
use scalekit_emulator::WebhookProgress;
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{Harness, LIMIT};

/// An endpoint that receives all events from now on.
pub struct Listener {
    receiver: Receiver,
    secret: String,
    seen: usize,
}

impl Listener {
    pub async fn start(harness: &Harness) -> Listener {
        let receiver = Receiver::start().await;
        let created = harness.emulator.add_webhook_endpoint(json!({"url": receiver.url})).unwrap();
        let secret = created["secrets"][0].as_str().unwrap().to_owned();
        Listener { receiver, secret, seen: 0 }
    }

    /// Returns the events since the last call, in the order in which they were emitted.
    pub fn new_events(&mut self, harness: &Harness) -> Vec<Value> {
        let all = harness.emulator.webhook_deliveries();
        let new = all[self.seen..].iter().map(|delivery| delivery.body.clone()).collect();
        self.seen = all.len();
        new
    }

    /// Returns the types of the events since the last call.
    pub fn new_types(&mut self, harness: &Harness) -> Vec<String> {
        self.new_events(harness).iter().map(|body| body["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits for all deliveries and returns the events, verified and parsed by the library, with their bodies.
    pub async fn received(&self, harness: &Harness) -> Vec<(WebhookEvent, Value)> {
        let delivered = harness.emulator.webhook_deliveries().len();
        let wanted = WebhookProgress { delivered, ..WebhookProgress::default() };
        assert!(harness.emulator.wait_webhooks(wanted, LIMIT).await.is_ok());
        let verifier = WebhookVerifier::new([&self.secret], 300).unwrap();
        let requests = self.receiver.requests();
        let read = requests.iter().map(|(headers, body)| {
            (verifier.event(headers, body, None).unwrap(), serde_json::from_slice(body).unwrap())
        });
        read.collect()
    }
}
