//! The handle to a running emulator.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::environment::Environment;
use crate::error::ControlError;
use crate::external;
use crate::fault::Fault;
use crate::guard::Hosts;
use crate::ids::random_hex;
use crate::interceptors::{self, InterceptorCall};
use crate::log::Progress;
use crate::login;
use crate::record::RecordedRequest;
use crate::request::ReadOptions;
use crate::seed::Seed;
use crate::server;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::StateFile;
use crate::tls::Tls;
use crate::webhooks::{self, WebhookDelivery, WebhookProgress};

/// A running emulator. Dropping it closes its connections and releases its port.
///
/// ```
/// use scalekit_emulator::{Emulator, Fault};
///
/// # fn main() -> std::io::Result<()> {
/// let emulator = Emulator::start_blocking()?;
/// emulator.fault(Fault::status("organizations.get", 503)).unwrap();
/// assert!(emulator.environment_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    shared: Arc<Shared>,
    addr: SocketAddr,
    environment_url: String,
    client_id: String,
    client_secret: String,
    public_client_id: String,
    state_file: Option<Arc<StateFile>>,
    tls: Option<Arc<Tls>>,
    stop: Stop,
}

/// How to stop the server.
enum Stop {
    Task(AbortHandle),
    Thread { signal: Option<oneshot::Sender<()>>, thread: Option<thread::JoinHandle<()>> },
}

impl Emulator {
    /// Starts on a free port, as a task of the current Tokio runtime.
    pub async fn start() -> io::Result<Emulator> {
        Emulator::start_with(Settings::default()).await
    }

    /// Starts with the given settings, as a task of the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if a setting or an element of the seed is invalid; the error of the operating system if the
    /// address cannot be used.
    pub async fn start_with(settings: Settings) -> io::Result<Emulator> {
        let (listener, mut emulator) = Emulator::bind(settings)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let serving = tokio::spawn(server::run(listener, emulator.services()));
        emulator.stop = Stop::Task(serving.abort_handle());
        Ok(emulator)
    }

    /// Starts on a free port, on its own thread and runtime, for tests that are not async.
    pub fn start_blocking() -> io::Result<Emulator> {
        Emulator::start_blocking_with(Settings::default())
    }

