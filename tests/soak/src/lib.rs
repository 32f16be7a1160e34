//! A soak test: calls to all areas of the API from many threads and tasks under constant faults between the client and the
//! service. A judge compares the outcomes reported to the callers with what the service executed.
//!
//! A run consists of rounds. In a round, workers run call sequences (`sequences.json`: a few related calls of one area)
//! until the round has made its calls. Then the emulator's log is fetched and checked, and the emulator is reset, so that
//! neither side grows with the length of the run.

pub mod calls;
pub mod children;
pub mod clients;
pub mod control;
pub mod faults;
pub mod growth;
pub mod judge;
pub mod latency;
pub mod ledger;
pub mod options;
pub mod proxy;
pub mod report;
pub mod round;
pub mod run;
pub mod sequence;
pub mod worker;

/// The result of a task.
pub type Done<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
