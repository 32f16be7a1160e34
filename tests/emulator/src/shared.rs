//! The state shared by the connections, the control plane and the handle of an emulator.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

use crate::environment::Environment;
use crate::error::ControlError;
use crate::fault::Fault;
use crate::guard::Hosts;
use crate::ids::TraceIds;
use crate::log::Log;
use crate::login;
use crate::request::ReadOptions;
use crate::router::Router;
use crate::routes::{self, Route};
use crate::seed::Seed;
use crate::webhooks::Outgoing;

#[derive(Debug)]
pub(crate) struct Shared {
    env: Mutex<Environment>,
    /// Number of times that `env` was locked. If it has not changed, the state has not.
    uses: AtomicU64,
    pub(crate) log: Arc<Log>,
    pub(crate) outgoing: Arc<Outgoing>,
    pub(crate) router: Router<Route>,
    pub(crate) read_options: ReadOptions,
    pub(crate) trace_ids: TraceIds,
    /// Counts resets. Delayed requests watch it for the next reset.
    pub(crate) resets: watch::Sender<u64>,
    /// Counts commands of the control plane.
    pub(crate) commands: watch::Sender<u64>,
    /// The names of the emulator in requests to the control plane.
    pub(crate) hosts: Hosts,
    /// The objects after a reset. Valid: they were created once at the start.
    seed: Option<Value>,
}

impl Shared {
    pub(crate) fn new(
        env: Environment,
        read_options: ReadOptions,
        hosts: Hosts,
        seed: Option<Value>,
    ) -> Shared {
        Shared {
            outgoing: Arc::clone(&env.events.outgoing),
            env: Mutex::new(env),
            uses: AtomicU64::new(0),
            log: Arc::default(),
            router: routes::build(),
            read_options,
            trace_ids: TraceIds::default(),
            resets: watch::Sender::default(),
            commands: watch::Sender::default(),
            hosts,
            seed,
        }
    }

    /// Locks the env. Ignores poisoning, so that a panic in one handler does not stop the others.
    pub(crate) fn env(&self) -> MutexGuard<'_, Environment> {
        self.uses.fetch_add(1, Ordering::Relaxed);
        self.env.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn uses(&self) -> u64 {
        self.uses.load(Ordering::Relaxed)
    }

    pub(crate) fn reset(&self) {
        {
            let mut env = self.env();
            env.reset();
            let seed = self.seed.clone().map(|seed| Seed::parse(seed).and_then(|seed| seed.apply(&mut env)));
            debug_assert!(!matches!(seed, Some(Err(_))), "the seed was valid at the start");
        }
        self.log.clear();
        self.resets.send_modify(|count| *count += 1);
    }

    /// Handles what is due after a change of the clock.
    pub(crate) fn clock_moved(&self) {
        login::sweep(&mut self.env());
        self.outgoing.wake();
    }

    pub(crate) fn fault(&self, fault: Fault) -> Result<(), ControlError> {
        self.env().faults.add(fault, &self.operations())
    }

    /// Rejects an unknown operation ID, so that a misspelled one does not wait until the timeout.
    pub(crate) fn check_operation(&self, id: &str) -> Result<(), ControlError> {
        if self.operations().contains(&id) {
            return Ok(());
        }
        Err(ControlError::new(format!("there is no operation {id}")))
    }

    /// The operation IDs, sorted.
    pub(crate) fn operations(&self) -> Vec<&str> {
        let mut ids: Vec<_> = self.router.targets().map(|route| route.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
