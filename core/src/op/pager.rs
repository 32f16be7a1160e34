//! `pager!`: pagers over the service's lists.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use super::Operation;
use super::call::Decode;
use super::items::{Items, PageRequest};
use crate::error::{Result, ScalekitError};
use crate::types::to_json;
use crate::wire::Wire;
use crate::work::{Call, Erased, Work, start};

/// The position of a pager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cursor<P = ()> {
    /// The next page.
    Next(P),
    /// The service repeated a page token, so the list would never end. Has the operation.
    Loop(&'static str),
    /// The end of the list.
    End,
}

/// The page tokens of a list so far, as hashes: a list may have very many pages.
#[derive(Debug, Default)]
pub(crate) struct PageTokens {
    hasher: RandomState,
    tokens: HashSet<u64>,
}

impl PageTokens {
    /// Returns the cursor after a page with this token of the next one. The page itself is returned in any case.
    pub(crate) fn follow<P>(
        &mut self,
        operation: &'static str,
        next: Option<String>,
        at: impl FnOnce(String) -> P,
    ) -> Cursor<P> {
        match next.filter(|token| !token.is_empty()) {
            None => Cursor::End,
            Some(token) if self.add(&token) => Cursor::Next(at(token)),
            Some(_) => Cursor::Loop(operation),
        }
    }

    /// Whether the token is new.
    #[inline(never)]
    fn add(&mut self, token: &str) -> bool {
        self.tokens.insert(self.hasher.hash_one(token))
    }

    /// Returns the cursor of a list with numbered pages, which ends with a page that is not full. A repeated page shows
    /// that the service ignores page numbers.
    pub(crate) fn count<P>(
        &mut self,
        operation: &'static str,
        items: &[impl Serialize],
        size: i64,
        next: impl FnOnce() -> P,
    ) -> Cursor<P> {
        if i64::try_from(items.len()).is_ok_and(|found| found < size) {
            return Cursor::End;
        }
        self.follow(operation, to_json(items).ok(), |_| next())
    }
}

/// The number of items on a full page, for a requested page size.
pub(crate) fn full(requested: Option<i64>, default: i64, limits: (i64, i64)) -> i64 {
    requested.filter(|size| *size > 0).map_or(default, |size| size.clamp(limits.0, limits.1))
}

/// The part of a pager that depends on its types. The rest, see `request_page`, is compiled once.
pub(crate) trait Pages: Send {
    /// The operation that requests the next page.
    fn operation(&self) -> Result<Operation>;

    /// Decodes a page.
    fn decode(&self) -> Decode;

    /// Advances past a page, `None` at the end. Returns an optional list of its items, and the next cursor.
    fn advance(
        &mut self,
        page: Option<Erased>,
        operation: &'static str,
        seen: &mut PageTokens,
    ) -> Result<(Erased, Cursor)>;
}

/// The pages of the pager `K`: its constant arguments, and the parameters of the next page.
pub(crate) struct PagesOf<K, P> {
    pub arguments: Vec<String>,
    pub params: P,
    pager: PhantomData<fn() -> K>,
}

/// The state of a pager. Its lock is held during a request, so that at most one is in flight.
pub(crate) struct PagerState(tokio::sync::Mutex<(Cursor, PageTokens, Box<dyn Pages>)>);

impl std::fmt::Debug for PagerState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PagerState")
    }
}

/// A pager that begins with the page that `params` name, whose token, if it has one, counts as seen.
pub(crate) fn pager_state<K: 'static, P: Send + 'static>(
    arguments: Vec<String>,
    params: P,
    token: Option<String>,
) -> Arc<PagerState>
where
    PagesOf<K, P>: Pages,
{
    first_page(Box::new(PagesOf { arguments, params, pager: PhantomData::<fn() -> K> }), token)
}

/// Apart from `pager_state`, so that it is compiled once.
#[inline(never)]
fn first_page(pages: Box<dyn Pages>, token: Option<String>) -> Arc<PagerState> {
    let mut seen = PageTokens::default();
    let _ = seen.follow("", token, |_| ());
    Arc::new(PagerState(tokio::sync::Mutex::new((Cursor::Next(()), seen, pages))))
}

/// The call of `next_page`, which can outlive the pager. An empty page is a page: the list goes on while the service
/// names a next one.
#[cfg(feature = "blocking")]
pub(crate) fn next_page<T: 'static>(
    operation: &'static str,
    wire: &Arc<Wire>,
    state: &Arc<PagerState>,
) -> Call<Option<Vec<T>>> {
    Call::erased(operation, Ok(page_work(wire, state)))
}

/// The call of `next_page` on a pager whose items may be streamed. It continues the request of an abandoned stream item:
/// that request holds the lock of the pager, and nothing else would poll it.
pub(crate) fn next_or_begun_page<T: 'static>(
    operation: &'static str,
    wire: &Arc<Wire>,
    state: &Arc<PagerState>,
    items: &Items<T>,
) -> Call<Option<Vec<T>>> {
    Call::erased(operation, Ok(page_or_begun_work(wire, state, &items.request)))
}

