//! An operation as a value, and the two tables (`resource!`, `pager!`) from which everything else about it follows.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Result, ScalekitError};
use crate::types::{Lenient, Timestamp};
use crate::wire::{Body, Wire};

/// The method of an HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
pub enum HttpMethod {
    /// Reads. The only method that is tried again when the service may have seen it.
    Get,
    /// Creates or acts.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl HttpMethod {
    /// The method as it stands in a request, such as `GET`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether sending it twice does no more than sending it once, so that a retry is always safe.
    pub(crate) const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get)
    }
}

/// What is fixed about an operation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spec {
    pub id: &'static str,
    pub method: HttpMethod,
    pub path: &'static str,
    /// The key in the answer's object that holds what the caller wants, if it is not the whole.
    pub inside: Option<&'static str>,
    /// Runs a tool, which has a longer time limit than other operations.
    pub tool: bool,
}

impl Spec {
    /// `request` is method and path, as in `GET /api/v1/organizations`.
    pub(crate) const fn new(id: &'static str, request: &'static str, inside: Option<&'static str>) -> Self {
        let (method, at) = match request.as_bytes() {
            [b'G', b'E', b'T', b' ', ..] => (HttpMethod::Get, 4),
            [b'P', b'U', b'T', b' ', ..] => (HttpMethod::Put, 4),
            [b'P', b'O', b'S', b'T', b' ', ..] => (HttpMethod::Post, 5),
            [b'P', b'A', b'T', b'C', b'H', b' ', ..] => (HttpMethod::Patch, 6),
            [b'D', b'E', b'L', b'E', b'T', b'E', b' ', ..] => (HttpMethod::Delete, 7),
            _ => panic!("an operation begins with its method"),
        };
        Self { id, method, path: request.split_at(at).1, inside, tool: false }
    }
}

/// An operation of the service that this library knows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct OperationInfo {
    /// Its name here, such as `organizations.get`; errors carry it.
    pub id: String,
    /// The HTTP method, such as `GET`.
    pub method: String,
    /// The path, with its parameters in braces, such as `/api/v1/organizations/{id}`.
    pub path: String,
}

impl From<&Spec> for OperationInfo {
    fn from(spec: &Spec) -> Self {
        Self { id: spec.id.into(), method: spec.method.as_str().into(), path: spec.path.into() }
    }
}

