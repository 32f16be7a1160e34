//! The mails that the service would have sent.

use serde_json::{Value, json};

use crate::clock::Instant;
use crate::json::overlay;

/// Keeps mails in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Vec<Value>);

impl Outbox {
    /// `more` is what this kind of mail says beside to whom and when it was sent.
    pub(crate) fn send(&mut self, kind: &str, to: &str, now: Instant, more: &Value) {
        let mut mail = json!({"kind": kind, "to": to, "sent_at": now});
        overlay(&mut mail, more);
        self.0.push(mail);
    }

    pub(crate) fn all(&self) -> &[Value] {
        &self.0
    }
}
