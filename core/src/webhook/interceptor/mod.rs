//! Interceptors: Scalekit asks you, and waits for your answer.

mod request;
mod response;
mod verifier;

pub use request::*;
pub use response::{InterceptorMembership, InterceptorResponse};
pub use verifier::InterceptorVerifier;
