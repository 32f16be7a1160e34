//! The rules for fields.

use super::shape::Shape;

/// A body field or query parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) rule: Rule,
    pub(crate) required: bool,
}

impl Field {
    const fn new(name: &'static str, rule: Rule) -> Field {
        Field { name, rule, required: false }
    }

    /// Makes the field required.
    pub(crate) const fn required(self) -> Field {
        Field { required: true, ..self }
    }
}

/// The name and the number of an enum value.
pub(crate) type EnumValue = (&'static str, i64);

/// The rule for a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// Text with `min` to `max` characters and an optional shape.
    Text {
        min: usize,
        max: usize,
        shape: Option<Shape>,
    },
    Flag,
    Integer {
        min: i64,
        max: i64,
    },
    OneOf(&'static [&'static str]),
    /// A value of a protocol buffer enum, with the number of each value.
    Enum(&'static [EnumValue]),
    /// A timestamp in RFC 3339 format.
    Time,
    /// A map from text to text with at most `pairs` entries. `key` and `value` are the minimum and maximum lengths.
    TextMap {
        pairs: usize,
        key: (usize, usize),
        value: (usize, usize),
    },
    /// At most `max` entries of one kind. In a query, a repeatable name.
    List {
        max: usize,
        entry: &'static Rule,
    },
    Object(&'static [Field]),
    /// An object with arbitrary fields.
    AnyObject,
    /// Set by the service; a request that contains it is invalid.
    OutputOnly,
}

pub(crate) const fn text(name: &'static str, min: usize, max: usize) -> Field {
    Field::new(name, Rule::Text { min, max, shape: None })
}

pub(crate) const fn text_shaped(name: &'static str, min: usize, max: usize, shape: Shape) -> Field {
    Field::new(name, Rule::Text { min, max, shape: Some(shape) })
}

pub(crate) const fn flag(name: &'static str) -> Field {
    Field::new(name, Rule::Flag)
}

pub(crate) const fn integer(name: &'static str, min: i64, max: i64) -> Field {
    Field::new(name, Rule::Integer { min, max })
}

pub(crate) const fn one_of(name: &'static str, values: &'static [&'static str]) -> Field {
    Field::new(name, Rule::OneOf(values))
}

pub(crate) const fn enumeration(name: &'static str, values: &'static [EnumValue]) -> Field {
    Field::new(name, Rule::Enum(values))
}

pub(crate) const fn time(name: &'static str) -> Field {
    Field::new(name, Rule::Time)
}

pub(crate) const fn text_map(
    name: &'static str,
    pairs: usize,
    key: (usize, usize),
    value: (usize, usize),
) -> Field {
    Field::new(name, Rule::TextMap { pairs, key, value })
}

pub(crate) const fn list(name: &'static str, max: usize, entry: &'static Rule) -> Field {
    Field::new(name, Rule::List { max, entry })
}

pub(crate) const fn object(name: &'static str, fields: &'static [Field]) -> Field {
    Field::new(name, Rule::Object(fields))
}

pub(crate) const fn any_object(name: &'static str) -> Field {
    Field::new(name, Rule::AnyObject)
}

pub(crate) const fn output_only(name: &'static str) -> Field {
    Field::new(name, Rule::OutputOnly)
}

/// The number of fields in several tables.
pub(crate) const fn count(tables: &[&[Field]]) -> usize {
    let (mut total, mut index) = (0, 0);
    while index < tables.len() {
        total += tables[index].len();
        index += 1;
    }
    total
}

/// The fields of several tables, in this order.
pub(crate) const fn join<const COUNT: usize>(tables: &[&[Field]]) -> [Field; COUNT] {
    let mut joined = [output_only(""); COUNT];
    let (mut next, mut table) = (0, 0);
    while table < tables.len() {
        let mut index = 0;
        while index < tables[table].len() {
            joined[next] = tables[table][index];
            (next, index) = (next + 1, index + 1);
        }
        table += 1;
    }
    joined
}

/// A table of the fields of several tables, joined at compile time.
macro_rules! fields {
    ($($table:expr),+ $(,)?) => {{
        const TABLES: &[&[$crate::validate::Field]] = &[$($table),+];
        const JOINED: [$crate::validate::Field; $crate::validate::count(TABLES)] = $crate::validate::join(TABLES);
        &JOINED
    }};
}
pub(crate) use fields;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_table_has_the_fields_of_all_tables_in_order() {
        const FIRST: &[Field] = &[flag("a"), flag("b")];
        const JOINED: &[Field] = fields!(FIRST, &[], &[flag("c").required()]);
        let names: Vec<_> = JOINED.iter().map(|field| (field.name, field.required)).collect();
        assert_eq!(names, [("a", false), ("b", false), ("c", true)]);
    }
}
