//! A list's items one by one, across its pages.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::vec;

use crate::error::Result;
use crate::work::Running;

/// A page that has been requested: its items, or `None` after the last page.
pub(crate) type NextPage<T> = Running<Option<Vec<T>>>;

/// The iteration state of a pager. It ends after the last item and after an error.
#[derive(Debug)]
pub(crate) struct Items<T> {
    /// Items of the current page that have not been returned.
    page: vec::IntoIter<T>,
    /// The request that a stream waits for. `next_page` takes it over.
    next: Mutex<Option<NextPage<T>>>,
    is_done: bool,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self { page: Vec::new().into_iter(), next: Mutex::new(None), is_done: false }
    }
}

impl<T> Items<T> {
    /// Takes the request that an abandoned stream item began.
    pub(crate) fn take_request(&self) -> Option<NextPage<T>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The next item, for an iterator.
    #[cfg(feature = "blocking")]
    pub(crate) fn next(&mut self, next_page: impl Fn() -> Result<Option<Vec<T>>>) -> Option<Result<T>> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            if self.is_done {
                return None;
            }
            if let Some(error) = self.turn(next_page()) {
                return Some(Err(error));
            }
        }
    }

    /// The next item, for a stream.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        next_page: impl Fn() -> NextPage<T>,
    ) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.is_done {
                return Poll::Ready(None);
            }
            let next = self.next.get_mut().unwrap_or_else(PoisonError::into_inner);
            let page = ready!(Pin::new(next.get_or_insert_with(&next_page)).poll(context));
            *next = None;
            if let Some(error) = self.turn(page) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    /// Takes the next page; returns the error that ends the iteration.
    fn turn(&mut self, page: Result<Option<Vec<T>>>) -> Option<crate::error::ScalekitError> {
        match page {
            Ok(Some(items)) => {
                self.page = items.into_iter();
                None
            }
            Ok(None) => {
                self.is_done = true;
                None
            }
            Err(error) => {
                self.is_done = true;
                Some(error)
            }
        }
    }
}
