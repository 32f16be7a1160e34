//! Workers that run call sequences: threads with the blocking client, Tokio tasks, and threads with their own executor.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use fastrand::Rng;
use scalekit::Result;
use serde_json::Value;

use crate::calls::{self, Args};
use crate::clients::{ClientPair, call_options};
use crate::ledger::{Entry, Outcome, key};
use crate::round::Round;
use crate::sequence::{Step, Variables};

/// A started call.
struct StartedCall<'a> {
    step: &'a Step,
    args: Args,
    number: u32,
    timeout: Duration,
    started: Instant,
}

impl Round {
    /// Runs sequences on this thread with the blocking client.
    pub fn work_blocking(&self, mut rng: Rng) {
        while let Some((client, variables)) = self.begin_sequence(&mut rng) {
            self.run_sequence(
                &mut rng,
                variables,
                |started_call, _| {
                    let client =
                        client.blocking.with_options(call_options(key(self.number, started_call.number)));
                    Some(client.and_then(|client| {
                        calls::blocking(&client, started_call.step.call, &started_call.args)
                    }))
                },
                client.timeout,
            );
        }
    }

    /// Runs sequences on this thread with the async client and without Tokio.
    pub fn work_without_tokio(&self, mut rng: Rng) {
        while let Some((client, variables)) = self.begin_sequence(&mut rng) {
            self.run_sequence(
                &mut rng,
                variables,
                |started_call, limit| block_on(call(&client, self.number, started_call), limit),
                client.timeout,
            );
        }
    }

    /// Runs sequences as a Tokio task.
    pub async fn work_in_tokio(&self, mut rng: Rng) {
        while let Some((client, mut variables)) = self.begin_sequence(&mut rng) {
            for step in &self.sequences[rng.usize(..self.sequences.len())].steps {
                let Some(started_call) = self.start_call(step, &variables, client.timeout) else { continue };
                let call = call(&client, self.number, &started_call);
                let result = match cancel_after(&mut rng) {
                    Some(limit) => tokio::time::timeout(limit, call).await.ok(),
                    None => Some(call.await),
                };
                self.record(&started_call, result, &mut variables);
            }
        }
    }

    /// A client and the variables of a new sequence, or `None` if the round has made all its calls.
    fn begin_sequence(&self, rng: &mut Rng) -> Option<(Arc<ClientPair>, Variables)> {
        if self.all_started() {
            return None;
        }
        let client = self.pool.pick(rng).unwrap_or_else(|e| panic!("cannot create a client: {e}"));
        Some((client, self.variables(rng)))
    }

    fn run_sequence(
        &self,
        rng: &mut Rng,
        mut variables: Variables,
        call: impl Fn(&StartedCall<'_>, Option<Duration>) -> Option<Result<Value>>,
        timeout: Duration,
    ) {
        for step in &self.sequences[rng.usize(..self.sequences.len())].steps {
            let Some(started_call) = self.start_call(step, &variables, timeout) else { continue };
            let result = call(&started_call, cancel_after(rng));
            self.record(&started_call, result, &mut variables);
        }
    }

    fn start_call<'a>(
        &self,
        step: &'a Step,
        variables: &Variables,
        timeout: Duration,
    ) -> Option<StartedCall<'a>> {
        let args = step.arguments(variables)?;
        let number = self.next_number()?;
        Some(StartedCall { step, args, number, timeout, started: Instant::now() })
    }

    /// Records the outcome of a call; `None` if it was cancelled.
    fn record(
        &self,
        started_call: &StartedCall<'_>,
        result: Option<Result<Value>>,
        variables: &mut Variables,
    ) {
        let duration = started_call.started.elapsed();
        let outcome = match &result {
            Some(Ok(_)) => Outcome::Done,
            Some(Err(error)) => Outcome::of(error, &operation(started_call.step.call)),
            None => Outcome::Cancelled,
        };
        let error = match &result {
            Some(Err(error)) if outcome == Outcome::Defect => Some(error.to_string()),
            _ => None,
        };
        if let Some(Ok(value)) = &result {
            started_call.step.bind(value, variables);
        }
        self.ledger.record(Entry {
            number: started_call.number,
            call: started_call.step.call,
            write: started_call.step.write,
            pages: started_call.step.pages,
            outcome,
            error,
            duration,
            timeout: started_call.timeout,
            effect: started_call.step.effect(variables),
        });
    }
}

/// The operation name in errors.
fn operation(call: &str) -> String {
    match call {
        "client.jwks" => "oauth.keys".into(),
        call => call.trim_start_matches("client.").replace("_all", ""),
    }
}

async fn call(client: &ClientPair, round: u32, started_call: &StartedCall<'_>) -> Result<Value> {
    let client = client.asynchronous.with_options(call_options(key(round, started_call.number)))?;
    calls::asynchronous(&client, started_call.step.call, &started_call.args).await
}

/// With a probability of 1 in 25, the time after which to cancel the call, below 30 ms.
fn cancel_after(rng: &mut Rng) -> Option<Duration> {
    (rng.u32(..25) == 0).then(|| Duration::from_micros(rng.u64(..30_000)))
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor without a reactor, like the event loops of the other languages.
fn block_on<T>(future: impl Future<Output = T>, limit: Option<Duration>) -> Option<T> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let end = limit.map(|limit| Instant::now() + limit);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(value);
        }
        match end {
            None => thread::park(),
            Some(end) => match end.checked_duration_since(Instant::now()) {
                Some(remaining) => thread::park_timeout(remaining),
                None => return None,
            },
        }
    }
}
