//! Copies models, by the tables of their fields.

use serde_json::Value;

use super::{Transcoder, repeated};
use crate::types::reader::{Read, Reader, Stop};
use crate::types::writer::Writer;

/// A field of a model.
pub(crate) struct TranscodedField {
    pub name: &'static str,
    pub copy: Transcoder,
    pub default: Option<fn(&mut Writer)>,
}

/// Maximum number of fields of a model.
pub(crate) const MAX_FIELDS: usize = 64;

/// Which fields have a value.
#[derive(Default)]
struct Seen(u64);

impl Seen {
    fn has(&self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    fn set(&mut self, index: usize, is_there: bool) {
        self.0 = (self.0 & !(1 << index)) | (u64::from(is_there) << index);
    }
}

/// Copies a model. Of a name that occurs twice, the last value is copied. If `needed` is absent, or holds
/// nothing, the object has not the documented shape.
pub(crate) fn transcode_model(
    from: &mut Reader<'_>,
    to: &mut Writer,
    fields: &'static [TranscodedField],
    needed: Option<&str>,
) -> Read<bool> {
    let position = |name: &str| fields.iter().position(|field| field.name == name);
    let needed = needed.map(|name| position(name).ok_or(Stop::Shape)).transpose()?;
    let (start, mut seen, mut is_repeated, mut next) = (to.position(), Seen::default(), false, 0);
    to.byte(b'{');
    let first = to.position();
    let is_present = from.object(&mut |key, from| {
        let Some((index, field)) = find(fields, next, key) else { return from.unknown() };
        next = index + 1;
        is_repeated |= seen.has(index);
        let before = to.position();
        to.name(before == first, field.name);
        let value = to.position();
        let is_there = (field.copy)(from, to)? && !(needed == Some(index) && is_default(to, value, field));
        if !is_there {
            to.rewind(before);
        }
        seen.set(index, is_there);
        Ok(())
    })?;
    if !is_present {
        to.rewind(start);
        return Ok(false);
    }
    if is_repeated {
        repeated::keep_last(to, start, |name| position(name).is_some_and(|index| seen.has(index)))?;
    }
    if needed.is_some_and(|index| !seen.has(index)) {
        return Err(Stop::Shape);
    }
    for (index, field) in fields.iter().enumerate() {
        if let Some(default) = field.default.filter(|_| !seen.has(index)) {
            to.name(to.position() == first, field.name);
            default(to);
        }
    }
    to.byte(b'}');
    Ok(true)
}

/// Whether the value that begins at a position is the default of its field, in any order of its names.
fn is_default(to: &mut Writer, value: usize, field: &TranscodedField) -> bool {
    let end = to.position();
    let Some(default) = field.default else { return false };
    default(to);
    let (copied, default) = (to.written(value, end), to.written(end, to.position()));
    let value = |text: &[u8]| serde_json::from_slice::<Value>(text).ok();
    let is_same = copied == default || (copied.starts_with(b"{") && value(copied) == value(default));
    to.rewind(end);
    is_same
}

/// Finds a field. The service writes fields in the order of its description, so that it is mostly the next one.
fn find(
    fields: &'static [TranscodedField],
    next: usize,
    key: &str,
) -> Option<(usize, &'static TranscodedField)> {
    let expected = fields.get(next).filter(|field| field.name == key).map(|field| (next, field));
    expected.or_else(|| fields.iter().enumerate().find(|(_, field)| field.name == key))
}

/// Writes a model whose fields are all absent.
pub(crate) fn transcode_empty(to: &mut Writer, fields: &'static [TranscodedField]) {
    to.byte(b'{');
    let mut is_first = true;
    for field in fields {
        if let Some(default) = field.default {
            to.name(std::mem::replace(&mut is_first, false), field.name);
            default(to);
        }
    }
    to.byte(b'}');
}
