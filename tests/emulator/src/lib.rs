//! A local, in-memory stand-in for the Scalekit service.
//!
//! It keeps what is created, checks what is sent as strictly as the service does, signs real tokens, and lets a test
//! make things go wrong: see [`Emulator`] and [`Fault`]. The README describes the program of the same name and the
//! control plane under `/_emulator/`.

mod access;
mod areas;
mod catalogue;
mod clock;
mod connect;
mod control;
mod dispatch;
mod emulator;
mod error;
mod external;
mod fault;
mod ids;
mod interceptors;
mod json;
mod keys;
mod log;
mod login;
mod members;
mod model;
mod oauth;
mod percent;
mod portal;
mod record;
mod removal;
mod reply;
mod request;
mod router;
mod routes;
mod seed;
mod seed_people;
mod server;
mod settings;
mod shared;
mod table;
mod token;
mod tool_run;
mod validate;
mod webhooks;
mod world;

pub use emulator::Emulator;
pub use error::ControlError;
pub use fault::{Fault, FaultKind};
pub use interceptors::InterceptorCall;
pub use log::Progress;
pub use record::{RecordedRequest, RequestState};
pub use settings::Settings;
pub use webhooks::{Attempt, DeliveryState, WebhookDelivery, WebhookProgress};
