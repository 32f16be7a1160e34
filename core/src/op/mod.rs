//! Operations as values, and the macros that declare them: `resource!` and `pager!`.

mod call;
mod items;
#[cfg(feature = "dispatch")]
mod named;
mod pager;
mod pagers;
#[cfg(test)]
mod probe;
mod resource;

use serde::Serialize;

use crate::error::{Result, ScalekitError};
use crate::types::{Query, QueryValue};
use crate::wire::{Body, HttpMethod};

pub(crate) use call::{Decode, call, decode};
pub(crate) use items::Items;
#[cfg(all(test, feature = "dispatch"))]
pub(crate) use named::last_arguments;
#[cfg(feature = "dispatch")]
pub(crate) use named::{
    NamedCall, decode_json, named_arguments, read_arguments, read_caller_json, require_arguments,
};
#[cfg(feature = "blocking")]
pub(crate) use pager::next_page;
#[cfg(feature = "dispatch")]
pub(crate) use pager::request_page;
pub(crate) use pager::{
    Cursor, PageTokens, PagerState, Pages, PagesOf, begin_page, full, next_or_begun_page, pager, pager_state,
    path_arguments,
};
pub(crate) use pagers::pagers;
#[cfg(feature = "dispatch")]
pub(crate) use pagers::{NamedPager, page_json};
#[cfg(test)]
pub(crate) use probe::Probe;
pub(crate) use resource::resource;

/// The constant part of an operation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spec {
    pub id: &'static str,
    pub method: HttpMethod,
    pub path: &'static str,
    /// The key of the response under which the result is; `None` if the whole response is the result.
    pub inside: Option<&'static str>,
    /// Whether it runs a tool, which has a longer timeout.
    pub tool: bool,
}

impl Spec {
    /// `request` is the method and the path, such as `GET /api/v1/organizations`.
    pub(crate) const fn new(
        id: &'static str,
        request: &'static str,
        inside: Option<&'static str>,
        tool: bool,
    ) -> Self {
        let (method, at) = match request.as_bytes() {
            [b'G', b'E', b'T', b' ', ..] => (HttpMethod::Get, 4),
            [b'P', b'U', b'T', b' ', ..] => (HttpMethod::Put, 4),
            [b'P', b'O', b'S', b'T', b' ', ..] => (HttpMethod::Post, 5),
            [b'P', b'A', b'T', b'C', b'H', b' ', ..] => (HttpMethod::Patch, 6),
            [b'D', b'E', b'L', b'E', b'T', b'E', b' ', ..] => (HttpMethod::Delete, 7),
            _ => panic!("an operation starts with its method"),
        };
        Self { id, method, path: request.split_at(at).1, inside, tool }
    }
}

/// An operation that the library supports.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct OperationInfo {
    /// Name, such as `organizations.get`. Errors carry it.
    pub id: String,
    /// HTTP method, such as `GET`.
    pub method: String,
    /// Path with its parameters in braces, such as `/api/v1/organizations/{id}`.
    pub path: String,
}

impl From<&Spec> for OperationInfo {
    fn from(spec: &Spec) -> Self {
        Self { id: spec.id.into(), method: spec.method.as_str().into(), path: spec.path.into() }
    }
}

/// An operation with its arguments. It is independent of the client and of the response type, so that the code which
/// builds and sends it is compiled once.
#[derive(Debug)]
pub(crate) struct Operation {
    pub spec: &'static Spec,
    pub path: String,
    pub query: Query,
    pub body: Option<Body>,
}

impl Operation {
    pub(crate) fn new(spec: &'static Spec) -> Self {
        Self { spec, path: spec.path.to_owned(), query: Vec::new(), body: None }
    }

    /// Sets the path parameter `{name}`.
    pub(crate) fn path(&mut self, argument: &str, name: &str, value: &str) -> Result<()> {
        let value = segment(argument, value)?;
        self.path = self.path.replace(&format!("{{{name}}}"), &value);
        Ok(())
    }

    /// Adds a query parameter: none for `None`, one for each element of a list.
    pub(crate) fn query(&mut self, name: &'static str, value: &impl QueryValue) {
        value.add_to(name, &mut self.query);
    }

