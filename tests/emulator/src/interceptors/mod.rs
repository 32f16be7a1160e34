//! Interceptors: endpoints of the application that allow, deny or modify an operation before the service continues.
//!
//! At a trigger point a handler calls `Environment::consult` with a request and a continuation. If an interceptor is
//! registered, the handler returns a pending call; `complete` makes the call without holding the lock on the env, then
//! runs the continuation with the verdict.

mod call;
mod commands;
mod registry;
mod request;
mod verdict;

pub(crate) use call::{PendingCall, complete};
pub(crate) use commands::answer;
pub use registry::InterceptorCall;
pub(crate) use registry::Interceptors;
pub(crate) use request::{InterceptorRequest, TriggerPoint};
pub(crate) use verdict::{NewMembership, Verdict};
