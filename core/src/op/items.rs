//! A list's items one by one, across its pages.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::vec;

use crate::error::Result;
use crate::work::{Work, typed};

/// The request that a stream waits for. `next_page` takes it over.
#[derive(Default)]
pub(crate) struct PageRequest(Mutex<Option<Work>>);

impl PageRequest {
    /// Takes the request that an abandoned stream item began.
    pub(crate) fn take(&self) -> Option<Work> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn get_mut(&mut self) -> &mut Option<Work> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for PageRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageRequest")
    }
}

/// The iteration state of a pager. It ends after the last item and after an error.
#[derive(Debug)]
pub(crate) struct Items<T> {
    /// Items of the current page that have not been returned.
    page: vec::IntoIter<T>,
    pub(super) request: PageRequest,
    is_done: bool,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self { page: Vec::new().into_iter(), request: PageRequest::default(), is_done: false }
    }
}

/// The other languages iterate by pages, so that no item of a page is waiting.
#[cfg(feature = "ffi")]
impl<T> crate::twins::Shared for Items<T> {
    fn shared(&self) -> Self {
        Self::default()
    }
}

impl<T: 'static> Items<T> {
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

    /// The next item, for a stream. `request_page` begins the request of a page.
    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        operation: &'static str,
        request_page: impl Fn() -> Work,
    ) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.is_done {
                return Poll::Ready(None);
            }
            let request = self.request.get_mut();
            let page = ready!(request.get_or_insert_with(&request_page).as_mut().poll(context));
            *request = None;
            if let Some(error) = self.turn(typed(operation, page)) {
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