    /// Adds page size and page token. The size is clamped to the service's limits.
    pub(crate) fn page(
        &mut self,
        size: Option<i64>,
        token: Option<&String>,
        limits: (i64, i64),
    ) -> Result<()> {
        self.page_size(size, limits)?;
        self.query("page_token", &token.filter(|token| !token.is_empty()));
        Ok(())
    }

    /// Adds page size and page number, for lists with numbered pages. Page numbers start at 0.
    pub(crate) fn numbered(
        &mut self,
        size: Option<i64>,
        number: Option<i64>,
        limits: (i64, i64),
    ) -> Result<()> {
        self.page_size(size, limits)?;
        if number.is_some_and(|number| number < 0) {
            return Err(ScalekitError::argument("page_number", "must not be negative"));
        }
        self.query("page_number", &number);
        Ok(())
    }

    fn page_size(&mut self, size: Option<i64>, limits: (i64, i64)) -> Result<()> {
        match size {
            Some(size) if size < 0 => {
                return Err(ScalekitError::argument("page_size", "must not be negative"));
            }
            // Zero means the service's default, like an omitted size.
            Some(size) if size > 0 => self.query("page_size", &size.clamp(limits.0, limits.1)),
            _ => {}
        }
        Ok(())
    }

    /// Sets an empty object as the body.
    pub(crate) fn empty_body(&mut self) -> Result<()> {
        self.body("body", &serde_json::Map::new())
    }

    pub(crate) fn body(&mut self, argument: &str, value: &impl Serialize) -> Result<()> {
        self.body = Some(Body::json(argument, value)?);
        Ok(())
    }
}

/// Percent-encodes a path segment, including `:`, which separates a verb in the service's paths.
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

/// The last name of a field path in a table: `domain` for `params . domain`.
pub(crate) fn last_name(path: &'static str) -> &'static str {
    path.rsplit('.').next().unwrap_or(path).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Check as _;
    use crate::model::requests;

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

    fn operation(request: &'static str) -> Operation {
        Operation::new(Box::leak(Box::new(Spec::new("things.do", request, None, false))))
    }

    #[test]
    fn request_line_is_split_into_method_and_path() {
        for (request, method) in
            [("GET", HttpMethod::Get), ("PUT", HttpMethod::Put), ("POST", HttpMethod::Post)]
        {
            let line = format!("{request} /x").leak();
            assert_eq!(
                (Spec::new("x", line, None, false).method, Spec::new("x", line, None, false).path),
                (method, "/x")
            );
        }
        assert_eq!(Spec::new("x", "PATCH /y:z", None, false).path, "/y:z");
        assert_eq!(Spec::new("x", "DELETE /y", None, false).method, HttpMethod::Delete);
    }

    #[test]
    fn path_values_are_encoded_or_rejected() {
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
    fn page_size_is_clamped() {
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
    fn page_numbers_start_at_zero() {
        let mut operation = operation("GET /x");
        operation.numbered(Some(999), Some(0), (1, 100)).unwrap();
        let pairs: Vec<_> = operation.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs, ["page_size=100", "page_number=0"]);
        let error = operation.numbered(None, Some(-1), (1, 100)).unwrap_err();
        assert_eq!(error.to_string(), "`page_number` must not be negative");
    }

    #[test]
    fn absent_query_values_are_omitted_and_lists_repeated() {
        let mut operation = operation("GET /x");
        operation.query("none", &None::<String>);
        operation.query("list", &vec!["a".to_owned(), "b".to_owned()]);
        operation.query(last_name("params . flag"), &Some(true));
        operation.query("filter.n", &7_i64);
        let pairs: Vec<_> = operation.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs, ["list=a", "list=b", "flag=true", "filter.n=7"]);
    }

    #[test]
    fn body_omits_absent_fields_and_is_checked() {
        let mut operation = operation("POST /x");
        operation.body("thing", &Thing::new("ab")).unwrap();
        assert_eq!(operation.body.as_ref().unwrap().bytes, br#"{"name":"ab"}"#);
        operation.body("thing", &Thing::new("ab").with_note("")).unwrap();
        assert_eq!(operation.body.as_ref().unwrap().bytes, br#"{"name":"ab","note":""}"#);
        let error: ScalekitError = vec![Thing::new("abcd")].check().unwrap_err().into();
        assert_eq!(error.to_string(), "`name` must have 1 to 3 characters; it has 4");
    }
}
