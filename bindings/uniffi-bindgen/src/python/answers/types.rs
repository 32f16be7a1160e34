//! What answers are made of, as the generated converters read it.

use std::collections::HashMap;
use std::error::Error;

use crate::python::Seen;
use crate::python::text::Block;

const CONVERTER: &str = "_UniffiFfiConverter";

/// What one converter reads. Others are named as their converters are.
#[derive(Debug, PartialEq, Eq)]
pub enum Type {
    /// What JSON has by itself, and its letter.
    Plain(&'static str),
    Time,
    /// With the number of its known values.
    OpenEnum(usize),
    ClosedEnum(usize),
    Optional(String),
    List(String),
    /// A map with texts for keys.
    Map(String),
    /// Fields and their types.
    Record(Vec<(String, String)>),
}

/// The types that can cross as rows: all but those which the library counts (objects), bytes, and unions.
pub struct Types(HashMap<String, Type>);

impl Types {
    pub fn read(blocks: &[Block<'_>], seen: &Seen) -> Result<Self, Box<dyn Error>> {
        let mut types = HashMap::new();
        for block in blocks {
            let Some(name) = block.class().and_then(|class| class.strip_prefix(CONVERTER)) else { continue };
            if let Some(found) = one(block, name, seen).map_err(|why| format!("{name}: {why}"))? {
                types.insert(name.to_owned(), found);
            }
        }
        Ok(Self(types))
    }

    pub fn get(&self, name: &str) -> Option<&Type> {
        self.0.get(name)
    }

    /// The shape of what a call gives: as that of any type, but that what its list holds is for later.
    pub fn shape_of_answer(&self, name: &str) -> Option<String> {
        let shape = self.shape(name)?;
        // Nothing with a list of its own stands before that list.
        Some(if self.later(name).is_some() { shape.replacen('[', "<", 1) } else { shape })
    }

    /// Where an answer has a list of records that is read later: `all` of it may be one, or the `first` field, as in pages.
    pub fn later(&self, name: &str) -> Option<&'static str> {
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

    /// The shape of a type, in the letters that the core reads; none if anything in it cannot cross as rows.
    pub fn shape(&self, name: &str) -> Option<String> {
        self.shape_within(name, &mut Vec::new())
    }

    fn shape_within<'a>(&'a self, name: &str, outer: &mut Vec<&'a str>) -> Option<String> {
        let (name, found) = self.0.get_key_value(name)?;
        // What holds itself has no end.
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

fn one(block: &Block<'_>, name: &str, seen: &Seen) -> Result<Option<Type>, Box<dyn Error>> {
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
    let body = reading(block);
    let read: Vec<(&str, &str)> = body.iter().filter_map(|line| reads(line)).collect();
    let inner = || match read[..] {
        [(_, inner)] => Ok(inner.to_owned()),
        _ => Err(format!("reads {} things", read.len())),
    };
    let kind = name.strip_prefix("Type");
    Ok(match kind {
        Some(kind) if seen.records.get(kind).is_some_and(|count| *count > 0) => {
            let fields: Vec<(String, String)> = read
                .iter()
                .filter_map(|(before, of)| Some((before.strip_suffix('=')?.to_owned(), (*of).to_owned())))
                .collect();
            if fields.len() != seen.records[kind] {
                return Err(format!("reads {} fields of {}", fields.len(), seen.records[kind]).into());
            }
            Some(Type::Record(fields))
        }
        // The last value is the one that is not known.
        Some(kind) if seen.open_enums.contains(kind) => {
            let known = values(&body).checked_sub(1).ok_or("no value")?;
            Some(Type::OpenEnum(known))
        }
        Some(kind) if seen.closed_enums.contains(kind) => Some(Type::ClosedEnum(values(&body))),
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

/// The lines of the function that reads.
fn reading<'a>(block: &Block<'a>) -> Vec<&'a str> {
    let lines = block.lines.iter().copied().skip_while(|line| !line.starts_with("    def read("));
    lines.skip(1).take_while(|line| !line.starts_with("    def ")).map(str::trim).collect()
}

/// What stands before `_UniffiFfiConverterX.read(buf)`, and the `X`.
fn reads(line: &str) -> Option<(&str, &str)> {
    let (before, rest) = line.split_once(CONVERTER)?;
    Some((before, rest.split_once(".read(buf)")?.0))
}

fn values(body: &[&str]) -> usize {
    body.iter().filter(|line| line.starts_with("if variant == ")).count()
}
