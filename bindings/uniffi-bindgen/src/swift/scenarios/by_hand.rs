//! Types that no scenario can write down or look at: their tests are written by hand.

use std::collections::HashSet;

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{AsType, Enum, Object, Type};

/// The names of such types, and of all records that hold one.
pub struct ByHand(HashSet<String>);

pub fn types(interface: &ComponentInterface) -> ByHand {
    let objects = interface.object_definitions().iter().filter(|object| is_opaque(object));
    let enums = interface.enum_definitions().iter().filter(|found| holds_data(found));
    let names = objects.map(Object::name).chain(enums.map(Enum::name));
    let mut found = ByHand(names.map(str::to_owned).collect());
    loop {
        let before = found.0.len();
        for record in interface.record_definitions() {
            if record.fields().iter().any(|field| found.holds(&field.as_type())) {
                found.0.insert(record.name().to_owned());
            }
        }
        if found.0.len() == before {
            return found;
        }
    }
}

impl ByHand {
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether such a type is in this one.
    pub fn holds(&self, of: &Type) -> bool {
        match of {
            Type::Record { name, .. } | Type::Enum { name, .. } | Type::Object { name, .. } => self.has(name),
            Type::Optional { inner_type } | Type::Sequence { inner_type } => self.holds(inner_type),
            Type::Map { value_type, .. } => self.holds(value_type),
            _ => false,
        }
    }
}

/// Whether an object is a value of its own that is not simply made of one, such as a session. A resource or a pager
/// has no constructor at all.
fn is_opaque(object: &Object) -> bool {
    object.primary_constructor().is_none() && !object.alternate_constructors().is_empty()
}

/// Whether several values hold data of their own, as no open enumeration's do.
fn holds_data(found: &Enum) -> bool {
    found.variants().iter().filter(|variant| variant.has_fields()).count() > 1
}
