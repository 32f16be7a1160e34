//! Model checking of the caches, in every order of events.
//!
//! Shuttle runs the caches with its own locks (`sync`) and tasks (`runtime`). At each of them it decides which task
//! continues, in thousands of schedules, and reports the schedule that failed. A schedule in which no task can continue
//! fails as well, so every model also shows that no wake-up is lost and no caller waits forever.
//!
//! Shuttle instead of loom: loom tries every schedule, but supports at most four threads and no tasks, and these models
//! have up to a thousand callers. Tokio's channel counts as one step; Tokio itself checks it with loom.
//! `cargo xtask models` runs all models.

mod keys;
mod logins;
mod refreshes;
mod token;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::future::{JoinHandle, block_on, spawn, yield_now};
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};

use crate::error::ScalekitError;
use crate::runtime::model_checker::{abort_all, reset};

/// Number of schedules for each model.
const SCHEDULES: usize = 1000;

/// Runs a model in many schedules: half of them random, half with a few context switches at the worst points (PCT).
fn explore(model: fn()) {
    explore_some(SCHEDULES, model);
}

fn explore_some(schedules: usize, model: fn()) {
    Runner::new(RandomScheduler::new(schedules / 2), config()).run(move || run_isolated(model));
    Runner::new(PctScheduler::new(3, schedules / 2), config()).run(move || run_isolated(model));
}

/// Runs a small model in all schedules, each once, up to `limit`.
fn explore_all(limit: usize, model: fn()) {
    Runner::new(DfsScheduler::new(Some(limit), false), config()).run(move || run_isolated(model));
}

fn run_isolated(model: fn()) {
    reset();
    model();
}

fn config() -> Config {
    let mut config = Config::new();
    // Errors and JSON need more than the default of 32 KB.
    config.stack_size = 256 * 1024;
    // A thousand callers take a tenth of it, so a longer schedule is a loop.
    config.max_steps = MaxSteps::FailAfter(200_000);
    config
}

/// Number of requests to the service.
#[derive(Clone, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    /// Counts one request and returns its number, from 1.
    fn increment(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn offline() -> ScalekitError {
    ScalekitError::connection("oauth.token", "offline", true)
}

/// Waits for all tasks and returns their results.
fn join_all<T>(tasks: impl IntoIterator<Item = JoinHandle<T>>) -> Vec<T> {
    tasks.into_iter().map(|task| block_on(task).expect("the task was not aborted")).collect()
}