    /// Starts with the given settings, on its own thread and runtime. Fails like [`start_with`](Self::start_with).
    pub fn start_blocking_with(settings: Settings) -> io::Result<Emulator> {
        let (listener, mut emulator) = Emulator::bind(settings)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (signal, stopped) = oneshot::channel();
        let serving = server::run(listener, emulator.services());
        let thread = thread::Builder::new().name("scalekit-emulator".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serving => {}
                    _ = stopped => {}
                }
            });
        })?;
        emulator.stop = Stop::Thread { signal: Some(signal), thread: Some(thread) };
        Ok(emulator)
    }

    fn bind(settings: Settings) -> io::Result<(TcpListener, Emulator)> {
        check(&settings)?;
        let listener = TcpListener::bind(settings.addr)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let environment_url = settings.environment_url.clone().unwrap_or_else(|| url_of(addr, settings.tls));
        let tls = settings.tls.then(|| Tls::new(addr, &environment_url)).transpose()?.map(Arc::new);
        let client_id = settings.client_id.clone().unwrap_or_else(|| "skc_100000000000000001".into());
        let client_secret =
            settings.client_secret.clone().unwrap_or_else(|| format!("test_{}", random_hex::<24>()));
        let public_client_id = settings.public_client_id.clone();
        let credentials = (client_id.clone(), client_secret.clone());
        let read_options = ReadOptions { strict: settings.strict, timeout: settings.read_timeout };
        let (seed, state_path) = (settings.seed.clone(), settings.state_file.clone());
        let mut env = Environment::new(environment_url.clone(), credentials, settings);
        let opened = state_path.map(|path| StateFile::open(&path, &mut env)).transpose()?;
        let is_restored = opened.as_ref().is_some_and(|(_, existed)| *existed);
        if !is_restored {
            apply_seed(seed.as_ref(), &mut env)?;
        }
        let hosts = Hosts::new(addr, &environment_url);
        let shared = Arc::new(Shared::new(env, read_options, hosts, seed));
        let state_file = opened.map(|(file, _)| Arc::new(file));
        if let Some(file) = &state_file {
            // A file that cannot be written is an error of the start, not of the end.
            file.save(&shared)?;
        }
        let stop = Stop::Thread { signal: None, thread: None };
        let emulator = Emulator {
            shared,
            addr,
            environment_url,
            client_id,
            client_secret,
            public_client_id,
            state_file,
            tls,
            stop,
        };
        Ok((listener, emulator))
    }

    fn services(&self) -> server::Services {
        server::Services {
            shared: Arc::clone(&self.shared),
            state_file: self.state_file.clone(),
            tls: self.tls.clone(),
        }
    }

    /// Writes the state to [`Settings::state_file`], if there is one and the state has changed. Also done within a second
    /// of a change, and when the emulator is dropped.
    ///
    /// # Errors
    ///
    /// The error of the operating system if the file cannot be written.
    pub fn save_state(&self) -> io::Result<()> {
        self.state_file.as_ref().map_or(Ok(()), |file| file.save(&self.shared))
    }

    /// The address that the emulator listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The environment URL for clients.
    pub fn environment_url(&self) -> &str {
        &self.environment_url
    }

    /// The ID of the environment's client.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The secret of the environment's client.
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// The ID of the environment's public client, which has no secret.
    pub fn public_client_id(&self) -> &str {
        &self.public_client_id
    }

    /// The certificate authority that clients must trust, in PEM format. `None` without [`Settings::tls`].
    pub fn certificate_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.certificate_pem.as_str())
    }

    /// Deletes objects, faults and recorded requests, resets the clock and the settings, and creates the objects of
    /// [`Settings::seed`] again. Connections on which a fault delays a request are closed. Keys and tokens stay valid.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Creates objects and returns them. Accepts the body of `POST /_emulator/seed`.
    pub fn seed(&self, seed: Value) -> Result<Value, ControlError> {
        Seed::parse(seed)?.apply(&mut self.shared.env())
    }

    /// The current time of the emulator's clock.
    pub fn now(&self) -> SystemTime {
        self.shared.env().clock.now().utc().into()
    }

    /// Advances the clock.
    pub fn advance_clock(&self, by: Duration) -> Result<(), ControlError> {
        self.shared.env().clock.advance(by)?;
        self.shared.clock_moved();
        Ok(())
    }

    /// Sets the clock. It keeps running from there.
    pub fn set_clock(&self, to: SystemTime) -> Result<(), ControlError> {
        self.shared.env().clock.set(to.into())?;
        self.shared.clock_moved();
        Ok(())
    }

    /// Sets the lifetime of the machine tokens issued from now on.
    pub fn set_token_lifetime(&self, seconds: u32) {
        self.shared.env().token_lifetime_seconds = seconds;
    }

    /// Revokes every machine token issued so far.
    pub fn revoke_tokens(&self) {
        self.shared.env().revoke_tokens();
    }

    /// Rotates the signing key and returns the ID of the new key. The old keys stay valid and published.
    pub fn rotate_keys(&self) -> String {
        self.shared.env().rotate_keys()
    }

    /// Removes every key except the active signing key.
    pub fn drop_old_keys(&self) {
        self.shared.env().keys.drop_old();
    }

    /// Scripts the next login that has no script yet. Accepts the body of `POST /_emulator/idp/script`.
    pub fn script_login(&self, script: Value) -> Result<Value, ControlError> {
        login::script(&mut self.shared.env(), script)
    }

    /// Updates the login settings. Accepts the body of `POST /_emulator/idp/settings`.
    pub fn set_login(&self, settings: Value) -> Result<Value, ControlError> {
        login::settings(&mut self.shared.env(), settings)
    }

    /// Creates or updates a client. Accepts the body of `POST /_emulator/idp/clients`.
    pub fn register_client(&self, client: Value) -> Result<Value, ControlError> {
        login::register(&mut self.shared.env(), client)
    }

    /// Starts an IdP-initiated login. Accepts the body of `POST /_emulator/idp/initiate`.
    pub fn initiate_login(&self, login: Value) -> Result<Value, ControlError> {
        login::initiate(&mut self.shared.env(), login)
    }

    /// Issues a valid or deliberately invalid token. Accepts the body of `POST /_emulator/token`.
    pub fn make_token(&self, order: Value) -> Result<Value, ControlError> {
        login::token(&mut self.shared.env(), order)
    }

    /// Registers a webhook endpoint on this machine. Accepts the body of `POST /_emulator/webhooks/endpoints`.
    pub fn add_webhook_endpoint(&self, endpoint: Value) -> Result<Value, ControlError> {
        webhooks::add_endpoint(&self.shared.env().events, endpoint)
    }

    /// Sends an event without a change of state. Accepts the body of `POST /_emulator/webhooks/send`.
    pub fn send_webhook(&self, event: Value) -> Result<Value, ControlError> {
        webhooks::send_event(&self.shared.env().events, event)
    }

    /// Sends a webhook once more. Accepts the body of `POST /_emulator/webhooks/resend`.
    pub fn resend_webhook(&self, delivery: Value) -> Result<Value, ControlError> {
        webhooks::resend_event(&self.shared.env().events, delivery)
    }

    /// Registers an interceptor on this machine. Accepts the body of `POST /_emulator/interceptors`.
    pub fn add_interceptor(&self, interceptor: Value) -> Result<Value, ControlError> {
        let env = &mut *self.shared.env();
        interceptors::add_interceptor(&mut env.interceptors, &env.ids, interceptor)
    }

    /// The last 10,000 interceptor calls since the last reset.
    pub fn interceptor_calls(&self) -> Vec<InterceptorCall> {
        self.shared.env().interceptors.calls()
    }

    /// Simulates a directory sync. Accepts the body of `POST /_emulator/directories/sync`.
    pub fn sync_directory(&self, changes: Value) -> Result<Value, ControlError> {
        let env = &mut *self.shared.env();
        external::sync_directory(&mut env.store, &env.events, env.clock.now(), changes)
    }

    /// Simulates the DNS verification of a domain. Accepts the body of `POST /_emulator/domains/verify`.
    pub fn verify_domain(&self, order: Value) -> Result<Value, ControlError> {
        let env = &mut *self.shared.env();
        external::verify_domain(&mut env.store, &env.events, env.clock.now(), order)
    }

    /// The last 10,000 webhook deliveries since the last reset, and the pending ones.
    pub fn webhook_deliveries(&self) -> Vec<WebhookDelivery> {
        self.shared.outgoing.deliveries()
    }

    /// Waits until the delivered and failed deliveries and the attempts reach the `wanted` numbers. On timeout the
    /// error holds the numbers reached.
    pub async fn wait_webhooks(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        self.shared.outgoing.wait(wanted, limit).await
    }

    /// Blocking variant of [`wait_webhooks`](Self::wait_webhooks), for threads without a runtime.
    pub fn wait_webhooks_blocking(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        self.shared.outgoing.wait_blocking(wanted, limit)
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) -> Result<(), ControlError> {
        self.shared.fault(fault)
    }

    /// The pending faults.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.env().faults.list().to_vec()
    }

    /// Removes the pending faults.
    pub fn clear_faults(&self) {
        self.shared.env().faults.clear();
    }

    /// The last 10,000 emails sent since the last reset, as in the response of `GET /_emulator/outbox`.
    pub fn outbox(&self) -> Vec<Value> {
        self.shared.env().store.outbox.iter().cloned().collect()
    }

    /// The last 10,000 requests since the last reset, and at most 64 MiB of them, excluding those to the control plane.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log.requests(None)
    }

    /// The requests of one operation since the last reset.
    pub fn requests_of(&self, operation: &str) -> Vec<RecordedRequest> {
        self.shared.log.requests(Some(operation))
    }

    /// Clears the request log.
    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// Waits until the received and the aborted requests of an operation reach the `wanted` numbers. On timeout the
    /// error holds the numbers reached.
    pub async fn wait(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        self.shared.log.wait(operation, wanted, limit).await
    }

    /// Blocking variant of [`wait`](Self::wait), for threads without a runtime.
    pub fn wait_blocking(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        self.shared.log.wait_blocking(operation, wanted, limit)
    }
}