/// Begins the request of a page, for a stream.
pub(crate) fn begin_page(operation: &'static str, wire: &Arc<Wire>, state: &Arc<PagerState>) -> Work {
    start(operation, Ok(page_work(wire, state)))
}

// Apart from the functions above, so that they are compiled once and not for each type of item.

#[inline(never)]
fn page_or_begun_work(wire: &Arc<Wire>, state: &Arc<PagerState>, begun: &PageRequest) -> Work {
    begun.take().unwrap_or_else(|| page_work(wire, state))
}

#[inline(never)]
fn page_work(wire: &Arc<Wire>, state: &Arc<PagerState>) -> Work {
    Box::pin(request_page(Arc::clone(wire), Arc::clone(state)))
}

/// Requests the next page. The result is an `Option` of the list of its items.
pub(crate) async fn request_page(wire: Arc<Wire>, state: Arc<PagerState>) -> Result<Erased> {
    let mut guard = state.0.lock().await;
    let (cursor, seen, pages) = &mut *guard;
    let (page, id) = match cursor {
        Cursor::Next(()) => {
            let operation = pages.operation()?;
            let id = operation.spec.id;
            (Some(super::call::send(wire, operation, pages.decode()).await?), id)
        }
        Cursor::Loop(operation) => return Err(endless(operation)),
        Cursor::End => (None, ""),
    };
    let (items, next) = pages.advance(page, id, seen)?;
    *cursor = next;
    Ok(items)
}

/// The path arguments of a pager.
pub(crate) fn path_arguments<const N: usize>(arguments: &[String]) -> [&str; N] {
    std::array::from_fn(|index| arguments.get(index).map_or("", String::as_str))
}

pub(crate) fn endless(operation: &str) -> ScalekitError {
    ScalekitError::decode(operation, "repeats a page token; the list would never end")
}

