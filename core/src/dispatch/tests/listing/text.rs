//! Reads the listing.

use std::collections::BTreeMap;

/// A type of the listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Of {
    /// `string`, `integer`, …, `JSON` and `null`.
    Simple(String),
    List(Box<Of>),
    Map(Box<Of>),
    /// An object or an enumeration.
    Named(String),
}

/// An argument or a member.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub name: String,
    pub is_optional: bool,
    pub of: Of,
}

#[derive(Debug)]
pub(super) struct Call {
    pub arguments: Vec<Field>,
    pub result: Of,
}

#[derive(Debug)]
pub(super) enum Definition {
    Object(Vec<Field>),
    Choice(Vec<String>),
}

#[derive(Debug, Default)]
pub(super) struct Listing {
    pub calls: BTreeMap<String, Call>,
    pub definitions: BTreeMap<String, Definition>,
}

impl Listing {
    pub(super) fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/api/c.md");
        let text = std::fs::read_to_string(path).unwrap();
        let mut listing = Self::default();
        // Every second part is a block of code; that of an example has a language.
        for block in text.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix('\n')) {
            let lines = block.lines().filter(|line| !line.is_empty() && !line.trim_start().starts_with("//"));
            let mut name = "";
            for line in lines {
                match line.strip_prefix("    ") {
                    Some(member) => listing.add_member(name, member),
                    None if line.contains('(') => listing.add_call(line),
                    None => name = line,
                }
            }
        }
        listing
    }

    pub(super) fn object(&self, name: &str) -> Option<&[Field]> {
        match self.definitions.get(name)? {
            Definition::Object(fields) => Some(fields),
            Definition::Choice(_) => None,
        }
    }

    fn add_call(&mut self, line: &str) {
        let (call, result) = line.split_once(") -> ").unwrap();
        let (name, arguments) = call.split_once('(').unwrap();
        let arguments = arguments.split(", ").filter(|argument| !argument.is_empty()).map(Field::read);
        let result = Of::read(result.trim_start_matches("pages of "));
        let call = Call { arguments: arguments.collect(), result };
        assert!(self.calls.insert(name.to_owned(), call).is_none(), "{name} is listed twice");
    }

    fn add_member(&mut self, name: &str, member: &str) {
        let value = member.strip_prefix("| \"").and_then(|rest| rest.strip_suffix('"'));
        let empty = || match value {
            Some(_) => Definition::Choice(Vec::new()),
            None => Definition::Object(Vec::new()),
        };
        match (self.definitions.entry(name.to_owned()).or_insert_with(empty), value) {
            (Definition::Choice(values), Some(value)) => values.push(value.to_owned()),
            (Definition::Object(fields), None) => fields.push(Field::read(member)),
            (definition, _) => panic!("{name}: {member} in {definition:?}"),
        }
    }
}

impl Field {
    fn read(text: &str) -> Self {
        let (name, of) = text.split_once(": ").unwrap_or_else(|| panic!("no type: {text}"));
        Self {
            name: name.trim_end_matches('?').to_owned(),
            is_optional: name.ends_with('?'),
            of: Of::read(of),
        }
    }
}

impl Of {
    fn read(text: &str) -> Self {
        let text = text.trim_end_matches(" | null");
        if let Some(item) = text.strip_suffix("[]") {
            return Self::List(Box::new(Self::read(item)));
        }
        if let Some(value) = text.strip_prefix("{string: ").and_then(|rest| rest.strip_suffix('}')) {
            return Self::Map(Box::new(Self::read(value)));
        }
        match text {
            "string" | "boolean" | "integer" | "number" | "timestamp" | "JSON" | "null" => {
                Self::Simple(text.to_owned())
            }
            name => Self::Named(name.to_owned()),
        }
    }
}
