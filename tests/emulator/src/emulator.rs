//! The handle of a running emulator.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::error::ControlError;
use crate::external;
use crate::fault::Fault;
use crate::ids::random_hex;
use crate::interceptors::InterceptorCall;
use crate::log::Progress;
use crate::login;
use crate::record::RecordedRequest;
use crate::seed::Seed;
use crate::server;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::webhooks::{WebhookDelivery, WebhookProgress};
use crate::world::World;

/// A running emulator. Dropping it closes its connections and frees its port.
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
    stop: Stop,
}

/// What ends the emulator.
enum Stop {
    Task(AbortHandle),
    Thread { signal: Option<oneshot::Sender<()>>, thread: Option<thread::JoinHandle<()>> },
}

impl Emulator {
    /// Starts on a free port, as a task of the current Tokio runtime.
    pub async fn start() -> io::Result<Emulator> {
        Emulator::start_with(Settings::default()).await
    }

    /// The same with settings.
    pub async fn start_with(settings: Settings) -> io::Result<Emulator> {
        let (listener, mut emulator) = Emulator::bind(settings)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let serving = tokio::spawn(server::run(listener, Arc::clone(&emulator.shared)));
        emulator.stop = Stop::Task(serving.abort_handle());
        Ok(emulator)
    }

    /// Starts on a free port, on a thread and runtime of its own: for tests that are not async.
    pub fn start_blocking() -> io::Result<Emulator> {
        Emulator::start_blocking_with(Settings::default())
    }

    /// The same with settings.
    pub fn start_blocking_with(settings: Settings) -> io::Result<Emulator> {
        let (listener, mut emulator) = Emulator::bind(settings)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (signal, stopped) = oneshot::channel();
        let serving = server::run(listener, Arc::clone(&emulator.shared));
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
        let environment_url = format!("http://{addr}");
        let client_id = settings.client_id.clone().unwrap_or_else(|| "skc_100000000000000001".into());
        let client_secret =
            settings.client_secret.clone().unwrap_or_else(|| format!("test_{}", random_hex::<24>()));
        let public_client_id = settings.public_client_id.clone();
        let credentials = (client_id.clone(), client_secret.clone());
        let shared = Arc::new(Shared::new(World::new(environment_url.clone(), credentials, settings)));
        let stop = Stop::Thread { signal: None, thread: None };
        let emulator =
            Emulator { shared, addr, environment_url, client_id, client_secret, public_client_id, stop };
        Ok((listener, emulator))
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What a client takes for its environment URL.
    pub fn environment_url(&self) -> &str {
        &self.environment_url
    }

    /// The id of the environment's client.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The secret of the environment's client.
    pub fn client_secret(&self) -> &str {
        &self.client_secret
    }

    /// The id of the environment's client that has no secret.
    pub fn public_client_id(&self) -> &str {
        &self.public_client_id
    }

    /// Forgets objects, faults and requests, and sets the clock and the settings back. Requests that are held up by a
    /// fault lose their connection. Keys and tokens stay valid.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Makes objects, and answers with them; takes what `POST /_emulator/seed` takes.
    pub fn seed(&self, seed: Value) -> Result<Value, ControlError> {
        Seed::parse(seed)?.apply(&mut self.shared.world())
    }

    /// The time by the emulator's clock.
    pub fn now(&self) -> SystemTime {
        self.shared.world().clock.now().utc().into()
    }

    /// Moves the clock forward.
    pub fn advance_clock(&self, by: Duration) -> Result<(), ControlError> {
        self.shared.world().clock.advance(by)?;
        self.shared.outgoing.look_again();
        Ok(())
    }

    /// Moves the clock to a moment, from which it runs on.
    pub fn set_clock(&self, to: SystemTime) -> Result<(), ControlError> {
        self.shared.world().clock.set(to.into())?;
        self.shared.outgoing.look_again();
        Ok(())
    }

    /// How long machine tokens live that are handed out from now on.
    pub fn set_token_lifetime(&self, seconds: u32) {
        self.shared.world().token_lifetime_seconds = seconds;
    }

    /// Ends every token that was handed out so far.
    pub fn revoke_tokens(&self) {
        self.shared.world().tokens.revoke_all();
    }

    /// Signs with a new key from now on, whose id it returns. The old keys stay valid and published.
    pub fn rotate_keys(&self) -> String {
        self.shared.world().rotate_keys()
    }

    /// Forgets every key but the one that signs.
    pub fn drop_old_keys(&self) {
        self.shared.world().keys.drop_old();
    }

    /// Says what happens to the next login that nothing was said about; takes what `POST /_emulator/idp/script` takes.
    pub fn script_login(&self, script: Value) -> Result<Value, ControlError> {
        login::script(&mut self.shared.world(), script)
    }

    /// Changes how logins go; takes what `POST /_emulator/idp/settings` takes.
    pub fn set_login(&self, settings: Value) -> Result<Value, ControlError> {
        login::settings(&mut self.shared.world(), settings)
    }

    /// Adds or changes a client; takes what `POST /_emulator/idp/clients` takes.
    pub fn register_client(&self, client: Value) -> Result<Value, ControlError> {
        login::register(&mut self.shared.world(), client)
    }

    /// Begins a login at the identity provider; takes what `POST /_emulator/idp/initiate` takes.
    pub fn initiate_login(&self, login: Value) -> Result<Value, ControlError> {
        login::initiate(&mut self.shared.world(), login)
    }

    /// Makes a token, right or wrong; takes what `POST /_emulator/token` takes.
    pub fn make_token(&self, order: Value) -> Result<Value, ControlError> {
        login::token(&mut self.shared.world(), order)
    }

    /// Sends webhooks to an address of this machine from now on; takes what `POST /_emulator/webhooks/endpoints` takes.
    pub fn add_webhook_endpoint(&self, endpoint: Value) -> Result<Value, ControlError> {
        self.shared.world().add_endpoint(endpoint)
    }

    /// Sends an event that nothing caused; takes what `POST /_emulator/webhooks/send` takes.
    pub fn send_webhook(&self, event: Value) -> Result<Value, ControlError> {
        self.shared.world().send_event(event)
    }

    /// Asks an endpoint of this machine before it goes on; takes what `POST /_emulator/interceptors` takes.
    pub fn add_interceptor(&self, interceptor: Value) -> Result<Value, ControlError> {
        self.shared.world().add_interceptor(interceptor)
    }

    /// The last 10,000 questions to interceptors since the last reset.
    pub fn interceptor_calls(&self) -> Vec<InterceptorCall> {
        self.shared.world().interceptors.calls()
    }

    /// Plays a directory that sends what has changed in it; takes what `POST /_emulator/directories/sync` takes.
    pub fn sync_directory(&self, changes: Value) -> Result<Value, ControlError> {
        external::sync_directory(&mut self.shared.world(), changes)
    }

    /// Plays a look at the DNS; takes what `POST /_emulator/domains/verify` takes.
    pub fn verify_domain(&self, order: Value) -> Result<Value, ControlError> {
        external::verify_domain(&mut self.shared.world(), order)
    }

    /// The last 10,000 deliveries since the last reset, and those that are still to come.
    pub fn webhook_deliveries(&self) -> Vec<WebhookDelivery> {
        self.shared.outgoing.deliveries()
    }

    /// Waits until so many deliveries were taken or given up, and so many attempts made. The error holds the numbers
    /// that were reached in the time.
    pub async fn wait_webhooks(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        self.shared.outgoing.wait(wanted, limit).await
    }

    /// The same for threads without a runtime.
    pub fn wait_webhooks_blocking(
        &self,
        wanted: WebhookProgress,
        limit: Duration,
    ) -> Result<WebhookProgress, WebhookProgress> {
        self.shared.outgoing.wait_blocking(wanted, limit)
    }

    /// Asks for a fault.
    pub fn fault(&self, fault: Fault) -> Result<(), ControlError> {
        self.shared.fault(fault)
    }

    /// The faults that are still to come.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.world().faults.list().to_vec()
    }

