//! Copies lists and maps.

use std::collections::HashSet;

use super::{Transcoder, repeated};
use crate::types::reader::{Read, Reader};
use crate::types::writer::Writer;

/// Copies a list, without its absent elements.
pub(super) fn transcode_list(from: &mut Reader<'_>, to: &mut Writer, element: Transcoder) -> Read<bool> {
    let start = to.position();
    to.byte(b'[');
    let first = to.position();
    let is_present = from.list(&mut |from| copy_item(from, to, first, element))?;
    to.byte(b']');
    if !is_present {
        to.rewind(start);
    }
    Ok(is_present)
}

/// Copies a map, without its absent values. Of a key that occurs twice, the last value is copied.
pub(super) fn transcode_map(from: &mut Reader<'_>, to: &mut Writer, value: Transcoder) -> Read<bool> {
    let start = to.position();
    to.byte(b'{');
    let (first, mut keys, mut is_repeated) = (to.position(), HashSet::new(), false);
    let is_present = from.object(&mut |key, from| {
        is_repeated |= !keys.insert(key.to_owned());
        copy_item(from, to, first, |from, to| {
            to.string(key);
            to.byte(b':');
            value(from, to)
        })
    })?;
    if is_repeated {
        repeated::keep_last(to, start, |_| true)?;
    }
    to.byte(b'}');
    if !is_present {
        to.rewind(start);
    }
    Ok(is_present)
}

/// Copies an element of a list, or an entry of a map, unless it is absent. The first one is written at `first`.
fn copy_item(
    from: &mut Reader<'_>,
    to: &mut Writer,
    first: usize,
    copy: impl FnOnce(&mut Reader<'_>, &mut Writer) -> Read<bool>,
) -> Read<()> {
    let before = to.position();
    if before != first {
        to.byte(b',');
    }
    if copy(from, to)? {
        return Ok(());
    }
    to.rewind(before);
    from.absent_element()
}
