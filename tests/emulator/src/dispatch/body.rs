//! The body of a response: sent at once, in chunks, or truncated.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Sleep;

use crate::log::RequestGuard;
use crate::record::RequestState;

/// The connection must be closed without a (complete) response.
#[derive(Debug)]
pub(crate) struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault or a reset closed the connection")
    }
}

impl std::error::Error for Dropped {}

/// How the body is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    AtOnce,
    Slow(Duration),
    Truncated,
}

const CHUNKS: usize = 8;

enum Step {
    Data(Bytes),
    Wait(Pin<Box<Sleep>>),
    Pause(Duration),
    /// Lets the connection flush its buffer.
    Flush,
    Drop,
}

/// Holds the request's guard until the body is sent.
pub(crate) struct ResponseBody {
    steps: VecDeque<Step>,
    length: u64,
    guard: Option<RequestGuard>,
    on_end: Option<Arc<Notify>>,
}

impl ResponseBody {
    pub(crate) fn new(bytes: Bytes, pace: Pace, guard: Option<RequestGuard>) -> ResponseBody {
        let length = bytes.len() as u64;
        let steps = match pace {
            Pace::AtOnce if bytes.is_empty() => VecDeque::new(),
            Pace::AtOnce => [Step::Data(bytes)].into(),
            Pace::Truncated => [Step::Data(bytes.slice(..bytes.len() / 2)), Step::Flush, Step::Drop].into(),
            Pace::Slow(pause) => {
                let chunks = chunks(&bytes).flat_map(|chunk| [Step::Pause(pause), Step::Data(chunk)]);
                chunks.collect()
            }
        };
        let mut body = ResponseBody { steps, length, guard, on_end: None };
        body.finish_at_end();
        body
    }

    /// Notifies `on_end` after the body is sent.
    pub(crate) fn notify_at_end(mut self, on_end: Arc<Notify>) -> ResponseBody {
        self.on_end = Some(on_end);
        self
    }

    fn finish_at_end(&mut self) {
        if let Some(guard) = self.guard.as_mut().filter(|_| self.steps.is_empty()) {
            guard.finish(RequestState::Completed);
        }
    }
}

fn chunks(bytes: &Bytes) -> impl Iterator<Item = Bytes> {
    let size = bytes.len().div_ceil(CHUNKS).max(1);
    (0..bytes.len()).step_by(size).map(move |from| bytes.slice(from..bytes.len().min(from + size)))
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        loop {
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Data(bytes)) => {
                    self.finish_at_end();
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Step::Pause(pause)) => {
                    self.steps.push_front(Step::Wait(Box::pin(tokio::time::sleep(pause))));
                }
                Some(Step::Wait(mut sleep)) => {
                    let done = sleep.as_mut().poll(context);
                    if done.is_pending() {
                        self.steps.push_front(Step::Wait(sleep));
                    }
                    ready!(done);
                }
                Some(Step::Flush) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Step::Drop) => {
                    if let Some(guard) = &mut self.guard {
                        guard.finish(RequestState::Dropped);
                    }
                    return Poll::Ready(Some(Err(Dropped)));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        if let Some(on_end) = self.on_end.as_ref().filter(|_| self.steps.is_empty()) {
            on_end.notify_one();
        }
    }
}
