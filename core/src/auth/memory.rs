//! What login and token checks remember, in one process and for one client.

use std::sync::Arc;

use super::keys::KeyCache;
use super::login::Finished;
use super::machine::MachineTokenCache;
use super::refresh::Refreshes;

/// Made anew in a forked child, and emptied when the client is closed.
#[derive(Default)]
pub(crate) struct Memory {
    pub keys: Arc<KeyCache>,
    pub refreshes: Arc<Refreshes>,
    pub machines: MachineTokenCache,
    pub finished: Finished,
}

impl Memory {
    pub(crate) fn close(&self) {
        self.keys.clear();
        self.refreshes.close();
        self.machines.clear();
    }
}
