//! `pager!`: walking through a list that the service hands out in pages.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use super::Operation;
use super::call::Reading;
use crate::error::{Result, ScalekitError};
use crate::wire::Wire;
use crate::work::{Anything, Work};

/// Where a pager stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cursor<P = ()> {
    /// This page comes next.
    Next(P),
    /// The service gave a token a second time: following it would never end. Names the operation.
    Loop(&'static str),
    /// There is no further page.
    End,
}

/// Remembers the page tokens it has seen, as hashes: a list may have very many pages.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    hasher: RandomState,
    tokens: HashSet<u64>,
}

impl Seen {
    /// The cursor after a page whose answer named `next`. The page itself is handed out either way.
    pub(crate) fn follow<P>(
        &mut self,
        operation: &'static str,
        next: Option<String>,
        at: impl FnOnce(String) -> P,
    ) -> Cursor<P> {
        match next.filter(|token| !token.is_empty()) {
            None => Cursor::End,
            Some(token) if self.tokens.insert(self.hasher.hash_one(&token)) => Cursor::Next(at(token)),
            Some(_) => Cursor::Loop(operation),
        }
    }

    /// The same for a list that counts its pages, and ends with one that is not full. A page that comes again shows
    /// that the service does not count.
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
        self.follow(operation, serde_json::to_string(items).ok(), |_| next())
    }
}

/// How many items a full page has, when so many are asked for.
pub(crate) fn full(asked: Option<i64>, default: i64, limits: (i64, i64)) -> i64 {
    asked.filter(|size| *size > 0).map_or(default, |size| size.clamp(limits.0, limits.1))
}

/// What differs between pagers: how a page is asked for, and what is in it. What is the same (see `advance`) is
/// compiled once.
pub(crate) trait Pages: Send {
    /// Asks for the next page.
    fn operation(&self) -> Result<Operation>;

    /// Reads a page.
    fn reading(&self) -> Reading;

    /// Goes on behind a page; behind the last there is none. The result is an optional list of the items.
    fn turn(
        &mut self,
        page: Option<Anything>,
        operation: &'static str,
        seen: &mut Seen,
    ) -> Result<(Anything, Cursor)>;
}

/// The pages of the pager `K`: the arguments that stay, and the parameters of the next page.
pub(crate) struct PagesOf<K, P> {
    pub arguments: Vec<String>,
    pub params: P,
    pager: PhantomData<fn() -> K>,
}

/// The state of a pager, behind a lock that is held across a call: one request in flight.
pub(crate) struct PagerState(tokio::sync::Mutex<(Cursor, Seen, Box<dyn Pages>)>);

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
    let pages = Box::new(PagesOf { arguments, params, pager: PhantomData::<fn() -> K> });
    let mut seen = Seen::default();
    let _ = seen.follow("", token, |_| ());
    Arc::new(PagerState(tokio::sync::Mutex::new((Cursor::Next(()), seen, pages))))
}

/// The work of `next_page`, on its own so that it can go on without the pager. An empty page is a page: the list goes on
/// while the service names a next one.
pub(crate) fn advance(wire: &Arc<Wire>, state: &Arc<PagerState>) -> Work {
    Box::pin(next_page(Arc::clone(wire), Arc::clone(state)))
}

async fn next_page(wire: Arc<Wire>, state: Arc<PagerState>) -> Result<Anything> {
    let mut guard = state.0.lock().await;
    let (cursor, seen, pages) = &mut *guard;
    let (page, id) = match cursor {
        Cursor::Next(()) => {
            let operation = pages.operation()?;
            let id = operation.spec.id;
            (Some(super::call::anything(wire, operation, pages.reading()).await?), id)
        }
        Cursor::Loop(operation) => return Err(endless(operation)),
        Cursor::End => (None, ""),
    };
    let (items, next) = pages.turn(page, id, seen)?;
    *cursor = next;
    Ok(items)
}

/// The arguments of a pager, as many as there are.
pub(crate) fn texts<const N: usize>(arguments: &[String]) -> [&str; N] {
    std::array::from_fn(|index| arguments.get(index).map_or("", String::as_str))
}

pub(crate) fn endless(operation: &str) -> ScalekitError {
    ScalekitError::decode(operation, "names a page that was read before; the list would never end")
}

