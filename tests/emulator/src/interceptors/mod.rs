//! Interceptors: before it goes on, the service asks an endpoint of the application, and does what it answers.
//!
//! A handler that comes to such a place calls `World::consult` with a question and with what is to be done then. Where
//! an interceptor was registered, the handler ends there; `settle` asks without holding the world, and goes on with
//! the answer.

mod ask;
mod commands;
mod question;
mod registered;
mod verdict;

pub(crate) use ask::{Asking, settle};
pub(crate) use commands::answer;
pub(crate) use question::{Question, Trigger};
pub use registered::InterceptorCall;
pub(crate) use registered::Interceptors;
pub(crate) use verdict::{Joining, Verdict};
