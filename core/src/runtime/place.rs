//! The runtime of a blocking call.

use std::future::Future;
use std::pin::{Pin, pin};

use tokio::runtime::Handle;

use super::{own, slots};
use crate::error::{Result, ScalekitError};
use crate::panic::caught;

/// A slot, or the library's runtime if none was free.
pub(crate) enum Place {
    Slot(slots::Taken),
    Shared(Handle),
}

impl Place {
    pub(crate) fn take(operation: &str) -> Result<Self> {
        match slots::take() {
            Some(slot) => Ok(Self::Slot(slot)),
            None => own(operation).map(Self::Shared),
        }
    }

    /// Runs work on this thread, outside a runtime.
    pub(crate) fn run<T>(&mut self, operation: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut result = None;
        {
            let work = pin!(async {
                let done = caught(operation, work).await;
                result.insert(done).is_ok()
            });
            self.block_on(work);
        }
        result.unwrap_or_else(|| Err(ScalekitError::internal(operation, "the runtime stopped")))
    }

    /// Not generic, so that it is compiled once.
    fn block_on(&mut self, work: Pin<&mut (dyn Future<Output = bool> + '_)>) {
        match self {
            Self::Slot(slot) => slot.run(work),
            Self::Shared(runtime) => _ = runtime.block_on(work),
        }
    }

    /// Completes work in this slot that other calls wait for too, which makes no progress while the slot is not run.
    #[cfg(feature = "ffi")]
    pub(crate) fn complete_shared(&mut self) {
        if let Self::Slot(slot) = self {
            slot.complete_shared();
        }
    }
}
