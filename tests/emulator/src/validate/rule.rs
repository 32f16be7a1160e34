//! What can be said about a field.

use super::shape::Shape;

/// One field of a body, or one name of a query.
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

    /// The field must be there.
    pub(crate) const fn required(self) -> Field {
        Field { required: true, ..self }
    }
}

/// What a value must look like.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// Text of so many characters, and of a certain shape.
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
    /// Text by text: at most so many pairs, and the lengths of keys and values.
    TextMap {
        pairs: usize,
        key: (usize, usize),
        value: (usize, usize),
    },
    /// Entries of one kind. In a query: the name may be repeated.
    List {
        max: usize,
        entry: &'static Rule,
    },
    Object(&'static [Field]),
    /// An object of any shape.
    FreeObject,
    /// The service fills this in; sending it is an error.
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

pub(crate) const fn free_object(name: &'static str) -> Field {
    Field::new(name, Rule::FreeObject)
}

pub(crate) const fn output_only(name: &'static str) -> Field {
    Field::new(name, Rule::OutputOnly)
}
