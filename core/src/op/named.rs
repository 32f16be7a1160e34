//! Operations by name, with arguments and results as JSON.

#[cfg(test)]
use std::cell::RefCell;
use std::sync::Arc;

use super::Operation;
use super::call::Decode;
use crate::error::{Result, ScalekitError};
use crate::types::{Read, Reader, Refusal, Stop, Transcode, Writer};
use crate::wire::Wire;
use crate::work::{Erased, Work};

/// The maximum number of characters of a path in a summary.
const LONGEST_PATH: usize = 200;

/// An operation that is called by name.
pub(crate) struct NamedCall {
    pub id: &'static str,
    /// Reads the arguments, an object by their names, and builds the operation.
    pub begin: fn(&mut Reader<'_>) -> Read<Result<Operation>>,
    /// Reads a response and writes it as JSON, a `String`.
    pub decode: Decode,
}

impl NamedCall {
    /// The work of the call, whose result is JSON (a `String`).
    pub(crate) fn work(&self, wire: &Arc<Wire>, arguments: &str) -> Result<Work> {
        let operation = read_arguments(arguments, self.begin)??;
        Ok(Box::pin(super::call::send(Arc::clone(wire), operation, self.decode)))
    }
}

/// Reads what a caller wrote. Errors name the field by its path.
pub(crate) fn read_arguments<T>(text: &str, read: impl FnOnce(&mut Reader<'_>) -> Read<T>) -> Result<T> {
    read_caller_json("arguments", text, read)
}

/// The same for any argument of the C library. `whole` is its name, which begins each path, but for those of the arguments
/// and options themselves.
pub(crate) fn read_caller_json<T>(
    whole: &str,
    text: &str,
    read: impl FnOnce(&mut Reader<'_>) -> Read<T>,
) -> Result<T> {
    let mut from = Reader::strict(text);
    let read = read(&mut from).and_then(|value| from.end().map(|()| value));
    read.map_err(|stop| refused(whole, stop, &from))
}

#[inline(never)]
fn refused(whole: &str, stop: Stop, from: &Reader<'_>) -> ScalekitError {
    let name = match (from.path(), whole) {
        ("", _) => whole.to_owned(),
        (path, "arguments" | "options") => printable(path),
        (path, _) => printable(&format!("{whole}.{path}")),
    };
    let why = match (stop, from.refusal()) {
        (Stop::NotJson, _) => return ScalekitError::argument(whole, "must be JSON"),
        (_, Some(Refusal::Choice(values))) => {
            return ScalekitError::argument(&name, format_args!("must be one of: {values}"));
        }
        (_, Some(Refusal::Unknown)) => "is unknown",
        (_, Some(Refusal::Repeated)) => "occurs twice",
        (_, Some(Refusal::Missing)) => "is required",
        (Stop::Shape, None) if from.path().is_empty() => "must be a JSON object",
        (Stop::Shape, None) => "has an unexpected type",
        (Stop::Range, None) => "has a number beyond the range of a 64-bit floating-point number",
    };
    ScalekitError::argument(&name, why)
}

/// A path for a summary, which is one line: the names in it are the caller's, and may be anything.
fn printable(path: &str) -> String {
    let shown = path.chars().take(LONGEST_PATH);
    shown.map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Copies a response to JSON, with the names and rules of the models.
pub(crate) fn decode_json<T: Transcode>(from: Option<&mut Reader<'_>>) -> Read<Option<Erased>> {
    let mut to = Writer::new(from.as_ref().map_or(0, |from| from.length()));
    let is_present = match from {
        Some(from) => T::transcode(from, &mut to)?,
        None => T::transcode_missing(&mut to),
    };
    let json = is_present.then(|| to.finish()).transpose().map_err(|_| Stop::Shape)?;
    Ok(json.map(|json| Box::new(json) as Erased))
}

/// Reads the arguments of a call into variables. Arguments of an `Option` type and those in brackets are optional.
macro_rules! named_arguments {
    ($from:ident { $( $arg:ident: $(&$ref:ident)? $($ty:ident $(<$of:ty>)?)? ),* } [$($opt:ident),*]) => {
        $( let mut $arg: crate::op::named_arguments!(@owned $(&$ref)? $($ty $(<$of>)?)?) = Default::default(); )*
        let required: &[(&str, bool)] =
            &[$( (stringify!($arg), !crate::types::Field::is_absent(&$arg)) ),*];
        $from.object(&mut |_key, from| {
            $( if _key == stringify!($arg) {
                return crate::types::Field::read_request(&mut $arg, from);
            } )*
            from.unknown()
        })?;
        crate::op::require_arguments($from, required, &[$( stringify!($opt) ),*])?;
    };
    (@owned & $ref:ident) => { String };
    (@owned $ty:ident) => { $ty };
    (@owned $ty:ident <$of:ty>) => { $ty<$of> };
    (@lent $arg:ident & $ref:ident) => { &$arg };
    (@lent $arg:ident) => { $arg };
}
pub(crate) use named_arguments;

/// Fails unless all arguments are there that are required and not in `optional`.
pub(crate) fn require_arguments(
    from: &mut Reader<'_>,
    arguments: &[(&str, bool)],
    optional: &[&str],
) -> Read<()> {
    #[cfg(test)]
    LAST_ARGUMENTS.replace(
        arguments
            .iter()
            .map(|(name, is_required)| ((*name).to_owned(), *is_required && !optional.contains(name)))
            .collect(),
    );
    arguments
        .iter()
        .filter(|(name, is_required)| *is_required && !optional.contains(name))
        .try_for_each(|(name, _)| from.require(&[*name]))
}

#[cfg(test)]
thread_local! {
    static LAST_ARGUMENTS: RefCell<Vec<(String, bool)>> = const { RefCell::new(Vec::new()) };
}

/// The arguments of the call that was read last on this thread, and whether each is required.
#[cfg(test)]
pub(crate) fn last_arguments() -> Vec<(String, bool)> {
    LAST_ARGUMENTS.take()
}
