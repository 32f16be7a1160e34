//! The clients that all workers share. Some are closed or dropped while they are in use, and others made.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use fastrand::Rng;
use scalekit::{AsyncScalekitClient, CallOptions, ClientOptions, RetryOptions, ScalekitClient};

use crate::Done;
use crate::ledger::CALL_HEADER;

/// Clients at a time, each of them in both styles.
const CLIENTS: usize = 8;

/// Where the service is, and who calls.
#[derive(Debug, Clone)]
pub struct Place {
    /// The emulator, which issues the tokens.
    pub url: String,
    /// The bad road to it.
    pub proxy_url: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
}

/// One client in both styles.
#[derive(Debug)]
pub struct Pair {
    /// For threads.
    pub blocking: ScalekitClient,
    /// For tasks.
    pub asynchronous: AsyncScalekitClient,
    /// How long a call may take.
    pub limit: Duration,
}

impl Pair {
    fn new(place: &Place, rng: &mut Rng) -> Done<Self> {
        let limit = 0.6 + rng.f64() * 1.4;
        let retry = RetryOptions {
            max_retries: rng.i32(0..5),
            base_delay_seconds: 0.02,
            max_delay_seconds: 0.2,
            ..RetryOptions::default()
        };
        let options = ClientOptions {
            timeout_seconds: Some(limit),
            tool_timeout_seconds: Some(limit),
            attempt_timeout_seconds: rng.bool().then_some(limit / 2.0),
            retry: Some(retry),
            issuers: vec![place.url.clone()],
            ..ClientOptions::default()
        };
        let url = if rng.bool() { &place.url } else { &place.proxy_url };
        let (id, secret) = (&place.client_id, &place.client_secret);
        Ok(Self {
            blocking: ScalekitClient::new(url, id, secret, options.clone())?,
            asynchronous: AsyncScalekitClient::new(url, id, secret, options)?,
            limit: Duration::from_secs_f64(limit),
        })
    }
}

/// What makes each request of a call known in the emulator's log.
#[must_use]
pub fn marked(key: String) -> CallOptions {
    CallOptions { headers: HashMap::from([(CALL_HEADER.to_owned(), key)]), ..CallOptions::default() }
}

/// All clients.
#[derive(Debug)]
pub struct Fleet {
    place: Place,
    slots: Vec<RwLock<Arc<Pair>>>,
}

impl Fleet {
    /// Makes them.
    pub fn new(place: Place, rng: &mut Rng) -> Done<Self> {
        let slots: Done<Vec<_>> =
            (0..CLIENTS).map(|_| Ok(RwLock::new(Arc::new(Pair::new(&place, rng)?)))).collect();
        Ok(Self { slots: slots?, place })
    }

    /// One of them; now and then one that is new, in place of another.
    pub fn pick(&self, rng: &mut Rng) -> Done<Arc<Pair>> {
        let slot = &self.slots[rng.usize(..CLIENTS)];
        if rng.u32(..60) == 0 {
            let new = Arc::new(Pair::new(&self.place, rng)?);
            let old = std::mem::replace(&mut *slot.write().unwrap_or_else(PoisonError::into_inner), new);
            // Others may be in the midst of a call with it.
            if rng.bool() {
                old.blocking.close();
                old.asynchronous.close();
            }
        }
        Ok(Arc::clone(&slot.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
