//! One client in three styles, so that each behavior has a single test function.

use std::sync::Arc;

use scalekit::{
    AsyncScalekitClient, CallOptions, ClientOptions, CreateOrganization, Json, Organization, Result,
    ScalekitClient,
};
use scalekit_emulator::Emulator;
use tokio::runtime::{Builder, Runtime};

/// How a client is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The async client in a single-threaded Tokio runtime that is parked between calls.
    Tokio,
    /// The async client on a thread without a Tokio runtime, as the other languages use it.
    NoRuntime,
    /// The blocking client.
    Blocking,
}

/// A client whose calls look the same in every style. Clones share one client.
#[derive(Debug, Clone)]
pub enum Caller {
    /// See `Style::Tokio`.
    Tokio(AsyncScalekitClient, Arc<Runtime>),
    /// See `Style::NoRuntime`.
    NoRuntime(AsyncScalekitClient),
    /// See `Style::Blocking`.
    Blocking(ScalekitClient),
}

/// Makes a call: `call!(caller, client => client.organizations().get("org_1"))`.
macro_rules! call {
    ($caller:expr, $client:ident => $call:expr) => {
        match &$caller {
            $crate::support::Caller::Tokio($client, runtime) => runtime.block_on($call),
            $crate::support::Caller::NoRuntime($client) => $crate::support::executor::block_on($call),
            $crate::support::Caller::Blocking($client) => $call,
        }
    };
}
pub(crate) use call;

/// Makes a synchronous call in any style: `plain!(caller, client => client.login().start(options))`.
macro_rules! plain {
    ($caller:expr, $client:ident => $call:expr) => {
        match &$caller {
            $crate::support::Caller::Tokio($client, _) => $call,
            $crate::support::Caller::NoRuntime($client) => $call,
            $crate::support::Caller::Blocking($client) => $call,
        }
    };
}
pub(crate) use plain;

/// A single-threaded runtime, which is parked outside `block_on`.
pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

impl Style {
    /// Creates a client of an emulator.
    pub fn client(self, emulator: &Emulator, options: ClientOptions) -> Caller {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        self.try_client(url, id, secret, options).expect("the options are valid")
    }

    /// Returns the error of creating a client with these options.
    pub fn client_error(self, emulator: &Emulator, options: ClientOptions) -> scalekit::ScalekitError {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        self.try_client(url, id, secret, options).expect_err("the options are invalid")
    }

    /// Creates a client of any server.
    pub fn client_at(self, url: &str, options: ClientOptions) -> Caller {
        self.try_client(url, "skc_1", "secret_1", options).expect("the options are valid")
    }

    /// Creates a client, unless its options are invalid.
    pub fn try_client(self, url: &str, id: &str, secret: &str, options: ClientOptions) -> Result<Caller> {
        Ok(match self {
            Style::Tokio => {
                Caller::Tokio(AsyncScalekitClient::new(url, id, secret, options)?, Arc::new(runtime()))
            }
            Style::NoRuntime => Caller::NoRuntime(AsyncScalekitClient::new(url, id, secret, options)?),
            Style::Blocking => Caller::Blocking(ScalekitClient::new(url, id, secret, options)?),
        })
    }

    /// Creates a client from environment variables.
    pub fn client_from_env(self) -> Result<Caller> {
        let options = ClientOptions::default();
        Ok(match self {
            Style::Tokio => Caller::Tokio(AsyncScalekitClient::from_env(options)?, Arc::new(runtime())),
            Style::NoRuntime => Caller::NoRuntime(AsyncScalekitClient::from_env(options)?),
            Style::Blocking => Caller::Blocking(ScalekitClient::from_env(options)?),
        })
    }
}

impl Caller {
    /// Creates a copy with other call options.
    pub fn with(&self, options: CallOptions) -> Result<Caller> {
        Ok(match self {
            Caller::Tokio(client, runtime) => {
                Caller::Tokio(client.with_options(options)?, Arc::clone(runtime))
            }
            Caller::NoRuntime(client) => Caller::NoRuntime(client.with_options(options)?),
            Caller::Blocking(client) => Caller::Blocking(client.with_options(options)?),
        })
    }

    /// A representative read.
    pub fn get(&self, id: &str) -> Result<Organization> {
        call!(*self, client => client.organizations().get(id))
    }

    /// A representative write.
    pub fn create(&self, display_name: &str) -> Result<Organization> {
        let new = CreateOrganization { display_name: display_name.into(), ..Default::default() };
        call!(*self, client => client.organizations().create(new))
    }

    /// A call that needs no access token.
    pub fn jwks(&self) -> Result<Json> {
        call!(*self, client => client.jwks())
    }

    /// Closes the client.
    pub fn close(&self) {
        match self {
            Caller::Tokio(client, _) | Caller::NoRuntime(client) => client.close(),
            Caller::Blocking(client) => client.close(),
        }
    }

    /// Advances the client's clock.
    pub fn advance_clock(&self, by: std::time::Duration) {
        match self {
            Caller::Tokio(client, _) | Caller::NoRuntime(client) => client.advance_clock_for_test(by),
            Caller::Blocking(client) => client.advance_clock_for_test(by),
        }
    }
}
