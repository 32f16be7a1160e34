//! Names that occur twice in an object. The service does not write such objects; they are read as by the typed clients.

use std::collections::BTreeMap;

use crate::types::reader::{Read, Reader, Stop};
use crate::types::writer::Writer;

/// Writes the object that begins at `start` again, still without its end: each name once, with its last value, and only
/// the names that are `wanted`.
#[cold]
#[inline(never)]
pub(super) fn keep_last(to: &mut Writer, start: usize, wanted: impl Fn(&str) -> bool) -> Read<()> {
    to.byte(b'}');
    let text = to.take_from(start).map_err(|_| Stop::Shape)?;
    let mut values = BTreeMap::new();
    let mut copy = Reader::new(&text);
    copy.object(&mut |name, copy| {
        values.insert(name.to_owned(), copy.skipped()?.to_owned());
        Ok(())
    })?;
    values.retain(|name, _| wanted(name));
    to.byte(b'{');
    for (index, (name, value)) in values.iter().enumerate() {
        if index > 0 {
            to.byte(b',');
        }
        to.string(name);
        to.byte(b':');
        to.raw(value);
    }
    Ok(())
}
