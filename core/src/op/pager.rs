//! `pager!`: walking through a list that the service hands out in pages.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use serde::Serialize;

use crate::error::ScalekitError;

/// Where a pager stands.
#[derive(Debug)]
pub(crate) enum Cursor<P> {
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

/// The state of a pager, behind a lock that is held across a call: one request in flight.
pub(crate) type PagerState<P> = tokio::sync::Mutex<(Cursor<P>, Seen)>;

/// A pager that begins with the page `first`, whose token, if it has one, counts as seen.
pub(crate) fn pager_state<P>(first: P, token: Option<String>) -> PagerState<P> {
    let mut seen = Seen::default();
    let _ = seen.follow("", token, |_| ());
    tokio::sync::Mutex::new((Cursor::Next(first), seen))
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
/// its pages says so at the end: `by number(default size, least, most)`.
macro_rules! pager {
    (
        $(#[$meta:meta])*
        $Blocking:ident / $Async:ident over $Res:ident / $AsyncRes:ident . $list:ident $([$($arg:ident),+])? ($Params:ident $(, $needed:ident)?)
        as $all:ident -> $field:ident: $Item:ident $(by $how:ident($($limit:literal),+))?
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Async {
            of: $AsyncRes,
            $( $( $arg: String, )+ )?
            state: std::sync::Arc<crate::op::PagerState<$Params>>,
        }

        impl $Async {
            fn new(of: $AsyncRes, $( $( $arg: &str, )+ )? params: $Params) -> Self {
                let state = crate::op::pager!(@state params $($how)?);
                Self { of, $( $( $arg: $arg.to_owned(), )+ )? state: std::sync::Arc::new(state) }
            }

            /// The work of `next_page`, on its own so that it can go on without the pager. An empty page is a page: the
            /// list goes on while the service names a next one.
            fn advance(&self) -> impl Future<Output = crate::error::Result<Option<Vec<$Item>>>> + Send + 'static {
                let (wire, shared) = (self.of.wire.clone(), self.state.clone());
                $( $( let $arg = self.$arg.clone(); )+ )?
                async move {
                    let mut guard = shared.lock().await;
                    let (cursor, seen) = &mut *guard;
                    let params = match cursor {
                        crate::op::Cursor::Next(params) => params.clone(),
                        crate::op::Cursor::Loop(operation) => return Err(crate::op::endless(operation)),
                        crate::op::Cursor::End => return Ok(None),
                    };
                    let operation = operation::$list($( $( &$arg, )+ )? params.clone())?;
                    let id = operation.spec.id;
                    let page: operation::answer::$list = crate::op::send(wire, operation).await?;
                    *cursor = crate::op::pager!(@next seen id page $field params $Params $($how($($limit),+))?);
                    Ok(Some(page.$field))
                }
            }

            const ID: &str = concat!(stringify!($Async), ".next_page");
        }

        crate::op::pager! { @export [$($needed)?] impl $AsyncRes {
            /// Walks through the whole list, page by page, from the page that `params` names. No request is sent
            /// before the first page is asked for.
            #[must_use]
            pub fn $all(&self, $( $( $arg: &str, )+ )? params: $Params) -> std::sync::Arc<$Async> {
                std::sync::Arc::new($Async::new(self.clone(), $( $( $arg, )+ )? params))
            }
        } }

        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Async {
            /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
            /// After an error the same page can be asked for again.
            pub async fn next_page(&self) -> std::result::Result<Option<Vec<$Item>>, crate::error::ScalekitError> {
                crate::work::run(Self::ID, self.advance()).await
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
                let of = $AsyncRes { wire: self.wire.clone() };
                std::sync::Arc::new($Blocking { inner: $Async::new(of, $( $( $arg, )+ )? params) })
            }
        } }

        #[cfg(feature = "blocking")]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Blocking {
            /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
            /// After an error the same page can be asked for again.
            pub fn next_page(&self) -> std::result::Result<Option<Vec<$Item>>, crate::error::ScalekitError> {
                crate::work::wait(concat!(stringify!($Blocking), ".next_page"), self.inner.advance())
            }
        }
    };

    (@export [] impl $Type:ident { $($item:tt)* }) => {
        crate::export::exported! { impl $Type { [method(default(params))] { $($item)* } } }
    };
    (@export [required] impl $Type:ident { $($item:tt)* }) => {
        crate::export::exported! { impl $Type { [method()] { $($item)* } } }
    };

    (@state $params:ident) => {{
        let token = $params.page_token.clone();
        crate::op::pager_state($params, token)
    }};
    (@state $params:ident number) => { crate::op::pager_state($params, None) };

    (@next $seen:ident $id:ident $page:ident $field:ident $params:ident $Params:ident) => {
        $seen.follow($id, $page.next_page_token, |token| $Params { page_token: Some(token), ..$params })
    };
    (@next $seen:ident $id:ident $page:ident $field:ident $params:ident $Params:ident number($default:literal, $least:literal, $most:literal)) => {{
        let size = crate::op::full($params.page_size, $default, ($least, $most));
        let number = $params.page_number.unwrap_or(0).saturating_add(1);
        $seen.count($id, &$page.$field, size, || $Params { page_number: Some(number), ..$params })
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