fn apply_seed(seed: Option<&Value>, env: &mut Environment) -> io::Result<()> {
    let Some(seed) = seed else { return Ok(()) };
    let applied = Seed::parse(seed.clone()).and_then(|seed| seed.apply(env));
    applied.map(drop).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}

/// The URL of an address. Clients cannot connect to an unspecified address, such as `0.0.0.0`.
fn url_of(addr: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    match addr.ip().is_unspecified() {
        true => format!("{scheme}://localhost:{}", addr.port()),
        false => format!("{scheme}://{addr}"),
    }
}

fn check(settings: &Settings) -> io::Result<()> {
    let refuse = |message| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    if !settings.addr.ip().is_loopback() && !settings.allow_remote {
        return refuse("the address is not a loopback address; set allow_remote to allow it");
    }
    if settings.read_timeout.is_zero() {
        return refuse("the read timeout must be greater than zero");
    }
    let given = [&settings.client_id, &settings.client_secret].into_iter().flatten();
    if given.chain([&settings.public_client_id]).any(String::is_empty) {
        return refuse("client IDs and the client secret must not be empty");
    }
    Ok(())
}

impl Drop for Emulator {
    fn drop(&mut self) {
        match &mut self.stop {
            Stop::Task(task) => task.abort(),
            Stop::Thread { signal, thread } => {
                drop(signal.take());
                // The panic hook has already reported a panic of the server thread.
                let _ = thread.take().map(thread::JoinHandle::join);
            }
        }
        // A program that must know calls `save_state`.
        let _ = self.save_state();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("environment_url", &self.environment_url).finish_non_exhaustive()
    }
}
