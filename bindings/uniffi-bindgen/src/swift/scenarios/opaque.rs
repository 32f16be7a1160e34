//! Types that scenarios cannot express as JSON. Hand-written tests cover them.

use std::collections::HashSet;

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{AsType, Enum, Object, Type};

use crate::interface::RECORD_FOR_RUNTIMES;

/// The names of these types, and of all records that contain one.
pub struct OpaqueTypes(HashSet<String>);

pub fn find(interface: &ComponentInterface) -> OpaqueTypes {
    // Swift's surface hides the record that only the Python package reads.
    let objects = interface.object_definitions().iter().filter(|object| is_opaque(object));
    let enums = interface.enum_definitions().iter().filter(|found| holds_data(found));
    let names = objects.map(Object::name).chain(enums.map(Enum::name)).chain([RECORD_FOR_RUNTIMES]);
    let mut found = OpaqueTypes(names.map(str::to_owned).collect());
    loop {
        let before = found.0.len();
        for record in interface.record_definitions() {
            if record.fields().iter().any(|field| found.occur_in(&field.as_type())) {
                found.0.insert(record.name().to_owned());
            }
        }
        if found.0.len() == before {
            return found;
        }
    }
}

impl OpaqueTypes {
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether a type is one of them, or is built from one.
    pub fn occur_in(&self, of: &Type) -> bool {
        match of {
            Type::Record { name, .. } | Type::Enum { name, .. } | Type::Object { name, .. } => {
                self.contains(name)
            }
            Type::Optional { inner_type } | Type::Sequence { inner_type } => self.occur_in(inner_type),
            Type::Map { value_type, .. } => self.occur_in(value_type),
            _ => false,
        }
    }
}

/// Whether an object is a value that only alternate constructors create, such as a session. Resources and pagers have
/// no constructor at all.
fn is_opaque(object: &Object) -> bool {
    object.primary_constructor().is_none() && !object.alternate_constructors().is_empty()
}

/// Whether several variants have fields. Open enumerations have only one such variant.
fn holds_data(found: &Enum) -> bool {
    found.variants().iter().filter(|variant| variant.has_fields()).count() > 1
}
