//! One client in three styles, so that each behaviour is written down once.

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
    /// The async client on a thread that knows no Tokio, as the other languages use it.
    Bare,
    /// The blocking client.
    Blocking,
}

/// A client whose calls look the same in every style. Clones are the same client.
#[derive(Debug, Clone)]
pub enum Caller {
    /// See `Style::Tokio`.
    Tokio(AsyncScalekitClient, Arc<Runtime>),
    /// See `Style::Bare`.
    Bare(AsyncScalekitClient),
    /// See `Style::Blocking`.
    Blocking(ScalekitClient),
}

/// Makes a call: `call!(caller, client => client.organizations().get("org_1"))`.
macro_rules! call {
    ($caller:expr, $client:ident => $call:expr) => {
        match &$caller {
            $crate::support::Caller::Tokio($client, runtime) => runtime.block_on($call),
            $crate::support::Caller::Bare($client) => $crate::support::bare::block_on($call),
            $crate::support::Caller::Blocking($client) => $call,
        }
    };
}
pub(crate) use call;

/// Makes a call that waits for nothing, in any style: `plain!(caller, client => client.login().start(options))`.
macro_rules! plain {
    ($caller:expr, $client:ident => $call:expr) => {
        match &$caller {
            $crate::support::Caller::Tokio($client, _) => $call,
            $crate::support::Caller::Bare($client) => $call,
            $crate::support::Caller::Blocking($client) => $call,
        }
    };
}
pub(crate) use plain;

/// A single-threaded runtime, parked unless somebody blocks on it.
pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

impl Style {
    /// A client of an emulator.
    pub fn client(self, emulator: &Emulator, options: ClientOptions) -> Caller {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        self.try_client(url, id, secret, options).expect("the options are good")
    }

    /// Why there is no client with these options.
    pub fn client_error(self, emulator: &Emulator, options: ClientOptions) -> scalekit::ScalekitError {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        self.try_client(url, id, secret, options).expect_err("the options are bad")
    }

    /// A client of any server.
    pub fn client_at(self, url: &str, options: ClientOptions) -> Caller {
        self.try_client(url, "skc_1", "secret_1", options).expect("the options are good")
    }

    /// A client, if its options are good.
    pub fn try_client(self, url: &str, id: &str, secret: &str, options: ClientOptions) -> Result<Caller> {
        Ok(match self {
            Style::Tokio => {
                Caller::Tokio(AsyncScalekitClient::new(url, id, secret, options)?, Arc::new(runtime()))
            }
            Style::Bare => Caller::Bare(AsyncScalekitClient::new(url, id, secret, options)?),
            Style::Blocking => Caller::Blocking(ScalekitClient::new(url, id, secret, options)?),
        })
    }

    /// A client as the environment says.
    pub fn client_from_env(self) -> Result<Caller> {
        let options = ClientOptions::default();
        Ok(match self {
            Style::Tokio => Caller::Tokio(AsyncScalekitClient::from_env(options)?, Arc::new(runtime())),
            Style::Bare => Caller::Bare(AsyncScalekitClient::from_env(options)?),
            Style::Blocking => Caller::Blocking(ScalekitClient::from_env(options)?),
        })
    }
}

impl Caller {
    /// A copy with other options.
    pub fn with(&self, options: CallOptions) -> Result<Caller> {
        Ok(match self {
            Caller::Tokio(client, runtime) => {
                Caller::Tokio(client.with_options(options)?, Arc::clone(runtime))
            }
            Caller::Bare(client) => Caller::Bare(client.with_options(options)?),
            Caller::Blocking(client) => Caller::Blocking(client.with_options(options)?),
        })
    }

    /// The typical read.
    pub fn get(&self, id: &str) -> Result<Organization> {
        call!(*self, client => client.organizations().get(id))
    }

    /// The typical write.
    pub fn create(&self, display_name: &str) -> Result<Organization> {
        let new = CreateOrganization { display_name: display_name.into(), ..Default::default() };
        call!(*self, client => client.organizations().create(new))
    }

    /// The call that needs no token.
    pub fn jwks(&self) -> Result<Json> {
        call!(*self, client => client.jwks())
    }

    /// Closes the client.
    pub fn close(&self) {
        match self {
            Caller::Tokio(client, _) | Caller::Bare(client) => client.close(),
            Caller::Blocking(client) => client.close(),
        }
    }

    /// Moves the client's idea of time.
    pub fn advance_clock(&self, by: std::time::Duration) {
        match self {
            Caller::Tokio(client, _) | Caller::Bare(client) => client.advance_clock_for_test(by),
            Caller::Blocking(client) => client.advance_clock_for_test(by),
        }
    }
}
