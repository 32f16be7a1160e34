//! All areas of the API at once, from many threads and tasks, through everything that can go wrong between a client
//! and the service; and a judge who compares what the callers were told with what the service did.
//!
//! A run goes in rounds. In each, workers take errands (`errands.json`: a few calls of one area that belong together)
//! until the round has made its calls; then the log of the emulator is fetched and judged, and the emulator forgets all.
//! So neither side grows with the length of the run.

pub mod calls;
pub mod children;
pub mod clients;
pub mod control;
pub mod errand;
pub mod flat;
pub mod judge;
pub mod latency;
pub mod ledger;
pub mod options;
pub mod proxy;
pub mod report;
pub mod round;
pub mod run;
pub mod weather;
pub mod worker;

/// What a task gives: something, or a sentence.
pub type Done<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
