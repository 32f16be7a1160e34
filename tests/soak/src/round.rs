//! One round: everybody runs errands until so many calls were made.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, Scope};

use fastrand::Rng;
use tokio::runtime::{self, Runtime};

use crate::Done;
use crate::clients::Fleet;
use crate::errand::{Errand, Words};
use crate::ledger::Ledger;

/// The calls of a round. The emulator's log holds 10,000 requests; with tokens, pages and retries this is well below it.
pub const CALLS: u32 = 4000;

const THREADS: usize = 6;
const THREADS_WITHOUT_TOKIO: usize = 3;
const TASKS: usize = 12;
const TASKS_ON_ONE_THREAD: usize = 4;

/// The table of all calls is one function, whose frame is huge where nothing is optimized.
const STACK: usize = 16 * 1024 * 1024;

/// A round, as all workers see it.
#[derive(Debug)]
pub struct Round {
    /// Which one.
    pub number: u32,
    /// How many calls it makes.
    pub calls: u32,
    /// What there is to do.
    pub errands: Arc<Vec<Errand>>,
    /// The clients.
    pub fleet: Arc<Fleet>,
    /// What became of the calls.
    pub ledger: Ledger,
    /// A good access token, as somebody would send one.
    pub access_token: Mutex<String>,
    /// The client that the token is meant for.
    pub client_id: String,
    next: AtomicU32,
    errand: AtomicU32,
    /// Nobody is at work any more.
    ended: AtomicBool,
}

impl Round {
    /// A round that is still to begin.
    #[must_use]
    pub fn new(
        number: u32,
        calls: u32,
        errands: Arc<Vec<Errand>>,
        fleet: Arc<Fleet>,
        client_id: &str,
    ) -> Self {
        Self {
            number,
            calls,
            errands,
            fleet,
            ledger: Ledger::default(),
            access_token: Mutex::default(),
            client_id: client_id.to_owned(),
            next: AtomicU32::new(0),
            errand: AtomicU32::new(0),
            ended: AtomicBool::new(false),
        }
    }

    /// Whether all calls were begun.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.calls
    }

    /// Whether all calls have ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// How many calls were begun.
    #[must_use]
    pub fn progress(&self) -> u32 {
        self.next.load(Ordering::Relaxed).min(self.calls)
    }

    /// The number of a new call, as long as there are calls to make.
    pub fn next_number(&self) -> Option<u32> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.calls).then_some(number)
    }

    /// The words of a new errand.
    pub fn words(&self, rng: &mut Rng) -> Words {
        let errand = self.errand.fetch_add(1, Ordering::Relaxed);
        let token = self.access_token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let common = [("access_token", token), ("client_id", self.client_id.clone())];
        Words::new(format!("r{}e{errand}", self.number), rng.u32(..), &common)
    }

    /// Lets everybody work, with the weather on a thread of its own.
    pub fn run(self: &Arc<Self>, rng: &mut Rng, weather: impl FnOnce(&Self) -> Done<()> + Send) -> Done<()> {
        let (several, one) = (runtime(2)?, runtime(0)?);
        thread::scope(|scope| {
            let weather = scope.spawn(|| weather(self));
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    let rng = rng.fork();
                    spawn(scope, || self.work(rng))?;
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
            weather.join().map_err(|_| "the weather broke down")?
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
            runtime.block_on(task).unwrap_or_else(|e| panic!("a task broke down: {e}"));
        }
    }
}

fn spawn<'scope>(scope: &'scope Scope<'scope, '_>, work: impl FnOnce() + Send + 'scope) -> io::Result<()> {
    Builder::new().stack_size(STACK).spawn_scoped(scope, work).map(drop)
}

/// With so many threads; with none, it works only while somebody waits for it.
fn runtime(threads: usize) -> Done<Runtime> {
    let mut builder = match threads {
        0 => runtime::Builder::new_current_thread(),
        _ => runtime::Builder::new_multi_thread(),
    };
    Ok(builder.worker_threads(threads.max(1)).thread_stack_size(STACK).enable_all().build()?)
}
