//! What the connections, the control plane and the handle of an emulator share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::error::ControlError;
use crate::fault::Fault;
use crate::log::Log;
use crate::router::Router;
use crate::routes::{self, Route};
use crate::webhooks::Outgoing;
use crate::world::World;

#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    pub(crate) log: Arc<Log>,
    pub(crate) outgoing: Arc<Outgoing>,
    pub(crate) router: Router<Route>,
    /// Counts resets; requests that a fault holds back wait for the next one.
    pub(crate) resets: watch::Sender<u64>,
}

impl Shared {
    pub(crate) fn new(world: World) -> Shared {
        Shared {
            outgoing: Arc::clone(&world.outgoing),
            world: Mutex::new(world),
            log: Arc::default(),
            router: routes::build(),
            resets: watch::Sender::default(),
        }
    }

    /// A handler that panicked must not stop the others.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reset(&self) {
        self.world().reset();
        self.log.clear();
        self.resets.send_modify(|count| *count += 1);
    }

    pub(crate) fn fault(&self, fault: Fault) -> Result<(), ControlError> {
        self.world().faults.add(fault, &self.operations())
    }

    /// A test that misspells an operation must not wait for it.
    pub(crate) fn check_operation(&self, id: &str) -> Result<(), ControlError> {
        if self.operations().contains(&id) {
            return Ok(());
        }
        Err(ControlError::new(format!("there is no operation {id}")))
    }

    fn operations(&self) -> Vec<&str> {
        self.router.targets().map(|route| route.id.as_str()).collect()
    }
}
