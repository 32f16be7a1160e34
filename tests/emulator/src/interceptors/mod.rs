//! Interceptors: endpoints of the application that allow, deny or modify an operation before the service continues.
//!
//! At a trigger point a handler calls `Environment::consult` with a request and a continuation. If an interceptor is
//! registered, the handler returns a pending call, which `dispatch` makes without holding the lock on the environment.
//! Then it runs the continuation with the verdict.

mod call;
mod commands;
mod registry;
mod request;
mod verdict;

pub(crate) use call::Call;
pub(crate) use commands::{add_interceptor, handle};
pub use registry::InterceptorCall;
pub(crate) use registry::Interceptors;
pub(crate) use request::{InterceptorRequest, TriggerPoint};
pub(crate) use verdict::{NewMembership, Verdict};
