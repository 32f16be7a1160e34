//! What endpoints hear of.

use scalekit::{WebhookEvent, WebhookVerifier};
use scalekit_emulator::WebhookProgress;
use serde_json::{Value, json};

use super::receiver::Receiver;
use super::{Bench, LIMIT};

/// An endpoint that hears of everything from now on.
pub struct Listener {
    receiver: Receiver,
    secret: String,
    heard: usize,
}

impl Listener {
    pub async fn start(bench: &Bench) -> Listener {
        let receiver = Receiver::start().await;
        let made = bench.emulator.add_webhook_endpoint(json!({"url": receiver.url})).unwrap();
        let secret = made["secrets"][0].as_str().unwrap().to_owned();
        Listener { receiver, secret, heard: 0 }
    }

    /// The events since the last look, in the order in which they were caused.
    pub fn bodies(&mut self, bench: &Bench) -> Vec<Value> {
        let all = bench.emulator.webhook_deliveries();
        let new = all[self.heard..].iter().map(|delivery| delivery.body.clone()).collect();
        self.heard = all.len();
        new
    }

    /// Their types.
    pub fn types(&mut self, bench: &Bench) -> Vec<String> {
        self.bodies(bench).iter().map(|body| body["type"].as_str().unwrap().to_owned()).collect()
    }

    /// All that arrived, verified and read by the library, each with its body.
    pub async fn arrived(&self, bench: &Bench) -> Vec<(WebhookEvent, Value)> {
        let delivered = bench.emulator.webhook_deliveries().len();
        let wanted = WebhookProgress { delivered, ..WebhookProgress::default() };
        assert!(bench.emulator.wait_webhooks(wanted, LIMIT).await.is_ok());
        let verifier = WebhookVerifier::new(vec![self.secret.clone()], 300).unwrap();
        let requests = self.receiver.requests();
        let read = requests.iter().map(|(headers, body)| {
            (verifier.event(headers, body, None).unwrap(), serde_json::from_slice(body).unwrap())
        });
        read.collect()
    }
}
