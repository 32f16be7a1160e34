//! Calls by name, with arguments and results as JSON: what the C library consists of.
//!
//! Not an interface for Rust programs: it follows no rules of versions. Names, arguments and results are those of the
//! typed methods: `organizations.get` takes `{"id": "org_1"}` and results in the JSON of an `Organization`.

mod authentication;
mod records;
mod requests;
mod results;
mod webhooks;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::auth::authenticate;
use crate::client::{named_call, named_pager, wire_from_env};
use crate::error::{Failure, Result, ScalekitError};
use crate::op::{NamedPager, PagerState, read_arguments, read_caller_json, request_page};
use crate::options::{CallOptions, ClientOptions};
use crate::types::{Field, Read, Reader};
use crate::wire::Wire;
use crate::work::{Call, Erased, Work, typed};

pub use crate::log_events::{OwnEvents, Sink, text as log_text};
pub use requests::request_arguments;
pub use results::{failure_json, kind, operations_json};
pub use webhooks::{Delivery, Signature, sign, verify};

/// A call that is not an operation, such as `login.start`.
struct OtherCall {
    id: &'static str,
    /// Whether it requires a client with a secret.
    needs_secret: bool,
    begin: fn(&Arc<Wire>, &mut Reader<'_>) -> Read<Work>,
}

/// A client whose calls are made by name.
#[derive(Clone)]
pub struct Client {
    wire: Arc<Wire>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// Creates a client; without a secret, a public client. `options` is a JSON object of `ClientOptions`.
    ///
    /// # Errors
    ///
    /// As `ScalekitClient::new`.
    pub fn new(url: &str, client_id: &str, secret: Option<&str>, options: &str) -> Result<Self> {
        identify();
        let options: ClientOptions = record(options)?;
        let wire = match secret {
            Some(secret) => Wire::new(url, client_id, secret, &options, authenticate),
            None => Wire::public(url, client_id, &options, authenticate),
        };
        wire.map(|wire| Self { wire })
    }

    /// Creates a client from environment variables.
    ///
    /// # Errors
    ///
    /// As `ScalekitClient::from_env`.
    pub fn from_env(options: &str) -> Result<Self> {
        identify();
        wire_from_env(&record(options)?).map(|wire| Self { wire })
    }

    /// Returns a copy with other call options, a JSON object of `CallOptions`.
    ///
    /// # Errors
    ///
    /// As `ScalekitClient::with_options`.
    pub fn with_options(&self, options: &str) -> Result<Self> {
        let options: CallOptions = record(options)?;
        self.wire.with(&options).map(|wire| Self { wire })
    }

    /// Closes the client and all its copies.
    pub fn close(&self) {
        self.wire.close();
    }

    /// Makes a blocking call.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the operation or an argument is unknown, and the errors of the call.
    pub fn call(&self, name: &str, arguments: &str) -> Result<String> {
        let (id, work) = self.work(name, arguments)?;
        Call::erased(id, Ok(work)).wait().map_err(without_hint)
    }

    /// Begins a call, whose result is passed to `done` once, on a thread of the library; `None` if it was cancelled.
    ///
    /// # Errors
    ///
    /// Those of the arguments; `done` is not called then.
    pub fn start(
        &self,
        name: &str,
        arguments: &str,
        done: impl FnOnce(Option<Result<String>>) + Send + 'static,
    ) -> Result<Pending> {
        let (id, work) = self.work(name, arguments)?;
        Pending::start(id, work, move |result| done(result.map(|result| typed(id, result))))
    }

    /// Creates a pager by the name of its method, such as `organizations.list_all`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the pager or an argument is unknown.
    pub fn pager(&self, name: &str, arguments: &str) -> Result<Pager> {
        let pager = named_pager(name).ok_or_else(|| unknown(name))?;
        self.require_secret(name)?;
        Ok(Pager { wire: Arc::clone(&self.wire), state: pager.state(arguments)?, pager })
    }

    fn work(&self, name: &str, arguments: &str) -> Result<(&'static str, Work)> {
        if let Some(call) = named_call(name) {
            self.require_secret(name)?;
            return Ok((call.id, call.work(&self.wire, arguments)?));
        }
        let mut others = [requests::CALLS, authentication::CALLS].into_iter().flatten();
        let call = others.find(|call| call.id == name).ok_or_else(|| unknown(name))?;
        if call.needs_secret {
            self.require_secret(name)?;
        }
        let work = read_arguments(arguments, |from| (call.begin)(&self.wire, from))?;
        Ok((call.id, work))
    }

