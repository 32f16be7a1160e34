//! Logins that wait for a person.

use std::collections::HashMap;

use super::authorization::{AuthorizationParameters, Selection};
use crate::clock::Instant;

/// A login that waits for the decision on its page.
#[derive(Debug)]
pub(crate) struct PendingLogin {
    pub(crate) parameters: AuthorizationParameters,
    pub(crate) selection: Selection,
    pub(crate) expires_at: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) pending: HashMap<String, PendingLogin>,
}

impl Pages {
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Removes expired logins.
    pub(crate) fn sweep(&mut self, now: Instant) {
        self.pending.retain(|_, pending| pending.expires_at > now);
        self.pending.shrink_to_fit();
    }
}
