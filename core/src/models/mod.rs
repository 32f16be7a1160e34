//! What the caches promise, in every order of events.
//!
//! Shuttle runs the caches themselves, with its own locks (`sync`) and its own tasks (`runtime`) in place of the
//! system's: it decides at each of them who goes on, thousands of times over, and says which order failed. An order in
//! which nobody can go on fails too, so that every model also shows that no wake-up is lost and nobody waits for ever.
//!
//! Shuttle and not loom: loom tries every order, but of no more than four threads and without tasks, and a thousand
//! callers are what this is about. Tokio's channel is taken as it is, as one step: Tokio checks it with loom itself.
//! `cargo xtask models` runs them all.

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

/// Orders of events that are tried of each model.
const ORDERS: usize = 1000;

/// Tries a model in many orders: half of them by dice, half with a few changes at the worst places.
fn explore(model: fn()) {
    explore_some(ORDERS, model);
}

fn explore_some(orders: usize, model: fn()) {
    Runner::new(RandomScheduler::new(orders / 2), config()).run(move || alone(model));
    Runner::new(PctScheduler::new(3, orders / 2), config()).run(move || alone(model));
}

/// Tries a small model in one order after the other, up to `most`; none comes twice.
fn explore_all(most: usize, model: fn()) {
    Runner::new(DfsScheduler::new(Some(most), false), config()).run(move || alone(model));
}

fn alone(model: fn()) {
    reset();
    model();
}

fn config() -> Config {
    let mut config = Config::new();
    // Errors and JSON want more than the usual 32 KB.
    config.stack_size = 256 * 1024;
    // A thousand callers take a tenth of it: who goes on for longer goes in circles.
    config.max_steps = MaxSteps::FailAfter(200_000);
    config
}

/// Counts what was asked of the service.
#[derive(Clone, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    /// One more; gives its number, from 1.
    fn one_more(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn offline() -> ScalekitError {
    ScalekitError::connection("oauth.token", "offline", true)
}

/// Waits for all, and gives what each of them brought.
fn all<T>(tasks: impl IntoIterator<Item = JoinHandle<T>>) -> Vec<T> {
    tasks.into_iter().map(|task| block_on(task).expect("nobody ended it")).collect()
}
