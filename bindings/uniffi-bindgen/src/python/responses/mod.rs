//! Lazy decoding of responses.
//!
//! The converters of responses decode them as rows (see `core/src/ffi/rows.rs`), and each record class gets a method
//! that fills the fields from a row. The hand-written part is `reader.py`.

mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use types::{Type, Types};

use super::text::Block;
use super::{Interface, record};
use crate::edit::{Edited, replace};

/// The start of the line that names the converter of a result.
const LIFT: &str = "_uniffi_lift_return = _UniffiFfiConverter";

/// The responses that are decoded as rows.
pub struct Responses {
    types: Types,
    /// Their converters, with the shapes.
    shapes: BTreeMap<String, String>,
    /// The records in them.
    records: BTreeSet<String>,
}

impl Responses {
    pub fn read(blocks: &[Block<'_>], interface: &Interface) -> Result<Self, Box<dyn Error>> {
        let mut responses = Self {
            types: Types::read(blocks, interface)?,
            shapes: BTreeMap::new(),
            records: BTreeSet::new(),
        };
        let lines = blocks.iter().flat_map(|block| &block.lines);
        let names = lines.filter_map(|line| line.trim_start().strip_prefix(LIFT)?.strip_suffix(".lift"));
        for name in names.collect::<BTreeSet<_>>() {
            match responses.types.response_shape(name) {
                Some(shape) if shape.contains('(') => {
                    responses.shapes.insert(name.to_owned(), shape);
                    responses.add_records(name);
                }
                _ => {}
            }
        }
        Ok(responses)
    }

    fn add_records(&mut self, name: &str) {
        let inner: Vec<String> = match self.types.get(name) {
            Some(Type::Optional(inner) | Type::List(inner) | Type::Map(inner)) => vec![inner.clone()],
            Some(Type::Record(fields)) => {
                self.records.insert(name.to_owned());
                fields.iter().map(|(_, kind)| kind.clone()).collect()
            }
            _ => return,
        };
        inner.iter().for_each(|inner| self.add_records(inner));
    }

    /// Adds the method that fills the fields to the class of a record.
    pub fn finish_record(&self, block: &Block<'_>, text: String) -> Edited {
        let name = format!("Type{}", block.class().ok_or("a record without a name")?);
        match self.types.get(&name) {
            Some(Type::Record(fields)) if self.records.contains(&name) => {
                if record::field_count(block)? != fields.len() {
                    return Err(format!("the converter of {name} reads a different number of fields").into());
                }
                Ok(format!("{text}\n{}", self.fill_method(fields)?))
            }
            _ => Ok(text),
        }
    }

    /// Turns the converter of a response into one that decodes rows.
    pub fn finish_converter(&self, name: &str, text: String) -> Edited {
        let Some(shape) = self.shapes.get(name) else { return Ok(text) };
        let deferred = self
            .types
            .deferred_list(name)
            .map_or_else(String::new, |deferred| format!("    _deferred = \"{deferred}\"\n"));
        let head = format!("class _UniffiFfiConverter{name}(_UniffiConverterRustBuffer):\n");
        let value = self.conversion(name, "row", 0);
        let new = format!(
            "class _UniffiFfiConverter{name}(_RowsConverter):\n    _shape = b\"{shape}\"\n{deferred}\n    \
             @staticmethod\n    def from_row(row):\n        return {value}\n\n"
        );
        replace(text, 1, &head, &new)
    }

    /// Writes the method `_fill`. It creates all values before it sets a field. Between the check that no field is set
    /// and the last assignment it makes no Python call, because Python could switch threads there; so the check is an
    /// unpacking.
    fn fill_method(&self, fields: &[(String, String)]) -> Edited {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(name) = names.iter().find(|name| ["self", "row", "len"].contains(name)) {
            return Err(format!("a field must not have the name {name}").into());
        }
        let list = format!("{},", names.join(", "));
        let mut text = format!("    def _fill(self, row):\n        ({list}) = row\n");
        for (name, kind) in fields {
            let value = self.conversion(kind, name, 0);
            if value != *name {
                text.push_str(&format!("        {name} = {value}\n"));
            }
        }
        text.push_str("        try:\n            ((_, _),) = map(_referents, (self,))\n");
        text.push_str("        except ValueError:\n");
        text.push_str(&format!("            return _fill_unset(self, ({list}))\n"));
        for name in names {
            text.push_str(&format!("        self.{name} = {name}\n"));
        }
        Ok(text + "        del self._row\n")
    }

    /// The expression that converts a value in the row; `from` itself if no conversion is needed.
    fn conversion(&self, kind: &str, from: &str, depth: usize) -> String {
        let item = format!("item{depth}");
        match self.types.get(kind) {
            None | Some(Type::Plain(_)) => from.to_owned(),
            Some(Type::Time) => format!("_time({from})"),
            Some(Type::OpenEnum(_)) => format!("{}._by_row[{from}]", class(kind)),
            Some(Type::ClosedEnum(_)) => format!("_enum_member({}, {from})", class(kind)),
            Some(Type::Record(_)) => format!("_lazy_record({}, {from})", class(kind)),
            Some(Type::Optional(inner)) => {
                let value = self.conversion(inner, from, depth);
                // `_by_row` of an open enumeration maps `None` to itself.
                let accepts_none = matches!(self.types.get(inner), Some(Type::OpenEnum(_)));
                if value == from || accepts_none {
                    value
                } else {
                    format!("None if {from} is None else {value}")
                }
            }
            Some(Type::List(inner)) => {
                let value = self.conversion(inner, &item, depth + 1);
                if value == item { from.to_owned() } else { format!("[{value} for {item} in {from}]") }
            }
            Some(Type::Map(inner)) => {
                let value = self.conversion(inner, &item, depth + 1);
                if value == item {
                    return from.to_owned();
                }
                format!("{{key: {value} for key, {item} in {from}.items()}}")
            }
        }
    }
}

/// The class `X` of a converter `TypeX`.
fn class(kind: &str) -> &str {
    kind.strip_prefix("Type").unwrap_or(kind)
}

#[cfg(test)]
mod tests;
