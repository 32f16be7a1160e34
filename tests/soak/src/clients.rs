//! The clients that all workers share. Some are closed or dropped while in use, and replaced.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use fastrand::Rng;
use scalekit::{AsyncScalekitClient, CallOptions, ClientOptions, RetryOptions, ScalekitClient};

use crate::Done;
use crate::ledger::CALL_HEADER;

/// The number of clients at a time, each in both styles.
const CLIENTS: usize = 8;

/// The URLs of the service and the client's credentials.
#[derive(Debug, Clone)]
pub struct Service {
    /// The emulator, which issues the tokens.
    pub url: String,
    /// The faulty proxy to the emulator.
    pub proxy_url: String,
    /// The client ID.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
}

/// A client in both styles.
#[derive(Debug)]
pub struct ClientPair {
    /// The blocking client.
    pub blocking: ScalekitClient,
    /// The async client.
    pub asynchronous: AsyncScalekitClient,
    /// The timeout of a call.
    pub timeout: Duration,
}

impl ClientPair {
    fn new(service: &Service, rng: &mut Rng) -> Done<Self> {
        let timeout = 0.6 + rng.f64() * 1.4;
        let retry = RetryOptions {
            max_retries: rng.i32(0..5),
            base_delay_seconds: 0.02,
            max_delay_seconds: 0.2,
            ..RetryOptions::default()
        };
        let options = ClientOptions {
            timeout_seconds: Some(timeout),
            tool_timeout_seconds: Some(timeout),
            attempt_timeout_seconds: rng.bool().then_some(timeout / 2.0),
            retry: Some(retry),
            issuers: vec![service.url.clone()],
            ..ClientOptions::default()
        };
        let url = if rng.bool() { &service.url } else { &service.proxy_url };
        let (id, secret) = (&service.client_id, &service.client_secret);
        Ok(Self {
            blocking: ScalekitClient::new(url, id, secret, options.clone())?,
            asynchronous: AsyncScalekitClient::new(url, id, secret, options)?,
            timeout: Duration::from_secs_f64(timeout),
        })
    }
}

/// Call options with a header that identifies the call in the emulator's log.
#[must_use]
pub fn call_options(key: String) -> CallOptions {
    CallOptions { headers: HashMap::from([(CALL_HEADER.to_owned(), key)]), ..CallOptions::default() }
}

/// All clients.
#[derive(Debug)]
pub struct ClientPool {
    service: Service,
    slots: Vec<RwLock<Arc<ClientPair>>>,
}

impl ClientPool {
    /// Creates the clients.
    pub fn new(service: Service, rng: &mut Rng) -> Done<Self> {
        let slots: Done<Vec<_>> =
            (0..CLIENTS).map(|_| Ok(RwLock::new(Arc::new(ClientPair::new(&service, rng)?)))).collect();
        Ok(Self { slots: slots?, service })
    }

    /// Picks a client. With a probability of 1 in 60, replaces it with a new one first.
    pub fn pick(&self, rng: &mut Rng) -> Done<Arc<ClientPair>> {
        let slot = &self.slots[rng.usize(..CLIENTS)];
        if rng.u32(..60) == 0 {
            let new = Arc::new(ClientPair::new(&self.service, rng)?);
            let old = std::mem::replace(&mut *slot.write().unwrap_or_else(PoisonError::into_inner), new);
            // Other workers may be in the middle of a call with the old client.
            if rng.bool() {
                old.blocking.close();
                old.asynchronous.close();
            }
        }
        Ok(Arc::clone(&slot.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
