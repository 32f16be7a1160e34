//! The locks of all that callers share. The model checker puts its own in their place, and so decides who comes first:
//! `core/src/models`.

#[cfg(all(test, shuttle))]
pub(crate) use shuttle::sync::{Mutex, MutexGuard};
#[cfg(not(all(test, shuttle)))]
pub(crate) use std::sync::{Mutex, MutexGuard};
