//! The kinds of named types: what UniFFI calls a record or an enumeration differs in what callers do with it.

use std::collections::{BTreeMap, BTreeSet};

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::Enum;

use crate::areas::follow;
use crate::interface::Result;

/// The kind of a named type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A record that only the service creates: an immutable view of a row.
    Response,
    /// A record that calls take as an argument.
    Request,
    OpenEnum,
    ClosedEnum,
    Union,
    Error,
    Object,
}

/// The kind of each named type.
pub struct Kinds(BTreeMap<String, Kind>);

impl Kinds {
    pub fn new(interface: &ComponentInterface) -> Self {
        let arguments = argument_types(interface);
        let mut kinds = BTreeMap::new();
        for record in interface.record_definitions() {
            let kind = if arguments.contains(record.name()) { Kind::Request } else { Kind::Response };
            kinds.insert(record.name().to_owned(), kind);
        }
        for of in interface.enum_definitions() {
            kinds.insert(of.name().to_owned(), kind_of_enum(interface, of));
        }
        for object in interface.object_definitions() {
            kinds.insert(object.name().to_owned(), Kind::Object);
        }
        Self(kinds)
    }

    pub fn of(&self, name: &str) -> Result<Kind> {
        self.0.get(name).copied().ok_or_else(|| format!("unknown type {name}").into())
    }

    /// The position of a class in its file: resources first, then pagers, models and enumerations.
    pub fn rank(&self, name: &str) -> Result<(u8, String)> {
        let kind = match self.of(name)? {
            Kind::Object if name.ends_with("Pager") => 1,
            Kind::Object => 0,
            Kind::Request => 3,
            Kind::Response | Kind::Union | Kind::Error => 2,
            Kind::OpenEnum | Kind::ClosedEnum => 4,
        };
        let sync = name.trim_start_matches("Async");
        Ok((kind, format!("{sync}{}", u8::from(sync != name))))
    }
}

/// The names of the records that a call takes, directly or inside another.
fn argument_types(interface: &ComponentInterface) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for callable in interface.iter_callables() {
        for argument in callable.arguments() {
            argument.iter_types().for_each(|of| follow(interface, of, &mut found));
        }
    }
    found
}

fn kind_of_enum(interface: &ComponentInterface, of: &Enum) -> Kind {
    if interface.is_name_used_as_error(of.name()) {
        Kind::Error
    } else if of.variants().last().is_some_and(|last| last.name() == "Unrecognized") {
        Kind::OpenEnum
    } else if of.is_flat() {
        Kind::ClosedEnum
    } else {
        Kind::Union
    }
}
