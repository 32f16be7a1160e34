//! Interceptors: requests in which Scalekit asks your application for a decision and waits for the response.

mod request;
mod response;
mod verifier;

pub use request::*;
pub use response::{InterceptorMembership, InterceptorResponse};
pub use verifier::InterceptorVerifier;
