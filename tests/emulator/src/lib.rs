//! A local, in-memory emulator of the Scalekit service.
//!
//! It stores the objects that callers create, validates requests as strictly as the service does, signs real tokens,
//! and injects faults on request: see [`Emulator`] and [`Fault`]. The README describes the binary of the same name and
//! the control plane under `/_emulator/`.

mod areas;
mod catalog;
mod clock;
mod connect;
mod console;
mod control;
mod cors;
mod dispatch;
mod emulator;
mod environment;
mod error;
mod event;
mod external;
mod fault;
mod grpc;
mod guard;
mod ids;
mod interceptors;
mod json;
mod keys;
mod log;
mod login;
mod login_state;
mod model;
mod oauth;
mod percent;
mod portal;
mod record;
mod reply;
mod request;
mod resource;
mod router;
mod routes;
mod rules;
mod seed;
mod server;
mod settings;
mod shared;
mod state;
mod store;
mod table;
mod tls;
mod token;
mod tool_run;
mod validate;
mod verified_tokens;
mod webhooks;

pub use emulator::Emulator;
pub use error::ControlError;
pub use fault::{Fault, FaultKind};
pub use interceptors::InterceptorCall;
pub use log::Progress;
pub use record::{RecordedRequest, RequestState};
pub use settings::Settings;
pub use webhooks::{Attempt, DeliveryState, WebhookDelivery, WebhookProgress};
