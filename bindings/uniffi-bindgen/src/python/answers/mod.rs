//! Answers that are read when somebody looks at them.
//!
//! The converters that answers begin with take them as rows (`core/src/ffi/rows.rs` says what these are), and the
//! records in them are told how to fill their fields from one. What is written by hand for it is in `reader.py`.

mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use types::{Type, Types};

use super::text::Block;
use super::{Seen, record};
use crate::edit::{Edited, replace};

/// How the generated text gets at what a call gives.
const LIFTS: &str = "_uniffi_lift_return = _UniffiFfiConverter";

/// The answers that cross as rows.
pub struct Answers {
    types: Types,
    /// Those that a call gives, with their shapes.
    given: BTreeMap<String, String>,
    /// The records in them.
    records: BTreeSet<String>,
}

impl Answers {
    pub fn read(blocks: &[Block<'_>], seen: &Seen) -> Result<Self, Box<dyn Error>> {
        let mut answers =
            Self { types: Types::read(blocks, seen)?, given: BTreeMap::new(), records: BTreeSet::new() };
        let lines = blocks.iter().flat_map(|block| &block.lines);
        let names = lines.filter_map(|line| line.trim_start().strip_prefix(LIFTS)?.strip_suffix(".lift"));
        for name in names.collect::<BTreeSet<_>>() {
            match answers.types.shape_of_answer(name) {
                Some(shape) if shape.contains('(') => {
                    answers.given.insert(name.to_owned(), shape);
                    answers.note_records(name);
                }
                _ => {}
            }
        }
        Ok(answers)
    }

    fn note_records(&mut self, name: &str) {
        let inner: Vec<String> = match self.types.get(name) {
            Some(Type::Optional(inner) | Type::List(inner) | Type::Map(inner)) => vec![inner.clone()],
            Some(Type::Record(fields)) => {
                self.records.insert(name.to_owned());
                fields.iter().map(|(_, kind)| kind.clone()).collect()
            }
            _ => return,
        };
        inner.iter().for_each(|inner| self.note_records(inner));
    }

    /// The class of a record, which learns to fill its fields.
    pub fn finish_record(&self, block: &Block<'_>, text: String) -> Edited {
        let name = format!("Type{}", block.class().ok_or("a record without a name")?);
        match self.types.get(&name) {
            Some(Type::Record(fields)) if self.records.contains(&name) => {
                if record::count(block)? != fields.len() {
                    return Err(format!("{name} reads other fields than it has").into());
                }
                Ok(format!("{text}\n{}", self.fill(fields)?))
            }
            _ => Ok(text),
        }
    }

    /// The converter of what a call gives, which learns to take rows.
    pub fn finish_converter(&self, name: &str, text: String) -> Edited {
        let Some(shape) = self.given.get(name) else { return Ok(text) };
        let later =
            self.types.later(name).map_or_else(String::new, |later| format!("    _later = \"{later}\"\n"));
        let head = format!("class _UniffiFfiConverter{name}(_UniffiConverterRustBuffer):\n");
        let made = self.made(name, "row", 0);
        let new = format!(
            "class _UniffiFfiConverter{name}(_RowsConverter):\n    _shape = b\"{shape}\"\n{later}\n    \
             @staticmethod\n    def from_row(row):\n        return {made}\n\n"
        );
        replace(text, 1, &head, &new)
    }

    /// All is made before anything is set, and from when nothing was set until all is, nothing is called: that is when
    /// Python would let another thread go on. So the question comes as an unpacking.
    fn fill(&self, fields: &[(String, String)]) -> Edited {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(name) = names.iter().find(|name| ["self", "row", "len"].contains(name)) {
            return Err(format!("a field must not be called {name}").into());
        }
        let list = format!("{},", names.join(", "));
        let mut text = format!("    def _fill(self, row):\n        ({list}) = row\n");
        for (name, kind) in fields {
            let made = self.made(kind, name, 0);
            if made != *name {
                text.push_str(&format!("        {name} = {made}\n"));
            }
        }
        text.push_str("        try:\n            ((_, _),) = map(_referents, (self,))\n");
        text.push_str("        except ValueError:\n");
        text.push_str(&format!("            return _fill_the_rest(self, ({list}))\n"));
        for name in names {
            text.push_str(&format!("        self.{name} = {name}\n"));
        }
        Ok(text + "        del self._row\n")
    }

    /// The expression that makes a value of what is in the row; that itself, if it is the value.
    fn made(&self, kind: &str, from: &str, depth: usize) -> String {
        let item = format!("item{depth}");
        match self.types.get(kind) {
            None | Some(Type::Plain(_)) => from.to_owned(),
            Some(Type::Time) => format!("_time({from})"),
            Some(Type::OpenEnum(_)) => format!("{}._by_row[{from}]", class(kind)),
            Some(Type::ClosedEnum(_)) => format!("_closed({}, {from})", class(kind)),
            Some(Type::Record(_)) => format!("_unread({}, {from})", class(kind)),
            Some(Type::Optional(inner)) => {
                let made = self.made(inner, from, depth);
                // The tables of enumerations know of nothing.
                let knows = matches!(self.types.get(inner), Some(Type::OpenEnum(_)));
                if made == from || knows { made } else { format!("None if {from} is None else {made}") }
            }
            Some(Type::List(inner)) => {
                let made = self.made(inner, &item, depth + 1);
                if made == item { from.to_owned() } else { format!("[{made} for {item} in {from}]") }
            }
            Some(Type::Map(inner)) => {
                let made = self.made(inner, &item, depth + 1);
                if made == item {
                    return from.to_owned();
                }
                format!("{{key: {made} for key, {item} in {from}.items()}}")
            }
        }
    }
}

/// The class that a converter `TypeX` makes.
fn class(kind: &str) -> &str {
    kind.strip_prefix("Type").unwrap_or(kind)
}

#[cfg(test)]
mod tests;