pub(crate) type Query = Vec<(Cow<'static, str>, String)>;

/// An operation with its arguments, ready to be sent. It knows nothing of who sends it.
#[derive(Debug)]
pub(crate) struct Operation<T> {
    pub spec: &'static Spec,
    pub path: String,
    pub query: Query,
    pub body: Option<Body>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Operation<T> {
    pub(crate) fn new(spec: &'static Spec) -> Self {
        Self { spec, path: spec.path.to_owned(), query: Vec::new(), body: None, answer: PhantomData }
    }

    /// Fills in one `{name}` of the path.
    pub(crate) fn path(&mut self, argument: &str, name: &str, value: &str) -> Result<()> {
        let value = segment(argument, value)?;
        self.path = self.path.replace(&format!("{{{name}}}"), &value);
        Ok(())
    }

    /// Adds a query parameter: nothing for `None`, one for each element of a list.
    pub(crate) fn query(&mut self, name: &'static str, value: &impl QueryValue) {
        value.add_to(name, &mut self.query);
    }

    /// Adds the size and the token of a page, the size within what the service takes.
    pub(crate) fn page(
        &mut self,
        size: Option<i64>,
        token: Option<&String>,
        limits: (i64, i64),
    ) -> Result<()> {
        match size {
            Some(size) if size < 0 => {
                return Err(ScalekitError::argument("page_size", "must not be negative"));
            }
            // Zero asks for the service's default, as leaving it out does.
            Some(size) if size > 0 => self.query("page_size", &size.clamp(limits.0, limits.1)),
            _ => {}
        }
        self.query("page_token", &token.filter(|token| !token.is_empty()));
        Ok(())
    }

    pub(crate) fn body(&mut self, argument: &str, value: &impl Serialize) -> Result<()> {
        self.body = Some(Body::json(argument, value)?);
        Ok(())
    }
}

/// One path segment, percent-encoded; `:` too, since with it the service begins a verb.
fn segment(argument: &str, value: &str) -> Result<String> {
    if matches!(value, "" | "." | "..") {
        let why =
            if value.is_empty() { "must not be empty".into() } else { format!("must not be `{value}`") };
        return Err(ScalekitError::argument(argument, why));
    }
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    Ok(encoded)
}

/// How a value enters a query string.
pub(crate) trait QueryValue {
    fn add_to(&self, name: &'static str, query: &mut Query);
}

macro_rules! printed_in_a_query {
    ($($Type:ty),*) => { $(
        impl QueryValue for $Type {
            fn add_to(&self, name: &'static str, query: &mut Query) {
                query.push((name.into(), self.to_string()));
            }
        }
    )* };
}
printed_in_a_query!(str, String, i64, bool, Timestamp);

impl<T: QueryValue + ?Sized> QueryValue for &T {
    fn add_to(&self, name: &'static str, query: &mut Query) {
        (**self).add_to(name, query);
    }
}

impl<T: QueryValue> QueryValue for Option<T> {
    fn add_to(&self, name: &'static str, query: &mut Query) {
        if let Some(value) = self {
            value.add_to(name, query);
        }
    }
}

impl<T: QueryValue> QueryValue for Vec<T> {
    fn add_to(&self, name: &'static str, query: &mut Query) {
        for value in self {
            value.add_to(name, query);
        }
    }
}

/// The last part of a field's path, as the tables write it: `params . domain` is `domain`.
pub(crate) fn last_name(path: &'static str) -> &'static str {
    path.rsplit('.').next().unwrap_or(path).trim()
}

/// Sends an operation and reads its answer.
pub(crate) async fn send<T: Lenient>(wire: Arc<Wire>, operation: Operation<T>) -> Result<T> {
    let (spec, inside) = (operation.spec, operation.spec.inside);
    let request = wire.request(spec.id, spec.method, &operation.path, &operation.query, operation.body)?;
    let answer = wire.execute(request.tool(spec.tool)).await?;
    crate::decode::answer(spec.id, inside, &answer.body)
}

/// Declares a resource: for each line the request value, the blocking and the async method (for Rust and for every
/// other language), and a row in the table that `operations()` reads.
///
/// A line is the doc comment; method and path as the service has them, `in "key"` where the answer wraps what the
/// caller wants; the signature; and what becomes of the arguments: `path(a, b as "name")`,
/// `query(x.y, z as "dotted.name")`, `page(params, least, most)`, `body(x)`. `where optional(x)` lets the other
/// languages leave an argument out.
///
/// The types of arguments are matched token by token, since UniFFI does not see through what a `ty` fragment hides.
macro_rules! resource {
    (
        $(#[$meta:meta])*
        $area:ident: $Blocking:ident / $Async:ident, table $TABLE:ident;
        $(
            $(#[$m:meta])*
            $request:literal $(in $key:literal)?
            fn $name:ident($($arg:ident: $(&$ref:ident)? $($ty:ident $(<$of:ty>)?)?),* $(,)?) -> $out:ty $(where optional($($opt:ident),*))?
            { $($slot:ident($($how:tt)*)),* $(,)? }
        )*
    ) => {
        pub(crate) const $TABLE: &[crate::op::Spec] =
            &[$( crate::op::resource!(@spec $area $name $request $($key)?) ),*];

        /// The operations as values, before anybody sends them.
        mod operation {
            use super::*;
            $(
                pub(super) fn $name($($arg: $(&$ref)? $($ty $(<$of>)?)?),*) -> crate::error::Result<crate::op::Operation<$out>> {
                    const SPEC: crate::op::Spec = crate::op::resource!(@spec $area $name $request $($key)?);
                    $( crate::check::Check::check(&$arg)?; )*
                    #[allow(unused_mut, reason = "an operation may have no arguments")]
                    let mut operation = crate::op::Operation::new(&SPEC);
                    $( crate::op::resource!(@slot operation $slot($($how)*)); )*
                    Ok(operation)
                }
            )*
        }

        $(#[$meta])*
        ///
        /// Each call blocks its thread until the answer is there or the time is up.
        #[cfg(feature = "blocking")]
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Blocking {
            pub(crate) wire: std::sync::Arc<crate::wire::Wire>,
        }

        #[cfg(feature = "blocking")]
        crate::export::exported! { impl $Blocking { $( [method($($(default($opt)),*)?)] {
            $(#[$m])*
            ///
            /// Calls
            #[doc = $request]
            pub fn $name(&self, $($arg: $(&$ref)? $($ty $(<$of>)?)?),*) -> std::result::Result<$out, crate::error::ScalekitError> {
                let operation = operation::$name($($arg),*)?;
                crate::runtime::wait(operation.spec.id, crate::op::send(self.wire.clone(), operation))
            }
        } )* } }

        $(#[$meta])*
        ///
        /// Each call is asynchronous; cancelling it closes the request.
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Async {
            pub(crate) wire: std::sync::Arc<crate::wire::Wire>,
        }

        crate::export::exported! { impl $Async { $( [method($($(default($opt)),*)?)] {
            $(#[$m])*
            ///
            /// Calls
            #[doc = $request]
            pub async fn $name(&self, $($arg: $(&$ref)? $($ty $(<$of>)?)?),*) -> std::result::Result<$out, crate::error::ScalekitError> {
                let operation = operation::$name($($arg),*)?;
                crate::runtime::run(operation.spec.id, crate::op::send(self.wire.clone(), operation)).await
            }
        } )* } }
    };

    (@spec $area:ident $name:ident $request:literal $($key:literal)?) => {
        crate::op::Spec::new(
            concat!(stringify!($area), ".", stringify!($name)),
            $request,
            crate::op::resource!(@key $($key)?),
        )
    };
    (@key) => { None };
    (@key $key:literal) => { Some($key) };

    (@slot $o:ident path($($a:ident $(as $n:literal)?),*)) => {
        $( $o.path(stringify!($a), crate::op::resource!(@name $a $($n)?), $a)?; )*
    };
    (@slot $o:ident query($($($q:ident).+ $(as $n:literal)?),*)) => {
        $( $o.query(crate::op::resource!(@name ($($q).+) $($n)?), &$($q).+); )*
    };
    (@slot $o:ident page($params:ident, $least:literal, $most:literal)) => {
        $o.page($params.page_size, $params.page_token.as_ref(), ($least, $most))?;
    };
    (@slot $o:ident body($body:ident)) => { $o.body(stringify!($body), &$body)?; };
    (@name $a:ident) => { stringify!($a) };
    (@name ($($q:ident).+)) => { crate::op::last_name(stringify!($($q).+)) };
    (@name $a:tt $name:literal) => { $name };
}
pub(crate) use resource;

/// Where a pager stands.
#[derive(Debug)]
pub(crate) enum Cursor<P> {
    /// This page comes next.
    Next(P),
    /// The service gave a token a second time: following it would never end.
    Loop,
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
    pub(crate) fn follow<P>(&mut self, next: Option<String>, at: impl FnOnce(String) -> P) -> Cursor<P> {
        match next.filter(|token| !token.is_empty()) {
            None => Cursor::End,
            Some(token) if self.tokens.insert(self.hasher.hash_one(&token)) => Cursor::Next(at(token)),
            Some(_) => Cursor::Loop,
        }
    }
}

/// The state of a pager, behind a lock that is held across a call: one request in flight.
pub(crate) type PagerState<P> = tokio::sync::Mutex<(Cursor<P>, Seen)>;

pub(crate) fn pager_state<P>(first: P, token: Option<&String>) -> PagerState<P> {
    let mut seen = Seen::default();
    // The token that the caller begins with counts as seen.
    let _ = seen.follow(token.cloned(), |_| ());
    tokio::sync::Mutex::new((Cursor::Next(first), seen))
}

pub(crate) fn endless(operation: &str) -> ScalekitError {
    ScalekitError::decode(operation, "names a page that was read before; the list would never end")
}

/// Declares the two pagers of a list that is paged by token, and the `list_all` methods that make them.
macro_rules! pager {
    (
        $(#[$meta:meta])*
        $Blocking:ident / $Async:ident over $Res:ident / $AsyncRes:ident . $list:ident($Params:ident)
        as $all:ident -> $field:ident: $Item:ident
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Async {
            of: $AsyncRes,
            state: std::sync::Arc<crate::op::PagerState<$Params>>,
        }

        impl $Async {
            fn new(of: $AsyncRes, params: $Params) -> Self {
                let state = crate::op::pager_state(params.clone(), params.page_token.as_ref());
                Self { of, state: std::sync::Arc::new(state) }
            }

            /// An empty page is a page: the list goes on while the service names a next one.
            async fn advance(
                of: $AsyncRes,
                state: std::sync::Arc<crate::op::PagerState<$Params>>,
            ) -> crate::error::Result<Option<Vec<$Item>>> {
                let mut state = state.lock().await;
                let params = match &state.0 {
                    crate::op::Cursor::Next(params) => params.clone(),
                    crate::op::Cursor::Loop => return Err(crate::op::endless(Self::ID)),
                    crate::op::Cursor::End => return Ok(None),
                };
                let page = crate::op::send(of.wire.clone(), operation::$list(params.clone())?).await?;
                state.0 = state.1.follow(page.next_page_token, |token| $Params { page_token: Some(token), ..params });
                Ok(Some(page.$field))
            }

            const ID: &str = concat!(stringify!($Async), ".next_page");
        }

        crate::export::exported! { impl $AsyncRes { [method(default(params))] {
            /// Walks through the whole list, page by page, from the page that `params` names. No request is sent
            /// before the first page is asked for.
            #[must_use]
            pub fn $all(&self, params: $Params) -> std::sync::Arc<$Async> {
                std::sync::Arc::new($Async::new(self.clone(), params))
            }
        } } }

        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Async {
            /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
            /// After an error the same page can be asked for again.
            pub async fn next_page(&self) -> std::result::Result<Option<Vec<$Item>>, crate::error::ScalekitError> {
                crate::runtime::run(Self::ID, Self::advance(self.of.clone(), self.state.clone())).await
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
        crate::export::exported! { impl $Res { [method(default(params))] {
            /// Walks through the whole list, page by page, from the page that `params` names. No request is sent
            /// before the first page is asked for.
            #[must_use]
            pub fn $all(&self, params: $Params) -> std::sync::Arc<$Blocking> {
                let of = $AsyncRes { wire: self.wire.clone() };
                std::sync::Arc::new($Blocking { inner: $Async::new(of, params) })
            }
        } } }

        #[cfg(feature = "blocking")]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Blocking {
            /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
            /// After an error the same page can be asked for again.
            pub fn next_page(&self) -> std::result::Result<Option<Vec<$Item>>, crate::error::ScalekitError> {
                let work = $Async::advance(self.inner.of.clone(), self.inner.state.clone());
                crate::runtime::wait(concat!(stringify!($Blocking), ".next_page"), work)
            }
        }
    };
}
pub(crate) use pager;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Check as _;
    use crate::types::requests;

    requests! {
        /// For tests.
        pub struct Thing {
            required {
                /// A name.
                name: String => crate::check::length(1..=3),
            }
            optional {
                /// A note.
                note: Option<String>,
            }
        }
    }

    fn operation(request: &'static str) -> Operation<()> {
        Operation::new(Box::leak(Box::new(Spec::new("things.do", request, None))))
    }

    #[test]
    fn a_line_is_method_and_path() {
        for (request, method) in
            [("GET", HttpMethod::Get), ("PUT", HttpMethod::Put), ("POST", HttpMethod::Post)]
        {
            let line = format!("{request} /x").leak();
            assert_eq!((Spec::new("x", line, None).method, Spec::new("x", line, None).path), (method, "/x"));
        }
        assert_eq!(Spec::new("x", "PATCH /y:z", None).path, "/y:z");
        assert_eq!(Spec::new("x", "DELETE /y", None).method, HttpMethod::Delete);
    }

    #[test]
    fn path_values_are_encoded_or_refused() {
        for (value, encoded) in [
            ("org_1", "org_1"),
            ("a/b", "a%2Fb"),
            ("a:enable", "a%3Aenable"),
            ("a b", "a%20b"),
            ("50%", "50%25"),
            ("%2e%2e", "%252e%252e"),
            ("ä?#&", "%C3%A4%3F%23%26"),
            ("...", "..."),
            ("{id}", "%7Bid%7D"),
        ] {
            let mut operation = operation("GET /x/{id}:verb");
            operation.path("id", "id", value).unwrap();
            assert_eq!(operation.path, format!("/x/{encoded}:verb"), "{value}");
        }
        for value in ["", ".", ".."] {
            let error = operation("GET /x/{id}").path("thing_id", "id", value).unwrap_err();
            assert!(error.to_string().starts_with("`thing_id` must not be"), "{error}");
        }
    }

    #[test]
    fn pages_are_clamped() {
        for (size, sent) in [
            (None, None),
            (Some(0), None),
            (Some(1), Some("10")),
            (Some(50), Some("50")),
            (Some(999), Some("100")),
        ] {
            let mut operation = operation("GET /x");
            operation.page(size, Some(&String::new()), (10, 100)).unwrap();
            assert_eq!(operation.query.first().map(|(_, value)| value.as_str()), sent, "{size:?}");
        }
        let error = operation("GET /x").page(Some(-1), None, (10, 100)).unwrap_err();
        assert_eq!(error.to_string(), "`page_size` must not be negative");
    }

    #[test]
    fn query_values_are_left_out_or_repeated() {
        let mut operation = operation("GET /x");
        operation.query("none", &None::<String>);
        operation.query("list", &vec!["a".to_owned(), "b".to_owned()]);
        operation.query(last_name("params . flag"), &Some(true));
        operation.query("filter.n", &7_i64);
        let pairs: Vec<_> = operation.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs, ["list=a", "list=b", "flag=true", "filter.n=7"]);
    }

    #[test]
    fn a_body_is_checked_and_absent_fields_are_left_out() {
        let mut operation = operation("POST /x");
        operation.body("thing", &Thing { name: "ab".into(), note: None }).unwrap();
        assert_eq!(operation.body.as_ref().unwrap().bytes, br#"{"name":"ab"}"#);
        operation.body("thing", &Thing { name: "ab".into(), note: Some(String::new()) }).unwrap();
        assert_eq!(operation.body.as_ref().unwrap().bytes, br#"{"name":"ab","note":""}"#);
        let error = vec![Thing { name: "abcd".into(), note: None }].check().unwrap_err();
        assert_eq!(error.to_string(), "`name` must have 1 to 3 characters; it has 4");
    }

    #[test]
    fn a_token_that_comes_back_ends_the_list() {
        let mut seen = Seen::default();
        let mut follow = |token: &str| seen.follow(Some(token.to_owned()), |token| token);
        assert!(matches!(follow("a"), Cursor::Next(token) if token == "a"));
        assert!(matches!(follow("b"), Cursor::Next(_)));
        assert!(matches!(follow("a"), Cursor::Loop));
        assert!(matches!(follow(""), Cursor::End));
        assert!(matches!(seen.follow(None, |token| token), Cursor::End));
    }
}