/// Declares the two pagers of a list and the methods that create them. For the operation `list` with the parameters
/// `ListThings`, whose pages have the field `things`:
///
/// ```text
/// ThingPager / AsyncThingPager over Things / AsyncThings.list(ListThings) as list_all -> things: Thing
/// ```
///
/// Path arguments are in brackets: `.list[organization_id](ListThings)`. `(ListThings, required)` gives the parameters no
/// default. Lists are paged by token; `by number(default size, least, most)` at the end declares numbered pages. With
/// `after check`, the function `check` takes the parameters of each page and returns those to send, or an error.
macro_rules! pager {
    (
        $(#[$meta:meta])*
        $Blocking:ident / $Async:ident over $Res:ident / $AsyncRes:ident . $list:ident $([$($arg:ident),+])? ($Params:ident $(, $needed:ident)?)
        as $all:ident -> $field:ident: $Item:ident $(by $how:ident($($limit:literal),+))? $(after $check:ident)?
    ) => {
        crate::twins::twins! {
            $(#[$meta])*
            pub struct $Blocking / $Async {
                wire: std::sync::Arc<crate::wire::Wire>,
                state: std::sync::Arc<crate::op::PagerState>,
                items: crate::op::Items<$Item>,
            }
            blocking "Each page blocks its thread until it arrives or the call times out.";
            async "Each page is requested asynchronously.";
        }

        crate::op::pager! { @parts [#[cfg(feature = "blocking")]] $Blocking }
        crate::op::pager! { @parts [] $Async }

        impl crate::op::Pages for crate::op::PagesOf<$Async, $Params> {
            fn operation(&self) -> crate::error::Result<crate::op::Operation> {
                $( let [$( $arg ),+] = crate::op::path_arguments(&self.arguments); )?
                let params = self.params.clone();
                $( let params = $check(params)?; )?
                operation::$list($( $( $arg, )+ )? params)
            }

            fn decode(&self) -> crate::op::Decode {
                crate::op::decode::<operation::response::$list>
            }

            fn advance(
                &mut self,
                page: Option<crate::work::Erased>,
                id: &'static str,
                seen: &mut crate::op::PageTokens,
            ) -> crate::error::Result<(crate::work::Erased, crate::op::Cursor)> {
                let Some(page) = page else {
                    return Ok((Box::new(None::<Vec<$Item>>), crate::op::Cursor::End));
                };
                let page: operation::response::$list = crate::work::typed(id, Ok(page))?;
                let params = &mut self.params;
                let next = crate::op::pager!(@next seen id page $field params $($how($($limit),+))?);
                Ok((Box::new(Some(page.$field)), next))
            }
        }

        crate::op::pager! { @all [$($needed)?] impl $Res / $AsyncRes {
            /// Returns a pager over the whole list, from the page that `params` names. Nothing is requested before the
            /// first page is read.
            fn $all(&self, $( $( $arg: &str, )+ )? params: $Params) -> $Blocking / $Async {{
                let arguments = vec![$( $( $arg.to_owned() ),+ )?];
                let state = crate::op::pager!(@state $Async arguments params $($how)?);
                (std::sync::Arc::clone(&self.wire), state)
            }}
        } }

        crate::twins::twins! { impl $Blocking / $Async {
            /// Returns the items of the next page, or nothing after the last page. A page may be empty without being
            /// the last. After an error, the next call requests the same page again.
            async fn next_page(&self) -> Result<Option<Vec<$Item>>> {
                let id = concat!(stringify!($Blocking), ".next_page");
                crate::op::next_or_begun_page(id, &self.wire, &self.state, &self.items)
            }
        } }

        /// Iterates over the items of all pages; ends after the last item and after an error.
        #[cfg(feature = "blocking")]
        impl Iterator for $Blocking {
            type Item = crate::error::Result<$Item>;

            fn next(&mut self) -> Option<Self::Item> {
                let Self { wire, state, items } = self;
                let id = concat!(stringify!($Blocking), ".next");
                items.next(|| crate::op::next_page(id, wire, state).wait())
            }
        }

        /// Streams the items of all pages; ends after the last item and after an error.
        impl futures_core::Stream for $Async {
            type Item = crate::error::Result<$Item>;

            fn poll_next(
                self: std::pin::Pin<&mut Self>,
                context: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Self::Item>> {
                let Self { wire, state, items } = self.get_mut();
                let id = concat!(stringify!($Async), ".next");
                items.poll_next(context, id, || crate::op::begin_page(id, wire, state))
            }
        }
    };

    (@all [] impl $Res:ident / $AsyncRes:ident { $(#[$m:meta])* fn $($method:tt)* }) => {
        crate::twins::twins! { impl $Res / $AsyncRes { $(#[$m])* [method(default(params))] fn $($method)* } }
    };
    (@all [required] impl $Res:ident / $AsyncRes:ident { $(#[$m:meta])* fn $($method:tt)* }) => {
        crate::twins::twins! { impl $Res / $AsyncRes { $(#[$m])* fn $($method)* } }
    };

    (@parts [$($cfg:tt)*] $Pager:ident) => {
        $($cfg)*
        impl $Pager {
            pub(crate) fn from_parts(
                (wire, state): (std::sync::Arc<crate::wire::Wire>, std::sync::Arc<crate::op::PagerState>),
            ) -> Self {
                Self { wire, state, items: crate::op::Items::default() }
            }
        }
    };

    (@state $Async:ident $arguments:ident $params:ident) => {{
        let token = $params.page_token.clone();
        crate::op::pager_state::<$Async, _>($arguments, $params, token)
    }};
    (@state $Async:ident $arguments:ident $params:ident number) => {
        crate::op::pager_state::<$Async, _>($arguments, $params, None)
    };

    (@next $seen:ident $id:ident $page:ident $field:ident $params:ident) => {
        $seen.follow($id, $page.next_page_token, |token| $params.page_token = Some(token))
    };
    (@next $seen:ident $id:ident $page:ident $field:ident $params:ident number($default:literal, $least:literal, $most:literal)) => {{
        let size = crate::op::full($params.page_size, $default, ($least, $most));
        let number = $params.page_number.unwrap_or(0).saturating_add(1);
        $seen.count($id, &$page.$field, size, || $params.page_number = Some(number))
    }};
}
pub(crate) use pager;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_page_token_is_a_loop() {
        let mut seen = PageTokens::default();
        let mut follow = |token: &str| seen.follow("things.list", Some(token.to_owned()), |token| token);
        assert!(matches!(follow("a"), Cursor::Next(token) if token == "a"));
        assert!(matches!(follow("b"), Cursor::Next(_)));
        assert!(matches!(follow("a"), Cursor::Loop("things.list")));
        assert!(matches!(follow(""), Cursor::End));
        assert!(matches!(seen.follow("things.list", None, |token| token), Cursor::End));
    }

    #[test]
    fn numbered_pages_end_with_a_short_or_repeated_page() {
        let mut seen = PageTokens::default();
        let mut count = |items: &[i64]| seen.count("things.list", items, 2, || ());
        assert!(matches!(count(&[1, 2]), Cursor::Next(())));
        assert!(matches!(count(&[3, 4]), Cursor::Next(())));
        assert!(matches!(count(&[5]), Cursor::End));
        assert!(matches!(count(&[]), Cursor::End));
        assert!(matches!(count(&[1, 2]), Cursor::Loop("things.list")));
        assert_eq!(
            [None, Some(0), Some(7), Some(999)].map(|size| full(size, 30, (1, 100))),
            [30, 30, 7, 100]
        );
    }
}
