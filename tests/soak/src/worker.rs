//! Those who run errands: threads with the blocking client, tasks in Tokio, and threads with an executor of their own.

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
use crate::clients::{Pair, marked};
use crate::errand::{Step, Words};
use crate::ledger::{Entry, Outcome, key};
use crate::round::Round;

/// A call that is about to be made.
struct Turn<'a> {
    step: &'a Step,
    args: Args,
    number: u32,
    limit: Duration,
    started: Instant,
}

impl Round {
    /// Runs errands on this thread, with the blocking client.
    pub fn work(&self, mut rng: Rng) {
        while let Some((client, words)) = self.begin(&mut rng) {
            self.errand(
                &mut rng,
                words,
                |turn, _| {
                    let client = client.blocking.with_options(marked(key(self.number, turn.number)));
                    Some(client.and_then(|client| calls::blocking(&client, turn.step.call, &turn.args)))
                },
                client.limit,
            );
        }
    }

    /// Runs errands on this thread, with the async client and without Tokio.
    pub fn work_without_tokio(&self, mut rng: Rng) {
        while let Some((client, words)) = self.begin(&mut rng) {
            self.errand(
                &mut rng,
                words,
                |turn, patience| block_on(call(&client, self.number, turn), patience),
                client.limit,
            );
        }
    }

    /// Runs errands as a task of Tokio's.
    pub async fn work_in_tokio(&self, mut rng: Rng) {
        while let Some((client, mut words)) = self.begin(&mut rng) {
            for step in &self.errands[rng.usize(..self.errands.len())].steps {
                let Some(turn) = self.turn(step, &words, client.limit) else { continue };
                let call = call(&client, self.number, &turn);
                let result = match patience(&mut rng) {
                    Some(patience) => tokio::time::timeout(patience, call).await.ok(),
                    None => Some(call.await),
                };
                self.end(&turn, result, &mut words);
            }
        }
    }

    /// A client and the words of a new errand, as long as there are calls to make.
    fn begin(&self, rng: &mut Rng) -> Option<(Arc<Pair>, Words)> {
        if self.is_over() {
            return None;
        }
        let client = self.fleet.pick(rng).unwrap_or_else(|e| panic!("no client can be made: {e}"));
        Some((client, self.words(rng)))
    }

    fn errand(
        &self,
        rng: &mut Rng,
        mut words: Words,
        call: impl Fn(&Turn<'_>, Option<Duration>) -> Option<Result<Value>>,
        limit: Duration,
    ) {
        for step in &self.errands[rng.usize(..self.errands.len())].steps {
            let Some(turn) = self.turn(step, &words, limit) else { continue };
            let result = call(&turn, patience(rng));
            self.end(&turn, result, &mut words);
        }
    }

    fn turn<'a>(&self, step: &'a Step, words: &Words, limit: Duration) -> Option<Turn<'a>> {
        let args = step.arguments(words)?;
        let number = self.next_number()?;
        Some(Turn { step, args, number, limit, started: Instant::now() })
    }

    /// Writes down what came of a call: nothing, where the caller has lost patience.
    fn end(&self, turn: &Turn<'_>, result: Option<Result<Value>>, words: &mut Words) {
        let took = turn.started.elapsed();
        let outcome = match &result {
            Some(Ok(_)) => Outcome::Done,
            Some(Err(error)) => Outcome::of(error, &operation(turn.step.call)),
            None => Outcome::Cancelled,
        };
        let says = match &result {
            Some(Err(error)) if outcome == Outcome::Defect => Some(error.to_string()),
            _ => None,
        };
        if let Some(Ok(value)) = &result {
            turn.step.keep(value, words);
        }
        self.ledger.write(Entry {
            number: turn.number,
            call: turn.step.call,
            write: turn.step.write,
            pages: turn.step.pages,
            outcome,
            says,
            took,
            limit: turn.limit,
            claim: turn.step.claim(words),
        });
    }
}

/// The operation as errors name it.
fn operation(call: &str) -> String {
    match call {
        "client.jwks" => "oauth.keys".into(),
        call => call.trim_start_matches("client.").replace("_all", ""),
    }
}

async fn call(client: &Pair, round: u32, turn: &Turn<'_>) -> Result<Value> {
    let client = client.asynchronous.with_options(marked(key(round, turn.number)))?;
    calls::asynchronous(&client, turn.step.call, &turn.args).await
}

/// How long a caller waits, if it does not wait to the end: mostly it does.
fn patience(rng: &mut Rng) -> Option<Duration> {
    (rng.u32(..25) == 0).then(|| Duration::from_micros(rng.u64(..30_000)))
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor without a reactor, as another language's event loop is to us.
fn block_on<T>(future: impl Future<Output = T>, patience: Option<Duration>) -> Option<T> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let end = patience.map(|patience| Instant::now() + patience);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(value);
        }
        match end {
            None => thread::park(),
            Some(end) => match end.checked_duration_since(Instant::now()) {
                Some(left) => thread::park_timeout(left),
                None => return None,
            },
        }
    }
}