    /// Takes back the faults that are still to come.
    pub fn clear_faults(&self) {
        self.shared.world().faults.clear();
    }

    /// The mails that were sent since the last reset; what `GET /_emulator/outbox` gives.
    pub fn outbox(&self) -> Vec<Value> {
        self.shared.world().store.outbox.clone()
    }

    /// The last 10,000 requests since the last reset, apart from those to the control plane.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log.requests(None)
    }

    /// The requests of one operation since the last reset.
    pub fn requests_of(&self, operation: &str) -> Vec<RecordedRequest> {
        self.shared.log.requests(Some(operation))
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// Waits until so many requests of an operation arrived, and so many of them were given up by the client. The
    /// error holds the numbers that were reached in the time.
    pub async fn wait(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        self.shared.log.wait(operation, wanted, limit).await
    }

    /// The same for threads without a runtime.
    pub fn wait_blocking(
        &self,
        operation: &str,
        wanted: Progress,
        limit: Duration,
    ) -> Result<Progress, Progress> {
        self.shared.log.wait_blocking(operation, wanted, limit)
    }
}

fn check(settings: &Settings) -> io::Result<()> {
    let refuse = |message| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    if !settings.addr.ip().is_loopback() && !settings.allow_remote {
        return refuse("the address is not a loopback address; allow_remote permits it");
    }
    let given = [&settings.client_id, &settings.client_secret].into_iter().flatten();
    if given.chain([&settings.public_client_id]).any(String::is_empty) {
        return refuse("the client's id and secret must not be empty");
    }
    Ok(())
}

impl Drop for Emulator {
    fn drop(&mut self) {
        match &mut self.stop {
            Stop::Task(task) => task.abort(),
            Stop::Thread { signal, thread } => {
                drop(signal.take());
                // A panic of the server was reported by its thread already.
                let _ = thread.take().map(thread::JoinHandle::join);
            }
        }
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("environment_url", &self.environment_url).finish_non_exhaustive()
    }
}
