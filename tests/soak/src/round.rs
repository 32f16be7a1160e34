//! One round: all workers run call sequences until the round has made its calls.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, Scope};

use fastrand::Rng;
use tokio::runtime::{self, Runtime};

use crate::Done;
use crate::clients::ClientPool;
use crate::ledger::Ledger;
use crate::sequence::{Sequence, Variables};

/// The calls of a round. With tokens, pages and retries they stay well below the 10,000 requests of the emulator's log.
pub const CALLS: u32 = 4000;

const THREADS: usize = 6;
const THREADS_WITHOUT_TOKIO: usize = 3;
const TASKS: usize = 12;
const TASKS_ON_ONE_THREAD: usize = 4;

/// The table of all calls is one function, whose stack frame is huge in debug builds.
const STACK: usize = 16 * 1024 * 1024;

/// A round, shared by all workers.
#[derive(Debug)]
pub struct Round {
    /// The number of the round.
    pub number: u32,
    /// The number of calls.
    pub calls: u32,
    /// The call sequences.
    pub sequences: Arc<Vec<Sequence>>,
    /// The clients.
    pub pool: Arc<ClientPool>,
    /// The ended calls.
    pub ledger: Ledger,
    /// A valid access token, for token validation.
    pub access_token: Mutex<String>,
    /// The client ID, which is the audience of the token.
    pub client_id: String,
    next: AtomicU32,
    next_sequence: AtomicU32,
    /// Whether all workers have ended.
    ended: AtomicBool,
}

impl Round {
    /// Creates a round.
    #[must_use]
    pub fn new(
        number: u32,
        calls: u32,
        sequences: Arc<Vec<Sequence>>,
        pool: Arc<ClientPool>,
        client_id: &str,
    ) -> Self {
        Self {
            number,
            calls,
            sequences,
            pool,
            ledger: Ledger::default(),
            access_token: Mutex::default(),
            client_id: client_id.to_owned(),
            next: AtomicU32::new(0),
            next_sequence: AtomicU32::new(0),
            ended: AtomicBool::new(false),
        }
    }

    /// Whether all calls have been started.
    #[must_use]
    pub fn all_started(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.calls
    }

    /// Whether all calls have ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// The number of started calls.
    #[must_use]
    pub fn progress(&self) -> u32 {
        self.next.load(Ordering::Relaxed).min(self.calls)
    }

    /// The number of a new call, or `None` if the round has made all its calls.
    pub fn next_number(&self) -> Option<u32> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.calls).then_some(number)
    }

    /// The variables of a new sequence.
    pub fn variables(&self, rng: &mut Rng) -> Variables {
        let next_sequence = self.next_sequence.fetch_add(1, Ordering::Relaxed);
        let token = self.access_token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let common = [("access_token", token), ("client_id", self.client_id.clone())];
        Variables::new(format!("r{}e{next_sequence}", self.number), rng.u32(..), &common)
    }

    /// Runs all workers, with the fault injector on its own thread.
    pub fn run(
        self: &Arc<Self>,
        rng: &mut Rng,
        inject_faults: impl FnOnce(&Self) -> Done<()> + Send,
    ) -> Done<()> {
        let (several, one) = (runtime(2)?, runtime(0)?);
        thread::scope(|scope| {
            let injector = scope.spawn(|| inject_faults(self));
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    let rng = rng.fork();
                    spawn(scope, || self.work_blocking(rng))?;
                }
                for _ in 0..THREADS_WITHOUT_TOKIO {
                    let rng = rng.fork();
                    spawn(scope, || self.work_without_tokio(rng))?;
                }
                for (runtime, tasks) in [(&several, TASKS), (&one, TASKS_ON_ONE_THREAD)] {
                    let rngs: Vec<_> = (0..tasks).map(|_| rng.fork()).collect();
                    spawn(scope, || self.work_as_tasks(runtime, rngs))?;
                }
                Ok::<_, io::Error>(())
            })?;
            self.ended.store(true, Ordering::Release);
            injector.join().map_err(|_| "the fault injector panicked")?
        })
    }

    fn work_as_tasks(self: &Arc<Self>, runtime: &Runtime, rngs: Vec<Rng>) {
        let tasks: Vec<_> = rngs
            .into_iter()
            .map(|rng| {
                let round = Arc::clone(self);
                runtime.spawn(async move { round.work_in_tokio(rng).await })
            })
            .collect();
        for task in tasks {
            runtime.block_on(task).unwrap_or_else(|e| panic!("a task panicked: {e}"));
        }
    }
}

fn spawn<'scope>(scope: &'scope Scope<'scope, '_>, work: impl FnOnce() + Send + 'scope) -> io::Result<()> {
    Builder::new().stack_size(STACK).spawn_scoped(scope, work).map(drop)
}

/// A runtime with this many threads. With 0, a single-threaded runtime, which runs only inside `block_on`.
fn runtime(threads: usize) -> Done<Runtime> {
    let mut builder = match threads {
        0 => runtime::Builder::new_current_thread(),
        _ => runtime::Builder::new_multi_thread(),
    };
    Ok(builder.worker_threads(threads.max(1)).thread_stack_size(STACK).enable_all().build()?)
}
