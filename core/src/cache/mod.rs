//! Per-process state that the callers of one client share: tokens, signing keys, refreshed sessions, finished logins.
//!
//! `single_flight` owns the protocol of requests that many callers wait for; the caches decide when a request is due
//! and what its result means. The protocol is model-checked: see `core/src/models`.

mod access_token;
mod finished_logins;
mod keys;
mod machine_tokens;
mod preloaded;
mod refreshes;
mod single_flight;

use std::sync::Arc;

pub(crate) use access_token::{AccessTokenCache, Token};
pub(crate) use finished_logins::{Claim, FinishedLogins};
pub(crate) use keys::{KeyCache, Lookup, Source};
pub(crate) use machine_tokens::MachineTokenCache;
pub(crate) use preloaded::{PreloadedKeys, Provided};
pub(crate) use refreshes::RefreshCache;
pub(crate) use single_flight::Fetch;

/// The state of logins and token checks. A forked child starts with an empty one, and closing the client empties it.
#[derive(Default)]
pub(crate) struct Memory {
    pub keys: Arc<KeyCache>,
    pub refreshes: Arc<RefreshCache>,
    pub machine_tokens: MachineTokenCache,
    pub finished_logins: FinishedLogins,
}

impl Memory {
    pub(crate) fn close(&self) {
        self.keys.clear();
        self.refreshes.close();
        self.machine_tokens.clear();
    }
}
