//! The body of an answer: sent at once, in pieces, or not to its end.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Sleep;

use crate::log::Ticket;
use crate::record::RequestState;

/// The connection is to be closed without (the rest of) an answer.
#[derive(Debug)]
pub(crate) struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault or a reset closed the connection")
    }
}

impl std::error::Error for Dropped {}

/// How the body goes out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pace {
    AtOnce,
    Drip(Duration),
    HalfOnly,
}

const DRIPS: usize = 8;

enum Step {
    Data(Bytes),
    Wait(Pin<Box<Sleep>>),
    Pause(Duration),
    /// Lets the connection write out what it has.
    Flush,
    Drop,
}

/// Keeps the request's ticket until the body is through.
pub(crate) struct AnswerBody {
    steps: VecDeque<Step>,
    length: u64,
    ticket: Option<Ticket>,
    on_end: Option<Arc<Notify>>,
}

impl AnswerBody {
    pub(crate) fn new(bytes: Bytes, pace: Pace, ticket: Option<Ticket>) -> AnswerBody {
        let length = bytes.len() as u64;
        let steps = match pace {
            Pace::AtOnce if bytes.is_empty() => VecDeque::new(),
            Pace::AtOnce => [Step::Data(bytes)].into(),
            Pace::HalfOnly => [Step::Data(bytes.slice(..bytes.len() / 2)), Step::Flush, Step::Drop].into(),
            Pace::Drip(pause) => {
                let pieces = pieces(&bytes).flat_map(|piece| [Step::Pause(pause), Step::Data(piece)]);
                pieces.collect()
            }
        };
        let mut body = AnswerBody { steps, length, ticket, on_end: None };
        body.settle_at_end();
        body
    }

    /// Tells when the body is through.
    pub(crate) fn notify_at_end(mut self, on_end: Arc<Notify>) -> AnswerBody {
        self.on_end = Some(on_end);
        self
    }

    fn settle_at_end(&mut self) {
        if let Some(ticket) = self.ticket.as_mut().filter(|_| self.steps.is_empty()) {
            ticket.settle(RequestState::Completed);
        }
    }
}

fn pieces(bytes: &Bytes) -> impl Iterator<Item = Bytes> {
    let size = bytes.len().div_ceil(DRIPS).max(1);
    (0..bytes.len()).step_by(size).map(move |from| bytes.slice(from..bytes.len().min(from + size)))
}

impl Body for AnswerBody {
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
                    self.settle_at_end();
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
                    if let Some(ticket) = &mut self.ticket {
                        ticket.settle(RequestState::Dropped);
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

impl Drop for AnswerBody {
    fn drop(&mut self) {
        if let Some(on_end) = self.on_end.as_ref().filter(|_| self.steps.is_empty()) {
            on_end.notify_one();
        }
    }
}
