//! The core's tests, but those that measure or change the whole process: they are programs of their own.
//!
//! One program, because each one links the core, the emulator and all they depend on: 90 MB, and two seconds.

mod cancel;
mod deadlines;
mod demands;
mod from_env;
mod guide;
mod idle;
mod interceptors;
mod json_numbers;
mod key_fetch_limits;
mod keys;
mod layers;
mod login;
mod login_refusals;
mod login_secrets;
mod m2m_examples;
mod machine_tokens;
mod module_graph;
mod operations;
mod pages;
mod panics;
mod path_encoding;
mod paths;
mod proxy;
mod public_client;
mod retries;
mod rules;
mod runtimes;
mod scenario;
mod scenarios;
mod secrets;
mod security_checks;
mod sessions;
mod shared_refreshes;
mod support;
mod token;
mod token_vectors;
mod tokens;
mod trust;
mod vectors;
mod webhook_properties;
mod webhooks;
mod workflows;
mod write_back;
