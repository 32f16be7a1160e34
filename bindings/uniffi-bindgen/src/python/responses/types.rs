//! The types in responses, read from the generated converters.

use std::collections::HashMap;
use std::error::Error;

use crate::python::Interface;
use crate::python::text::Block;

const CONVERTER: &str = "_UniffiFfiConverter";

/// The type that a converter reads. It refers to other types by the names of their converters.
#[derive(Debug, PartialEq, Eq)]
pub enum Type {
    /// A type that JSON has as well, and its letter in a shape.
    Plain(&'static str),
    Time,
    /// The number of known values.
    OpenEnum(usize),
    ClosedEnum(usize),
    Optional(String),
    List(String),
    /// A map with text keys.
    Map(String),
    /// Fields and their types.
    Record(Vec<(String, String)>),
}

/// The types that can be decoded as rows: all except objects, whose references the library counts, bytes and unions.
pub struct Types(HashMap<String, Type>);

impl Types {
    pub fn read(blocks: &[Block<'_>], interface: &Interface) -> Result<Self, Box<dyn Error>> {
        let mut types = HashMap::new();
        for block in blocks {
            let Some(name) = block.class().and_then(|class| class.strip_prefix(CONVERTER)) else { continue };
            if let Some(found) = type_of(block, name, interface).map_err(|why| format!("{name}: {why}"))? {
                types.insert(name.to_owned(), found);
            }
        }
        Ok(Self(types))
    }

    pub fn get(&self, name: &str) -> Option<&Type> {
        self.0.get(name)
    }

    /// The shape of a response: the shape of its type, in which the list of records is deferred.
    pub fn response_shape(&self, name: &str) -> Option<String> {
        let shape = self.shape(name)?;
        // The deferred list is the first list in the shape.
        Some(if self.deferred_list(name).is_some() { shape.replacen('[', "<", 1) } else { shape })
    }

    /// Which part of a response is a deferred list of records: `all` of it, or the `first` field, as in pages.
    pub fn deferred_list(&self, name: &str) -> Option<&'static str> {
        match self.get(name)? {
            Type::List(_) if self.is_list_of_records(name) => Some("all"),
            Type::Optional(inner) if self.is_list_of_records(inner) => Some("all"),
            Type::Record(fields) if self.is_list_of_records(&fields.first()?.1) => Some("first"),
            _ => None,
        }
    }

    fn is_list_of_records(&self, name: &str) -> bool {
        let Some(Type::List(inner)) = self.get(name) else { return false };
        matches!(self.get(inner), Some(Type::Record(_)))
    }

    /// The shape of a type, as the core reads it. `None` if a part of the type cannot be decoded as rows.
    pub fn shape(&self, name: &str) -> Option<String> {
        self.shape_within(name, &mut Vec::new())
    }

    fn shape_within<'a>(&'a self, name: &str, outer: &mut Vec<&'a str>) -> Option<String> {
        let (name, found) = self.0.get_key_value(name)?;
        // A recursive type has no finite shape.
        if outer.contains(&name.as_str()) {
            return None;
        }
        outer.push(name);
        let mut of = |inner: &str| self.shape_within(inner, outer);
        let shape = match found {
            Type::Plain(letter) => Some((*letter).to_owned()),
            Type::Time => Some("t".to_owned()),
            Type::OpenEnum(known) => Some(format!("e{known}.")),
            Type::ClosedEnum(known) => Some(format!("c{known}.")),
            Type::Optional(inner) => of(inner).map(|inner| format!("?{inner}")),
            Type::List(inner) => of(inner).map(|inner| format!("[{inner}")),
            Type::Map(inner) => of(inner).map(|inner| format!("{{{inner}")),
            Type::Record(fields) => {
                let fields: Option<String> = fields.iter().map(|(_, kind)| of(kind)).collect();
                fields.map(|fields| format!("({fields})"))
            }
        };
        outer.pop();
        shape
    }
}

fn type_of(block: &Block<'_>, name: &str, interface: &Interface) -> Result<Option<Type>, Box<dyn Error>> {
    let plain = match name {
        "String" => Some("s"),
        "Boolean" => Some("b"),
        "Int32" => Some("i"),
        "Int64" => Some("l"),
        "Float64" => Some("d"),
        "TypeJson" => Some("j"),
        "TypeTimestamp" => return Ok(Some(Type::Time)),
        _ => None,
    };
    if let Some(letter) = plain {
        return Ok(Some(Type::Plain(letter)));
    }
    let body = read_function(block);
    let read: Vec<(&str, &str)> = body.iter().filter_map(|line| read_call(line)).collect();
    let inner = || match read[..] {
        [(_, inner)] => Ok(inner.to_owned()),
        _ => Err(format!("expected 1 value, found {}", read.len())),
    };
    let kind = name.strip_prefix("Type");
    Ok(match kind {
        Some(kind) if interface.records.get(kind).is_some_and(|count| *count > 0) => {
            let fields: Vec<(String, String)> = read
                .iter()
                .filter_map(|(before, of)| Some((before.strip_suffix('=')?.to_owned(), (*of).to_owned())))
                .collect();
            if fields.len() != interface.records[kind] {
                return Err(format!("reads {} fields of {}", fields.len(), interface.records[kind]).into());
            }
            Some(Type::Record(fields))
        }
        // The last variant is for unknown values.
        Some(kind) if interface.open_enums.contains(kind) => {
            let known = variants(&body).checked_sub(1).ok_or("no value")?;
            Some(Type::OpenEnum(known))
        }
        Some(kind) if interface.closed_enums.contains(kind) => Some(Type::ClosedEnum(variants(&body))),
        Some(_) => None,
        None if name.starts_with("Optional") => Some(Type::Optional(inner()?)),
        None if name.starts_with("Sequence") => Some(Type::List(inner()?)),
        None if name.starts_with("Map") => match read[..] {
            [("key = ", "String"), ("val = ", value)] => Some(Type::Map(value.to_owned())),
            _ => None,
        },
        None => None,
    })
}

/// The lines of the function `read`.
fn read_function<'a>(block: &Block<'a>) -> Vec<&'a str> {
    let lines = block.lines.iter().copied().skip_while(|line| !line.starts_with("    def read("));
    lines.skip(1).take_while(|line| !line.starts_with("    def ")).map(str::trim).collect()
}

/// The text before `_UniffiFfiConverterX.read(buf)`, and the `X`.
fn read_call(line: &str) -> Option<(&str, &str)> {
    let (before, rest) = line.split_once(CONVERTER)?;
    Some((before, rest.split_once(".read(buf)")?.0))
}

fn variants(body: &[&str]) -> usize {
    body.iter().filter(|line| line.starts_with("if variant == ")).count()
}