/// Declares the two pagers of a list, and the methods that make them: for a list with the operation `list` and its
/// parameters `ListThings`, whose pages hold `things`,
///
/// ```text
/// ThingPager / AsyncThingPager over Things / AsyncThings.list(ListThings) as list_all -> things: Thing
/// ```
///
/// Path arguments that `list` takes before its parameters stand in brackets: `.list[organization_id](ListThings)`; where
/// the parameters cannot be left out, it says so: `(ListThings, required)`. A list is paged by token; one that counts
/// its pages says so at the end: `by number(default size, least, most)`. With `after check`, the function `check` takes
/// the parameters of each page and returns those that are sent, or an error.
macro_rules! pager {
    (
        $(#[$meta:meta])*
        $Blocking:ident / $Async:ident over $Res:ident / $AsyncRes:ident . $list:ident $([$($arg:ident),+])? ($Params:ident $(, $needed:ident)?)
        as $all:ident -> $field:ident: $Item:ident $(by $how:ident($($limit:literal),+))? $(after $check:ident)?
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Async {
            wire: std::sync::Arc<crate::wire::Wire>,
            state: std::sync::Arc<crate::op::PagerState>,
        }

        impl $Async {
            fn new(wire: &std::sync::Arc<crate::wire::Wire>, $( $( $arg: &str, )+ )? params: $Params) -> Self {
                let arguments = vec![$( $( $arg.to_owned() ),+ )?];
                let state = crate::op::pager!(@state $Async arguments params $($how)?);
                Self { wire: std::sync::Arc::clone(wire), state }
            }

            fn advance(&self) -> crate::work::Work {
                crate::op::advance(&self.wire, &self.state)
            }

            const ID: &str = concat!(stringify!($Async), ".next_page");
        }

        impl crate::op::Pages for crate::op::PagesOf<$Async, $Params> {
            fn operation(&self) -> crate::error::Result<crate::op::Operation> {
                $( let [$( $arg ),+] = crate::op::texts(&self.arguments); )?
                let params = self.params.clone();
                $( let params = $check(params)?; )?
                operation::$list($( $( $arg, )+ )? params)
            }

            fn reading(&self) -> crate::op::Reading {
                crate::op::reading::<operation::answer::$list>
            }

            fn turn(
                &mut self,
                page: Option<crate::work::Anything>,
                id: &'static str,
                seen: &mut crate::op::Seen,
            ) -> crate::error::Result<(crate::work::Anything, crate::op::Cursor)> {
                let Some(page) = page else {
                    return Ok((Box::new(None::<Vec<$Item>>), crate::op::Cursor::End));
                };
                let page: operation::answer::$list = crate::work::typed(id, Ok(page))?;
                let params = &mut self.params;
                let next = crate::op::pager!(@next seen id page $field params $($how($($limit),+))?);
                Ok((Box::new(Some(page.$field)), next))
            }
        }

        crate::op::pager! { @export [$($needed)?] impl $AsyncRes {
            /// Walks through the whole list, page by page, from the page that `params` names. No request is sent
            /// before the first page is asked for.
            #[must_use]
            pub fn $all(&self, $( $( $arg: &str, )+ )? params: $Params) -> std::sync::Arc<$Async> {
                std::sync::Arc::new($Async::new(&self.wire, $( $( $arg, )+ )? params))
            }
        } }

        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Async {
            /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
            /// After an error the same page can be asked for again.
            pub async fn next_page(&self) -> std::result::Result<Option<Vec<$Item>>, crate::error::ScalekitError> {
                crate::work::run_any(Self::ID, Ok(self.advance())).await
            }
        }

        $(#[$meta])*
        #[cfg(feature = "blocking")]
        #[derive(Debug)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Blocking {
            inner: $Async,
        }

        #[cfg(feature = "blocking")]
        crate::op::pager! { @export [$($needed)?] impl $Res {
            /// Walks through the whole list, page by page, from the page that `params` names. No request is sent
            /// before the first page is asked for.
            #[must_use]
            pub fn $all(&self, $( $( $arg: &str, )+ )? params: $Params) -> std::sync::Arc<$Blocking> {
                std::sync::Arc::new($Blocking { inner: $Async::new(&self.wire, $( $( $arg, )+ )? params) })
            }
        } }

        #[cfg(feature = "blocking")]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Blocking {
            /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
            /// After an error the same page can be asked for again.
            pub fn next_page(&self) -> std::result::Result<Option<Vec<$Item>>, crate::error::ScalekitError> {
                crate::work::wait_any(concat!(stringify!($Blocking), ".next_page"), Ok(self.inner.advance()))
            }
        }
    };

    (@export [] impl $Type:ident { $($item:tt)* }) => {
        crate::export::exported! { impl $Type { [method(default(params))] { $($item)* } } }
    };
    (@export [required] impl $Type:ident { $($item:tt)* }) => {
        crate::export::exported! { impl $Type { [method()] { $($item)* } } }
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
    fn a_token_that_comes_back_ends_the_list() {
        let mut seen = Seen::default();
        let mut follow = |token: &str| seen.follow("things.list", Some(token.to_owned()), |token| token);
        assert!(matches!(follow("a"), Cursor::Next(token) if token == "a"));
        assert!(matches!(follow("b"), Cursor::Next(_)));
        assert!(matches!(follow("a"), Cursor::Loop("things.list")));
        assert!(matches!(follow(""), Cursor::End));
        assert!(matches!(seen.follow("things.list", None, |token| token), Cursor::End));
    }

    #[test]
    fn counted_pages_end_with_a_short_one_or_with_one_that_comes_again() {
        let mut seen = Seen::default();
        let mut count = |items: &[i64]| seen.count("things.list", items, 2, || ());
        assert!(matches!(count(&[1, 2]), Cursor::Next(())));
        assert!(matches!(count(&[3, 4]), Cursor::Next(())));
        assert!(matches!(count(&[5]), Cursor::End));
        assert!(matches!(count(&[]), Cursor::End));
        assert!(matches!(count(&[1, 2]), Cursor::Loop("things.list")));
        assert_eq!(
            [None, Some(0), Some(7), Some(999)].map(|asked| full(asked, 30, (1, 100))),
            [30, 30, 7, 100]
        );
    }
}