    /// Reads the arguments of a call or a pager, and sends nothing.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn check(&self, name: &str, arguments: &str) -> Result<()> {
        match named_pager(name) {
            Some(_) => self.pager(name, arguments).map(|_| ()),
            None => self.work(name, arguments).map(|_| ()),
        }
    }

    fn require_secret(&self, name: &str) -> Result<()> {
        match self.wire.client_secret() {
            Some(_) => Ok(()),
            None => {
                Err(ScalekitError::argument("client", format_args!("has no secret, which {name} requires")))
            }
        }
    }
}

/// A pager over a list, page by page.
pub struct Pager {
    wire: Arc<Wire>,
    state: Arc<PagerState>,
    pager: &'static NamedPager,
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pager")
    }
}

impl Pager {
    /// Requests the next page and returns its items as a JSON array; `None` at the end of the list. After an error, the
    /// same page is requested again.
    ///
    /// # Errors
    ///
    /// Those of the list.
    pub fn next(&self) -> Result<Option<String>> {
        let page = crate::work::wait(self.pager.method, Ok(self.work()));
        page.and_then(self.pager.page).map_err(without_hint)
    }

    /// Begins to request the next page, see `Client::start` and `next`.
    ///
    /// # Errors
    ///
    /// `Internal` if no thread can be started.
    pub fn start_next(
        &self,
        done: impl FnOnce(Option<Result<Option<String>>>) + Send + 'static,
    ) -> Result<Pending> {
        let page = self.pager.page;
        let written = move |result: Option<Result<Erased>>| done(result.map(|result| result.and_then(page)));
        Pending::start(self.pager.method, self.work(), written)
    }

    fn work(&self) -> Work {
        Box::pin(request_page(Arc::clone(&self.wire), Arc::clone(&self.state)))
    }
}

/// A call in progress. Dropping it does not cancel the call.
#[derive(Debug)]
pub struct Pending {
    cancel: Mutex<Option<tokio::sync::oneshot::Sender<()>>>,
}

impl Pending {
    fn start(
        operation: &'static str,
        work: Work,
        done: impl FnOnce(Option<Result<Erased>>) + Send + 'static,
    ) -> Result<Self> {
        let cancel = crate::runtime::detach(operation, work, done)?;
        Ok(Self { cancel: Mutex::new(Some(cancel)) })
    }

    /// Cancels the call, unless it has finished.
    pub fn cancel(&self) {
        let sender = self.cancel.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // Fails if the call has finished.
            let _ = sender.send(());
        }
    }
}

/// The `user-agent` names the caller's language.
fn identify() {
    crate::wire::identify_caller("c", env!("CARGO_PKG_VERSION"));
}

/// Reads the options that a caller wrote.
#[inline(never)]
fn record<T: Field + Default>(text: &str) -> Result<T> {
    read_caller_json("options", text, |from| {
        let mut record = T::default();
        record.read_request(from).map(|()| record)
    })
}

/// The error of a name that is not that of a call, or not that of a pager.
fn unknown(name: &str) -> ScalekitError {
    let short: String = name.chars().take(64).collect();
    let why = match (named_pager(name), named_call(name)) {
        (Some(_), _) => "is a pager, not a call",
        (_, Some(_)) => "is a call, not a pager",
        _ => "is unknown",
    };
    ScalekitError::argument("operation", format_args!("{why}: {short:?}"))
}

/// The error of an argument that a caller passed.
#[must_use]
pub fn invalid_argument(name: &str, why: &str) -> ScalekitError {
    ScalekitError::argument(name, why)
}

/// The error of a panic outside the core.
#[must_use]
pub fn internal_error(operation: &str, why: &str) -> ScalekitError {
    ScalekitError::internal(operation, why)
}

/// The core's text names the Rust type to use instead.
fn without_hint(error: ScalekitError) -> ScalekitError {
    match error {
        ScalekitError::BlockingInAsync { failure } => {
            let operation = &failure.operation;
            let summary =
                format!("{operation}: a blocking call inside a callback would hang; start it asynchronously");
            ScalekitError::BlockingInAsync { failure: Failure { summary, ..failure } }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
